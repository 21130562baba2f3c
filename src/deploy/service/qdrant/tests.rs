//! No value can break out of a template, and a template that forgets to quote one is noticed: each
//! `{{ … }}` of each is left unquoted here, one at a time.

use super::*;

/// What a value may be that ends a text, begins a comment, a document or an entry, or is run.
const HOSTILE: [&str; 12] = [
    "a\"b: [c",
    "a'b",
    "a\nevil: 1",
    "a\r\nevil: 1\n#",
    "a #b",
    "---\nevil: 1",
    "!!python/object/apply:os.system [id]",
    "$(id) `id` ${HOME:-x} $HOME",
    "{{ evil }} {% evil %}",
    "&a *a",
    "null",
    "a: b\u{85}\u{2028}\u{202e}",
];

/// Numbers and truth values; and a name out of this program that stands where none can be quoted.
const TAME: [&str; 6] =
    ["mutual", "cert_ttl", "audit.files", "audit.forwarded", "replicas", "key.compose"];

/// The YAML files; what they include is filled with them.
const FILES: [&str; 6] = [
    "qdrant/production.yaml",
    "qdrant/compose.yaml",
    "qdrant/values.yaml",
    "qdrant/network-policy.yaml",
    "qdrant/settings.yaml",
    "qdrant/keys.yaml",
];

const VARIABLES: &str = "qdrant/qdrant.env";

/// Each branch is taken, each text is the same harmless word.
fn harmless() -> Value {
    let text = "harmless";
    json!({
        "form": "compose",
        "host": text,
        "mutual": true,
        "jwt_rbac": true,
        "certificate": text,
        "key": text,
        "ca": text,
        "cert_ttl": 60,
        "cluster": "on",
        "p2p": true,
        "audit": { "dir": text, "rotation": text, "files": 7, "forwarded": true },
        "audit_volume": text,
        "keys": [{ "variable": text, "compose": "QDRANT_API_KEY", "entry": text, "what": text }],
        "nodes": [{ "name": text, "host": text, "uri": text, "bootstrap": text }],
        "bind": text,
        "grpc": true,
        "target": text,
        "release": text,
        "replicas": 3,
        "secret": text,
        "names": text,
        "certctl": text,
        "steps": [text],
    })
}

/// The same facts with one text after the other made hostile.
fn hostile(text: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for pointer in texts("", &harmless()) {
        let mut facts = harmless();
        *facts.pointer_mut(&pointer).unwrap() = Value::from(text);
        all.push(facts);
    }
    assert!(all.len() > 15, "the texts are found");
    all
}

fn texts(at: &str, value: &Value) -> Vec<String> {
    let below = |(name, value): (String, &Value)| texts(&format!("{at}/{name}"), value);
    match value {
        Value::String(text) if text == "harmless" => vec![at.to_owned()],
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(n, item)| (n.to_string(), item))
            .flat_map(below)
            .collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, field)| (name.clone(), field)).flat_map(below).collect()
        }
        _ => Vec::new(),
    }
}

/// What harmless facts make of each file.
fn expected() -> Vec<(&'static str, Value)> {
    FILES.map(|file| (file, parsed(TEMPLATES, file, &harmless()).unwrap())).to_vec()
}

fn parsed(templates: &Templates, file: &'static str, facts: &Value) -> Option<Value> {
    serde_saphyr::from_str(&templates::fill(templates, file, facts).ok()?).ok()
}

/// Whether nothing but the text itself differs from what harmless facts make.
fn is_inert(
    templates: &Templates,
    file: &'static str,
    facts: &Value,
    text: &str,
    usual: &Value,
) -> bool {
    // Compose reads `$$` as `$`.
    let shown = if file.ends_with("compose.yaml") { text.replace('$', "$$") } else { text.into() };
    parsed(templates, file, facts).is_some_and(|filled| put_back(filled, &shown) == *usual)
}

fn put_back(value: Value, text: &str) -> Value {
    match value {
        Value::String(found) => Value::String(found.replace(text, "harmless")),
        Value::Array(items) => items.into_iter().map(|item| put_back(item, text)).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, field)| (name.replace(text, "harmless"), put_back(field, text)))
            .collect(),
        value => value,
    }
}

/// Docker, a shell and systemd each take such lines as they stand.
fn is_inert_for_all(filled: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_=./:-".contains(c);
    filled.lines().all(|line| {
        line.is_empty()
            || line.starts_with('#')
            || line.starts_with("QDRANT__") && line.chars().all(plain)
    })
}

#[test]
fn a_hostile_text_stays_a_text_or_is_refused() {
    let expected = expected();
    for text in HOSTILE {
        for facts in hostile(text) {
            for (file, usual) in &expected {
                let said = || templates::fill(TEMPLATES, file, &facts);
                assert!(
                    is_inert(TEMPLATES, file, &facts, text, usual),
                    "{text:?} in {file}: {:?}",
                    said()
                );
            }
            if let Ok(filled) = templates::fill(TEMPLATES, VARIABLES, &facts) {
                assert!(is_inert_for_all(&filled), "{text:?}: {filled}");
            }
        }
    }
}

#[test]
fn a_template_that_forgets_to_quote_is_noticed() {
    let expected = expected();
    let mut places = 0;
    // The steps are lines for a reader: each is a comment of the other files.
    let files = TEMPLATES.iter().enumerate().filter(|(_, (name, _))| *name != "qdrant/steps.sh");
    for (index, (name, source)) in files {
        for (at, _) in source.match_indices("{{ ") {
            let end = at + source[at..].find(" }}").unwrap();
            let expression = source[at + 3..end].replace("|comment", "");
            let mutant =
                format!("{}{{{{ ({expression})|safe }}}}{}", &source[..at], &source[end + 3..]);
            let mut mutants = TEMPLATES.to_vec();
            mutants[index].1 = Box::leak(mutant.into_boxed_str());
            if TAME.contains(&&*expression) {
                continue;
            }
            places += 1;
            assert!(is_noticed(&mutants, &expected), "{name} does not quote {expression}");
        }
    }
    assert!(places > 40, "{places} places are found");
}

fn is_noticed(mutants: &Templates, expected: &[(&'static str, Value)]) -> bool {
    HOSTILE.iter().any(|text| {
        hostile(text).iter().any(|facts| {
            let variables = templates::fill(mutants, VARIABLES, facts);
            variables.is_ok_and(|filled| !is_inert_for_all(&filled))
                || expected.iter().any(|(file, usual)| !is_inert(mutants, file, facts, text, usual))
        })
    })
}
