//! Reads Kubernetes manifests in YAML or JSON: the certificates and keys of Secrets, ConfigMaps and all
//! other objects with PEM.

mod field;
mod tls;
mod tree;
mod value;

use std::cmp::Ordering;

use super::{
    container::Container,
    file_type,
    object::{
        LocatedObject, Location, LocationKind, MALFORMED_BASE64, MOST_OBJECTS, ObjectError,
        PkiObject, ReadResult, Unrecognized,
    },
    octets,
};
use crate::x509::{
    escape::escape_line,
    pem::{self, PemFault},
};
use field::{BEGIN, is_certificate_name};
pub use tls::key_name;
use tls::{SecretValue, SecretValues};
use tree::{ManifestFault, ManifestNode};

/// The base64 of a PEM block begins with this.
const PEM_IN_BASE64: &str = "LS0tLS1CRUdJTi";
/// The same, cut off where the first mistyped letter may be.
const PEM_LETTERS: &str = "LS0tL";
/// The base64 of the base64.
const PEM_ENCODED_TWICE: &str = "TFMwdExTMUNSVWRKVG";
/// The dashes of a BEGIN line as escapes of JSON.
const ESCAPED_DASHES: [&str; 2] = ["\\u002d\\u002d", "\\u002D\\u002D"];

/// The annotation in which kubectl keeps a copy of the whole object.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// How many manifests may be within each other.
const MOST_LEVELS: usize = 4;

/// The objects of a manifest; `None` if `content` is not a manifest, or has nothing that certctl reads:
/// its message is that of any other text.
pub(super) fn read(content: &[u8], password: Option<&str>) -> Option<ReadResult> {
    read_level(content, password, 1)
}

/// As [`read`], for a manifest that is a value of another.
fn read_level(content: &[u8], password: Option<&str>, level: usize) -> Option<ReadResult> {
    let Ok(text) = std::str::from_utf8(content) else {
        let signs = ["apiVersion:", "\"apiVersion\""].map(str::as_bytes);
        let is_manifest = signs.iter().any(|sign| file_type::contains(content, sign));
        let broken = || LocatedObject::broken("manifest", "it is not text in UTF-8");
        return is_manifest.then(|| Ok(vec![broken()]));
    };
    let is_json = text.trim_start().starts_with(['{', '[']);
    let head = ManifestHead::of(text);
    if if is_json { !may_hold(text) } else { !head.has_version && !head.has_kind } {
        return None;
    }
    if level > MOST_LEVELS {
        let reason = format!("it is a manifest within {MOST_LEVELS} others, and is not read");
        return Some(Ok(vec![LocatedObject::broken("manifest", reason)]));
    }
    let (documents, fault) = if is_json { tree::json(text) } else { tree::yaml(text) };
    let mut reader = ManifestReader {
        password,
        level,
        holder: LocationKind::Other,
        kind: String::new(),
        found: Vec::new(),
        closed: None,
    };
    for document in &documents {
        let before = reader.found.len();
        reader.object(document);
        if head.is_manifest && matches!(document, ManifestNode::Text(_)) {
            let reason = "a document in it is text, not an object";
            reader.found.push(LocatedObject::broken("manifest", reason));
        }
        if let Some(field) = document.repeated().filter(|_| reader.found.len() > before) {
            let reason = format!("it has the field `{}` twice", escape_line(field));
            reader.found.push(LocatedObject::broken("manifest", reason));
        }
    }
    if let Some(ManifestFault { line }) = fault {
        let reason = match line {
            Some(line) => format!("it cannot be read from line {line} on"),
            None => "it nests or repeats itself too much".to_owned(),
        };
        // Text that only looks like YAML or JSON (prose, settings) may hold PEM.
        let is_manifest = if is_json {
            text.contains("apiVersion")
                || (text.contains("\"kind\"") && text.contains(PEM_IN_BASE64))
        } else {
            head.is_manifest
        };
        if documents.is_empty() && !is_manifest {
            return None;
        }
        if documents.is_empty() && !is_json {
            // PEM before or after it.
            reader.found.extend(octets::read(content, password).unwrap_or_default());
        }
        reader.found.push(LocatedObject::broken("manifest", reason));
    }
    match reader.closed {
        Some(name) if reader.found.is_empty() => Some(Err(Unrecognized::OpaqueValue(name))),
        _ => (!reader.found.is_empty()).then_some(Ok(reader.found)),
    }
}

/// Whether a JSON text may have an object that is read; parsing all texts would be slow.
fn may_hold(text: &str) -> bool {
    let signs = [BEGIN, PEM_IN_BASE64, "apiVersion", "\"kind\"", "\"sops\""];
    signs
        .iter()
        .chain(&ESCAPED_DASHES)
        .any(|sign| file_type::contains(text.as_bytes(), sign.as_bytes()))
}

/// The lines by which a text is a manifest in YAML.
#[derive(Default)]
struct ManifestHead {
    has_version: bool,
    has_kind: bool,
    /// It is meant as one even if YAML cannot read it. Scripts and prose that quote a manifest begin
    /// with something else, and templates become one later.
    is_manifest: bool,
}

impl ManifestHead {
    fn of(text: &str) -> Self {
        // Most texts have neither word.
        let [may_have_version, may_have_kind] =
            ["apiVersion", "kind"].map(|key| text.contains(key));
        if !may_have_version && !may_have_kind {
            return Self::default();
        }
        let first = text.lines().find(|line| is_content(line.trim())).unwrap_or_default();
        // All lines of a manifest may be indented.
        let indent = &first[..first.len() - first.trim_start_matches(' ').len()];
        let has = |key: &str| {
            text.lines().filter_map(|line| line.strip_prefix(indent)).any(|line| {
                let line = line.strip_prefix("- ").unwrap_or(line).trim_start_matches(['"', '\'']);
                let rest = line.strip_prefix(key).map(|rest| rest.trim_start_matches(['"', '\'']));
                rest.is_some_and(|rest| rest.trim_start().starts_with(':'))
            })
        };
        let has_version = may_have_version && has("apiVersion");
        let has_kind = may_have_kind && has("kind");
        let is_begun = first.contains(':') || first.contains(BEGIN);
        let is_template = || text.lines().any(|line| line.trim_start().starts_with("{{"));
        let is_manifest = has_version && has_kind && is_begun && !is_template();
        Self { has_version, has_kind, is_manifest }
    }
}

/// Whether a line has more than a comment, a directive or the mark of a document.
fn is_content(line: &str) -> bool {
    let is_mark = line.starts_with("---") && !line.starts_with(BEGIN);
    !line.is_empty() && !line.starts_with(['#', '%']) && !is_mark
}

struct ManifestReader<'p> {
    password: Option<&'p str>,
    /// 1 for a file, and one more for each value within which it is.
    level: usize,
    /// What has the values that are read.
    holder: LocationKind,
    /// Of the object that is read.
    kind: String,
    found: Vec<LocatedObject>,
    /// A value is compressed or encrypted.
    closed: Option<&'static str>,
}

impl ManifestReader<'_> {
    /// One object, or the list of some.
    fn object(&mut self, node: &ManifestNode) {
        let kind = node.text("kind").unwrap_or_default();
        if let Some(ManifestNode::Map(_)) = node.get("sops") {
            return self.closed(Container::Sops, node);
        }
        match (kind, node.get("items")) {
            ("SealedSecret", _) => self.closed(Container::SealedSecret, node),
            ("Secret" | "ConfigMap", _) => self.values(node, kind == "Secret"),
            (_, Some(ManifestNode::List(items))) if kind.ends_with("List") => {
                for item in items {
                    // The items of a `SecretList` may leave out their kind.
                    match (item.text("kind"), kind) {
                        (None, "SecretList") => self.values(item, true),
                        (None, "ConfigMapList") => self.values(item, false),
                        _ => self.object(item),
                    }
                }
            }
            _ => {
                kind.clone_into(&mut self.kind);
                self.values_below(node, &name_of(node), "");
            }
        }
    }

    /// An object whose values are encrypted.
    fn closed(&mut self, container: Container, node: &ManifestNode) {
        self.add_broken("Secret", container, &name_of(node), "");
    }

    /// The values of a Secret or ConfigMap.
    fn values(&mut self, node: &ManifestNode, is_secret: bool) {
        let source = name_of(node);
        let (encoded, plain) =
            if is_secret { ("data", "stringData") } else { ("binaryData", "data") };
        let is_tls = is_secret && node.text("type") == Some(tls::TYPE);
        self.holder = if is_tls { LocationKind::TlsSecret } else { LocationKind::Other };
        let mut values = SecretValues::default();
        for (key, value) in node.get(encoded).into_iter().flat_map(ManifestNode::entries) {
            let ManifestNode::Text(text) = value else {
                values.add(key, SecretValue::other(value.is_template()));
                self.values_below(value, &source, key);
                continue;
            };
            let begin = self.found.len();
            let octets = pem::base64(text.as_bytes());
            match &octets {
                Some(octets) => self.octets(octets, &source, key),
                None if text.contains(BEGIN) => {
                    let reason = "it is plain text where base64 belongs (`stringData` takes text)";
                    self.add_broken("Secret", reason, &source, key);
                }
                None if text.starts_with(PEM_LETTERS) || is_certificate_name(key) => {
                    self.add_broken("certificate", MALFORMED_BASE64, &source, key);
                }
                None => {}
            }
            let octets = octets.as_ref().map_or(text.as_bytes(), |octets| octets);
            values.add(key, SecretValue::new(octets, &self.found[begin..]));
        }
        for (key, value) in node.get(plain).into_iter().flat_map(ManifestNode::entries) {
            let ManifestNode::Text(text) = value else {
                self.values_below(value, &source, key);
                continue;
            };
            let begin = self.found.len();
            self.octets(text.as_bytes(), &source, key);
            values.add(key, SecretValue::new(text.as_bytes(), &self.found[begin..]));
        }
        if is_secret {
            for (key, fault) in values.faults(is_tls) {
                self.push(PkiObject::Misplaced(fault), Vec::new(), &source, &key);
            }
        }
        self.holder = LocationKind::Other;
        for (name, value) in node.entries() {
            if ![encoded, plain].contains(&name.as_str()) {
                self.values_below(value, &source, name);
            }
        }
    }

    /// The value of a field of the API. One that is left to be filled in has nothing yet.
    fn field(&mut self, text: &str, what: &'static str, source: &str, path: &str) {
        if field::is_placeholder(text) {
            return;
        }
        let begin = self.found.len();
        let reason = if let Some(octets) = pem::base64(text.as_bytes()) {
            self.octets(&octets, source, path);
            SecretValue::new(&octets, &self.found[begin..]).fault_as_field(what)
        } else if text.contains(BEGIN) {
            Some("it is plain text where base64 belongs")
        } else {
            Some(MALFORMED_BASE64)
        };
        if let Some(reason) = reason {
            self.add_broken("value", reason, source, path);
        }
    }

    /// PEM, plain or in base64, anywhere in an object of another kind: a kubeconfig, the
    /// `caBundle` of a webhook, a certificate request, the answer of a vault.
    fn values_below(&mut self, node: &ManifestNode, source: &str, path: &str) {
        if let ManifestNode::Text(text) = node
            && let Some(what) = field::promise(&self.kind, path)
        {
            return self.field(text, what, source, path);
        }
        match node {
            ManifestNode::Text(text) => self.text(text, source, path),
            ManifestNode::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.values_below(item, source, &format!("{path}[{index}]"));
                }
            }
            ManifestNode::Map(entries) => {
                let dot = if path.is_empty() { "" } else { "." };
                for (key, value) in entries.iter().filter(|(key, _)| key != LAST_APPLIED) {
                    self.values_below(value, source, &format!("{path}{dot}{key}"));
                }
            }
            ManifestNode::Other(_) => {}
        }
    }

    fn add_broken(
        &mut self,
        what: &'static str,
        reason: impl Into<ObjectError>,
        source: &str,
        entry: &str,
    ) {
        self.push(PkiObject::broken(what, reason), Vec::new(), source, entry);
    }

    fn push(&mut self, object: PkiObject, form: Vec<PemFault>, source: &str, entry: &str) {
        match self.found.len().cmp(&MOST_OBJECTS) {
            Ordering::Less => {}
            Ordering::Equal => {
                let most = MOST_OBJECTS;
                let reason = format!("certctl reads {most} objects of a file, and not the rest");
                return self.found.push(LocatedObject::broken("manifest", reason));
            }
            Ordering::Greater => return,
        }
        let is_somewhere = !source.is_empty() || !entry.is_empty();
        let (source, entry) = (escape_line(source), escape_line(entry));
        let location = Location { source, entry, kind: self.holder };
        self.found.push(LocatedObject { location: is_somewhere.then_some(location), object, form });
    }
}

/// `namespace/name` of an object, as far as it has them.
fn name_of(object: &ManifestNode) -> String {
    let metadata = object.get("metadata");
    let part = |key| metadata.and_then(|metadata| metadata.text(key));
    match (part("namespace"), part("name").unwrap_or_default()) {
        (Some(namespace), name) => format!("{namespace}/{name}"),
        (None, name) => name.to_owned(),
    }
}
