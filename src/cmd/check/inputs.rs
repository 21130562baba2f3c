//! What targets are read and checked with: the arguments, and the files of `--ca`, `--untrusted` and
//! `--crl`.

use std::path::Path;

use pki::{
    input::{LocatedObject, PkiObject},
    x509::{
        certificate::Certificate,
        crl::Crl,
        pem::{PemError, PemFault},
    },
};

use time::OffsetDateTime;

use crate::{
    cli::CheckArgs, cmd::source, config::Settings, error::Error, issue::error::IssueError, store,
};

/// What targets are read with.
pub(super) struct Inputs<'a> {
    pub(super) args: &'a CheckArgs,
    pub(super) settings: &'a Settings,
    pub(super) trust: &'a Trust,
    /// The time of the check.
    pub(super) at: OffsetDateTime,
    /// Of `--password-file`.
    pub(super) password: Option<&'a str>,
}

/// The certificates to build paths with, and the trust anchors.
pub(super) struct Trust {
    pub(super) anchors: Vec<Certificate>,
    pub(super) untrusted: Vec<Certificate>,
    pub(super) revocation: Vec<Crl>,
}

/// Types of objects beside the certificates of a file.
const OTHERS: [&str; 3] = ["private key", "certificate request", "public key"];

impl Trust {
    /// Reads the files. A file that is not there ends the command; one that holds nothing of use is an
    /// error beside the verdicts, which then come out as they must.
    pub(super) fn read(
        args: &CheckArgs,
        settings: &Settings,
        errors: &mut Vec<Error>,
    ) -> Result<Self, Error> {
        let mut trust = Self { anchors: vec![], untrusted: vec![], revocation: vec![] };
        for path in &settings.anchors {
            if !path.exists() {
                if let lost @ IssueError::LostCa { .. } = settings.ca.missing() {
                    return Err(lost.into());
                }
                return Err(Error::NoAnchor { path: path.clone() });
            }
            trust.anchors.extend(certificates(path, errors)?);
        }
        for path in &args.untrusted {
            trust.untrusted.extend(certificates(path, errors)?);
        }
        let others = [&OTHERS[..], &["certificate"]].concat();
        for path in &args.crl {
            let before = errors.len();
            let lists = wanted(path, read(path, None)?, &others, errors, |object| match object {
                PkiObject::RevocationList(list) => Some(*list),
                _ => None,
            });
            if lists.is_empty() && errors.len() == before {
                errors.push(Error::NoRevocationList { path: path.clone() });
            }
            trust.revocation.extend(lists);
        }
        Ok(trust)
    }
}

/// The certificates of a file; an error for each that cannot be read, and where there is none.
fn certificates(path: &Path, errors: &mut Vec<Error>) -> Result<Vec<Certificate>, Error> {
    let found = read(path, None)?;
    // OpenSSL, and programs that use it, load nothing from such a file.
    let mut faults = found.iter().flat_map(|one| &one.form).copied();
    let fault = faults.find(|fault| !fault.is_read_by_openssl());
    let before = errors.len();
    let certificates = wanted(path, found, &OTHERS, errors, |object| match object {
        PkiObject::Certificate(certificate) => Some(*certificate),
        _ => None,
    });
    if errors.len() == before {
        let path = path.to_owned();
        if certificates.is_empty() {
            errors.push(Error::NothingToCheck { path, reason: "it has none".to_owned() });
        } else if let Some(fault) = fault {
            let source = PemError::Form(fault).into();
            errors.push(IssueError::Certificate { path, source }.into());
        }
    }
    Ok(certificates)
}

/// The objects that `take` takes; an error for each that cannot be read, except of the types in `others`.
fn wanted<T>(
    path: &Path,
    found: Vec<LocatedObject>,
    others: &[&str],
    errors: &mut Vec<Error>,
    take: impl Fn(PkiObject) -> Option<T>,
) -> Vec<T> {
    let mut wanted = Vec::new();
    for LocatedObject { location, object, .. } in found {
        match object {
            PkiObject::Broken { what, .. } if others.contains(&what) => {}
            PkiObject::Broken { what, reason } => {
                errors.push(IssueError::malformed(path, location.as_ref(), what, reason).into());
            }
            object => wanted.extend(take(object)),
        }
    }
    wanted
}

/// The objects of a named source: a file, a pipe, or standard input.
pub(super) fn read(path: &Path, password: Option<&str>) -> Result<Vec<LocatedObject>, Error> {
    let mut found = source::read(path, password)?;
    // What `kubectl -o jsonpath` prints is a value of a Secret, not the file of a server.
    if store::is_stdin(path) {
        for one in &mut found {
            one.form.retain(|fault| *fault != PemFault::NoBeginLine);
        }
    }
    Ok(found)
}
