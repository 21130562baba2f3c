//! Keystores: PKCS#12 files (RFC 7292), as Java, browsers and Windows take a key with its chain.

use std::{io, path::Path};

use pki::{
    input::{self, ObjectError, PkiObject},
    x509::{certificate::Certificate, key::PrivateKey},
};

use crate::{
    issue::{
        error::IssueError,
        identity_files::{Pair, certificates, precedes},
    },
    store::{self, LIMIT, ReadError, StoreError},
};

/// The content of a keystore.
pub(crate) struct Contents<'a> {
    /// The friendly name of the key; an alias, in Java's words.
    name: &'a str,
    key: &'a PrivateKey,
    /// The certificate of the key, and those above it, without the trust anchors.
    chain: Vec<Certificate>,
    /// Trust anchors. Java takes them as such (`trustedCertEntry`), others as the end of the chain.
    anchors: Vec<Certificate>,
}

impl<'a> Contents<'a> {
    /// A pair with the trust anchors of the CA's file. An error if the key is not available.
    pub(crate) fn of(pair: &'a Pair, ca_file: &[u8]) -> Result<Self, IssueError> {
        let anchors = certificates(ca_file);
        let is_anchor = |one: &Certificate| anchors.iter().any(|anchor| anchor.der() == one.der());
        let above = pair.above().into_iter().filter(|one| !is_anchor(one));
        let chain = std::iter::once(pair.certificate.clone()).chain(above).collect();
        Ok(Self { name: pair.name.as_str(), key: &pair.require_key()?.key, chain, anchors })
    }

    /// Whether an existing file is this keystore; `None` if it is not an earlier export of the identity with
    /// the same password.
    pub(crate) fn is_in(&self, file: &Path, password: &str) -> Result<Option<bool>, StoreError> {
        let content = match store::read_regular(file, LIMIT) {
            Ok(content) => content,
            Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Some(false));
            }
            Err(ReadError::NotRegular(_)) => return Ok(None),
            Err(source) => return Err(source.at(file)),
        };
        // A file without a password is not the same.
        let is_locked = matches!(
            input::read(&content, None).as_deref(),
            Ok([found]) if matches!(&found.object, PkiObject::Broken { reason: ObjectError::Locked, .. })
        );
        Ok(if is_locked { self.compare(&content, password) } else { None })
    }

    fn compare(&self, content: &[u8], password: &str) -> Option<bool> {
        let mut certificates = Vec::new();
        let mut keys = Vec::new();
        for found in input::read(content, Some(password)).unwrap_or_default() {
            let name = found.location.map(|within| within.entry);
            match found.object {
                PkiObject::Certificate(certificate) => certificates.push(*certificate),
                PkiObject::PrivateKey(facts) => keys.push((name, facts.public)),
                _ => return None,
            }
        }
        let [(name, Some(key))] = &keys[..] else { return None };
        let leaf = self.chain.first()?;
        let wanted = || self.chain.iter().chain(&self.anchors);
        let is_wanted = |old: &Certificate| wanted().any(|new| new.der() == old.der());
        let is_same = key == self.key.public()
            && name.as_deref() == Some(self.name)
            && certificates.len() == wanted().count()
            && certificates.iter().all(is_wanted);
        if is_same {
            return Some(true);
        }
        let (own, above): (Vec<_>, Vec<_>) =
            certificates.iter().partition(|old| old.public_key() == key);
        let is_known = |old: &&Certificate| wanted().any(|new| new.subject() == old.subject());
        let is_earlier = matches!(&own[..], [own] if precedes(own, leaf));
        (is_earlier && above.iter().all(is_known)).then_some(false)
    }
}

/// Whether this build of certctl can write one.
pub(crate) const AVAILABLE: bool = cfg!(feature = "pkcs12");

#[cfg(not(feature = "pkcs12"))]
pub(crate) fn pkcs12(_: &Contents<'_>, _: &str) -> Result<Vec<u8>, String> {
    Err("this build of certctl leaves PKCS#12 out".to_owned())
}

#[cfg(feature = "pkcs12")]
pub(crate) use with_crate::pkcs12;

#[cfg(feature = "pkcs12")]
mod with_crate {
    use p12_keystore::{
        Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey,
        PrivateKeyChain, error::Error,
    };

    use super::Contents;

    /// How often the password is hashed, for the MAC and for each of two encryptions. Java writes
    /// 10,000 and OpenSSL 2,048; a tenth of a second in all.
    const ROUNDS: u32 = 100_000;

    /// A PKCS#12 file: PBES2 with PBKDF2-HMAC-SHA-256 and AES-256-CBC (RFC 8018), HMAC-SHA-256.
    ///
    /// The crate holds the key in buffers that it does not wipe.
    pub(crate) fn pkcs12(contents: &Contents<'_>, password: &str) -> Result<Vec<u8>, String> {
        keystore(contents)
            .and_then(|store| {
                store
                    .writer(password)
                    .encryption_algorithm(EncryptionAlgorithm::PbeWithHmacSha256AndAes256)
                    .encryption_iterations(ROUNDS)
                    .mac_algorithm(MacAlgorithm::HmacSha256)
                    .mac_iterations(ROUNDS)
                    .write()
            })
            .map_err(|error| error.to_string())
    }

    fn keystore(contents: &Contents<'_>) -> Result<KeyStore, Error> {
        let read = |certificate: &pki::x509::certificate::Certificate| {
            Certificate::from_der(certificate.der())
        };
        let chain = contents.chain.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let key = PrivateKey::from_der(contents.key.der())?;
        let id = contents.key.public().key_identifier();
        let mut store = KeyStore::new();
        let chain = PrivateKeyChain::new(id.as_slice(), key, chain);
        store.add_entry(contents.name, KeyStoreEntry::PrivateKeyChain(chain));
        for (number, anchor) in contents.anchors.iter().enumerate() {
            // No identity is called so.
            let name = if number == 0 { "ca".to_owned() } else { format!("ca {}", number + 1) };
            store.add_entry(&name, KeyStoreEntry::Certificate(read(anchor)?));
        }
        Ok(store)
    }
}
