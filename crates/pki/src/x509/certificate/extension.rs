//! One extension of a certificate, request or CRL, with its DER.

use crate::x509::{
    der, oid,
    signed::Signed,
    tlv::{self, BOOLEAN, OCTET_STRING, SEQUENCE},
};

/// A BOOLEAN with the value FALSE.
const FALSE: [u8; 3] = [BOOLEAN, 1, 0];

/// One extension with its DER (RFC 5280 section 4.1.2.9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// The object identifier, dotted: `2.5.29.17`.
    pub oid: String,
    /// The field `critical`: a verifier that does not support the extension must refuse the
    /// certificate.
    pub critical: bool,
    /// The content of the field `extnValue`, DER.
    pub value: Vec<u8>,
    /// The whole Extension SEQUENCE, byte for byte.
    pub der: Vec<u8>,
}

/// The extensions of a certificate, each as raw DER; `None` where a length is not DER.
pub(super) fn raw_extensions(certificate: &[u8]) -> Option<Vec<Vec<u8>>> {
    let fields = Signed::read(certificate)?.fields()?;
    der::elements(fields.iter().find_map(|field| der::inside_explicit(3, field.raw))?)
}

impl Extension {
    /// An extension in canonical DER: `critical` is omitted if `false`.
    #[must_use]
    pub fn new(oid: &str, critical: bool, value: Vec<u8>) -> Self {
        let mut content = tlv::write_oid(oid);
        if critical {
            content.extend(tlv::write(BOOLEAN, &[0xFF]));
        }
        content.extend(tlv::write(OCTET_STRING, &value));
        Self { oid: oid.to_owned(), critical, value, der: tlv::write(SEQUENCE, &content) }
    }

    /// Reads an Extension SEQUENCE and keeps its DER; `None` if it is malformed.
    #[must_use]
    pub fn from_der(der: Vec<u8>) -> Option<Self> {
        let mut elements = tlv::elements(tlv::read_only(&der, SEQUENCE)?)?;
        let (oid, second, third) = (elements.next()?, elements.next()?, elements.next());
        let (critical, value) = match third {
            None => (false, second),
            Some(value) if second.tag == BOOLEAN && elements.next().is_none() => {
                (second.content != [0], value)
            }
            Some(_) => return None,
        };
        if value.tag != OCTET_STRING {
            return None;
        }
        let (oid, value) = (oid.oid()?, value.content.to_vec());
        Some(Self { oid, critical, value, der })
    }

    /// Whether `critical FALSE` is encoded; DER omits this default (X.690 section 11.5).
    #[must_use]
    pub fn says_not_critical(&self) -> bool {
        let fields = tlv::sequence(&self.der);
        fields.is_some_and(|fields| fields.get(1).is_some_and(|field| field.raw == FALSE))
    }

    /// Whether it is a `basicConstraints` that encodes `cA FALSE`; DER omits this default.
    #[must_use]
    pub fn says_no_ca(&self) -> bool {
        let first = tlv::read(&self.value).filter(|(outer, _)| outer.tag == SEQUENCE);
        let first = first.and_then(|(outer, _)| tlv::read(outer.content));
        self.oid == oid::BASIC_CONSTRAINTS && first.is_some_and(|(field, _)| field.raw == FALSE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_that_is_spelled_out_is_seen() {
        let cases: [(&[u8], bool); 6] = [
            (&[0x30, 0], false),
            (&[0x30, 3, 1, 1, 0xFF], false),
            (&[0x30, 3, 2, 1, 0], false),
            (&[0x30, 3, 1, 1, 0], true),
            (&[0x30, 6, 1, 1, 0, 2, 1, 0], true),
            (&[0x30, 3, 1, 1, 0, 5], true),
        ];
        for (value, expected) in cases {
            let constraints = Extension::new(oid::BASIC_CONSTRAINTS, true, value.to_vec());
            assert_eq!(constraints.says_no_ca(), expected, "{value:02x?}");
            let other = Extension::new(oid::KEY_USAGE, true, value.to_vec());
            assert!(!other.says_no_ca(), "{value:02x?}");
        }

        let id = [6, 3, 0x55, 0x1D, 0x0F];
        let fields: [(&[u8], bool); 3] = [(&[], false), (&[1, 1, 0xFF], false), (&FALSE, true)];
        for (critical, expected) in fields {
            let content = [&id, critical, &[4, 0]].concat();
            let extension = Extension::from_der(tlv::write(SEQUENCE, &content)).unwrap();
            assert_eq!(extension.says_not_critical(), expected, "{critical:02x?}");
        }
    }
}
