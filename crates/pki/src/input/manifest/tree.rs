//! Parses YAML and JSON to a tree of maps, lists and texts. Its size is bounded by that of the text.

use std::{cell::Cell, collections::HashSet, fmt};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{
    Options,
    options::{DuplicateKeyPolicy, NonFiniteFloatPolicy},
};
use zeroize::Zeroizing;

/// A part of a document. Texts are wiped when dropped: they may be keys.
pub(super) enum ManifestNode {
    Map(Vec<(String, ManifestNode)>),
    List(Vec<ManifestNode>),
    Text(Zeroizing<String>),
    /// A number, a boolean, nothing, as a text has it.
    Other(String),
}

/// A parse error: the text after it is not read.
pub(super) struct ManifestFault {
    /// The line, from 1; `None` if a limit was reached.
    pub(super) line: Option<u64>,
}

impl ManifestNode {
    fn nothing() -> Self {
        Self::Other("null".to_owned())
    }

    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(name, _)| name == key).map(|(_, node)| node)
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A field that a map of the document has twice: some programs take the first, others the last.
    pub(super) fn repeated(&self) -> Option<&str> {
        let Self::Map(entries) = self else {
            let Self::List(items) = self else { return None };
            return items.iter().find_map(Self::repeated);
        };
        let mut names = HashSet::new();
        let twice = entries.iter().find(|(name, _)| !names.insert(name));
        twice
            .map(|(name, _)| name.as_str())
            .or_else(|| entries.iter().find_map(|(_, node)| node.repeated()))
    }

    /// Whether it is `{{ … }}`, what a template fills: YAML reads it as a map whose field is a map.
    pub(super) fn is_template(&self) -> bool {
        matches!(self.entries(), [(name, Self::Other(_))] if name.is_empty())
    }

    /// The entries of a map; empty for other nodes.
    pub(super) fn entries(&self) -> &[(String, Self)] {
        match self {
            Self::Map(entries) => entries,
            _ => &[],
        }
    }
}

/// The documents of a JSON text, up to the first fault.
pub(super) fn json(text: &str) -> (Vec<ManifestNode>, Option<ManifestFault>) {
    let allowance = Allowance::of(text);
    let mut documents = Vec::new();
    let mut reader = serde_json::Deserializer::from_str(text);
    while reader.end().is_err() {
        match (&allowance).deserialize(&mut reader) {
            Ok(document) => documents.push(document),
            Err(error) => {
                let line = u64::try_from(error.line()).ok();
                return (documents, Some(allowance.fault(line)));
            }
        }
    }
    (documents, None)
}

/// The documents of a YAML text. One that is malformed does not hide the others.
pub(super) fn yaml(text: &str) -> (Vec<ManifestNode>, Option<ManifestFault>) {
    let allowance = Allowance::of(text);
    let mut documents = Vec::new();
    let mut fault = None;
    let mut line = 0;
    for document in split(text) {
        let read =
            serde_saphyr::with_deserializer_from_str_with_options(document, bounds(), |reader| {
                (&allowance).deserialize(reader)
            });
        match read {
            Ok(ManifestNode::Other(_)) => {}
            Ok(read) => documents.push(read),
            Err(error) => {
                let at = error.location().map_or(1, |location| location.line());
                fault = fault.or(Some(allowance.fault(Some(line + at))));
            }
        }
        if allowance.is_used_up() {
            break;
        }
        line += u64::try_from(document.lines().count()).unwrap_or_default();
    }
    (documents, fault)
}

/// The documents of a YAML stream, each with its `---` line, which is only allowed there.
fn split(text: &str) -> Vec<&str> {
    let mut documents = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        let is_marker = line
            .strip_prefix("---")
            .is_some_and(|rest| rest.trim_start() != rest || rest.is_empty());
        if is_marker && at > start {
            documents.push(&text[start..at]);
            start = at;
        }
        at += line.len();
    }
    documents.push(&text[start..]);
    documents
}

/// The limits of the YAML parser, besides the [`Allowance`]. Its messages must not quote the text.
fn bounds() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: 2 * NODES + NODES,
            max_nodes: NODES,
            max_depth: 128,
            max_aliases: 1_000,
            max_anchors: 1_000,
            max_recorded_anchor_events: 100_000,
            max_recorded_anchor_bytes: ALIASED,
        },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 100_000 },
        duplicate_keys: DuplicateKeyPolicy::LastWins,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        with_snippet: false,
    }
}

/// The remaining nodes and letters of a tree. A text without aliases cannot have more than its length;
/// a text with aliases gets little more.
struct Allowance {
    letters: Cell<usize>,
    nodes: Cell<usize>,
}

/// The maximum number of letters that aliases add.
const ALIASED: usize = 1 << 20;
/// No manifest has more nodes: a tree of them takes about 40 MiB.
const NODES: usize = 500_000;

impl Allowance {
    fn of(text: &str) -> Self {
        Self { letters: Cell::new(text.len() + ALIASED), nodes: Cell::new(NODES) }
    }

    fn is_used_up(&self) -> bool {
        self.letters.get() == 0 || self.nodes.get() == 0
    }

    fn fault(&self, line: Option<u64>) -> ManifestFault {
        ManifestFault { line: line.filter(|_| !self.is_used_up()) }
    }

    fn take_node<E: serde::de::Error>(&self) -> Result<(), E> {
        take(&self.nodes, 1)
    }

    fn take_text<E: serde::de::Error>(&self, text: &str) -> Result<(), E> {
        take(&self.letters, text.len())
    }
}

fn take<E: serde::de::Error>(allowance: &Cell<usize>, count: usize) -> Result<(), E> {
    let left = allowance.get().checked_sub(count);
    allowance.set(left.unwrap_or_default());
    left.map(|_| ()).ok_or_else(|| E::custom("too large"))
}

impl<'de> DeserializeSeed<'de> for &Allowance {
    type Value = ManifestNode;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<ManifestNode, D::Error> {
        self.take_node()?;
        reader.deserialize_any(self)
    }
}

/// The methods of a [`Visitor`] for values that stay as a text has them.
macro_rules! visit_scalars {
    ($($visit:ident($scalar:ty),)+) => {
        $(fn $visit<E>(self, value: $scalar) -> Result<ManifestNode, E> {
            Ok(ManifestNode::Other(value.to_string()))
        })+
    };
}

impl<'de> Visitor<'de> for &Allowance {
    type Value = ManifestNode;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<ManifestNode, E> {
        self.take_text(text)?;
        Ok(ManifestNode::Text(Zeroizing::new(text.to_owned())))
    }

    fn visit_string<E: serde::de::Error>(self, text: String) -> Result<ManifestNode, E> {
        let text = Zeroizing::new(text);
        self.take_text(&text)?;
        Ok(ManifestNode::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<ManifestNode, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(ManifestNode::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<ManifestNode, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = fields.next_key_seed(self)? {
            // Kubernetes makes a text of a number or a boolean.
            let name = match key {
                ManifestNode::Text(name) => String::clone(&name),
                ManifestNode::Other(name) => name,
                ManifestNode::Map(_) | ManifestNode::List(_) => String::new(),
            };
            entries.push((name, fields.next_value_seed(self)?));
        }
        Ok(ManifestNode::Map(entries))
    }

    fn visit_some<D: Deserializer<'de>>(self, reader: D) -> Result<ManifestNode, D::Error> {
        reader.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        reader: D,
    ) -> Result<ManifestNode, D::Error> {
        reader.deserialize_any(self)
    }

    visit_scalars! {
        visit_bool(bool), visit_i64(i64), visit_i128(i128), visit_u64(u64), visit_u128(u128),
        visit_f64(f64),
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<ManifestNode, E> {
        Ok(ManifestNode::nothing())
    }

    fn visit_none<E>(self) -> Result<ManifestNode, E> {
        Ok(ManifestNode::nothing())
    }

    fn visit_unit<E>(self) -> Result<ManifestNode, E> {
        Ok(ManifestNode::nothing())
    }
}
