//! JSON, read as far as somebody asks.
//!
//! Whoever derives `Deserialize` gets a parser for each type, and people download every one of them.
//! Here is one parser for all: it checks a text, finds where its values stand, and leaves them in
//! JSON until somebody wants them. So numbers keep every digit, too.

mod scanner;

use std::borrow::Cow;
use std::fmt;

use crate::text::hexadecimal;
use scanner::{Field, Scanner};

/// A value, still in JSON.
///
/// ```
/// use serverless_chat::json::Json;
///
/// let json = Json::parse(" [1, 2.50] ").unwrap();
/// assert_eq!(json.get(), "[1, 2.50]");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Json<'a>(&'a str);

/// Where a text stops being JSON, or not the JSON that is wanted.
///
/// ```
/// use serverless_chat::json::{Json, Malformed};
///
/// assert_eq!(Json::parse("[1,\n2").unwrap_err(), Malformed { line: 2, column: 2 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The line, counted from 1.
    pub line: usize,
    /// The character in that line, counted from 1.
    pub column: usize,
}

impl<'a> Json<'a> {
    /// Reads a text that has one value, and nothing else but space around it.
    ///
    /// # Errors
    /// It is no JSON.
    ///
    /// ```
    /// use serverless_chat::json::Json;
    ///
    /// assert!(Json::parse("true").is_ok());
    /// assert!(Json::parse("<!doctype html>").is_err());
    /// ```
    pub fn parse(text: &'a str) -> Result<Json<'a>, Malformed> {
        let mut scanner = Scanner::new(text);
        let value = scanner.value();
        scanner.end(value)
    }

    /// Its text.
    ///
    /// ```
    /// use serverless_chat::json::Json;
    ///
    /// assert_eq!(Json::NULL.get(), "null");
    /// ```
    pub fn get(self) -> &'a str {
        self.0
    }

    /// Nothing, in JSON.
    ///
    /// ```
    /// use serverless_chat::json::Json;
    ///
    /// assert_eq!(Json::parse("null"), Ok(Json::NULL));
    /// ```
    pub const NULL: Json<'static> = Json("null");

    /// The text of a string, borrowed where it has no escapes; `None` for anything else, and for
    /// one that is no valid text.
    ///
    /// ```
    /// use serverless_chat::json::Json;
    ///
    /// assert_eq!(Json::parse(r#""\u00fc""#).unwrap().string().as_deref(), Some("ü"));
    /// assert_eq!(Json::NULL.string(), None);
    /// ```
    pub fn string(self) -> Option<Cow<'a, str>> {
        let quoted = self.0.strip_prefix('"')?.strip_suffix('"')?;
        match quoted.as_bytes().contains(&b'\\') {
            true => unescaped(quoted).map(Cow::Owned),
            false => Some(Cow::Borrowed(quoted)),
        }
    }

    /// The items of an array; `None` for anything else.
    ///
    /// ```
    /// use serverless_chat::json::Json;
    ///
    /// let items = Json::parse("[1, null]").unwrap().items();
    /// assert!(items.is_some_and(|items| items[1] == Json::NULL));
    /// ```
    pub fn items(self) -> Option<Vec<Json<'a>>> {
        let mut scanner = Scanner::new(self.0);
        scanner.items()
    }

    /// The fields of an object; `None` for anything else.
    ///
    /// ```
    /// use serverless_chat::json::Json;
    ///
    /// let fields = Json::parse(r#"{"a":1}"#).unwrap().fields();
    /// assert!(fields.is_some_and(|fields| fields.get("a").is_some()));
    /// ```
    pub fn fields(self) -> Option<Fields<'a>> {
        Fields::read(self.0).ok()
    }
}

impl fmt::Display for Json<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

/// The fields of an object in their order.
///
/// ```
/// use serverless_chat::json::Fields;
///
/// let fields = Fields::read(r#"{"name":"x"}"#).unwrap();
/// assert_eq!(fields.string("name").as_deref(), Some("x"));
/// ```
pub struct Fields<'a>(Vec<Field<'a>>);

impl<'a> Fields<'a> {
    /// Reads a text that has one object, and nothing else but space around it.
    ///
    /// # Errors
    /// It is no object.
    ///
    /// ```
    /// use serverless_chat::json::Fields;
    ///
    /// assert!(Fields::read("{}").is_ok());
    /// assert!(Fields::read("[]").is_err());
    /// ```
    pub fn read(text: &'a str) -> Result<Fields<'a>, Malformed> {
        Fields::read_with_items(text, "").map(|(fields, _)| fields)
    }

    /// Reads a text that has one object, and the items of its last field called `list`, if that is an
    /// array: in one go, where [`Json::items`] would go over them again.
    ///
    /// # Errors
    /// It is no object.
    ///
    /// ```
    /// use serverless_chat::json::Fields;
    ///
    /// let (_, items) = Fields::read_with_items(r#"{"list":[1,2]}"#, "list").unwrap();
    /// assert_eq!(items.unwrap()[1].get(), "2");
    /// ```
    pub fn read_with_items(
        text: &'a str,
        list: &str,
    ) -> Result<(Fields<'a>, Option<Vec<Json<'a>>>), Malformed> {
        let mut scanner = Scanner::new(text);
        let found = scanner.fields(list);
        let (fields, items) = scanner.end(found)?;
        Ok((Fields(fields), items))
    }

    /// The value of the last field called `name`.
    ///
    /// ```
    /// use serverless_chat::json::{Fields, Json};
    ///
    /// let fields = Fields::read(r#"{"a":1,"a":null}"#).unwrap();
    /// assert_eq!(fields.get("a"), Some(Json::NULL));
    /// ```
    pub fn get(&self, name: &str) -> Option<Json<'a>> {
        let field = self.0.iter().rev().find(|(field, _)| field == name);
        field.map(|(_, value)| *value)
    }

    /// The value of a field, unless it is null.
    ///
    /// ```
    /// use serverless_chat::json::Fields;
    ///
    /// let fields = Fields::read(r#"{"a":null}"#).unwrap();
    /// assert_eq!(fields.given("a"), None);
    /// ```
    pub fn given(&self, name: &str) -> Option<Json<'a>> {
        self.get(name).filter(|value| *value != Json::NULL)
    }

    /// The text of a field, if it is a string.
    ///
    /// ```
    /// use serverless_chat::json::Fields;
    ///
    /// let fields = Fields::read(r#"{"a":1}"#).unwrap();
    /// assert_eq!(fields.string("a"), None);
    /// ```
    pub fn string(&self, name: &str) -> Option<String> {
        self.get(name)?.string().map(Cow::into_owned)
    }
}

impl<'a> IntoIterator for Fields<'a> {
    type Item = (Cow<'a, str>, Json<'a>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// A string's text, from what stands between its quotes.
fn unescaped(mut rest: &str) -> Option<String> {
    let mut text = String::with_capacity(rest.len());
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let (escape, after) = after.split_at_checked(1)?;
        rest = after;
        text.push(match escape {
            "b" => '\u{8}',
            "f" => '\u{c}',
            "n" => '\n',
            "r" => '\r',
            "t" => '\t',
            "u" => character(&mut rest)?,
            // A quote or a slash stands for itself.
            other => other.chars().next()?,
        });
    }
    text.push_str(rest);
    Some(text)
}

/// The character behind a `\u`, which may take another `\u`.
fn character(rest: &mut &str) -> Option<char> {
    let first = unit(rest)?;
    let second = match first {
        0xd800..0xdc00 => {
            *rest = rest.strip_prefix("\\u")?;
            Some(unit(rest)?)
        }
        _ => None,
    };
    let mut characters = char::decode_utf16([first].into_iter().chain(second));
    characters.next()?.ok()
}

fn unit(rest: &mut &str) -> Option<u16> {
    let (digits, after) = rest.split_at_checked(4)?;
    *rest = after;
    u16::from_str_radix(digits, 16).ok()
}

/// `text` as a string in JSON.
///
/// ```
/// use serverless_chat::json::written;
///
/// assert_eq!(written("say \"hi\"\n"), r#""say \"hi\"\n""#);
/// ```
pub fn written(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => json.extend(['\\', character]),
            '\n' => json.push_str("\\n"),
            '\0'..' ' => {
                json.push_str("\\u00");
                json.extend(hexadecimal(character as u8).map(|digit| digit.to_ascii_lowercase()));
            }
            _ => json.push(character),
        }
    }
    json.push('"');
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_name() {
        let fields = Fields::read(r#"{"a":"1","n\u0061me":[2, 3],"a":"\u0034","none":null}"#);
        let fields = fields.unwrap();
        assert_eq!(fields.string("a").as_deref(), Some("4"), "the last one");
        let items = fields.get("name").unwrap().items().unwrap();
        let items: Vec<&str> = items.into_iter().map(Json::get).collect();
        assert_eq!(items, ["2", "3"]);
        assert!(fields.get("other").is_none());
        for name in ["name", "none"] {
            assert!(fields.string(name).is_none(), "{name} is no string");
        }
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for json in ["", "[]", "null", "\"{}\"", "{", r#"{"a":1} x"#, "{},"] {
            assert!(Fields::read(json).is_err(), "{json}");
        }
    }

    #[test]
    fn strings_are_unescaped() {
        for (json, text) in [
            (r#""""#, Some("")),
            (r#""\"\\\/\b\f\n\r\t""#, Some("\"\\/\u{8}\u{c}\n\r\t")),
            (r#""a\u00e9\ud83d\ude00b""#, Some("aé😀b")),
            (r#""\ud83d""#, None),
            (r#""\ud83d\n""#, None),
            (r#""\ud83d\ud83d""#, None),
            (r#""\ude00""#, None),
            ("1", None),
        ] {
            let string = Json::parse(json).unwrap().string();
            assert_eq!(string.as_deref(), text, "{json}");
        }
    }
}
