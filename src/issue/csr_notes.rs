//! Notes on what a CSR asks for and its certificate does not have.

use std::path::Path;

use pki::x509::{
    csr::{Csr, RequestedExtension},
    escape::shorten,
    oid,
    usage::Usage,
};

use crate::{hint::Note, path_text::PathText as _};

/// The maximum length of a requested subject, or of a list of key purposes, in a note, in characters.
const SHOWN: usize = 200;

/// The valid contents of the CSR that the certificate does not have.
pub(crate) fn differences(file: &Path, request: &Csr, subject: &str, usage: Usage) -> Vec<Note> {
    let file = file.shown();
    let mut notes = Vec::new();
    let asked = request.subject().to_string();
    if asked != subject {
        let asked = match shorten(&asked, SHOWN) {
            asked if asked.is_empty() => "empty".to_owned(),
            asked => format!("`{asked}`"),
        };
        notes.push(Note::plain(
            format!("the subject in {file} is {asked}; the certificate has `{subject}`"),
            None,
        ));
    }
    let purposes = request.requested().find_map(|(_, asked)| match asked {
        RequestedExtension::Purposes(purposes) => Some(purposes),
        _ => None,
    });
    if let Some(purposes) = purposes.filter(|purposes| !is_for(purposes, usage)) {
        let asked = match request.usage() {
            Some(asked) if is_for(&purposes, asked) => format!("usage {asked}"),
            _ => format!("key purposes {}", shorten(&purpose_names(&purposes), SHOWN)),
        };
        notes.push(Note::plain(
            format!("{file} asks for {asked}; the certificate is for {usage}, as `--usage` sets"),
            None,
        ));
    }
    notes
}

/// Whether these key purposes are those of the usage, and no others.
fn is_for(purposes: &[String], usage: Usage) -> bool {
    let wanted = usage.purposes();
    purposes.len() == wanted.len()
        && wanted.iter().all(|wanted| purposes.iter().any(|purpose| purpose == wanted))
}

fn purpose_names(purposes: &[String]) -> String {
    purposes.iter().map(|purpose| oid::purpose(purpose)).collect::<Vec<_>>().join(", ")
}
