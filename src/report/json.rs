//! JSON documents.

use serde::Serialize;
use serde_json::{Value, json};

use super::as_typed::as_typed;
use crate::error::Error;

/// A JSON document with its schema in front.
pub(crate) fn document(command: &str, facts: &impl Serialize) -> Vec<u8> {
    let mut document = json!({ "schema": format!("certctl.{command}/2") });
    if let (Value::Object(whole), Ok(Value::Object(facts))) =
        (&mut document, serde_json::to_value(facts))
    {
        whole.extend(facts);
    }
    let mut text = serde_json::to_vec_pretty(&document).unwrap_or_default();
    text.push(b'\n');
    text
}

/// An error as JSON.
pub(crate) fn error_json(error: &Error) -> Value {
    json!({
        "message": error.to_string(),
        "causes": error.causes(),
        "hint": error.hint().map(|hint| as_typed(&hint)),
        "exit": error.exit() as u8,
    })
}
