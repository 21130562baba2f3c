//! Certificates of the CA that are not in `NAME.pem` of an identity, but in files of other programs.

use std::{
    collections::{HashMap, HashSet},
    io,
    path::Path,
};

use pki::{
    input::{self, LocatedObject, PkiObject},
    x509::{
        certificate::Certificate,
        oid,
        pem::{self, PemError, PemFault},
    },
};

use super::{
    error::IssueError,
    folders::{Unread, could_have_certificate, is_doubtful, is_unread, look_at_all, problem},
    identity::{self, Identity, IdentityName, seems_issued_by},
    notes::on_unread,
};
use crate::hint::Note;
use crate::store::{ARCHIVE, CA_CERTIFICATE, CA_KEY, CA_SERIAL, ReadError, Store};

/// A certificate that the CA signed, in a file that certctl does not replace.
#[derive(Debug)]
pub(crate) struct OtherFile {
    /// Relative to the directory: `web.crt`, `issued/web.crt`.
    pub(crate) file: String,
    pub(crate) certificate: Certificate,
    pub(crate) form: Form,
    /// The identity with the same subject and names.
    pub(crate) twin: Option<IdentityName>,
    /// Its certificate is the current one of the twin.
    pub(crate) is_current: bool,
}

/// The format of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// PEM, and the certificate is the first: after a rename it is `NAME.pem` of an identity.
    Pem,
    /// PEM in a form that OpenSSL does not read.
    Fault(PemFault),
    /// Its private key is in the same file.
    WithKey,
    /// It follows the certificate of an identity in the same file.
    Further,
    /// It is in the file of the CA's certificate or key.
    OfCa,
    /// Not the first of its file, DER, PKCS#12 or a manifest.
    Other,
    /// The certificate of a CA below this one.
    Ca,
    /// Its signature has an algorithm that cannot be verified.
    Unverified,
}

/// What [`scan`](super::identity::scan) did not find as identities.
#[derive(Default)]
pub(crate) struct OtherFiles {
    /// The certificates of the CA, in the order of their files.
    pub(crate) files: Vec<OtherFile>,
    /// The files that must have a certificate and could not be read.
    pub(crate) errors: Vec<Unread>,
    /// On those that need not have one.
    pub(crate) notes: Vec<Note>,
}

/// Finds the certificates of the CA that are not identities, and the files that could not be read, but for
/// those that are an error as planned identities.
///
/// Of several files with the same certificate, one is listed; copies of an identity are all listed.
pub(crate) fn other_files(
    store: &Store,
    ca: &Certificate,
    found: &[(IdentityName, identity::ScanResult)],
    is_planned: impl Fn(&IdentityName) -> bool,
) -> Result<OtherFiles, IssueError> {
    let identities: HashMap<String, &Identity> = found
        .iter()
        .filter_map(|(name, found)| Some((name.certificate_file(), found.member()?)))
        .collect();
    let keys: HashSet<String> =
        identities.values().map(|identity| identity.name.key_file()).collect();
    // `scan` reports the files that it could not read or verify.
    let of = |is: fn(&identity::ScanResult, &Certificate) -> bool| -> HashSet<String> {
        let found = found.iter().filter(|(_, found)| is(found, ca));
        found.map(|(name, _)| name.certificate_file()).collect()
    };
    let broken = of(|found, _| matches!(found, identity::ScanResult::Broken(_)));
    let unverified = of(|found, ca| match found {
        identity::ScanResult::Foreign { certificate, .. } => seems_issued_by(certificate, ca),
        _ => false,
    });
    let is_own = |file: &str| {
        [CA_SERIAL, ARCHIVE, ".certctl", "certctl.toml"].contains(&file)
            || identities.contains_key(file)
            || keys.contains(file)
            || broken.contains(file)
    };
    let (files, mut unread) = look_at_all(store, is_own, |file, content| match content {
        Ok(_) if store.links_within(file) => Ok((Vec::new(), Vec::new())),
        Ok(content) => {
            let (mut others, mut unread) = certificates(store, file, &content, ca);
            if unverified.contains(file) {
                others.retain(|other| other.form != Form::Unverified);
                unread.clear();
            }
            Ok((others, unread))
        }
        // It was read before, to sign: nothing is signed after an error.
        Err(ReadError::Io(error))
            if is_of_ca(file) && store.is_locked() && error.kind() != io::ErrorKind::NotFound =>
        {
            Err(IssueError::from(ReadError::from(error).at(store.path(file))))
        }
        Err(error) => Ok((Vec::new(), problem(store, file, error).into_iter().collect())),
    })?;
    let mut others = Vec::new();
    for identity in identities.values().filter(|identity| !identity.chain.is_empty()) {
        others.extend(further(identity, ca));
    }
    for looked in files {
        let (found, problems) = looked?;
        others.extend(found);
        unread.extend(problems);
    }
    let ids: HashSet<_> = identities.keys().filter_map(|file| store.file_id(file)).collect();
    let is_same_file = |file: &str| store.file_id(file).is_some_and(|id| ids.contains(&id));
    others.retain(|other| identities.contains_key(&other.file) || !is_same_file(&other.file));
    others.retain(|other| !is_record(&other.file, &other.certificate));
    find_twins(&mut others, identities.values().copied());
    list_once(&mut others);
    unread.retain(|(file, _)| {
        !found.iter().any(|(name, found)| {
            matches!(found, identity::ScanResult::Other(Some(_)))
                && name.certificate_file() == *file
                && is_planned(name)
        })
    });
    let (doubtful, errors): (Vec<_>, Vec<_>) = unread.into_iter().partition(is_doubtful);
    let notes = doubtful.iter().map(|(_, error)| on_unread(error)).collect();
    Ok(OtherFiles { files: others, errors, notes })
}

/// Removes the records of the CA among the scan results.
pub(crate) fn remove_records(found: &mut Vec<(IdentityName, identity::ScanResult)>) {
    found.retain(|(name, found)| {
        let certificate = match found {
            identity::ScanResult::Member(member) if !member.has_key => &member.certificate,
            identity::ScanResult::Foreign { has_key: false, certificate } => certificate,
            _ => return true,
        };
        !is_record(&name.certificate_file(), certificate)
    });
}

/// Whether a file is named by the serial of its certificate: the record of `openssl ca` (`newcerts/SERIAL.pem`)
/// or easy-rsa (`certs_by_serial/SERIAL.pem`), which no service uses and which never changes.
fn is_record(file: &str, certificate: &Certificate) -> bool {
    let stem = Path::new(file).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let serial = certificate.serial_text();
    let [stem, serial] = [stem, &serial].map(|number| number.trim_start_matches('0'));
    stem.eq_ignore_ascii_case(serial)
}

/// Keeps one of several files with the same certificate: the one that is easiest to renew.
fn list_once(others: &mut Vec<OtherFile>) {
    others.sort_by_cached_key(|other| {
        let depth = other.file.matches('/').count();
        (other.form != Form::Pem, other.form == Form::Further, depth, other.file.clone())
    });
    let mut listed = HashSet::new();
    others.retain(|other| other.twin.is_some() || listed.insert(other.certificate.der().to_vec()));
    others.sort_by(|one, other| one.file.cmp(&other.file));
}

/// Finds the identity from which each file was probably copied: the only identity with these names, or
/// the identity with the file's name.
fn find_twins<'a>(others: &mut [OtherFile], identities: impl Iterator<Item = &'a Identity>) {
    if others.is_empty() {
        return;
    }
    let mut twins: HashMap<_, Vec<&Identity>> = HashMap::new();
    for identity in identities {
        twins.entry(names_of(&identity.certificate)).or_default().push(identity);
    }
    for other in others.iter_mut().filter(|other| other.form != Form::Further) {
        let twins = twins.get(&names_of(&other.certificate)).map_or(&[][..], Vec::as_slice);
        let stem = Path::new(&other.file).file_stem().and_then(|stem| stem.to_str());
        let equal = twins.iter().find(|twin| twin.certificate.der() == other.certificate.der());
        let same = twins.iter().find(|twin| Some(twin.name.as_str()) == stem);
        let only = if let [only] = twins { Some(only) } else { None };
        other.is_current = equal.is_some();
        other.twin = equal.or(same).or(only).map(|twin| twin.name.clone());
    }
}

/// Subject, subjectAltName and extendedKeyUsage, which differ between certificates of different purposes.
fn names_of(certificate: &Certificate) -> [Vec<u8>; 3] {
    let value = |oid| {
        let extension = certificate.extension(oid);
        extension.map(|extension| extension.value.clone()).unwrap_or_default()
    };
    let subject = certificate.subject().der().to_vec();
    [subject, value(oid::SUBJECT_ALT_NAME), value(oid::EXTENDED_KEY_USAGE)]
}

fn is_of_ca(file: &str) -> bool {
    [CA_CERTIFICATE, CA_KEY].contains(&file)
}

/// Whether the CA signed it, and it is not the CA itself.
pub(crate) fn is_below(certificate: &Certificate, ca: &Certificate) -> bool {
    certificate.public_key() != ca.public_key() && certificate.is_issued_by_equal_name(ca)
}

/// The certificates after the first in the file of an identity.
fn further(identity: &Identity, ca: &Certificate) -> Vec<OtherFile> {
    let read = |der: &Vec<u8>| Certificate::from_der(der.clone()).ok();
    let below = identity.chain.iter().filter_map(read).filter(|one| is_below(one, ca));
    let other = |certificate: Certificate| OtherFile {
        file: identity.name.certificate_file(),
        form: if certificate.is_ca() { Form::Ca } else { Form::Further },
        certificate,
        twin: None,
        is_current: false,
    };
    below.map(other).collect()
}

/// The certificates in a file that the CA signed, and the unreadable objects that can be certificates.
fn certificates(
    store: &Store,
    file: &str,
    content: &[u8],
    ca: &Certificate,
) -> (Vec<OtherFile>, Vec<Unread>) {
    let path = store.path(file);
    let unread = |error| (file.to_owned(), error);
    let found = match input::read(content, None) {
        Ok(found) => found,
        Err(source) if could_have_certificate(&source, &path) => {
            return (Vec::new(), vec![unread(IssueError::Unrecognised { path, source })]);
        }
        Err(_) => return (Vec::new(), Vec::new()),
    };
    let has_key = found.iter().any(|one| matches!(one.object, PkiObject::PrivateKey(_)));
    let is_pem = content.trim_ascii_start().starts_with(b"-----BEGIN ")
        || content.windows(11).any(|text| text == b"\n-----BEGIN");
    let (mut others, mut problems) = (Vec::new(), Vec::new());
    let mut number = 0;
    for LocatedObject { location: within, object, .. } in found {
        let certificate = match object {
            PkiObject::Certificate(certificate) => *certificate,
            PkiObject::Broken { what, reason: source } if is_unread(what, &path) => {
                problems.push(unread(IssueError::malformed(&path, within.as_ref(), what, source)));
                continue;
            }
            _ => continue,
        };
        let is_first = number == 0;
        number += 1;
        let form = match (certificate.is_ca(), has_key) {
            _ if !is_below(&certificate, ca) => {
                let is_ca_itself = certificate.public_key() == ca.public_key();
                if is_ca_itself || !seems_issued_by(&certificate, ca) {
                    continue;
                }
                Form::Unverified
            }
            (true, _) => Form::Ca,
            _ if is_of_ca(file) => Form::OfCa,
            (false, true) => Form::WithKey,
            (false, false) if within.is_none() && is_pem && is_first => {
                match pem::certificates(content) {
                    Err(PemError::Form(fault)) => Form::Fault(fault),
                    _ => Form::Pem,
                }
            }
            (false, false) => Form::Other,
        };
        let file = file.to_owned();
        others.push(OtherFile { file, certificate, form, twin: None, is_current: false });
    }
    (others, problems)
}

/// The folder of a file within the directory; empty if it is in none.
pub(crate) fn folder_of(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}
