//! A certificate as its raw elements, read by a walker through DER that knows nothing of certctl.

use std::net::{Ipv4Addr, Ipv6Addr};

use rustls_pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject};
use time::{OffsetDateTime, PrimitiveDateTime, macros::format_description};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use crate::sandbox::Sandbox;

pub const KEY_ID: &str = "2.5.29.14";
pub const KEY_USAGE: &str = "2.5.29.15";
pub const NAMES: &str = "2.5.29.17";
pub const BASIC_CONSTRAINTS: &str = "2.5.29.19";
pub const ISSUER_KEY_ID: &str = "2.5.29.35";
pub const PURPOSES: &str = "2.5.29.37";
pub const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
pub const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";

/// Tags of the two ways to write a time.
pub const UTC_TIME: u8 = 0x17;
pub const GENERALIZED_TIME: u8 = 0x18;

/// One element of DER: its tag, its content, and itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    pub tag: u8,
    pub content: Vec<u8>,
    pub whole: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    pub oid: String,
    pub critical: bool,
    pub value: Vec<u8>,
}

pub struct Cert {
    pub der: Vec<u8>,
    tbs: Vec<Element>,
}

impl Cert {
    pub fn read(sandbox: &Sandbox, file: &str) -> Self {
        Self::all(&sandbox.read(file)).remove(0)
    }

    /// All certificates of a PEM text.
    pub fn all(pem: &[u8]) -> Vec<Self> {
        CertificateDer::pem_slice_iter(pem).map(|der| Self::of(der.unwrap().to_vec())).collect()
    }

    fn of(der: Vec<u8>) -> Self {
        let outer = elements(&der);
        let certificate = elements(&outer[0].content);
        let tbs = elements(&certificate[0].content);
        assert_eq!(tbs[0].whole, [0xA0, 3, 2, 1, 2], "a certificate of version 3");
        Self { der, tbs }
    }

    /// Upper-case hexadecimal, as `ca.srl` has it.
    pub fn serial(&self) -> String {
        let octets = &self.tbs[1].content;
        assert!(octets[0] < 0x80, "a positive serial");
        hex(octets.strip_prefix(&[0]).unwrap_or(octets))
    }

    /// The content octets of its INTEGER as they are, in hexadecimal: a number whose first bit is set has
    /// a zero octet before it.
    pub fn serial_octets(&self) -> String {
        hex(&self.tbs[1].content)
    }

    pub fn signature_algorithm(&self) -> String {
        oid(&elements(&self.tbs[2].content)[0].content)
    }

    pub fn issuer(&self) -> &[u8] {
        &self.tbs[3].whole
    }

    pub fn subject(&self) -> &[u8] {
        &self.tbs[5].whole
    }

    /// The attributes of the subject in order: type, string tag, text.
    pub fn attributes(&self) -> Vec<(String, u8, String)> {
        let mut attributes = Vec::new();
        for set in elements(&self.tbs[5].content) {
            for attribute in elements(&set.content) {
                let [kind, value] = &elements(&attribute.content)[..] else { panic!("two parts") };
                let text = String::from_utf8_lossy(&value.content).into_owned();
                attributes.push((oid(&kind.content), value.tag, text));
            }
        }
        attributes
    }

    /// The values of one attribute of the subject, by its object identifier.
    pub fn values(&self, kind: &str) -> Vec<String> {
        let attributes = self.attributes().into_iter();
        attributes.filter(|(oid, _, _)| oid == kind).map(|(_, _, text)| text).collect()
    }

    pub fn common_name(&self) -> String {
        self.values("2.5.4.3").concat()
    }

    /// notBefore and notAfter as they are written.
    pub fn times(&self) -> [Element; 2] {
        elements(&self.tbs[4].content).try_into().unwrap()
    }

    pub fn not_before(&self) -> OffsetDateTime {
        moment(&self.times()[0])
    }

    pub fn not_after(&self) -> OffsetDateTime {
        moment(&self.times()[1])
    }

    /// From the first moment to the last, in seconds.
    pub fn seconds(&self) -> i64 {
        (self.not_after() - self.not_before()).whole_seconds()
    }

    /// The `SubjectPublicKeyInfo`.
    pub fn public_key(&self) -> &[u8] {
        &self.tbs[6].whole
    }

    /// What a key identifier is computed over: the content of the BIT STRING.
    pub fn key_bits(&self) -> Vec<u8> {
        elements(&self.tbs[6].content)[1].content[1..].to_vec()
    }

    pub fn extensions(&self) -> Vec<Extension> {
        let Some(wrapped) = self.tbs.get(7) else { return Vec::new() };
        extensions(&elements(&wrapped.content)[0])
    }

    pub fn extension(&self, oid: &str) -> Option<Extension> {
        self.extensions().into_iter().find(|extension| extension.oid == oid)
    }

    /// The subjectAltName, such as `DNS:localhost`; other kinds as tag and octets.
    pub fn names(&self) -> Vec<String> {
        let Some(names) = self.extension(NAMES) else { return Vec::new() };
        elements(&elements(&names.value)[0].content).iter().map(general_name).collect()
    }

    /// The extendedKeyUsage.
    pub fn purposes(&self) -> Vec<String> {
        let Some(purposes) = self.extension(PURPOSES) else { return Vec::new() };
        elements(&elements(&purposes.value)[0].content)
            .iter()
            .map(|element| oid(&element.content))
            .collect()
    }

    pub fn key_id(&self) -> Option<Vec<u8>> {
        self.extension(KEY_ID).map(|extension| elements(&extension.value)[0].content.clone())
    }

    /// The key identifier of the issuer.
    pub fn issuer_key_id(&self) -> Option<Vec<u8>> {
        let extension = self.extension(ISSUER_KEY_ID)?;
        let parts = elements(&elements(&extension.value)[0].content);
        parts.into_iter().find(|part| part.tag == 0x80).map(|part| part.content)
    }

    /// What webpki says to it as a server's.
    pub fn serves_below(&self, ca: &Self) -> Result<(), webpki::Error> {
        self.judge(ca, KeyUsage::server_auth())
    }

    /// What webpki says to it as a client's.
    pub fn is_client_below(&self, ca: &Self) -> Result<(), webpki::Error> {
        self.judge(ca, KeyUsage::client_auth())
    }

    /// Whether webpki finds the name in it.
    pub fn is_called(&self, name: &str) -> bool {
        let der = CertificateDer::from(self.der.as_slice());
        let name = ServerName::try_from(name).unwrap();
        EndEntityCert::try_from(&der).unwrap().verify_is_valid_for_subject_name(&name).is_ok()
    }

    fn judge(&self, ca: &Self, usage: KeyUsage) -> Result<(), webpki::Error> {
        let (leaf, ca) =
            (CertificateDer::from(self.der.as_slice()), CertificateDer::from(ca.der.as_slice()));
        let anchors = [anchor_from_trusted_cert(&ca).unwrap()];
        let leaf = EndEntityCert::try_from(&leaf)?;
        let now = UnixTime::now();
        leaf.verify_for_usage(ALL_VERIFICATION_ALGS, &anchors, &[], now, usage, None, None)
            .map(|_| ())
    }
}

/// The members of an `Extensions` SEQUENCE.
pub fn extensions(list: &Element) -> Vec<Extension> {
    elements(&list.content)
        .iter()
        .map(|extension| {
            let parts = elements(&extension.content);
            let critical = parts.len() == 3;
            let value = parts[parts.len() - 1].content.clone();
            Extension { oid: oid(&parts[0].content), critical, value }
        })
        .collect()
}

/// Asserts that two certificates say the same, but for what a renewal has to change.
#[track_caller]
pub fn assert_kept(old: &Cert, new: &Cert) {
    let kept = |cert: &Cert| -> Vec<Extension> {
        let mut extensions = cert.extensions();
        extensions.retain(|extension| ![KEY_ID, ISSUER_KEY_ID].contains(&&*extension.oid));
        extensions
    };
    assert_eq!(old.subject(), new.subject());
    assert_eq!(kept(old), kept(new));
    assert_eq!(old.seconds(), new.seconds());
    assert_ne!(old.serial(), new.serial());
}

/// The elements that stand in a row.
pub fn elements(mut der: &[u8]) -> Vec<Element> {
    let mut elements = Vec::new();
    while let [tag, length, rest @ ..] = der {
        let (length, rest) = if *length < 0x80 {
            (usize::from(*length), rest)
        } else {
            let (octets, rest) = rest.split_at(usize::from(*length & 0x7F));
            (octets.iter().fold(0, |sum, octet| sum << 8 | usize::from(*octet)), rest)
        };
        let (content, after) = rest.split_at(length);
        let whole = der[..der.len() - after.len()].to_vec();
        elements.push(Element { tag: *tag, content: content.to_vec(), whole });
        der = after;
    }
    assert!(der.is_empty(), "an octet is left over");
    elements
}

pub fn hex(octets: &[u8]) -> String {
    let digits = octets.iter().flat_map(|octet| [octet >> 4, octet & 0xF]);
    digits.map(|digit| char::from(b"0123456789ABCDEF"[usize::from(digit)])).collect()
}

pub fn oid(octets: &[u8]) -> String {
    let mut arcs = vec![u32::from(octets[0]) / 40, u32::from(octets[0]) % 40];
    let mut arc = 0;
    for octet in &octets[1..] {
        arc = arc << 7 | u32::from(octet & 0x7F);
        if octet & 0x80 == 0 {
            arcs.push(arc);
            arc = 0;
        }
    }
    arcs.iter().map(u32::to_string).collect::<Vec<_>>().join(".")
}

pub fn general_name(name: &Element) -> String {
    let text = || String::from_utf8(name.content.clone()).unwrap();
    match (name.tag, name.content.len()) {
        (0x81, _) => format!("email:{}", text()),
        (0x82, _) => format!("DNS:{}", text()),
        (0x86, _) => format!("URI:{}", text()),
        (0x87, 4) => {
            let octets: [u8; 4] = name.content.as_slice().try_into().unwrap();
            format!("IP:{}", Ipv4Addr::from(octets))
        }
        (0x87, 16) => {
            let octets: [u8; 16] = name.content.as_slice().try_into().unwrap();
            format!("IP:{}", Ipv6Addr::from(octets))
        }
        (tag, _) => format!("{tag:02X}:{}", hex(&name.content)),
    }
}

fn moment(time: &Element) -> OffsetDateTime {
    let mut text = String::from_utf8(time.content.clone()).unwrap();
    if time.tag == UTC_TIME {
        text.insert_str(0, if text.as_str() < "50" { "20" } else { "19" });
    }
    let form = format_description!("[year][month][day][hour][minute][second]Z");
    PrimitiveDateTime::parse(&text, form).unwrap().assume_utc()
}
