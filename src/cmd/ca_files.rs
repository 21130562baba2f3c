//! Reads the CA whose files the settings name, and their subject.

use std::io::ErrorKind;

use pki::x509::{certificate::Certificate, name::Name};
use time::OffsetDateTime;

use crate::{
    config::{CaFiles, Settings, SubjectConfig},
    hint::Note,
    issue::{
        authority::{self, Authority},
        error::IssueError,
        identity::IdentityName,
        notes::on_authority,
    },
    store::{ReadError, Store, StoreError},
};

impl Settings {
    /// The subject of certctl.toml without the common name, for an identity.
    pub(super) fn base_subject(&self, name: &IdentityName) -> Result<Name, IssueError> {
        let subject = self.subject(&SubjectConfig::default());
        subject.map_err(|source| IssueError::Subject { name: name.to_string(), source })
    }

    /// Refuses a directory without a CA before a lock or file is created.
    pub(super) fn require_ca(&self) -> Result<(), IssueError> {
        // After a killed `gen`, the next command publishes it.
        let path = self.ca.certificate.clone();
        match path.symlink_metadata() {
            Ok(_) => Ok(()),
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(ReadError::from(error).at(path).into())
            }
            Err(_) if self.ca.store().unfinished().is_some() => Ok(()),
            Err(_) => Err(self.ca.missing()),
        }
    }
}

impl CaFiles {
    /// The CA, valid or expired, read through `store`.
    pub(super) fn read(&self, store: &Store) -> Result<Authority, IssueError> {
        authority::read(store, &self.certificate, &self.key).map_err(|error| self.placed(error))
    }

    /// The same error; its hint depends on where the CA is.
    fn placed(&self, mut error: IssueError) -> IssueError {
        if let IssueError::NoCaKey { elsewhere, .. } | IssueError::CaKeyMismatch { elsewhere, .. } =
            &mut error
        {
            *elsewhere = self.elsewhere;
        }
        if matches!(error, IssueError::NoCa { .. }) { self.missing() } else { error }
    }

    /// The certificate of the CA if it can sign, here or where its key is.
    pub(super) fn signer(&self) -> Option<Certificate> {
        match self.read(&self.store()) {
            Ok(authority) => Some(authority.certificate().clone()),
            Err(IssueError::Store(StoreError::Read { source: ReadError::Io(_), .. })) => {
                self.read_certificate().ok()
            }
            // It is on another machine, where the same commands are run.
            Err(IssueError::NoCaKey { elsewhere: false, .. }) => self.read_certificate().ok(),
            Err(_) => None,
        }
    }

    /// The error for a CA certificate that does not exist.
    pub(super) fn missing(&self) -> IssueError {
        let (path, key) = (self.certificate.clone(), self.key.clone());
        if !self.elsewhere && key.exists() {
            return IssueError::LostCa { certificate: path, key };
        }
        IssueError::NoCa { path, elsewhere: self.elsewhere }
    }

    /// A note if the private key is not in the directory of its certificate.
    pub(super) fn note_on_key(&self) -> Option<Note> {
        let is_lost = !self.elsewhere && self.certificate.exists() && !self.key.exists();
        let error = IssueError::NoCaKey { path: self.key.clone(), elsewhere: false };
        is_lost.then(|| Note::plain(error.to_string(), error.hint()))
    }

    /// The CA, whose certificates clients accept now.
    pub(super) fn read_valid(
        &self,
        store: &Store,
        now: OffsetDateTime,
    ) -> Result<Authority, IssueError> {
        let authority = self.read(store)?;
        self.check_dates(authority.certificate(), now)?;
        Ok(authority)
    }

    /// Only the certificate of the CA, for commands that sign nothing.
    pub(super) fn read_certificate(&self) -> Result<Certificate, IssueError> {
        authority::read_certificate(&self.store(), &self.certificate, &self.key)
            .map_err(|error| self.placed(error))
    }

    /// Notes about the CA that signs.
    pub(super) fn notes(&self, certificate: &Certificate) -> Vec<Note> {
        on_authority(&self.certificate, &self.key, certificate)
    }

    pub(super) fn check_dates(
        &self,
        ca: &Certificate,
        now: OffsetDateTime,
    ) -> Result<(), IssueError> {
        let path = self.certificate.clone();
        authority::check_dates(ca, now).map_err(|source| IssueError::Authority { path, source })
    }
}
