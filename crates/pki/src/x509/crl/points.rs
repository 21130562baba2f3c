//! Distribution points: the scope of a CRL, and the CRLs that a certificate names (RFC
//! 5280 sections 4.2.1.13 and 5.2.5).

use crate::x509::{
    certificate::Certificate,
    general_name::DIRECTORY_NAME,
    name::{ComparableName, Name},
    oid,
    tlv::{self, SEQUENCE, SET},
};

/// A set of reasons for revocation, bit 0 of ReasonFlags lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reasons(u16);

/// A name of a distribution point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PointName {
    Directory(ComparableName),
    /// A GeneralName of another kind, DER.
    Other(Vec<u8>),
}

/// One DistributionPoint of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DistributionPoint {
    /// `None` where it is named by the issuer of its list alone.
    pub names: Option<Vec<PointName>>,
    pub reasons: Reasons,
    /// Who issues the list, where that is not the issuer of the certificate.
    pub crl_issuers: Vec<ComparableName>,
}

/// The issuingDistributionPoint of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IssuingPoint {
    pub names: Option<Vec<PointName>>,
    about: CrlScope,
    pub reasons: Reasons,
    pub indirect: bool,
}

/// The certificates that a CRL covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CrlScope {
    All,
    Users,
    Cas,
    Attributes,
}

impl Reasons {
    /// Bit 0 is not used (section 4.2.1.13).
    pub(crate) const ALL: Self = Self(0b1_1111_1110);
    pub(crate) const NONE: Self = Self(0);

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it has a reason that `other` has not.
    pub(crate) const fn adds_to(self, other: Self) -> bool {
        self.0 & !other.0 != 0
    }

    /// The content of a ReasonFlags BIT STRING.
    fn read(content: &[u8]) -> Option<Self> {
        let (unused, octets) = content.split_first()?;
        if *unused > 7 {
            return None;
        }
        let bits = octets
            .iter()
            .zip([0, 8])
            .fold(0_u16, |bits, (octet, shift)| bits | u16::from(octet.reverse_bits()) << shift);
        Some(Self(bits & Self::ALL.0))
    }
}

impl DistributionPoint {
    /// What holds for every certificate: its issuer's list for everything (section 6.3.3).
    pub(crate) fn default_of(certificate: &Certificate) -> Self {
        let issuer = PointName::Directory(certificate.issuer().into());
        Self { names: Some(vec![issuer]), reasons: Reasons::ALL, crl_issuers: Vec::new() }
    }

    /// The points that a certificate names; `None` where they cannot be read.
    pub(crate) fn all_of(certificate: &Certificate) -> Option<Vec<Self>> {
        let Some(extension) = certificate.extension(oid::CRL_DISTRIBUTION_POINTS) else {
            return Some(Vec::new());
        };
        let points = tlv::sequence(&extension.value)?;
        points.into_iter().map(|point| Self::read(point, certificate.issuer())).collect()
    }

    fn read(point: tlv::Element<'_>, issuer: &Name) -> Option<Self> {
        let fields = tlv::sequence(point.raw)?;
        let field = |number: u8| fields.iter().find(|field| field.tag & 0x1F == number);
        let mut issuers = Vec::new();
        if let Some(field) = field(2) {
            let names = tlv::read_all(field.content)?;
            let directories = names.iter().filter(|name| name.tag == DIRECTORY_NAME);
            for directory in directories {
                issuers.push(Name::from_der(directory.content).ok()?);
            }
        }
        let above = issuers.first().unwrap_or(issuer);
        Some(Self {
            names: match field(0) {
                Some(field) => Some(names(field.content, above)?),
                None => None,
            },
            reasons: field(1).map_or(Some(Reasons::ALL), |field| Reasons::read(field.content))?,
            crl_issuers: issuers.iter().map(ComparableName::from).collect(),
        })
    }
}

impl IssuingPoint {
    pub(super) fn from_der(value: &[u8], issuer: &Name) -> Option<Self> {
        let mut point = Self::default();
        for field in tlv::sequence(value)? {
            let said = field.content != [0];
            match field.tag & 0x1F {
                0 => point.names = Some(names(field.content, issuer)?),
                1 if said => point.limit(CrlScope::Users)?,
                2 if said => point.limit(CrlScope::Cas)?,
                3 => point.reasons = Reasons::read(field.content)?,
                4 => point.indirect = said,
                5 if said => point.limit(CrlScope::Attributes)?,
                1 | 2 | 5 => {}
                _ => return None,
            }
        }
        Some(point)
    }

    /// At most one of the limits may be set (section 5.2.5).
    fn limit(&mut self, about: CrlScope) -> Option<()> {
        (self.about == CrlScope::All).then(|| self.about = about)
    }

    /// Whether a certificate that names this point is within the scope (section 6.3.3 (b) (2)).
    pub(crate) fn covers(&self, certificate: &Certificate, point: &DistributionPoint) -> bool {
        let is_about = match self.about {
            CrlScope::All => true,
            CrlScope::Users => !certificate.is_ca(),
            CrlScope::Cas => certificate.is_ca(),
            CrlScope::Attributes => false,
        };
        if !is_about {
            return false;
        }
        let Some(own) = &self.names else { return true };
        match &point.names {
            Some(names) => own.iter().any(|name| names.contains(name)),
            None => point
                .crl_issuers
                .iter()
                .any(|issuer| own.contains(&PointName::Directory(issuer.clone()))),
        }
    }
}

impl Default for IssuingPoint {
    fn default() -> Self {
        Self { names: None, about: CrlScope::All, reasons: Reasons::ALL, indirect: false }
    }
}

/// A DistributionPointName; a relative one is appended to `above`.
fn names(content: &[u8], above: &Name) -> Option<Vec<PointName>> {
    let (choice, rest) = tlv::read(content)?;
    if !rest.is_empty() {
        return None;
    }
    match choice.tag & 0x1F {
        0 => tlv::read_all(choice.content)?.into_iter().map(PointName::read).collect(),
        1 => {
            let rdn = tlv::write(SET, choice.content);
            let rdns = [tlv::read_only(above.der(), SEQUENCE)?, &rdn].concat();
            let name = Name::from_der(&tlv::write(SEQUENCE, &rdns)).ok()?;
            Some(vec![PointName::Directory((&name).into())])
        }
        _ => None,
    }
}

impl PointName {
    fn read(name: tlv::Element<'_>) -> Option<Self> {
        if name.tag == DIRECTORY_NAME {
            return Name::from_der(name.content).ok().map(|name| Self::Directory((&name).into()));
        }
        Some(Self::Other(name.raw.to_vec()))
    }
}
