//! Objects as text, in both languages that kubectl reads.
//!
//! Strings that a reader of YAML 1.1 or 1.2 would take for something else are quoted by serde-saphyr;
//! tests/peers asks several readers.

use std::io;

use pki::x509::pem;
use serde::{Serialize, Serializer};
use serde_json::ser::PrettyFormatter;
use zeroize::Zeroizing;

/// Octets as a Secret holds them: in base64 on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base64(Zeroizing<String>);

impl Base64 {
    /// In constant time: it may be a key.
    pub(crate) fn of(octets: &[u8]) -> Self {
        let armored = Zeroizing::new(pem::encode("SECRET", octets));
        let mut text = Zeroizing::new(String::with_capacity(armored.len()));
        for line in armored.lines().filter(|line| !line.starts_with('-')) {
            text.push_str(line);
        }
        Self(text)
    }
}

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// The objects as YAML, one document each, in a buffer that is wiped.
pub(crate) fn yaml(objects: &[impl Serialize]) -> Zeroizing<String> {
    written(|text| write_yaml(objects, text))
}

/// The one object, or a `List` of them, as JSON in kubectl's layout, in a buffer that is wiped.
pub(crate) fn json(objects: &[impl Serialize]) -> Zeroizing<String> {
    written(|text| write_json(objects, text))
}

/// Writes into a buffer of the right length: one that grows while it is written leaves copies of keys
/// behind.
fn written(write: impl Fn(&mut dyn io::Write) -> io::Result<()>) -> Zeroizing<String> {
    let mut length = Counter(0);
    write(&mut length).expect("our own objects have a form in YAML and JSON");
    let mut text = Vec::with_capacity(length.0);
    write(&mut text).expect("memory does not fail");
    Zeroizing::new(String::from_utf8(text).expect("both are written in UTF-8"))
}

fn write_yaml(objects: &[impl Serialize], mut text: &mut dyn io::Write) -> io::Result<()> {
    for (index, object) in objects.iter().enumerate() {
        if index > 0 {
            text.write_all(b"---\n")?;
        }
        // Base64 is longer than a line, and must not be folded.
        let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
        serde_saphyr::to_io_writer_with_options(&mut text, object, options)
            .map_err(io::Error::other)?;
    }
    Ok(())
}

fn write_json(objects: &[impl Serialize], mut text: &mut dyn io::Write) -> io::Result<()> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct List<'a, T> {
        api_version: &'static str,
        kind: &'static str,
        items: &'a [T],
    }

    let layout = PrettyFormatter::with_indent(b"    ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, layout);
    match objects {
        [one] => one.serialize(&mut serializer),
        items => List { api_version: "v1", kind: "List", items }.serialize(&mut serializer),
    }?;
    text.write_all(b"\n")
}

struct Counter(usize);

impl io::Write for Counter {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.0 += octets.len();
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
