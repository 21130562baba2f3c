//! Strict DER: whether a whole certificate is DER (X.690) of the structure of RFC 5280 section 4.1.
//!
//! x509-parser is lenient where OpenSSL or Go do not load a certificate.

mod fields;
mod general_name;
mod value;

use self::{
    fields::{DerFields, only},
    value::DerViolation,
};
use super::{
    oid,
    tlv::{
        self, BIT_STRING, BOOLEAN, Element, GENERALIZED_TIME, INTEGER, OBJECT_IDENTIFIER,
        OCTET_STRING, SEQUENCE, SET, UTC_TIME,
    },
};

/// `[0] version`, `[3] extensions`.
const VERSION: u8 = 0xA0;
const EXTENSIONS: u8 = 0xA3;
/// `[1] issuerUniqueID`, `[2] subjectUniqueID`: BIT STRINGs.
const UNIQUE_IDS: [u8; 2] = [0x81, 0x82];
/// The fields of an authorityKeyIdentifier.
const AUTHORITY_KEY: u8 = 0x80;
const AUTHORITY_CERT_ISSUER: u8 = 0xA1;
const AUTHORITY_CERT_SERIAL: u8 = 0x82;
/// Of a DistributionPoint.
const POINT_NAME: u8 = 0xA0;
const POINT_CRL_ISSUER: u8 = 0xA2;

/// Where a certificate is not strict DER, and which clients do not load it (OpenSSL 3.0 and Go
/// 1.19, measured). `Display` writes both.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place} has {what}: {refusal}")]
pub struct DerFault {
    place: String,
    what: &'static str,
    refusal: &'static str,
}

/// The first fault of a certificate in DER.
pub(crate) fn fault(certificate: &[u8]) -> Option<DerFault> {
    check(certificate).err()
}

fn check(certificate: &[u8]) -> Result<(), DerFault> {
    let mut fields = DerFields::of(sequence(certificate)?)?;
    let tbs = fields.expect(SEQUENCE)?;
    algorithm(fields.expect(SEQUENCE)?.content).map_err(at("the signature algorithm"))?;
    value::element(fields.expect(BIT_STRING)?).map_err(at("the signature"))?;
    fields.end()?;
    check_tbs(tbs.content)
}

fn check_tbs(content: &[u8]) -> Result<(), DerFault> {
    let mut fields = DerFields::of(content)?;
    if let Some(version) = fields.optional(VERSION) {
        only(version.content, INTEGER).map_err(at("the version"))?;
    }
    let serial = fields.expect(INTEGER).map_err(at("the serial number"))?;
    value::element(serial).map_err(at("the serial number"))?;
    algorithm(fields.expect(SEQUENCE)?.content).map_err(at("the signature algorithm"))?;
    name(fields.expect(SEQUENCE)?.content).map_err(at("the issuer"))?;
    validity(fields.expect(SEQUENCE)?.content).map_err(at("the validity"))?;
    name(fields.expect(SEQUENCE)?.content).map_err(at("the subject"))?;
    public_key(fields.expect(SEQUENCE)?.content).map_err(at("the public key"))?;
    for tag in UNIQUE_IDS {
        if let Some(id) = fields.optional(tag) {
            value::bits(id.content).map_err(at("a unique identifier"))?;
        }
    }
    if let Some(list) = fields.optional(EXTENSIONS) {
        let list = only(list.content, SEQUENCE).map_err(at("the list of extensions"))?;
        for extension in DerFields::of(list).map_err(at("the list of extensions"))? {
            check_extension(extension)?;
        }
    }
    Ok(fields.end()?)
}

fn check_extension(extension: Element<'_>) -> Result<(), DerFault> {
    let (kind, fields) = extension_type(extension).map_err(at("an extension"))?;
    extension_rest(&kind, fields).map_err(at(oid::extension(&kind)))
}

/// The identifier of an extension, and the fields behind it.
fn extension_type(extension: Element<'_>) -> Result<(String, DerFields<'_>), DerViolation> {
    let mut fields = DerFields::within(extension, SEQUENCE)?;
    let kind = fields.checked(OBJECT_IDENTIFIER)?;
    Ok((tlv::oid_to_text(kind.content).unwrap_or_default(), fields))
}

fn extension_rest(kind: &str, mut fields: DerFields<'_>) -> Result<(), DerViolation> {
    fields.optional(BOOLEAN).map_or(Ok(()), value::element)?;
    let content = fields.expect(OCTET_STRING)?.content;
    fields.end()?;
    extension_value(kind, content)
}

/// The value of an extension that verifiers read; others are not checked.
fn extension_value(kind: &str, value: &[u8]) -> Result<(), DerViolation> {
    match kind {
        oid::BASIC_CONSTRAINTS => {
            let mut fields = DerFields::of(only(value, SEQUENCE)?)?;
            fields.optional(BOOLEAN).map_or(Ok(()), value::element)?;
            fields.optional(INTEGER).map_or(Ok(()), value::element)?;
            fields.end()
        }
        oid::KEY_USAGE => only(value, BIT_STRING).map(drop),
        oid::SUBJECT_KEY_ID => only(value, OCTET_STRING).map(drop),
        oid::EXTENDED_KEY_USAGE => {
            let mut purposes = DerFields::of(only(value, SEQUENCE)?)?;
            purposes.try_for_each(|purpose| match purpose.tag {
                OBJECT_IDENTIFIER => value::element(purpose),
                _ => Err(DerViolation::STRUCTURE),
            })
        }
        oid::AUTHORITY_KEY_ID => {
            let mut fields = DerFields::of(only(value, SEQUENCE)?)?;
            let _key = fields.optional(AUTHORITY_KEY);
            let _issuer = fields.optional(AUTHORITY_CERT_ISSUER);
            let serial = fields.optional(AUTHORITY_CERT_SERIAL);
            serial.map_or(Ok(()), |serial| value::integer(serial.content))?;
            fields.end()
        }
        oid::SUBJECT_ALT_NAME => {
            DerFields::of(only(value, SEQUENCE)?)?.try_for_each(general_name::check)
        }
        oid::NAME_CONSTRAINTS => general_name::check_constraints(only(value, SEQUENCE)?),
        oid::CRL_DISTRIBUTION_POINTS => {
            DerFields::of(only(value, SEQUENCE)?)?.try_for_each(distribution_point)
        }
        oid::ISSUER_ALT_NAME
        | oid::CERTIFICATE_POLICIES
        | oid::POLICY_MAPPINGS
        | oid::AUTHORITY_INFO_ACCESS
        | oid::SUBJECT_INFO_ACCESS
        | oid::POLICY_CONSTRAINTS => only(value, SEQUENCE).map(drop),
        oid::INHIBIT_ANY_POLICY => only(value, INTEGER).map(drop),
        _ => Ok(()),
    }
}

/// It has a distributionPoint or a cRLIssuer, or both.
fn distribution_point(point: Element<'_>) -> Result<(), DerViolation> {
    let mut fields = DerFields::within(point, SEQUENCE)?;
    let is_named = |field: Element<'_>| matches!(field.tag, POINT_NAME | POINT_CRL_ISSUER);
    if fields.any(is_named) { Ok(()) } else { Err(NO_POINT) }
}

const NO_POINT: DerViolation =
    DerViolation::either("a point without distributionPoint and cRLIssuer");

/// An AlgorithmIdentifier: an identifier and at most one parameter.
fn algorithm(content: &[u8]) -> Result<(), DerViolation> {
    let mut fields = DerFields::of(content)?;
    fields.checked(OBJECT_IDENTIFIER)?;
    fields.next().map_or(Ok(()), value::element)?;
    fields.end()
}

fn public_key(content: &[u8]) -> Result<(), DerViolation> {
    let mut fields = DerFields::of(content)?;
    algorithm(fields.expect(SEQUENCE)?.content)?;
    fields.checked(BIT_STRING)?;
    fields.end()
}

fn validity(content: &[u8]) -> Result<(), DerViolation> {
    let mut fields = DerFields::of(content)?;
    let (Some(not_before), Some(not_after)) = (fields.next(), fields.next()) else {
        return Err(DerViolation::STRUCTURE);
    };
    fields.end()?;
    [not_before, not_after].into_iter().try_for_each(|time| match time.tag {
        UTC_TIME | GENERALIZED_TIME => value::element(time),
        _ => Err(DerViolation::TIME),
    })
}

/// A Name, whose attributes are of the string types that Go knows.
fn name(content: &[u8]) -> Result<(), DerViolation> {
    for rdn in DerFields::of(content)? {
        for attribute in DerFields::within(rdn, SET)? {
            let mut fields = DerFields::within(attribute, SEQUENCE)?;
            fields.checked(OBJECT_IDENTIFIER)?;
            let text = fields.next().ok_or(DerViolation::STRUCTURE)?;
            fields.end()?;
            value::text(text)?;
        }
    }
    Ok(())
}

/// As [`only`], without looking into it.
fn sequence(input: &[u8]) -> Result<&[u8], DerViolation> {
    match tlv::read(input) {
        Some((Element { tag: SEQUENCE, content, .. }, [])) => Ok(content),
        Some(_) => Err(DerViolation::STRUCTURE),
        None => Err(DerViolation::LENGTH),
    }
}

/// Of no part that has a name.
impl From<DerViolation> for DerFault {
    fn from(wrong: DerViolation) -> Self {
        at("the certificate")(wrong)
    }
}

fn at(place: &str) -> impl Fn(DerViolation) -> DerFault {
    move |wrong| DerFault { place: place.to_owned(), what: wrong.what, refusal: wrong.refusal }
}
