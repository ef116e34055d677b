//! Looking into texts.
//!
//! What the standard library has for this searches with an algorithm for needles of any length, and
//! its slices explain in many words how they were misused. People would download both.

/// True if `part` stands somewhere in `text`.
///
/// ```
/// use serverless_chat::text::contains;
///
/// assert!(contains("no app server", "app"));
/// assert!(!contains("", "app"));
/// ```
pub fn contains(text: &str, part: &str) -> bool {
    split_once(text, part).is_some()
}

/// What stands before the first `part` in `text`, and what behind it.
///
/// ```
/// use serverless_chat::text::split_once;
///
/// assert_eq!(split_once("no app server", " app"), Some(("no", " server")));
/// ```
pub fn split_once<'t>(text: &'t str, part: &str) -> Option<(&'t str, &'t str)> {
    let mut places = text.char_indices();
    places.find_map(|(at, _)| Some((before(text, at), from(text, at).strip_prefix(part)?)))
}

/// What stands before this place; nothing if the text has no such place.
///
/// ```
/// assert_eq!(serverless_chat::text::before("abc", 1), "a");
/// ```
pub fn before(text: &str, place: usize) -> &str {
    text.get(..place).unwrap_or_default()
}

/// What stands at this place and behind it; nothing if the text has no such place.
///
/// ```
/// assert_eq!(serverless_chat::text::from("abc", 1), "bc");
/// ```
pub fn from(text: &str, place: usize) -> &str {
    text.get(place..).unwrap_or_default()
}

/// An address without its scheme; all of it if it has none.
///
/// ```
/// use serverless_chat::text::after_scheme;
///
/// assert_eq!(after_scheme("https://example.com/a"), "example.com/a");
/// assert_eq!(after_scheme("example.com:80"), "example.com:80");
/// ```
pub fn after_scheme(url: &str) -> &str {
    let rest = url.split_once(':').map(|(_, rest)| rest);
    rest.and_then(|rest| rest.strip_prefix("//")).unwrap_or(url)
}

/// Scheme, host and port of an address.
///
/// ```
/// use serverless_chat::text::origin;
///
/// assert_eq!(origin("https://example.com:8443/hub?x=1"), "https://example.com:8443");
/// assert_eq!(origin("http://a?b"), "http://a");
/// ```
pub fn origin(url: &str) -> &str {
    let rest = after_scheme(url);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    before(url, url.len() - rest.len() + host.len())
}

/// `text` as the value of a query: with nothing in it but RFC 3986's unreserved characters.
///
/// ```
/// assert_eq!(serverless_chat::text::encode("a+b ü"), "a%2Bb%20%C3%BC");
/// ```
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.extend(hexadecimal(byte));
        }
    }
    encoded
}

/// The text whose [`encode`] this may be; `None` if it is no text. A `%` that means nothing stays.
///
/// ```
/// use serverless_chat::text::decode;
///
/// assert_eq!(decode("a%2bb%20%C3%BC%").as_deref(), Some("a+b ü%"));
/// assert_eq!(decode("%ff"), None);
/// ```
pub fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digit = |at: usize| char::from(*after.get(at)?).to_digit(16);
        let (byte, length) = match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => ((high * 16 + low) as u8, 2),
            _ => (*first, 0),
        };
        bytes.push(byte);
        rest = after.get(length..).unwrap_or_default();
    }
    String::from_utf8(bytes).ok()
}

/// The two digits of a byte.
pub(crate) fn hexadecimal(byte: u8) -> [char; 2] {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    [byte / 16, byte % 16].map(|digit| char::from(DIGITS[usize::from(digit)]))
}
