//! A private key without its secret: format, type and public key, also of keys that cannot be
//! loaded.

use ring::signature::{Ed25519KeyPair, KeyPair as _};
use rustls_pki_types::alg_id;

use super::{KeyError, PublicKey, PublicKeyType, raw::RawKey};
use crate::x509::{
    der,
    tlv::{self, INTEGER},
};

/// With which the octets of an OpenSSH private key begin.
const OPEN_SSH: &[u8] = b"openssh-key-v1\0";

/// The format, type and public key of a private key. It has no octet of the private key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivateKeySummary {
    /// The format: `PKCS#8`, `PKCS#1`, `SEC1`, `DSA` or `OpenSSH`; with the prefix `encrypted ` if
    /// it is encrypted.
    pub form: &'static str,
    /// The type and size; `None` if the encryption hides it.
    pub kind: Option<PublicKeyType>,
    /// The public key, if the file has it or it can be computed.
    pub public: Option<PublicKey>,
}

impl PrivateKeySummary {
    /// A key of which encryption leaves nothing but its form to be seen.
    pub(crate) fn encrypted(form: &'static str) -> Self {
        Self { form, kind: None, public: None }
    }

    /// Of the DER of a PKCS#8 (encrypted or not), PKCS#1, SEC1 or DSA key; `None` if it is none.
    pub(crate) fn from_der(der: &[u8]) -> Option<Self> {
        let key = match RawKey::read(der) {
            Err(KeyError::Encrypted { .. }) => return Some(Self::encrypted("encrypted PKCS#8")),
            key => key.ok()?,
        };
        let spki = |bits: &[u8]| {
            PublicKey::from_spki(&der::sequence(&[&key.algorithm, &der::bit_string(bits)])).ok()
        };
        let public = match &key.kind {
            PublicKeyType::Rsa { .. } => Some(PublicKey::from_pkcs1(&rsa_bits(key.secret)?)?),
            PublicKeyType::RsaPss => spki(&rsa_bits(key.secret)?),
            PublicKeyType::Ed25519 => {
                let pair = Ed25519KeyPair::from_seed_unchecked(key.secret).ok()?;
                Some(PublicKey::new(alg_id::ED25519, pair.public_key().as_ref()).ok()?)
            }
            _ => key.public.and_then(spki),
        };
        let kind = match (key.kind, &public) {
            (PublicKeyType::Rsa { .. }, Some(public)) => public.kind(),
            (kind, _) => kind,
        };
        Some(Self { form: key.form, kind: Some(kind), public })
    }

    /// Of the octets of an `OPENSSH PRIVATE KEY` block, whose public key is never encrypted
    /// (PROTOCOL.key of OpenSSH); `None` if it is none.
    pub(crate) fn from_open_ssh(octets: &[u8]) -> Option<Self> {
        let (cipher, rest) = ssh_string(octets.strip_prefix(OPEN_SSH)?)?;
        let (_, rest) = ssh_string(rest)?;
        let (_, rest) = ssh_string(rest)?;
        let (public, _) = ssh_string(rest.strip_prefix(&[0, 0, 0, 1])?)?;
        let form = if cipher == b"none" { "OpenSSH" } else { "encrypted OpenSSH" };
        let public = ssh_public(public);
        Some(Self { form, kind: public.as_ref().map(PublicKey::kind), public })
    }
}

impl PublicKey {
    /// Of the DER of an `RSAPublicKey` (RFC 8017 appendix A.1.1).
    pub(crate) fn from_pkcs1(der: &[u8]) -> Option<Self> {
        Self::new(alg_id::RSA_ENCRYPTION, der).ok()
    }
}

/// The `RSAPublicKey` in an `RSAPrivateKey`.
fn rsa_bits(pkcs1: &[u8]) -> Option<Vec<u8>> {
    let fields = tlv::sequence(pkcs1)?;
    let [_, modulus, exponent, rest @ ..] = fields.as_slice() else { return None };
    let is_whole = rest.len() >= 6 && fields.iter().take(9).all(|field| field.tag == INTEGER);
    is_whole.then(|| der::sequence(&[modulus.raw, exponent.raw]))
}

fn ssh_public(blob: &[u8]) -> Option<PublicKey> {
    let (algorithm, rest) = ssh_string(blob)?;
    let (first, rest) = ssh_string(rest)?;
    match algorithm {
        b"ssh-rsa" => {
            let (modulus, _) = ssh_string(rest)?;
            let numbers = [tlv::write(INTEGER, modulus), tlv::write(INTEGER, first)];
            PublicKey::from_pkcs1(&der::sequence(&numbers))
        }
        b"ssh-ed25519" => PublicKey::new(alg_id::ED25519, first).ok(),
        b"ecdsa-sha2-nistp256" => PublicKey::new(alg_id::ECDSA_P256, ssh_string(rest)?.0).ok(),
        b"ecdsa-sha2-nistp384" => PublicKey::new(alg_id::ECDSA_P384, ssh_string(rest)?.0).ok(),
        b"ecdsa-sha2-nistp521" => PublicKey::new(alg_id::ECDSA_P521, ssh_string(rest)?.0).ok(),
        _ => None,
    }
}

/// A string of the SSH protocol (RFC 4251 section 5), and what follows it.
fn ssh_string(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = octets.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x509::key::wiped_der;

    use crate::x509::key::PrivateKey;
    use crate::x509::key::samples::{
        ED25519_V2, KEYS, P256, inner, oid, point, sec1, with_algorithm,
    };

    /// An `RSAPrivateKey` of numbers that fit nothing.
    fn rsa_of(octets: usize, exponent: &[u8]) -> Vec<u8> {
        let modulus = vec![0xFF; octets];
        let numbers = [&[][..], &modulus, exponent, &[9], &[9], &[9], &[9], &[9], &[9]];
        der::sequence(&numbers.map(|number| wiped_der::integer(number).to_vec()))
    }

    #[test]
    fn the_summary_has_the_type_and_format_of_each_key() {
        let [rsa, p256, ..] = &*KEYS;
        let parameters = oid(P256);
        let dsa = der::sequence(&[1, 2, 3, 4, 5, 6].map(|n| wiped_der::integer(&[n]).to_vec()));
        let x25519 = with_algorithm("1.3.101.110", &[4, 2, 7, 7]);
        let open_p521 = sec1(p256, Some(&oid("1.3.132.0.35")), Some(point(p256)));
        let pss = with_algorithm("1.2.840.113549.1.1.10", &inner(rsa));
        let hidden = der::sequence(&[der::sequence(&[oid(P256)]), vec![4, 1, 7]]);

        let cases = [
            (inner(rsa), "PKCS#1", Some("rsa:2048"), true),
            (rsa_of(64, &[1, 0, 1]), "PKCS#1", Some("rsa:512"), true),
            (rsa_of(2048, &[3]), "PKCS#1", Some("rsa:16384"), true),
            (sec1(p256, Some(&parameters), Some(point(p256))), "SEC1", Some("ecdsa:p256"), true),
            (sec1(p256, Some(&parameters), None), "SEC1", Some("ecdsa:p256"), false),
            (sec1(p256, Some(&oid("1.3.132.0.10")), None), "SEC1", Some("ecdsa:secp256k1"), false),
            (open_p521, "SEC1", Some("ecdsa:p521"), true),
            (dsa, "DSA", Some("dsa"), true),
            (with_algorithm("1.2.840.10040.4.1", b"x"), "PKCS#8", Some("dsa"), false),
            (with_algorithm("1.3.101.113", b"x"), "PKCS#8", Some("ed448"), false),
            (x25519, "PKCS#8", Some("1.3.101.110"), false),
            (pss, "PKCS#8", Some("rsassa-pss"), true),
            (hidden, "encrypted PKCS#8", None, false),
        ];
        for (der, form, kind, has_public) in cases {
            let facts =
                PrivateKeySummary::from_der(&der).unwrap_or_else(|| panic!("{form} {kind:?}"));
            assert_eq!(facts.form, form);
            assert_eq!(facts.kind.map(|kind| kind.to_string()).as_deref(), kind, "{form}");
            assert_eq!(facts.public.is_some(), has_public, "{form} {kind:?}");
        }
    }

    #[test]
    fn the_public_key_is_that_of_the_certificate() {
        for key in KEYS.iter() {
            let facts = PrivateKeySummary::from_der(&key.pkcs8).unwrap();
            assert_eq!(facts.public.as_ref(), Some(key.public()), "{key:?}");
            assert_eq!(facts.kind, Some(key.public().kind()));
        }
        let [rsa, p256, ..] = &*KEYS;
        for (der, key) in
            [(inner(rsa), rsa), (sec1(p256, Some(&oid(P256)), Some(point(p256))), p256)]
        {
            assert_eq!(
                PrivateKeySummary::from_der(&der).unwrap().public.as_ref(),
                Some(key.public())
            );
        }
        let block = crate::x509::pem::blocks(ED25519_V2.as_bytes()).next().unwrap();
        assert!(PrivateKeySummary::from_der(&block.decode().unwrap()).unwrap().public.is_some());
    }

    #[test]
    fn an_openssh_key_shows_its_public_key_even_if_encrypted() {
        let string = |octets: &[u8]| {
            [&u32::try_from(octets.len()).unwrap().to_be_bytes()[..], octets].concat()
        };
        let blob = |parts: &[&[u8]]| parts.iter().flat_map(|part| string(part)).collect::<Vec<_>>();
        let [rsa, p256, _, ed25519] = &*KEYS;
        let numbers = tlv::sequence(point(rsa)).unwrap();
        let (n, e) = (numbers[0].content, numbers[1].content);

        let cases = [
            (blob(&[b"ssh-ed25519", point(ed25519)]), Some(ed25519)),
            (blob(&[b"ssh-rsa", e, n]), Some(rsa)),
            (blob(&[b"ecdsa-sha2-nistp256", b"nistp256", point(p256)]), Some(p256)),
            (blob(&[b"sk-ssh-ed25519@openssh.com", b"x", b"y"]), None),
        ];
        for (public, key) in cases {
            for (cipher, form) in [("none", "OpenSSH"), ("aes256-ctr", "encrypted OpenSSH")] {
                let head = blob(&[cipher.as_bytes(), b"bcrypt", b""]);
                let one = [0, 0, 0, 1];
                let file = [OPEN_SSH, &head, &one, &string(&public), &string(b"private")].concat();
                let facts = PrivateKeySummary::from_open_ssh(&file).unwrap();
                assert_eq!(facts.form, form);
                assert_eq!(facts.public.as_ref(), key.map(PrivateKey::public));
                for end in 0..file.len() {
                    let _ = PrivateKeySummary::from_open_ssh(&file[..end]);
                }
            }
        }
    }

    #[test]
    fn damaged_keys_are_never_a_panic_and_never_shown() {
        for key in KEYS.iter() {
            for whole in [key.pkcs8.to_vec(), inner(key)] {
                for end in 0..whole.len() {
                    assert_eq!(PrivateKeySummary::from_der(&whole[..end]), None, "cut at {end}");
                }
                let mut damaged = whole;
                for bit in 0..damaged.len() * 8 {
                    damaged[bit / 8] ^= 1 << (bit % 8);
                    let _ = format!("{:?}", PrivateKeySummary::from_der(&damaged));
                    damaged[bit / 8] ^= 1 << (bit % 8);
                }
            }
        }
    }
}
