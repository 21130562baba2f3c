//! Certificates of the CA that are not in `NAME.pem` of an identity: what other programs name their files.

use std::{
    collections::{HashMap, HashSet},
    io,
    path::Path,
    sync::OnceLock,
};

use rustix::io::Errno;
use zeroize::Zeroizing;

use super::identity::{self, IdentityName, Member};
use crate::{
    error::Error,
    intake::{self, Found, Thing},
    parallel,
    store::{
        ARCHIVE, CA_CERTIFICATE, CA_KEY, CA_SERIAL, LIMIT, ReadError, Store, is_expected,
        read_regular,
    },
    x509::{
        cert::Certificate,
        key::PublicKey,
        pem::{self, PemError, PemFault},
        usage::oid,
    },
};

/// Where easy-rsa has its certificates and keys, besides the directory itself.
const FOLDERS: [&str; 2] = ["issued", "private"];

/// A certificate that the CA signed, in a file that certctl does not replace.
#[derive(Debug)]
pub(crate) struct OtherFile {
    /// Within the directory: `web.crt`, `issued/web.crt`.
    pub(crate) file: String,
    pub(crate) certificate: Certificate,
    pub(crate) form: Form,
    /// The identity with the same subject and names.
    pub(crate) twin: Option<IdentityName>,
}

/// What the file is, besides its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// PEM, and the certificate is its first: renamed, it is `NAME.pem` of an identity.
    Pem,
    /// PEM in a form that OpenSSL does not read.
    Fault(PemFault),
    /// Its private key is in the same file.
    WithKey,
    /// It follows the certificate of an identity in the same file.
    Further,
    /// Not the first of its file, DER, PKCS#12 or a manifest.
    Other,
    /// The certificate of a CA below this one.
    Ca,
}

/// A file or folder that could have a certificate and could not be read.
pub(crate) type Unread = (String, Error);

/// Every file of the directory and of easy-rsa's folders, within the directory; and which folders could
/// not be listed.
fn all_files(store: &Store, problems: &mut Vec<Unread>) -> Result<Vec<String>, Error> {
    let mut files = store.files()?;
    for folder in FOLDERS {
        match store.files_in(folder) {
            Ok(names) => files.extend(names.into_iter().map(|name| format!("{folder}/{name}"))),
            Err(Error::Read { source: ReadError::Io(error), .. })
                if error.kind() == io::ErrorKind::NotADirectory => {}
            // A user who writes nothing needs no keys, and may not be allowed to see them.
            Err(error) if !store.is_locked() && is_denied(&error) => {
                if folder != "private" {
                    problems.push((folder.to_owned(), error));
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(files)
}

/// The certificates of the CA outside of what [`scan`](super::identity::scan) found as identities, in
/// the order of their files; and the files that could not be read.
pub(crate) fn other_files(
    store: &Store,
    ca: &Certificate,
    found: &[(IdentityName, identity::Found)],
) -> Result<(Vec<OtherFile>, Vec<Unread>), Error> {
    let mut problems = Vec::new();
    let files = all_files(store, &mut problems)?;
    let members: HashMap<String, &Member> = found
        .iter()
        .filter_map(|(name, found)| Some((name.certificate_file(), found.member()?)))
        .collect();
    let keys: HashSet<String> = members.values().map(|member| member.name.key_file()).collect();
    let mut others = Vec::new();
    for member in members.values().filter(|member| !member.chain.is_empty()) {
        others.extend(further(member, ca));
    }
    // What `scan` could not read is reported from there.
    let broken: Vec<String> = found
        .iter()
        .filter(|(_, found)| matches!(found, identity::Found::Broken(_)))
        .map(|(name, _)| name.certificate_file())
        .collect();
    let is_own = |file: &str| {
        [CA_CERTIFICATE, CA_KEY, CA_SERIAL, ARCHIVE, ".certctl", "certctl.toml"].contains(&file)
            || members.contains_key(file)
            || keys.contains(file)
            || broken.iter().any(|broken| broken == file)
    };
    let files = files.into_iter().filter(|file| !is_own(file)).collect();
    for (file, content) in parallel::map(files, |file: String| {
        let content = read(store, &file);
        (file, content)
    }) {
        match content {
            Ok(_) if store.links_within(&file) => {}
            Ok(content) => others.extend(certificates(&file, &content, ca)),
            Err(ReadError::Io(error)) if is_unread(&error, &file) => {
                let path = store.path(&file);
                problems.push((file, Error::Read { path, source: error.into() }));
            }
            // It could have a certificate, and was not read.
            Err(source @ ReadError::TooLarge(_)) if is_expected(Path::new(&file)) => {
                let path = store.path(&file);
                problems.push((file, Error::Read { path, source }));
            }
            Err(_) => {}
        }
    }
    others.sort_by(|one, other| one.file.cmp(&other.file));
    find_twins(&mut others, members.values().copied());
    Ok((others, problems))
}

/// Finds the identity from which each file could have been copied: the only one with these names, or
/// the one of the file's name.
fn find_twins<'a>(others: &mut [OtherFile], members: impl Iterator<Item = &'a Member>) {
    if others.is_empty() {
        return;
    }
    let mut twins: HashMap<_, Vec<&IdentityName>> = HashMap::new();
    for member in members {
        twins.entry(names_of(&member.certificate)).or_default().push(&member.name);
    }
    for other in others.iter_mut().filter(|other| other.form != Form::Further) {
        let twins = twins.get(&names_of(&other.certificate)).map_or(&[][..], Vec::as_slice);
        let stem = Path::new(&other.file).file_stem().and_then(|stem| stem.to_str());
        let same = twins.iter().find(|name| Some(name.as_str()) == stem);
        let only = if let [only] = twins { Some(only) } else { None };
        other.twin = same.or(only).map(|name| (*name).clone());
    }
}

/// Subject, subjectAltName and extendedKeyUsage, which tell certificates of different purposes apart.
fn names_of(certificate: &Certificate) -> [Vec<u8>; 3] {
    let value = |oid| {
        let extension = certificate.extension(oid);
        extension.map(|extension| extension.value.clone()).unwrap_or_default()
    };
    let subject = certificate.subject().der().to_vec();
    [subject, value(oid::SUBJECT_ALT_NAME), value(oid::EXTENDED_KEY_USAGE)]
}

fn is_denied(error: &Error) -> bool {
    let Error::Read { source: ReadError::Io(error), .. } = error else { return false };
    error.kind() == io::ErrorKind::PermissionDenied
}

/// Whether a file that cannot be read could have a certificate: links to nowhere and sockets have none,
/// and keys of other users are no problem.
fn is_unread(error: &io::Error, file: &str) -> bool {
    let lower = file.to_ascii_lowercase();
    let is_key = lower.contains("key") || lower.starts_with("private/");
    match error.kind() {
        io::ErrorKind::NotFound => false,
        io::ErrorKind::PermissionDenied => !is_key,
        _ => ![Errno::LOOP, Errno::NXIO]
            .map(Errno::raw_os_error)
            .iter()
            .any(|errno| Some(*errno) == error.raw_os_error()),
    }
}

fn read(store: &Store, file: &str) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    let content = if file.contains('/') {
        read_regular(&store.path(file), LIMIT)
    } else {
        store.read(file, LIMIT)
    };
    content.map(Zeroizing::new)
}

/// Whether the CA signed it, and it is not the CA itself.
fn is_below(certificate: &Certificate, ca: &Certificate) -> bool {
    certificate.public_key() != ca.public_key() && certificate.is_issued_by(ca)
}

/// The certificates after the first of an identity's file.
fn further(member: &Member, ca: &Certificate) -> Vec<OtherFile> {
    let read = |der: &Vec<u8>| Certificate::from_der(der.clone()).ok();
    let below = member.chain.iter().filter_map(read).filter(|one| is_below(one, ca));
    let other = |certificate: Certificate| OtherFile {
        file: member.name.certificate_file(),
        form: if certificate.is_ca() { Form::Ca } else { Form::Further },
        certificate,
        twin: None,
    };
    below.map(other).collect()
}

fn certificates(file: &str, content: &[u8], ca: &Certificate) -> Vec<OtherFile> {
    let Ok(found) = intake::read(content, None) else { return Vec::new() };
    let has_key = found.iter().any(|one| matches!(one.thing, Thing::PrivateKey(_)));
    let is_pem = content.trim_ascii_start().starts_with(b"-----BEGIN ")
        || content.windows(11).any(|text| text == b"\n-----BEGIN");
    let mut others = Vec::new();
    let certificates = found.into_iter().filter_map(|one| match one.thing {
        Thing::Certificate(certificate) => Some((one.within.is_none(), *certificate)),
        _ => None,
    });
    for (number, (is_plain, certificate)) in certificates.enumerate() {
        if !is_below(&certificate, ca) {
            continue;
        }
        let form = match (certificate.is_ca(), has_key) {
            (true, _) => Form::Ca,
            (false, true) => Form::WithKey,
            (false, false) if is_plain && is_pem && number == 0 => match pem::certificates(content)
            {
                Err(PemError::Form(fault)) => Form::Fault(fault),
                _ => Form::Pem,
            },
            (false, false) => Form::Other,
        };
        others.push(OtherFile { file: file.to_owned(), certificate, form, twin: None });
    }
    others
}

/// Which files have the private key of a public one, and which a certificate for it. The files are read when
/// the first is asked for.
pub(crate) struct KeyFiles<'a> {
    store: &'a Store,
    index: OnceLock<HashMap<Vec<u8>, Files>>,
}

/// The files within the directory that belong to one public key.
#[derive(Default)]
struct Files {
    /// With that private key and nothing else.
    keys: Vec<String>,
    /// With an end-entity certificate for it.
    certificates: Vec<String>,
}

impl<'a> KeyFiles<'a> {
    pub(crate) fn new(store: &'a Store) -> Self {
        Self { store, index: OnceLock::new() }
    }

    /// The file with that key and nothing else. Encrypted keys are not found: their public key cannot be seen.
    pub(crate) fn find(&self, key: &PublicKey) -> Option<&str> {
        self.index().get(key.spki())?.keys.first().map(String::as_str)
    }

    /// Whether a file has a certificate for that key.
    pub(crate) fn certifies(&self, file: &str, key: &PublicKey) -> bool {
        let files = self.index().get(key.spki());
        files.is_some_and(|files| files.certificates.iter().any(|other| other == file))
    }

    /// The certificate of another identity whose only key is in that file.
    pub(crate) fn only_key_of(&self, file: &str) -> Option<&str> {
        let files = self.index().values().find(|files| files.keys == [file])?;
        files.certificates.first().map(String::as_str)
    }

    fn index(&self) -> &HashMap<Vec<u8>, Files> {
        self.index.get_or_init(|| {
            let files = all_files(self.store, &mut Vec::new()).unwrap_or_default();
            let found = parallel::map(files, |file: String| {
                let content = read(self.store, &file).ok()?;
                Some((intake::read(&content, None).ok()?, file))
            });
            let mut index: HashMap<Vec<u8>, Files> = HashMap::new();
            for (found, file) in found.into_iter().flatten() {
                let is_key =
                    |one: &Found| matches!(one.thing, Thing::PrivateKey(_)) && one.within.is_none();
                let is_key_file = file != CA_KEY && found.iter().all(is_key);
                let mut has_key = false;
                for one in found {
                    match one.thing {
                        Thing::PrivateKey(facts) if is_key_file && !has_key => {
                            let Some(public) = facts.public else { continue };
                            let files = index.entry(public.spki().to_vec()).or_default();
                            files.keys.push(file.clone());
                            has_key = true;
                        }
                        Thing::Certificate(certificate) if !certificate.is_ca() => {
                            let public = certificate.public_key().spki().to_vec();
                            index.entry(public).or_default().certificates.push(file.clone());
                        }
                        _ => {}
                    }
                }
            }
            index
        })
    }
}

/// What `NAME.key` of an identity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyState {
    Missing,
    /// A new key may take its place: it can be read, or it is empty.
    Plain,
    /// As [`KeyState::Plain`], and it belongs to another certificate.
    Other,
    Encrypted,
    /// Not a private key that certctl reads; it may be encrypted by another program.
    Unknown,
}

impl KeyState {
    /// An error where the file cannot be read: what it has must not be replaced unseen.
    pub(crate) fn of(store: &Store, member: &Member) -> Result<Self, Error> {
        if !member.has_key {
            return Ok(Self::Missing);
        }
        let file = member.name.key_file();
        match read(store, &file) {
            Ok(content) => Ok(Self::of_content(&content, member.certificate.public_key())),
            Err(ReadError::Io(error)) if error.kind() != io::ErrorKind::NotFound => {
                Err(Error::Read { path: store.path(&file), source: error.into() })
            }
            Err(ReadError::TooLarge(_)) => Ok(Self::Unknown),
            // Where a link leads, or what else it is, is refused where the new one is prepared.
            Err(_) => Ok(Self::Plain),
        }
    }

    fn of_content(content: &[u8], wanted: &PublicKey) -> Self {
        let found = match intake::read(content, None) {
            Err(intake::Unknown::Empty) => return Self::Plain,
            found => found.unwrap_or_default(),
        };
        let mut keys = found.iter().filter_map(|one| match &one.thing {
            Thing::PrivateKey(facts) => Some(facts),
            _ => None,
        });
        match keys.next() {
            None => Self::Unknown,
            Some(facts) if facts.form.starts_with("encrypted") => Self::Encrypted,
            Some(facts) if facts.public.as_ref().is_some_and(|key| key != wanted) => Self::Other,
            Some(_) => Self::Plain,
        }
    }
}
