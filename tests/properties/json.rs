//! JSON, as serde reads it.

use proptest::prelude::*;
use serde_json::Value;
use serde_json::value::RawValue;
use serverless_chat::json::{Fields, Json, written};

use crate::texts::{config, hub_message, spoilt, value};

proptest! {
    #![proptest_config(config())]

    /// A text is JSON or it is not, whoever reads it; and its space is no part of its value.
    #[test]
    fn any_text_is_json_or_not(text in prop_oneof![spoilt(value()), hub_message(), "[-+.0-9eE]{1,6}"]) {
        let expected = serde_json::from_str::<&RawValue>(&text).ok().map(RawValue::get);
        let read = Json::parse(&text).ok();
        prop_assert_eq!(read.map(|json| json.get().trim()), expected.map(str::trim));
        if let Some(json) = read {
            prop_assert_eq!(json.string().is_some(), serde_json::from_str::<String>(json.get()).is_ok());
        }
    }

    /// Its parts are the same, too.
    #[test]
    fn values_are_found_again(value in value()) {
        let text = value.to_string();
        prop_assert_eq!(again(Json::parse(&text).unwrap()), value);
    }

    /// What is written is read as it was, by anybody.
    #[test]
    fn strings_are_written(text in "(\\PC|[\u{0}-\u{20}\"\\\\]){0,12}") {
        let json = written(&text);
        prop_assert_eq!(&serde_json::from_str::<String>(&json).unwrap(), &text);
        prop_assert_eq!(Json::parse(&json).unwrap().string().unwrap(), text);
    }
}

/// The value that a text has, put together from its parts.
fn again(json: Json<'_>) -> Value {
    if let Some(items) = json.items() {
        return items.into_iter().map(again).collect();
    }
    if let Ok(fields) = Fields::read(json.get()) {
        let fields = fields.into_iter();
        return fields
            .map(|(name, value)| (name.into_owned(), again(value)))
            .collect();
    }
    match json.string() {
        Some(text) => Value::from(text),
        None => serde_json::from_str(json.get()).expect("a number or a word"),
    }
}
