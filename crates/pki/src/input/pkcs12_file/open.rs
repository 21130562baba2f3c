//! Opens a PKCS#12 file with a password, within bounds of time and memory.

use std::{
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use p12_keystore::{Pkcs12Archive, error::Error};
use zeroize::Zeroizing;

use super::super::object::{
    LocatedObject, Location, LocationKind, MALFORMED, ObjectError, PkiObject,
};
use crate::x509::{escape::escape_line, kdf_cost};

const WHAT: &str = "PKCS#12 file";
/// The maximum rounds of password hashing of a file; OpenSSL writes 2,048 each, Java 10,000.
const ROUNDS: u64 = 2_000_000;
/// The maximum memory of scrypt, in octets (32 MiB); OpenSSL requires half of it.
const MEMORY: u64 = 32 << 20;
/// The bounds above do not cover the encrypted content; this is its limit.
const PATIENCE: Duration = Duration::from_secs(3);

/// Threads that took too long. They run until the process ends.
static GIVEN_UP: AtomicUsize = AtomicUsize::new(0);

/// The certificates and keys of a file, or the reason why it cannot be read. The empty password is
/// tried first.
pub(super) fn open(content: &[u8], password: Option<&str>) -> Vec<LocatedObject> {
    let broken = |reason| vec![LocatedObject::broken(WHAT, reason)];
    if content.starts_with(&[0x30, 0x80]) {
        return broken(ObjectError::Unsupported("it is BER, not DER"));
    }
    let cost = kdf_cost::cost(content);
    if cost.rounds > ROUNDS || cost.memory > MEMORY {
        return broken(ObjectError::Unsupported(TOO_COSTLY));
    }
    let archive = match (open_in_time(content, ""), password) {
        (Err(ObjectError::Locked), Some(password)) => {
            open_in_time(content, password).map_err(|error| match error {
                ObjectError::Locked => ObjectError::WrongPassword,
                other => other,
            })
        }
        (first, _) => first,
    };
    match archive {
        Ok(archive) => objects(&archive),
        Err(reason) => broken(reason),
    }
}

const TOO_COSTLY: &str = "it asks for more rounds of password hashing than certctl makes";

fn objects(archive: &Pkcs12Archive) -> Vec<LocatedObject> {
    let location = |name: &Option<String>| {
        let entry = escape_line(name.as_deref()?);
        Some(Location { source: String::new(), entry, kind: LocationKind::Other })
    };
    let certificates = archive.certs.iter().map(|bag| {
        let object = PkiObject::certificate(bag.cert.as_der().to_vec());
        LocatedObject::at(location(&bag.friendly_name), object)
    });
    let keys = archive.keys.iter().map(|bag| {
        let object = PkiObject::private_key(bag.key.as_der());
        LocatedObject::at(location(&bag.friendly_name), object)
    });
    certificates.chain(keys).collect()
}

/// Opens the file in a thread that is abandoned when it takes too long: its crate cannot be
/// interrupted, and the encrypted content may require more hashing.
fn open_in_time(content: &[u8], password: &str) -> Result<Pkcs12Archive, ObjectError> {
    let too_costly = || ObjectError::Unsupported(TOO_COSTLY);
    if GIVEN_UP.load(Ordering::Relaxed) > 1 {
        return Err(too_costly());
    }
    let content = Zeroizing::new(content.to_vec());
    let password = Zeroizing::new(password.to_owned());
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(Pkcs12Archive::from_pkcs12(&content, &password)));
    match receiver.recv_timeout(PATIENCE) {
        Ok(opened) => opened.map_err(|error| explain(&error)),
        Err(RecvTimeoutError::Timeout) => {
            GIVEN_UP.fetch_add(1, Ordering::Relaxed);
            Err(too_costly())
        }
        Err(RecvTimeoutError::Disconnected) => Err(MALFORMED.into()),
    }
}

fn explain(error: &Error) -> ObjectError {
    match error {
        // Without a MAC, a wrong password is an error of the decrypted content.
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) => ObjectError::Locked,
        Error::InvalidParameters => ObjectError::Unsupported(TOO_COSTLY),
        Error::UnsupportedEncryptionScheme => {
            ObjectError::Unsupported("it is encrypted with a cipher that certctl does not support")
        }
        Error::UnsupportedMacAlgorithm => {
            ObjectError::Unsupported("its MAC is of an algorithm that certctl does not support")
        }
        Error::UnsupportedContentType => {
            ObjectError::Unsupported("it is protected by a public key, not a password")
        }
        Error::UnsupportedCertificateType | Error::X509Error(_) => {
            "one of its certificates cannot be read".into()
        }
        Error::InvalidPrivateKey => "one of its private keys cannot be read".into(),
        _ => MALFORMED.into(),
    }
}
