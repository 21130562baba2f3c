//! Private keys in the formats of OpenSSL: PEM and DER; PKCS#8, PKCS#1 and SEC1.

use rustls_pki_types::pem::{self, PemObject, SectionKind};
use zeroize::Zeroizing;

use super::{KeyError, PrivateKey, PublicKeyType, raw::RawKey};
use crate::x509::pem::block::{blocks, content_name};

const UNKNOWN: &str = "an unknown kind of PEM block";

impl PrivateKey {
    /// Reads the first private key of a PEM text: PKCS#8, PKCS#1 or SEC1. Other blocks and text are
    /// skipped. DER is accepted, too.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use certctl_pki::x509::key::{KeyType, PrivateKey};
    ///
    /// let pem = PrivateKey::generate(KeyType::EcdsaP256)?.to_pem();
    /// let key = PrivateKey::from_pem(pem.as_bytes())?;
    /// assert_eq!(key.key_type(), Some(KeyType::EcdsaP256));
    /// assert_eq!(key.public().kind().to_string(), "ecdsa:p256");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`KeyError`] if the file has no private key, or the key is encrypted, malformed or not supported.
    pub fn from_pem(text: &[u8]) -> Result<Self, KeyError> {
        let (mut key, mut other) = (None, None);
        for block in blocks(text) {
            // The whole line, also if it is not a label.
            let label = String::from_utf8_lossy(block.begin());
            let label = label.trim_end_matches('-').to_owned();
            if label.ends_with("PRIVATE KEY") {
                key = Some((label, block));
                break;
            }
            other = other.or(Some(content_name(&label).unwrap_or(UNKNOWN)));
        }
        let Some((label, block)) = key else {
            return match other {
                Some(found) => Err(KeyError::NoPrivateKey { found: found.into() }),
                None => Self::from_der(text),
            };
        };

        match label.as_str() {
            "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" => {}
            "ENCRYPTED PRIVATE KEY" => return Err(KeyError::Encrypted { pkcs8: true }),
            "OPENSSH PRIVATE KEY" => return Err(KeyError::OpenSsh),
            "DSA PRIVATE KEY" => return Err(KeyError::unsupported(PublicKeyType::Dsa)),
            _ => return Err(KeyError::unsupported(UNKNOWN)),
        }
        if block.is_encrypted() {
            return Err(KeyError::Encrypted { pkcs8: false });
        }
        // The reader of rustls is strict: what servers cannot read is not loaded.
        let block = text.get(block.range()).unwrap_or_default();
        match <(SectionKind, Vec<u8>)>::from_pem_slice(block).map(|(_, der)| Zeroizing::new(der)) {
            Ok(der) if der.is_empty() => Err(KeyError::Empty),
            Ok(der) => Self::from_der(&der),
            Err(pem::Error::MissingSectionEnd { .. }) => Err(KeyError::MissingEnd { label }),
            Err(_) => Err(KeyError::MalformedPem),
        }
    }

    /// Reads the DER of a PKCS#8 (version 1 or 2, RFC 5958), PKCS#1 (RFC 8017) or SEC1 (RFC 5915)
    /// key.
    ///
    /// # Errors
    ///
    /// [`KeyError`] as [`PrivateKey::from_pem`].
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let key = RawKey::read(der)?;
        if key.own_curve.is_some_and(|curve| curve != key.kind) {
            return Err(KeyError::Inconsistent);
        }
        match key.kind {
            PublicKeyType::Rsa { .. } => Self::rsa(key.secret),
            PublicKeyType::Ed25519 => Self::ed25519(key.secret, key.public),
            curve if curve.is_ecdsa() => {
                // The error of the curve comes first: a public key would not fix it.
                match Self::ecdsa(&curve, key.secret, key.public.unwrap_or_default()) {
                    Err(KeyError::Inconsistent) if key.public.is_none() => {
                        Err(KeyError::NoPublicPart)
                    }
                    loaded => loaded,
                }
            }
            other => Err(KeyError::unsupported(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x509::key::wiped_der;

    use rustls_pki_types::alg_id;

    use crate::x509::der;
    use crate::x509::key::samples::{
        ED25519_V2, KEYS, P256, P384, inner, oid, pem, point, sec1, with_algorithm,
    };

    #[test]
    fn every_form_of_a_key_is_read() {
        let [rsa, p256, p384, _] = &*KEYS;
        let parameters = oid(P256);
        let whole = sec1(p256, Some(&parameters), Some(point(p256)));
        let block = pem("EC PRIVATE KEY", &whole);
        let certificate = pem("CERTIFICATE", b"no certificate");

        let cases = [
            ("PKCS#1", pem("RSA PRIVATE KEY", &inner(rsa)), rsa),
            ("PKCS#8 under another label", pem("RSA PRIVATE KEY", &rsa.pkcs8), rsa),
            ("SEC1", block.clone(), p256),
            (
                "SEC1 of P-384",
                pem("EC PRIVATE KEY", &sec1(p384, Some(&oid(P384)), Some(point(p384)))),
                p384,
            ),
            ("parameters first", pem("EC PARAMETERS", &parameters) + &block, p256),
            (
                "PKCS#8 with parameters inside",
                pem("PRIVATE KEY", &super::super::pkcs8(alg_id::ECDSA_P256, &whole)),
                p256,
            ),
            ("between certificates", certificate.clone() + &block + &certificate, p256),
            ("the first of two", block.clone() + &rsa.to_pem(), p256),
            ("behind a cut-off certificate", certificate[..40].to_owned() + "\n" + &block, p256),
            ("preamble", "Bag Attributes\n  friendlyName: x\n".to_owned() + &block, p256),
            ("BOM and CRLF", "\u{feff}".to_owned() + &block.replace('\n', "\r\n"), p256),
            ("no newline at the end", block.trim_end().to_owned(), p256),
        ];

        for (form, text, key) in cases {
            match PrivateKey::from_pem(text.as_bytes()) {
                Ok(read) => assert_eq!(read.to_pem(), key.to_pem(), "{form}"),
                Err(error) => panic!("{form}: {error}"),
            }
        }
        assert_eq!(PrivateKey::from_pem(&inner(rsa)).unwrap().to_pem(), rsa.to_pem());
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of every message")]
    fn what_cannot_be_used_is_named() {
        let [rsa, p256, ..] = &*KEYS;
        let text = rsa.to_pem();
        let point = point(p256);
        let compressed: Vec<u8> =
            [2 + (point[64] & 1)].iter().chain(&point[1..33]).copied().collect();
        let named = |curve| sec1(p256, Some(&oid(curve)), Some(point));
        let other = |algorithm| pem("PRIVATE KEY", &with_algorithm(algorithm, b"secret"));
        let integers = |numbers: &[&[u8]]| {
            let numbers: Vec<_> = numbers.iter().map(|number| wiped_der::integer(number)).collect();
            der::sequence(&numbers.iter().map(|der| der.as_slice()).collect::<Vec<_>>())
        };
        let rsa_of = |bits: usize, exponent: &[u8]| {
            let modulus = vec![0xFF; bits / 8];
            let number = &[0x7F][..];
            let exponents = [number; 6];
            let fields = [&[&[][..], &modulus, exponent][..], &exponents].concat();
            pem("RSA PRIVATE KEY", &integers(&fields))
        };
        let ec = |der: &[u8]| pem("EC PRIVATE KEY", der);
        let encrypted = text.replace("PRIVATE", "ENCRYPTED PRIVATE");
        let traditional = text.replace("PRIVATE", "RSA PRIVATE").replacen(
            "-----\n",
            "-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n",
            1,
        );
        let explicit = integers(&[&[1]]);

        let cases: Vec<(String, &str)> = vec![
            (String::new(), "is empty"),
            ("hello".into(), "is neither PEM nor DER"),
            (text.replace("PRIVATE KEY", "CERTIFICATE"), "holds a certificate, no private key"),
            (pem("PUBLIC KEY", rsa.public().spki()), "holds a public key, no private key"),
            (
                text.replace("PRIVATE KEY", "x"),
                "holds an unknown kind of PEM block, no private key",
            ),
            (encrypted, "holds an encrypted private key (openssl pkcs8 -in FILE -out NEW)"),
            (
                traditional,
                "holds an encrypted private key (openssl pkcs8 -topk8 -nocrypt -in FILE -out NEW)",
            ),
            (
                text.replace("PRIVATE", "OPENSSH PRIVATE"),
                "holds an OpenSSH private key (cp FILE NEW && ssh-keygen -p -m PKCS8 -N '' -f NEW)",
            ),
            (
                text.replace("PRIVATE", "DSA PRIVATE"),
                "holds a key of the kind dsa, which is not supported",
            ),
            (ec(&integers(&[&[1][..]; 6])), "holds a key of the kind dsa, which is not supported"),
            (other("1.2.840.10040.4.1"), "holds a key of the kind dsa, which is not supported"),
            (other("1.3.101.113"), "holds a key of the kind ed448, which is not supported"),
            (other("1.3.101.110"), "holds a key of the kind 1.3.101.110, which is not supported"),
            (
                ec(&named("1.3.132.0.35")),
                "holds a key of the kind ecdsa:p521, which is not supported",
            ),
            (
                ec(&named("1.3.132.0.10")),
                "holds a key of the kind ecdsa:secp256k1, which is not supported",
            ),
            (
                ec(&named("1.3.132.0.33")),
                "holds a key of the kind ecdsa:1.3.132.0.33, which is not supported",
            ),
            (
                ec(&sec1(p256, Some(&explicit), Some(point))),
                "holds an EC key that spells out its curve instead of naming it (openssl ec -in \
                FILE -param_enc named_curve -out NEW)",
            ),
            (
                ec(&sec1(p256, Some(&oid(P256)), None)),
                "holds an EC key without its public key (openssl ec -in FILE -out NEW)",
            ),
            (
                ec(&sec1(p256, Some(&oid(P256)), Some(&compressed))),
                "holds an EC key whose public key is compressed (openssl ec -in FILE -conv_form \
                uncompressed -out NEW)",
            ),
            (
                ec(&named(P384)),
                "holds a private key whose parts do not fit together or are out of range",
            ),
            (
                rsa_of(1024, &[1, 0, 1]),
                "holds an rsa:1024 key: the sizes supported are 2048, 3072 and 4096 bits",
            ),
            (
                rsa_of(2560, &[1, 0, 1]),
                "holds an rsa:2560 key: the sizes supported are 2048, 3072 and 4096 bits",
            ),
            (
                rsa_of(16384, &[1, 0, 1]),
                "holds an rsa:16384 key: the sizes supported are 2048, 3072 and 4096 bits",
            ),
            (rsa_of(2048, &[3]), "holds an RSA key with the public exponent 3, below 65537"),
            (
                rsa_of(2048, &[1, 0, 1]),
                "holds a private key whose parts do not fit together or are out of range",
            ),
            (text[..600].into(), "lacks the line `-----END PRIVATE KEY-----`"),
            (
                text[..600].to_owned() + "\n" + &text.replace("PRIVATE KEY", "CERTIFICATE"),
                "lacks the line `-----END PRIVATE KEY-----`",
            ),
            (text.replacen("KEY-----", "KEY---", 1), "holds a private key that is not valid PEM"),
            (text.replacen("\nMII", "\n!II", 1), "holds a private key that is not valid PEM"),
            (
                pem("PRIVATE KEY", &rsa.pkcs8[..900]),
                "holds a private key that is malformed or cut off",
            ),
        ];

        for (text, expected) in cases {
            let error = PrivateKey::from_pem(text.as_bytes()).unwrap_err();
            let hint = error
                .conversion("FILE", "NEW")
                .map(|hint| format!(" ({hint})"))
                .unwrap_or_default();
            assert_eq!(format!("{error}{hint}"), expected);
        }
    }

    #[test]
    fn damaged_keys_are_never_a_panic() {
        let [rsa, p256, p384, ed25519] = &*KEYS;
        let curve = |key, name| sec1(key, Some(&oid(name)), Some(point(key)));
        let ed25519_v2 = blocks(ED25519_V2.as_bytes()).next().unwrap();
        let whole = [
            rsa.pkcs8.to_vec(),
            inner(rsa),
            p256.pkcs8.to_vec(),
            curve(p256, P256),
            curve(p384, P384),
            ed25519.pkcs8.to_vec(),
            ed25519_v2.decode().unwrap().to_vec(),
        ];

        for der in whole {
            assert!(PrivateKey::from_der(&der).is_ok());
            for end in 0..der.len() {
                assert!(PrivateKey::from_der(&der[..end]).is_err(), "cut at {end}");
            }
            let mut damaged = der;
            for bit in 0..damaged.len() * 8 {
                damaged[bit / 8] ^= 1 << (bit % 8);
                let _ = PrivateKey::from_der(&damaged);
                damaged[bit / 8] ^= 1 << (bit % 8);
            }
        }
        let text = KEYS[3].to_pem();
        for end in 0..text.len() - "-----\n".len() {
            assert!(PrivateKey::from_pem(&text.as_bytes()[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn lengths_and_depths_that_lie_are_errors() {
        for last in [0xFF, 0xF6] {
            let der = [0x30, 0x0A, 0x04, 0x88, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, last];
            assert_eq!(PrivateKey::from_der(&der).unwrap_err(), KeyError::Malformed);
        }
        let bomb: Vec<u8> = std::iter::repeat_n([0x30, 0x80], 100_000).flatten().collect();
        assert_eq!(PrivateKey::from_der(&bomb).unwrap_err(), KeyError::Malformed);
    }
}
