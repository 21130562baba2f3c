//! Keystores: PKCS#12 files (RFC 7292), as Java, browsers and Windows take a key with its chain.

use pki::x509::{certificate::Certificate, key::PrivateKey};

/// The content of a keystore.
pub(crate) struct Contents<'a> {
    /// The friendly name of the key; an alias, in Java's words.
    pub(crate) name: &'a str,
    pub(crate) key: &'a PrivateKey,
    /// The certificate of the key, and those above it, without the trust anchors.
    pub(crate) chain: Vec<&'a Certificate>,
    /// Trust anchors. Java takes them as such (`trustedCertEntry`), others as the end of the chain.
    pub(crate) anchors: Vec<&'a Certificate>,
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
        let read = |certificate: &&pki::x509::certificate::Certificate| {
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
