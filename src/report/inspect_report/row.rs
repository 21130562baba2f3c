//! A row of the table: one object.

use std::path::Path;

use pki::{
    input::{LocatedObject, ObjectError, PkiObject, PrivateKeySummary},
    x509::{
        certificate::Certificate,
        escape::{cut_cell, escape_line},
        san::GeneralName,
        validity::{Validity, date},
    },
};

use super::{
    options::{InspectOptions, State},
    value_text::{distance, unicode},
};
use crate::path_text::PathText as _;

/// Characters of a subject, or of all names, in a cell.
const CELL: usize = 48;
/// The most names of a cell.
const NAMES: usize = 8;

/// The cells of a row.
pub(super) const CELLS: usize = 7;

/// One object as the table has it; small, because there can be many.
#[derive(Debug)]
pub(super) struct Row {
    /// Of a certificate; of a CRL thisUpdate and nextUpdate.
    validity: Option<Validity>,
    kind: Box<str>,
    subject: Box<str>,
    names: Box<str>,
    within: Option<Box<str>>,
}

impl Row {
    pub(super) fn of(found: &LocatedObject) -> Self {
        let within = found.location.as_ref().map(|within| within.to_string().into());
        let row = |validity, kind: &str, subject: String, names: String| Self {
            validity,
            kind: kind.into(),
            subject: cut_cell(&subject, CELL).into(),
            names: names.into(),
            within: within.clone(),
        };
        match &found.object {
            PkiObject::Certificate(certificate) => row(
                Some(*certificate.validity()),
                certificate.role(),
                certificate.subject().to_string(),
                names(certificate),
            ),
            PkiObject::Request(request) => {
                row(None, "request", request.subject().to_string(), String::new())
            }
            PkiObject::RevocationList(list) => {
                let not_before = list.this_update();
                let validity =
                    list.next_update().map(|not_after| Validity { not_before, not_after });
                row(validity, "CRL", list.issuer().to_string(), String::new())
            }
            PkiObject::PublicKey(key) => {
                row(None, "public key", key.kind().to_string(), String::new())
            }
            PkiObject::PrivateKey(key) => row(None, "private key", private_key(key), String::new()),
            PkiObject::Misplaced(reason) => {
                row(None, "misplaced", (*reason).to_owned(), String::new())
            }
            PkiObject::Broken { what, reason } => row(
                None,
                if *reason == ObjectError::Locked { "locked" } else { "broken" },
                format!("{what}: {}", escape_line(&reason.to_string())),
                String::new(),
            ),
        }
    }

    pub(super) fn cells(&self, path: &Path, terms: &InspectOptions) -> [String; CELLS] {
        let path = path.shown();
        let file = match &self.within {
            Some(within) => format!("{path}: {within}"),
            None => path,
        };
        let ends = self.validity.map(|validity| validity.not_after);
        let left = ends.map(|ends| match (distance(ends, terms.now), ends < terms.now) {
            (distance, true) => format!("{distance} ago"),
            (distance, false) => distance,
        });
        let status = self.validity.map(|validity| match terms.state(&validity) {
            State::Expired => "expired",
            State::Later if terms.now < validity.not_before => "not yet",
            State::Due => "due",
            State::Later => "ok",
        });
        [
            status.unwrap_or_default().to_owned(),
            ends.map(date).unwrap_or_default(),
            left.unwrap_or_default(),
            self.kind.to_string(),
            self.subject.to_string(),
            self.names.to_string(),
            file,
        ]
    }
}

/// `rsa:2048, PKCS#8`.
pub(super) fn private_key(key: &PrivateKeySummary) -> String {
    match &key.kind {
        Some(kind) => format!("{kind}, {}", key.form),
        None => key.form.to_owned(),
    }
}

/// The names without their kinds, as many as fit.
fn names(certificate: &Certificate) -> String {
    let names = certificate.names();
    let bare = |name: &GeneralName| {
        unicode(name).unwrap_or_else(|| {
            let name = name.to_string();
            name.split_once(':').map_or(name.clone(), |(_, bare)| bare.to_owned())
        })
    };
    let shown: Vec<String> = names.iter().take(NAMES).map(bare).collect();
    let more = if names.len() > NAMES { ", …" } else { "" };
    cut_cell(&(shown.join(", ") + more), CELL)
}
