//! The fields of a structure, one by one.

use super::value::{self, DerViolation};
use crate::x509::tlv::{self, Element, Elements};

/// Fields that are not taken yet.
pub(super) struct DerFields<'a>(Elements<'a>);

impl<'a> DerFields<'a> {
    pub(super) fn of(content: &'a [u8]) -> Result<Self, DerViolation> {
        tlv::elements(content).map(Self).ok_or(DerViolation::LENGTH)
    }

    /// Of an element, which must have this tag.
    pub(super) fn within(element: Element<'a>, tag: u8) -> Result<Self, DerViolation> {
        if element.tag == tag { Self::of(element.content) } else { Err(DerViolation::STRUCTURE) }
    }

    /// The next field, if it has this tag.
    pub(super) fn optional(&mut self, tag: u8) -> Option<Element<'a>> {
        let field = self.0.clone().next()?;
        (field.tag == tag).then(|| self.next()).flatten()
    }

    pub(super) fn expect(&mut self, tag: u8) -> Result<Element<'a>, DerViolation> {
        self.optional(tag).ok_or(DerViolation::STRUCTURE)
    }

    /// As [`DerFields::expect`], with all that is in it.
    pub(super) fn checked(&mut self, tag: u8) -> Result<Element<'a>, DerViolation> {
        let field = self.expect(tag)?;
        value::element(field).map(|()| field)
    }

    pub(super) fn end(&self) -> Result<(), DerViolation> {
        if self.0.clone().next().is_none() { Ok(()) } else { Err(DerViolation::STRUCTURE) }
    }
}

impl<'a> Iterator for DerFields<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        self.0.next()
    }
}

/// The content of the one element that fills `input`, with all that is in it.
pub(super) fn only(input: &[u8], tag: u8) -> Result<&[u8], DerViolation> {
    let (element, rest) = tlv::read(input).ok_or(DerViolation::LENGTH)?;
    if element.tag != tag || !rest.is_empty() {
        return Err(DerViolation::STRUCTURE);
    }
    value::element(element)?;
    Ok(element.content)
}
