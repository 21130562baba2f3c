//! JSON documents.

use serde::Serialize;
use serde_json::{Value, json};

use super::as_typed::as_typed;
use crate::error::Error;

/// A JSON document with its schema in front.
pub(crate) fn document(command: &str, facts: &impl Serialize) -> Vec<u8> {
    let schema = json!({ "schema": format!("certctl.{command}/2") });
    let document = merged(schema, facts);
    let mut text = serde_json::to_vec_pretty(&document).unwrap_or_default();
    text.push(b'\n');
    text
}

/// An object, followed by the fields of another; a field that both have keeps its place.
pub(super) fn merged(mut object: Value, others: &impl Serialize) -> Value {
    if let (Value::Object(whole), Ok(Value::Object(others))) =
        (&mut object, serde_json::to_value(others))
    {
        whole.extend(others);
    }
    object
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
