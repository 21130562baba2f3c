//! The fields of an authorityKeyIdentifier beside the key (RFC 5280 section 4.2.1.1).

use super::{CERT_ISSUER, CERT_SERIAL, Certificate};
use crate::x509::{general_name::DIRECTORY_NAME, name::Name, oid, tlv};

impl Certificate {
    /// Whether the `authorityKeyIdentifier` has the serial of the issuer's certificate (RFC 5280
    /// section 4.2.1.1), as easy-rsa writes it. OpenSSL then accepts only that issuer certificate.
    pub fn names_serial_of_issuer(&self) -> bool {
        self.authority_key_id_tags().contains(&CERT_SERIAL)
    }

    /// The tags of the fields of its `authorityKeyIdentifier`.
    pub(crate) fn authority_key_id_tags(&self) -> Vec<u8> {
        self.authority_fields().iter().map(|field| field.tag).collect()
    }

    /// The field `authorityCertSerialNumber` of its `authorityKeyIdentifier`, octets of an INTEGER.
    pub(crate) fn authority_serial(&self) -> Option<&[u8]> {
        let fields = self.authority_fields();
        fields.iter().find(|field| field.tag == CERT_SERIAL).map(|field| field.content)
    }

    /// The first directoryName of the field `authorityCertIssuer` of its `authorityKeyIdentifier`: the issuer
    /// of its issuer's certificate.
    pub(crate) fn authority_issuer(&self) -> Option<Name> {
        let fields = self.authority_fields();
        let names = fields.iter().find(|field| field.tag == CERT_ISSUER)?.content;
        let name = tlv::elements(names)?.find(|name| name.tag == DIRECTORY_NAME)?;
        Name::from_der(name.content).ok()
    }

    fn authority_fields(&self) -> Vec<tlv::Element<'_>> {
        let fields = self.extension(oid::AUTHORITY_KEY_ID);
        fields.and_then(|extension| tlv::sequence(&extension.value)).unwrap_or_default()
    }
}
