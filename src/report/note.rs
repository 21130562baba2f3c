//! Notes beside a result.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::as_typed::{as_typed, without_flags};
pub(crate) use crate::hint::{Level, Note};

impl Serialize for Note {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("level", &self.level)?;
        fields.serialize_entry("message", &without_flags(&self.message))?;
        if let Some(hint) = &self.hint {
            fields.serialize_entry("hint", &as_typed(hint))?;
        }
        fields.end()
    }
}
