//! Certificate policies and what constrains them (RFC 5280 sections 4.2.1.4, 4.2.1.5, 4.2.1.11 and
//! 4.2.1.14).

use super::{
    certificate::Certificate,
    oid,
    tlv::{self, INTEGER},
};

/// `[0] requireExplicitPolicy`, `[1] inhibitPolicyMapping`.
const REQUIRE_EXPLICIT: u8 = 0x80;
const INHIBIT_MAPPING: u8 = 0x81;

/// The policy extensions of one certificate; policies are dotted object identifiers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Policies {
    /// `None` without the extension.
    pub named: Option<Vec<String>>,
    /// From the issuer's domain to the subject's.
    pub mappings: Vec<(String, String)>,
    /// The number of further certificates after which an explicit policy is required.
    pub require_explicit: Option<u32>,
    pub inhibit_mapping: Option<u32>,
    pub inhibit_any: Option<u32>,
}

impl Policies {
    /// Reads the four extensions; the error is the name of the one that cannot be read.
    pub(crate) fn of(certificate: &Certificate) -> Result<Self, &'static str> {
        let value = |oid| certificate.extension(oid).map(|extension| extension.value.as_slice());
        let mut found = Self::default();
        if let Some(value) = value(oid::CERTIFICATE_POLICIES) {
            found.named = Some(policies(value).ok_or("certificatePolicies")?);
        }
        if let Some(value) = value(oid::POLICY_MAPPINGS) {
            found.mappings = mappings(value).ok_or("policyMappings")?;
        }
        if let Some(value) = value(oid::POLICY_CONSTRAINTS) {
            (found.require_explicit, found.inhibit_mapping) =
                constraints(value).ok_or("policyConstraints")?;
        }
        if let Some(value) = value(oid::INHIBIT_ANY_POLICY) {
            let number = tlv::read_only(value, INTEGER).and_then(number);
            found.inhibit_any = Some(number.ok_or("inhibitAnyPolicy")?);
        }
        Ok(found)
    }
}

fn policies(value: &[u8]) -> Option<Vec<String>> {
    let list = tlv::sequence(value)?;
    let policy = |element: &tlv::Element<'_>| tlv::sequence(element.raw)?.first()?.oid();
    let policies: Option<Vec<_>> = list.iter().map(policy).collect();
    policies.filter(|policies| !policies.is_empty())
}

fn mappings(value: &[u8]) -> Option<Vec<(String, String)>> {
    let list = tlv::sequence(value)?;
    let mapping = |element: &tlv::Element<'_>| match tlv::sequence(element.raw)?.as_slice() {
        [issuer, subject] => Some((issuer.oid()?, subject.oid()?)),
        _ => None,
    };
    list.iter().map(mapping).collect()
}

fn constraints(value: &[u8]) -> Option<(Option<u32>, Option<u32>)> {
    let mut found = (None, None);
    for part in tlv::sequence(value)? {
        match part.tag {
            REQUIRE_EXPLICIT => found.0 = Some(number(part.content)?),
            INHIBIT_MAPPING => found.1 = Some(number(part.content)?),
            _ => return None,
        }
    }
    Some(found)
}

/// The content of an INTEGER that is not negative; what is beyond any chain is `u32::MAX`.
fn number(content: &[u8]) -> Option<u32> {
    let is_positive = content.first().is_some_and(|first| *first < 0x80);
    is_positive.then(|| u32::try_from(tlv::unsigned(content)).unwrap_or(u32::MAX))
}
