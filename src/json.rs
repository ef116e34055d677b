//! JSON read field by field.
//!
//! Whoever derives `Deserialize` gets a parser for each struct, and people download every one of
//! them. Here is one parser for all: it finds the fields, and leaves their values in JSON.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The fields of an object in their order, each with its value still in JSON.
pub struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Fields<'a> {
    /// Reads `json`.
    ///
    /// # Errors
    /// It is no object.
    pub fn read(json: &'a str) -> Result<Fields<'a>, serde_json::Error> {
        serde_json::from_str(json)
    }

    /// The value of the last field called `name`.
    pub fn get(&self, name: &str) -> Option<&'a RawValue> {
        let field = self.0.iter().rev().find(|(field, _)| field == name);
        field.map(|(_, value)| *value)
    }

    /// The field called `name`, if it is a string.
    pub fn string(&self, name: &str) -> Option<String> {
        string(self.get(name)?)
    }
}

impl<'a> IntoIterator for Fields<'a> {
    type Item = (String, &'a RawValue);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// The text of a string; `None` for anything else, and for one that is no valid text.
pub fn string(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// `text` as a string in JSON.
pub fn written(text: &str) -> String {
    // Fails for no text.
    serde_json::to_string(text).unwrap_or_default()
}

/// The items of an array, still in JSON; `None` for anything else.
pub fn items(json: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str(json).ok()
}

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fields<'de>, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(Fields(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_name() {
        let fields = Fields::read(r#"{"a":"1","n\u0061me":[2, 3],"a":"\u0034","none":null}"#);
        let fields = fields.unwrap();
        assert_eq!(fields.string("a").as_deref(), Some("4"), "the last one");
        let items = items(fields.get("name").unwrap().get()).unwrap();
        let items: Vec<&str> = items.into_iter().map(RawValue::get).collect();
        assert_eq!(items, ["2", "3"]);
        assert!(fields.get("other").is_none());
        for name in ["name", "none"] {
            assert!(fields.string(name).is_none(), "{name} is no string");
        }
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for json in ["", "[]", "null", "\"{}\"", "{", r#"{"a":1} x"#] {
            assert!(Fields::read(json).is_err(), "{json}");
        }
    }
}
