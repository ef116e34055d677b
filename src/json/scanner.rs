//! Goes over a text and finds the values of its JSON (RFC 8259).

use std::borrow::Cow;

use super::{Json, Malformed};

/// A name, and what belongs to it.
pub(super) type Field<'a> = (Cow<'a, str>, Json<'a>);

/// A place in a text. Whatever is found is `None` where the text is no JSON; the place stays there.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Scanner<'a> {
        Scanner { text, at: 0 }
    }

    /// What was found, if only space follows.
    pub(super) fn end<T>(mut self, found: Option<T>) -> Result<T, Malformed> {
        self.space();
        match found {
            Some(found) if self.at == self.text.len() => Ok(found),
            _ => Err(self.malformed()),
        }
    }

    fn malformed(&self) -> Malformed {
        let before = self.text.as_bytes().get(..self.at).unwrap_or_default();
        let mut lines = before.rsplit(|byte| *byte == b'\n');
        let line = lines.next().unwrap_or_default();
        let begins_character = |byte: &&u8| !matches!(byte, 0x80..0xc0);
        Malformed {
            line: lines.count() + 1,
            column: line.iter().filter(begins_character).count() + 1,
        }
    }

    /// The fields of an object, and the items of its last field called `list`, if that is an array.
    pub(super) fn fields(&mut self, list: &str) -> Option<(Vec<Field<'a>>, Option<Vec<Json<'a>>>)> {
        let mut fields = Vec::new();
        let mut items = None;
        self.list(b'{', b'}', |scanner| {
            let key = scanner.key()?;
            // What is no valid text is nobody's name, and is kept as it stands.
            let name = key.string().unwrap_or(Cow::Borrowed(key.get()));
            scanner.space();
            let start = scanner.at;
            let value = if name == list {
                items = match scanner.peek()? {
                    b'[' => Some(scanner.items()?),
                    _ => {
                        scanner.value()?;
                        None
                    }
                };
                Json(scanner.text.get(start..scanner.at)?)
            } else {
                scanner.value()?
            };
            fields.push((name, value));
            Some(())
        })?;
        Some((fields, items))
    }

    /// The items of an array.
    pub(super) fn items(&mut self) -> Option<Vec<Json<'a>>> {
        let mut items = Vec::new();
        self.list(b'[', b']', |scanner| {
            items.push(scanner.value()?);
            Some(())
        })?;
        Some(items)
    }

    fn list(
        &mut self,
        open: u8,
        close: u8,
        mut part: impl FnMut(&mut Scanner<'a>) -> Option<()>,
    ) -> Option<()> {
        self.take(open)?;
        if self.eats(close) {
            return Some(());
        }
        loop {
            part(self)?;
            if !self.eats(b',') {
                return self.take(close);
            }
        }
    }

    /// A value of any kind. It takes a byte for each level, and no stack: a text may be as deep as
    /// it is long.
    pub(super) fn value(&mut self) -> Option<Json<'a>> {
        self.space();
        let start = self.at;
        // The brackets that are still to come.
        let mut open = Vec::new();
        loop {
            self.space();
            match self.peek()? {
                b'"' => self.string()?,
                b'{' => {
                    self.at += 1;
                    if !self.eats(b'}') {
                        open.push(b'}');
                        self.key()?;
                        continue;
                    }
                }
                b'[' => {
                    self.at += 1;
                    if !self.eats(b']') {
                        open.push(b']');
                        continue;
                    }
                }
                b't' => self.word("true")?,
                b'f' => self.word("false")?,
                b'n' => self.word("null")?,
                _ => self.number()?,
            }
            // Here a value ends, and with it perhaps those whose last part it is.
            loop {
                let Some(close) = open.last() else {
                    return self.text.get(start..self.at).map(Json);
                };
                if self.eats(b',') {
                    if *close == b'}' {
                        self.key()?;
                    }
                    break;
                }
                self.take(*close)?;
                open.pop();
            }
        }
    }

    /// The name of a field, with its colon behind it.
    fn key(&mut self) -> Option<Json<'a>> {
        self.space();
        let start = self.at;
        self.string()?;
        let key = self.text.get(start..self.at).map(Json);
        self.take(b':')?;
        key
    }

    fn string(&mut self) -> Option<()> {
        self.take(b'"')?;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            self.at += plain(rest);
            match self.next()? {
                b'"' => return Some(()),
                b'\\' => match self.next()? {
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                    b'u' => {
                        for _ in 0..4 {
                            self.next().filter(u8::is_ascii_hexdigit)?;
                        }
                    }
                    _ => return None,
                },
                0..b' ' => return None,
                _ => {}
            }
        }
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.text.get(self.at..)?.strip_prefix(word)?;
        self.at += word.len();
        Some(())
    }

    fn number(&mut self) -> Option<()> {
        self.meets(b"-");
        if !self.meets(b"0") {
            self.digits()?;
        }
        if self.meets(b".") {
            self.digits()?;
        }
        if self.meets(b"eE") {
            self.meets(b"+-");
            self.digits()?;
        }
        Some(())
    }

    /// One digit and more.
    fn digits(&mut self) -> Option<()> {
        self.next().filter(u8::is_ascii_digit)?;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        Some(())
    }

    /// Passes space, and then this byte.
    fn take(&mut self, byte: u8) -> Option<()> {
        self.eats(byte).then_some(())
    }

    /// Passes space, and then this byte if it is there.
    fn eats(&mut self, byte: u8) -> bool {
        self.space();
        let met = self.peek() == Some(byte);
        self.at += usize::from(met);
        met
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    /// Passes one of these bytes if it is there.
    fn meets(&mut self, bytes: &[u8]) -> bool {
        let met = self.peek().is_some_and(|byte| bytes.contains(&byte));
        self.at += usize::from(met);
        met
    }

    #[inline]
    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

/// How many bytes in front stand for themselves in a string, in whole groups of eight: nearly all of a
/// long text, which would take ten times as long byte by byte.
fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES << 7;
    // The high bit of each byte below `limit`, which is 0x80 at most; of others only above such a byte.
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word;
    let is_plain = |word: u64| {
        let [quote, backslash] = [b'"', b'\\'].map(|byte| word ^ (ONES * u64::from(byte)));
        (below(word, 0x20) | below(quote, 1) | below(backslash, 1)) & HIGH == 0
    };
    let (groups, _) = bytes.as_chunks::<8>();
    let plain = groups
        .iter()
        .take_while(|group| is_plain(u64::from_le_bytes(**group)));
    8 * plain.count()
}
