//! Kubernetes manifests: the certificates and keys of Secrets, ConfigMaps and whatever else carries
//! PEM, in YAML or JSON.

mod tree;

use super::{Found, Thing, Within};
use crate::x509::{
    escape::escape_line,
    pem::{self, PemFault},
};
use tree::{Fault, Node};

/// With which the base64 of a PEM block begins.
const PEM_IN_BASE64: &str = "LS0tLS1CRUdJTi";
const BEGIN: &str = "-----BEGIN ";

/// What the documents of a manifest hold; `None` if `content` is no manifest.
///
/// A manifest without anything that certctl reads is none: its message is that of any other text.
pub(super) fn read(content: &[u8], password: Option<&str>) -> Option<Vec<Found>> {
    let text = std::str::from_utf8(content).ok()?;
    let is_json = text.trim_start().starts_with(['{', '[']);
    if !is_json && !is_yaml(text) {
        return None;
    }
    let (documents, fault) = if is_json { tree::json(text) } else { tree::yaml(text) };
    let mut reader = Reader { password, found: Vec::new() };
    for document in &documents {
        reader.object(document);
    }
    if let Some(Fault { line }) = fault {
        let reason = match line {
            Some(line) => format!("it cannot be read from line {line} on"),
            None => "it nests or repeats itself too much".to_owned(),
        };
        // Text that only looks like YAML may hold PEM.
        if documents.is_empty() && !is_json && pem::blocks(content).next().is_some() {
            return None;
        }
        reader.found.push(Found::plain(Thing::broken("manifest", reason)));
    }
    (!reader.found.is_empty()).then_some(reader.found)
}

/// Whether a line says that the text is a manifest, before the price of parsing it is paid.
fn is_yaml(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.strip_prefix("- ").unwrap_or(line);
        let line = line.strip_prefix(['"', '\'']).unwrap_or(line);
        line.starts_with("apiVersion") || line.starts_with("kind")
    })
}

struct Reader<'p> {
    password: Option<&'p str>,
    found: Vec<Found>,
}

impl Reader<'_> {
    /// One object, or the list of some.
    fn object(&mut self, node: &Node) {
        let kind = node.text("kind").unwrap_or_default();
        match (kind, node.get("items")) {
            ("Secret" | "ConfigMap", _) => self.values(node, kind == "Secret"),
            (_, Some(Node::List(items))) if kind.ends_with("List") => {
                for item in items {
                    // The items of a `SecretList` may leave out their kind.
                    match (item.text("kind"), kind) {
                        (None, "SecretList") => self.values(item, true),
                        (None, "ConfigMapList") => self.values(item, false),
                        _ => self.object(item),
                    }
                }
            }
            _ => self.anything(node, &name_of(node), ""),
        }
    }

    /// The values of a Secret or ConfigMap.
    fn values(&mut self, node: &Node, is_secret: bool) {
        let source = name_of(node);
        let (encoded, plain) =
            if is_secret { ("data", "stringData") } else { ("binaryData", "data") };
        for (key, value) in node.get(encoded).into_iter().flat_map(Node::entries) {
            let Node::Text(text) = value else { continue };
            match pem::base64(text.as_bytes()) {
                Some(octets) => self.octets(&octets, &source, key),
                None if text.contains(BEGIN) => {
                    let reason = "it is plain text where base64 belongs (`stringData` takes text)";
                    self.push(Thing::broken("Secret", reason), Vec::new(), &source, key);
                }
                None => {}
            }
        }
        for (key, value) in node.get(plain).into_iter().flat_map(Node::entries) {
            if let Node::Text(text) = value {
                self.octets(text.as_bytes(), &source, key);
            }
        }
    }

    /// PEM, plain or in base64, wherever it stands in an object of any other kind: a kubeconfig, the
    /// `caBundle` of a webhook, a certificate request, the answer of a vault.
    fn anything(&mut self, node: &Node, source: &str, path: &str) {
        match node {
            Node::Text(text) if text.contains(BEGIN) => {
                self.octets(text.as_bytes(), source, path);
            }
            Node::Text(text) if text.starts_with(PEM_IN_BASE64) => {
                if let Some(octets) = pem::base64(text.as_bytes()) {
                    self.octets(&octets, source, path);
                }
            }
            Node::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.anything(item, source, &format!("{path}[{index}]"));
                }
            }
            Node::Map(entries) => {
                let dot = if path.is_empty() { "" } else { "." };
                // kubectl keeps a copy of the whole object among the annotations.
                for (key, value) in entries.iter().filter(|(key, _)| key != "annotations") {
                    self.anything(value, source, &format!("{path}{dot}{key}"));
                }
            }
            _ => {}
        }
    }

    /// What the octets of one value hold. Other data is passed over.
    fn octets(&mut self, octets: &[u8], source: &str, entry: &str) {
        let Ok(found) = super::read_octets(octets, self.password) else { return };
        for Found { within, thing, form } in found {
            match within {
                // That of a keystore is escaped already.
                Some(inner) => self.found.push(Found {
                    within: Some(Within {
                        source: escape_line(source),
                        entry: format!("{}: {inner}", escape_line(entry)),
                    }),
                    thing,
                    form,
                }),
                None => self.push(thing, form, source, entry),
            }
        }
    }

    fn push(&mut self, thing: Thing, form: Vec<PemFault>, source: &str, entry: &str) {
        let within = Within { source: escape_line(source), entry: escape_line(entry) };
        let is_somewhere = !source.is_empty() || !entry.is_empty();
        self.found.push(Found { within: is_somewhere.then_some(within), thing, form });
    }
}

/// `namespace/name` of an object, as far as it has them.
fn name_of(object: &Node) -> String {
    let metadata = object.get("metadata");
    let part = |key| metadata.and_then(|metadata| metadata.text(key));
    match (part("namespace"), part("name").unwrap_or_default()) {
        (Some(namespace), name) => format!("{namespace}/{name}"),
        (None, name) => name.to_owned(),
    }
}
