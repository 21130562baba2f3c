//! What is outside of the PEM blocks of a text: base64 of PEM or of a certificate's DER among settings,
//! octets that are not text.

use std::ops::Range;

use zeroize::Zeroizing;

use super::{
    base64_der::{self, EncodedDer},
    container::Container,
    der_file, file_type,
    object::{
        LocatedObject, Location, LocationKind, MALFORMED_BASE64, MOST_BROKEN, MOST_OBJECTS,
        PkiObject, ReadResult, Unrecognized,
    },
    pem_file, stray,
    text_value::{self, BEGIN, TextValue},
};
use crate::x509::pem::{self, find};

/// The base64 of a PEM block begins with this.
const PEM_IN_BASE64: &[u8] = b"LS0tLS1CRUdJTi";
/// The base64 of a Java keystore begins with this.
const JKS_IN_BASE64: &[u8] = b"/u3+7QAAAA";
/// No certificate is shorter, in DER or in base64.
const SHORTEST: usize = 64;
/// The maximum number of octets that are not text; DER, UTF-16 and archives have more.
const FEW: usize = 8;
/// The octets of base64 that only begin as a certificate, before the rest is not read (16 MiB).
const BUDGET: usize = 16 << 20;
/// The maximum length of a line of base64 that has several lines.
const LINE: usize = 128;

/// The objects of a text: its PEM blocks, and what is outside of them.
pub(super) fn read(text: &[u8], password: Option<&str>) -> ReadResult {
    let (mut found, rest) = read_values(text);
    let text = rest.as_ref().map_or(text, |rest| rest);
    let mut outside = Outside::of(text, password);
    let read = pem_file::read(text, |gap, found| {
        let is_last = gap.end == text.len();
        outside.read(gap, found);
        if is_last {
            outside.end(found);
        }
    });
    match read {
        Err(_) if !found.is_empty() => Ok(found),
        read => {
            found.extend(read?);
            Ok(found)
        }
    }
}

/// The objects of values that have PEM as programs read it, and the text without those values. A value with a
/// fault stays, and is reported as any other PEM.
fn read_values(text: &[u8]) -> (Vec<LocatedObject>, Option<Zeroizing<Vec<u8>>>) {
    let (mut found, mut rest) = (Vec::new(), None);
    let mut lines = (0, 1);
    for TextValue { range, pem } in text_value::values(text) {
        let Ok(objects) = pem_file::read(&pem, |_, _| {}) else { continue };
        let is_faulty = |one: &LocatedObject| {
            !one.form.is_empty() || matches!(one.object, PkiObject::Broken { .. })
        };
        if objects.iter().any(is_faulty) || found.len() >= MOST_OBJECTS {
            continue;
        }
        lines = (range.start, lines.1 + count_lines(text, lines.0..range.start));
        let place = location(lines.1);
        found.extend(
            objects.into_iter().map(|one| LocatedObject { location: Some(place.clone()), ..one }),
        );
        let rest = rest.get_or_insert_with(|| Zeroizing::new(text.to_vec()));
        let octets = rest.get_mut(range).unwrap_or_default();
        octets.iter_mut().filter(|octet| **octet != b'\n').for_each(|octet| *octet = b' ');
    }
    (found, rest)
}

fn count_lines(text: &[u8], range: Range<usize>) -> usize {
    text.get(range).unwrap_or_default().split(|octet| *octet == b'\n').count() - 1
}

/// Whether a text may have more than PEM blocks.
pub(super) fn may_matter(text: &[u8]) -> bool {
    file_type::contains(text, PEM_IN_BASE64)
        || file_type::contains(text, JKS_IN_BASE64)
        || base64_der::find(text).is_some()
}

/// Reads a text from one block to the next.
struct Outside<'a> {
    text: &'a [u8],
    /// Of PKCS#12.
    password: Option<&'a str>,
    /// Up to where the lines are counted, and how many.
    counted: (usize, usize),
    broken: usize,
    /// What is in base64 that is a line of its own.
    bare: Vec<(usize, PkiObject)>,
    /// How many octets of structures that only begin as a certificate are still looked at.
    budget: usize,
    /// The last line has BEGIN: what follows is PEM in the text of a program, which is read as that.
    is_after_begin: bool,
    is_off: bool,
}

impl<'a> Outside<'a> {
    fn of(text: &'a [u8], password: Option<&'a str>) -> Self {
        Self {
            text,
            password,
            counted: (0, 1),
            broken: 0,
            bare: Vec::new(),
            budget: BUDGET,
            is_after_begin: false,
            is_off: is_base64(text),
        }
    }

    /// Adds what can be said at the end of the text.
    fn end(&mut self, found: &mut Vec<LocatedObject>) {
        // Other texts than PEM may have them: settings, metadata of SAML.
        let is_pem = found.iter().any(|one| one.location.is_none());
        for (line, object) in std::mem::take(&mut self.bare) {
            found.push(if is_pem {
                let reason = format!("it has no BEGIN and END lines (line {line})");
                LocatedObject::broken("certificate", reason)
            } else {
                LocatedObject::at(location(line), object)
            });
        }
        // What has nothing that certctl reads is recognised by its first octets.
        if !found.is_empty() && !self.is_off && !self.is_text() {
            let reason = "it has octets that are not text, and certctl does not read those";
            found.push(LocatedObject::broken("PEM file", reason));
        }
    }

    fn read(&mut self, gap: Range<usize>, found: &mut Vec<LocatedObject>) {
        let Some(text) = self.text.get(gap.clone()).filter(|text| text.len() >= SHORTEST) else {
            return;
        };
        // Most texts end here.
        if !may_matter(text) {
            return;
        }
        let mut at = gap.start;
        while at < gap.end && !self.is_off {
            at = self.read_line(at..gap.end, found);
        }
    }

    /// Whether it is text, but for a few octets such as the one with which DOS ends a file.
    fn is_text(&self) -> bool {
        self.text.iter().filter(|octet| !file_type::is_text_octet(**octet)).take(FEW + 1).count()
            <= FEW
    }

    /// Reads the first line of `rest`, with the lines that continue its base64; where the next begins.
    fn read_line(&mut self, rest: Range<usize>, found: &mut Vec<LocatedObject>) -> usize {
        let text = self.text.get(rest.clone()).unwrap_or_default();
        let line = first_line(text);
        let mut next = rest.start + line.len() + 1;
        let is_after_begin =
            std::mem::replace(&mut self.is_after_begin, find(line, BEGIN).is_some());
        if stray::is_comment(line.trim_ascii()) {
            return next;
        }
        let mut at = 0;
        while let Some(offset) = line.get(at..).and_then(|rest| find(rest, PEM_IN_BASE64)) {
            let begin = at + offset;
            let length = letters(line.get(begin..).unwrap_or_default());
            at = begin + length;
            let mut run = rest.start + begin..rest.start + at;
            // A line of base64 has it anywhere.
            if line[..begin].last().is_some_and(|octet| is_letter(*octet)) {
                continue;
            }
            if at == line.trim_ascii_end().len() {
                run.end = self.continued(run.clone(), rest.end);
                next = next.max(run.end);
            }
            self.add(run, found);
        }
        if !is_after_begin {
            next = next.max(self.read_der(line, rest, found));
        }
        next
    }

    /// Reads the certificates whose base64 begins in `line`, the first of `rest`; where the last one ends.
    fn read_der(
        &mut self,
        line: &[u8],
        rest: Range<usize>,
        found: &mut Vec<LocatedObject>,
    ) -> usize {
        let (mut at, mut last) = (0, rest.start);
        if let Some(begin) = find(line, JKS_IN_BASE64) {
            let location = location(self.line(rest.start + begin));
            let object = PkiObject::broken("value", Container::Jks);
            found.push(LocatedObject::at(location, object));
        }
        while let Some(offset) = line.get(at..).and_then(base64_der::find) {
            let begin = at + offset;
            let is_inside = begin.checked_sub(1).is_some_and(|before| is_letter(line[before]));
            let text = self.text.get(rest.start + begin..rest.end).unwrap_or_default();
            at = begin + letters(&line[begin..]);
            if is_inside || !base64_der::begins(text) {
                continue;
            }
            let EncodedDer { octets, end, is_for_urls } = match base64_der::read(text) {
                Ok(read) => read,
                Err(looked_at) => {
                    self.budget = self.budget.saturating_sub(looked_at);
                    if self.budget == 0 {
                        let reason = "too much of it only begins as a certificate, so the rest of \
                                      the file was not read";
                        found.push(LocatedObject::broken("text", reason));
                        self.is_off = true;
                        return last;
                    }
                    continue;
                }
            };
            last = rest.start + begin + end;
            at = at.max(begin + end);
            let number = self.line(rest.start + begin);
            let is_bare = line[..begin].trim_ascii().is_empty();
            for object in self.read_encoded(&octets, is_for_urls) {
                if is_bare {
                    self.bare.push((number, object));
                } else {
                    found.push(LocatedObject::at(location(number), object));
                }
            }
            if found.len() + self.bare.len() >= MOST_OBJECTS {
                found.push(LocatedObject::plain(pem_file::too_many(self.broken)));
                self.is_off = true;
                return last;
            }
        }
        last
    }

    fn read_encoded(&self, octets: &[u8], is_for_urls: bool) -> Vec<PkiObject> {
        if is_for_urls {
            let reason = "its base64 is that of URLs (base64url), which no client reads";
            return vec![PkiObject::broken("certificate", reason)];
        }
        match der_file::read(octets, self.password) {
            Some(Ok(found)) => found.into_iter().map(|found| found.object).collect(),
            Some(Err(Unrecognized::Container(container))) => {
                vec![PkiObject::broken("value", container)]
            }
            _ => Vec::new(),
        }
    }

    /// The end of base64 whose first line is `run`.
    fn continued(&self, run: Range<usize>, limit: usize) -> usize {
        let first = run.len();
        let mut end = run.end;
        if first > LINE {
            return end;
        }
        let mut at = end;
        while let Some(rest) = self.text.get(at..limit).filter(|rest| !rest.is_empty()) {
            let line = first_line(rest);
            let is_rest_of_first = at == run.end;
            let base64 = line.trim_ascii();
            let is_more =
                !base64.is_empty() && base64.len() <= first && letters(base64) == base64.len();
            if !is_rest_of_first && !is_more {
                break;
            }
            at += line.len() + 1;
            if is_more {
                end = at - 1;
            }
        }
        end
    }

    fn add(&mut self, run: Range<usize>, found: &mut Vec<LocatedObject>) {
        let Some(objects) = self.decode(run.clone()) else { return };
        let line = self.line(run.start);
        for LocatedObject { object, form, .. } in objects {
            self.broken += usize::from(matches!(object, PkiObject::Broken { .. }));
            found.push(LocatedObject { location: Some(location(line)), object, form });
            if self.broken >= MOST_BROKEN || found.len() >= MOST_OBJECTS {
                found.push(LocatedObject::plain(pem_file::too_many(self.broken)));
                self.is_off = true;
                return;
            }
        }
    }

    /// What the base64 of PEM has; `None` for an example of documentation, which is cut off.
    fn decode(&self, run: Range<usize>) -> Option<Vec<LocatedObject>> {
        let text = self.text.get(run.clone()).filter(|text| text.len() >= SHORTEST)?;
        if let Some(b'.' | b'<' | b'{' | b'$' | b'*' | 0xE2) = self.text.get(run.end) {
            return None;
        }
        let Some(octets) = pem::base64(text) else {
            return Some(vec![LocatedObject::broken("certificate", MALFORMED_BASE64)]);
        };
        // Base64 within base64 is not read.
        match pem_file::read(&octets, |_, _| {}) {
            Ok(found) => Some(found),
            Err(Unrecognized::Container(it)) => Some(vec![LocatedObject::broken("value", it)]),
            Err(_) => None,
        }
    }

    /// The number of the line, counted from 1. No octet is counted twice.
    fn line(&mut self, at: usize) -> usize {
        let (from, lines) = self.counted;
        self.counted = (at.max(from), lines + count_lines(self.text, from..at));
        self.counted.1
    }
}

fn location(line: usize) -> Location {
    Location { source: String::new(), entry: format!("line {line}"), kind: LocationKind::Text }
}

/// Whether a text is base64 of PEM or DER and nothing else, which is read as a whole elsewhere.
fn is_base64(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let end = text.iter().rposition(|octet| *octet != b'=').map_or(0, |last| last + 1);
    let is_of_base64 = |octet: &u8| is_letter(*octet) || octet.is_ascii_whitespace();
    (text.starts_with(PEM_IN_BASE64) || base64_der::find(text) == Some(0))
        && text[..end].iter().all(is_of_base64)
}

fn first_line(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|octet| *octet == b'\n');
    &text[..end.unwrap_or(text.len())]
}

fn is_letter(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"+/".contains(&octet)
}

/// How many letters of base64 a text begins with, the padding behind them included.
fn letters(text: &[u8]) -> usize {
    let letters = text.iter().take_while(|octet| is_letter(**octet)).count();
    let padding = text.iter().skip(letters).take(2).take_while(|octet| **octet == b'=').count();
    letters + padding
}
