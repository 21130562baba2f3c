//! Secrets with the files of identities, or with any files.

use std::{collections::BTreeMap, path::Path};

use pki::{
    verify::path::CertificateRef,
    x509::{certificate::Certificate, key::PublicKey, pem::PemError},
};
use time::OffsetDateTime;

use super::{
    Object,
    identities::{object_name, with_keys},
    metadata::{Metadata, ObjectName},
    secret::{Secret, SecretType, TLS_CA, TLS_CERTIFICATE, TLS_KEY},
    secret_files::{self, Content, FileEntry},
};
use crate::{
    deploy::{
        error::{DeployError, UnmetRequirement},
        requirements::{Requirements, violations},
    },
    hint::{Hint, Note},
    issue::{error::IssueError, identity::IdentityName},
    path_text::PathText as _,
    store::{CA_CERTIFICATE, Store},
};

/// How often files are read before they count as a mismatch: a renewal replaces the key
/// first and the certificate a moment later.
const TRIES: usize = 3;

/// Makes the Secrets of one run.
pub(crate) struct SecretMaker<'a> {
    pub(crate) store: &'a Store,
    /// The CA certificate.
    pub(crate) ca: &'a Path,
    /// It is not the one of the directory.
    pub(crate) ca_elsewhere: bool,
    pub(crate) now: OffsetDateTime,
    pub(crate) kind: SecretType,
    /// Of each Secret, but for its name.
    pub(crate) metadata: Metadata,
    /// The keys of CAs: a Secret must not contain one.
    pub(crate) authorities: Vec<PublicKey>,
    /// What was made so far.
    pub(crate) objects: Vec<Object>,
    pub(crate) notes: Vec<Note>,
}

impl SecretMaker<'_> {
    /// A Secret with any files, which must fit together.
    pub(crate) fn of_files(
        &mut self,
        name: ObjectName,
        files: &[FileEntry],
    ) -> Result<(), DeployError> {
        let contents = fitting(files, &self.authorities)?;
        self.secret(name, &contents)
    }

    /// The identities of the plan, or else every identity of the directory whose key is there, each with the
    /// name of its Secret. An error lists every name that cannot be one.
    pub(crate) fn named(
        &mut self,
        prefix: Option<&ObjectName>,
        plan: Vec<IdentityName>,
    ) -> Result<Vec<(ObjectName, IdentityName)>, DeployError> {
        let prefix = prefix.map(|name| format!("{name}-")).unwrap_or_default();
        let identities = if plan.is_empty() { self.present()? } else { plan };
        let mut unmet = Vec::new();
        let mut named: BTreeMap<ObjectName, IdentityName> = BTreeMap::new();
        for identity in identities {
            match object_name(&prefix, &identity, "") {
                Ok(name) => {
                    if let Some(twin) = named.get(&name) {
                        unmet.push(UnmetRequirement::new(
                            format!(
                                "identities `{twin}` and `{identity}` would both be the Secret \
                                `{name}`"
                            ),
                            Hint::from("create one of them alone: ")
                                .run(format!("k8s secret {identity} --name {name}-2")),
                        ));
                    }
                    named.insert(name, identity);
                }
                Err(requirement) => unmet.push(requirement),
            }
        }
        UnmetRequirement::refuse(unmet)?;
        Ok(named.into_iter().collect())
    }

    fn present(&mut self) -> Result<Vec<IdentityName>, DeployError> {
        let ca = Requirements::read(self.store, self.ca, self.now)?.ca;
        let identities = with_keys(self.store, &ca, true, &mut self.notes)?;
        if identities.is_empty() {
            let dir = self.store.dir().shown();
            let message = format!("`{dir}` has no identity with its key");
            let hint = Hint::from("name another directory with `-d DIR`, or issue identities: ");
            return Err(UnmetRequirement::new(message, hint.run("gen")).into());
        }
        Ok(identities.into_iter().map(|(name, _)| name).collect())
    }

    /// A Secret with the pair of an identity, and the CA certificate.
    pub(crate) fn of_identity(
        &mut self,
        name: ObjectName,
        identity: &IdentityName,
        is_planned: bool,
    ) -> Result<(), DeployError> {
        let (store, ca) = (self.store, self.ca);
        let certificate = store.path(&identity.certificate_file());
        let key = store.path(&identity.key_file());
        if !store.has(&identity.certificate_file())? {
            if is_planned {
                let path = certificate.shown();
                let message = format!("`{path}` does not exist, and the plan has `{identity}`");
                return Err(UnmetRequirement::new(message, Hint::command("gen")).into());
            }
            let name = identity.clone();
            return Err(
                IssueError::NoPair { path: certificate, name, usage: None, planned: None }.into()
            );
        }
        if !store.has(&identity.key_file())? {
            return Err(IssueError::NoKey { certificate, key }.into());
        }
        if !ca.exists() {
            let (path, elsewhere) = (ca.to_owned(), self.ca_elsewhere);
            return Err(IssueError::NoCa { path, elsewhere }.into());
        }
        let keys = match self.kind {
            SecretType::Generic => {
                [identity.certificate_file(), identity.key_file(), CA_CERTIFICATE.to_owned()]
            }
            SecretType::Tls => [TLS_CERTIFICATE, TLS_KEY, TLS_CA].map(str::to_owned),
        };
        let paths = [certificate, key, ca.to_owned()];
        let entry = |(key, path): (String, _)| Ok(FileEntry { key: key.parse()?, path });
        let entries: Vec<FileEntry> =
            keys.into_iter().zip(paths).map(entry).collect::<Result<_, DeployError>>()?;
        let contents = fitting(&entries, &self.authorities)?;
        if let [certificate, key, ca] = &contents[..] {
            for public in [certificate, ca] {
                if !public.private_keys.is_empty() {
                    return Err(IssueError::KeyInside { path: public.path.clone() }.into());
                }
                if public.certificates.is_empty() {
                    let path = public.path.clone();
                    return Err(
                        IssueError::Certificate { path, source: PemError::NoPem.into() }.into()
                    );
                }
            }
            self.check(certificate, key, ca);
        }
        self.secret(name, &contents)
    }

    fn secret(&mut self, name: ObjectName, contents: &[Content]) -> Result<(), DeployError> {
        let metadata = Metadata { name, ..self.metadata.clone() };
        self.notes.extend(contents.iter().filter(|content| content.is_locked).map(|content| {
            let path = content.path.shown();
            Note::warning(
                format!("`{path}` needs a password, so it was not checked for the CA's key"),
                None,
            )
        }));
        let secret = match self.kind {
            SecretType::Generic => {
                self.notes.extend(contents.iter().filter_map(|one| on_form(one, contents)));
                Secret::generic(metadata, contents)?
            }
            SecretType::Tls => {
                let public = [TLS_CERTIFICATE, TLS_CA];
                let inside = contents.iter().find(|content| {
                    public.contains(&content.key.as_str()) && !content.private_keys.is_empty()
                });
                if let Some(content) = inside {
                    return Err(IssueError::KeyInside { path: content.path.clone() }.into());
                }
                let (secret, is_rebuilt) = Secret::tls(metadata, contents)?;
                if is_rebuilt {
                    self.notes.push(Note::plain(
                        format!(
                            "{TLS_CERTIFICATE} has the order of TLS, unlike its file: the \
                            certificate of the key, then its issuers, without the root"
                        ),
                        None,
                    ));
                }
                secret
            }
        };
        self.objects.push(Object::Secret(secret));
        Ok(())
    }

    /// Why clients refuse a certificate of the Secret.
    fn check(&mut self, file: &Content, key: &Content, ca: &Content) {
        let of_key = |one: &&Certificate| key.private_keys.contains(one.public_key());
        let Some(leaf) = file.certificates.iter().find(of_key) else { return };
        let path = file.path.shown();
        let violations = violations(leaf, &file.certificates, &ca.certificates, self.now, None);
        let own = Hint::command(format!("check {path}"));
        self.notes.extend(violations.into_iter().map(|violation| {
            let (file, hint) = match violation.link {
                CertificateRef::Anchor(_) => (ca.path.shown(), Hint::command("check ca")),
                _ => (file.path.shown(), own.clone()),
            };
            Note::warning(format!("`{file}` {}", violation.detail), Some(hint))
        }));
    }
}

/// Why servers refuse a file that is stored as it is.
fn on_form(content: &Content, contents: &[Content]) -> Option<Note> {
    let path = content.path.shown();
    let has_key = |certificate: &Certificate| {
        contents.iter().any(|one| one.private_keys.contains(certificate.public_key()))
    };
    let holds_any = !content.certificates.is_empty() || !content.private_keys.is_empty();
    if holds_any && is_no_plain_pem(content) {
        let key = &content.key;
        return Some(Note::warning(
            format!(
                "`{path}` is DER, or begins with a byte order mark: what reads `{key}` expects \
                plain PEM"
            ),
            Some("`--type tls` writes PEM".into()),
        ));
    }
    let (first, others) = content.certificates.split_first()?;
    (!has_key(first) && others.iter().any(has_key)).then(|| {
        Note::warning(
            format!(
                "`{path}` does not begin with the certificate of its key: servers refuse to load it"
            ),
            Some("`--type tls` puts it in order".into()),
        )
    })
}

fn is_no_plain_pem(content: &Content) -> bool {
    const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
    let named_as_pem =
        [".pem", ".crt", ".key"].iter().any(|end| content.key.as_str().ends_with(end));
    named_as_pem
        && (content.octets.starts_with(&[0x30]) || content.octets.starts_with(BYTE_ORDER_MARK))
}

/// Reads files that fit together and into a Secret.
fn fitting(entries: &[FileEntry], authorities: &[PublicKey]) -> Result<Vec<Content>, DeployError> {
    let read = || entries.iter().map(Content::read).collect::<Result<Vec<_>, _>>();
    let mut contents = read()?;
    for _ in 1..TRIES {
        if secret_files::unmet(&contents, authorities).is_empty() {
            break;
        }
        contents = read()?;
    }
    UnmetRequirement::refuse(secret_files::unmet(&contents, authorities))?;
    Ok(contents)
}
