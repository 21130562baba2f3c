//! Certificates that no CA would make: written octet by octet, with a signature that is none.

/// What stands in a certificate. The fields are what a test turns.
#[derive(Clone)]
pub struct Craft {
    /// The content of the version's INTEGER; none leaves the field out, which means 1.
    pub version: Option<u8>,
    pub serial: Vec<u8>,
    pub issuer: Vec<Vec<u8>>,
    pub subject: Vec<Vec<u8>>,
    /// GeneralizedTime.
    pub not_before: &'static str,
    pub not_after: &'static str,
    /// Whole Extension elements.
    pub extensions: Vec<Vec<u8>>,
    /// Of the signature, dotted.
    pub algorithm: &'static [u8],
}

pub const UTF8: u8 = 0x0c;
pub const ECDSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
pub const RSA_SHA1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05];

/// The arcs of `id-ce` extensions: 2.5.29.N.
pub const KEY_USAGE: u8 = 15;
pub const NAMES: u8 = 17;
pub const BASIC_CONSTRAINTS: u8 = 19;
pub const PURPOSES: u8 = 37;

impl Craft {
    /// A sound certificate of somebody else's, until 2999.
    pub fn new(common_name: &str) -> Self {
        Self {
            version: Some(2),
            serial: vec![0x0a, 0x0b],
            issuer: vec![attribute(3, UTF8, b"Somebody")],
            subject: vec![attribute(3, UTF8, common_name.as_bytes())],
            not_before: "20200101000000Z",
            not_after: "29991231235959Z",
            extensions: vec![extension(NAMES, false, &tlv(0x30, &tlv(0x82, b"a.example")))],
            algorithm: ECDSA_SHA256,
        }
    }

    pub fn der(&self) -> Vec<u8> {
        let algorithm = tlv(0x30, &tlv(0x06, self.algorithm));
        let name = |attributes: &[Vec<u8>]| {
            let sets: Vec<u8> = attributes.iter().flat_map(|one| tlv(0x31, one)).collect();
            tlv(0x30, &sets)
        };
        let mut fields = Vec::new();
        fields.extend(self.version.iter().flat_map(|it| tlv(0xa0, &tlv(0x02, &[*it]))));
        fields.extend(tlv(0x02, &self.serial));
        fields.extend(&algorithm);
        fields.extend(name(&self.issuer));
        let dates = [self.not_before, self.not_after].map(|it| tlv(0x18, it.as_bytes()));
        fields.extend(tlv(0x30, &dates.concat()));
        fields.extend(name(&self.subject));
        fields.extend(public_key());
        if !self.extensions.is_empty() {
            fields.extend(tlv(0xa3, &tlv(0x30, &self.extensions.concat())));
        }
        let signature = tlv(0x03, &[0, 0x30, 0x06, 2, 1, 1, 2, 1, 1]);
        tlv(0x30, &[tlv(0x30, &fields), algorithm, signature].concat())
    }

    pub fn pem(&self) -> String {
        pem("CERTIFICATE", &self.der())
    }
}

/// A revocation list of `Somebody` with these serials.
pub fn revocation_list(serials: &[u8]) -> Vec<u8> {
    let algorithm = tlv(0x30, &tlv(0x06, ECDSA_SHA256));
    let date = tlv(0x18, b"20200101000000Z");
    let mut fields = tlv(0x02, &[1]);
    fields.extend(&algorithm);
    fields.extend(tlv(0x30, &tlv(0x31, &attribute(3, UTF8, b"Somebody"))));
    fields.extend(&date);
    fields.extend(tlv(0x18, b"29991231235959Z"));
    let entry = |serial: &u8| tlv(0x30, &[tlv(0x02, &[*serial]), date.clone()].concat());
    fields.extend(tlv(0x30, &serials.iter().flat_map(entry).collect::<Vec<u8>>()));
    let signature = tlv(0x03, &[0, 0x30, 0x06, 2, 1, 1, 2, 1, 1]);
    tlv(0x30, &[tlv(0x30, &fields), algorithm, signature].concat())
}

/// An `AttributeTypeAndValue` of the type 2.5.4.N.
pub fn attribute(kind: u8, string: u8, value: &[u8]) -> Vec<u8> {
    tlv(0x30, &[tlv(0x06, &[0x55, 4, kind]), tlv(string, value)].concat())
}

/// An Extension of the kind 2.5.29.N.
pub fn extension(kind: u8, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { tlv(0x01, &[0xff]) } else { Vec::new() };
    tlv(0x30, &[tlv(0x06, &[0x55, 0x1d, kind]), critical, tlv(0x04, value)].concat())
}

/// One element of DER.
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let [.., top, high, low] = content.len().to_be_bytes();
    let head = match (top, high, low) {
        (0, 0, 0..=0x7f) => vec![tag, low],
        (0, 0, _) => vec![tag, 0x81, low],
        (0, ..) => vec![tag, 0x82, high, low],
        _ => vec![tag, 0x83, top, high, low],
    };
    [head, content.to_vec()].concat()
}

pub fn pem(label: &str, der: &[u8]) -> String {
    pem_rfc7468::encode_string(label, pem_rfc7468::LineEnding::LF, der).unwrap()
}

/// A point of P-256 (its generator).
fn public_key() -> Vec<u8> {
    const POINT: &str = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
                         4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
    let octet = |at: usize| u8::from_str_radix(&POINT[at..at + 2], 16).unwrap();
    let point: Vec<u8> = (0..POINT.len()).step_by(2).map(octet).collect();
    let curve = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
    let kind = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    let algorithm = tlv(0x30, &[tlv(0x06, &kind), tlv(0x06, &curve)].concat());
    tlv(0x30, &[algorithm, tlv(0x03, &[vec![0], point].concat())].concat())
}
