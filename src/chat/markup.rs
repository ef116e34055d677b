//! What stands out in the text of a message: links, code and mentions. Everything else is text,
//! and nothing is ever HTML.

use super::name::{is_invisible, start};
use crate::text::{after_scheme, before, from};

/// The most parts of one text that stand out, so that no text floods the page with elements.
const MAX_MARKS: usize = 1000;

/// No name that is mentioned is longer, in bytes.
pub const MAX_NAME: usize = 64;

/// What a part of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing but text, with its line breaks.
    Text,
    /// An address to go to: http, https or mailto.
    Link,
    /// Code within a line.
    Code,
    /// Lines of code.
    Block,
    /// The name of a person, with the `@` before it.
    Mention,
}

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: Kind,
    /// The part as it was typed. Those of all tokens, one after the other, are the text.
    pub source: &'a str,
    /// What is shown of it: `source` without the marks around code and the line breaks around a
    /// block.
    pub shown: &'a str,
}

/// Takes `text` apart. `is_name` says whether somebody has that name.
///
/// ```
/// use serverless_chat::chat::markup::{Kind, tokens};
///
/// let tokens = tokens("@bob see `a.rs` (https://example.com).", &|name| name == "bob");
/// let shown: Vec<_> = tokens.iter().map(|token| (token.kind, token.shown)).collect();
/// assert_eq!(shown, [
///     (Kind::Mention, "@bob"),
///     (Kind::Text, " see "),
///     (Kind::Code, "a.rs"),
///     (Kind::Text, " ("),
///     (Kind::Link, "https://example.com"),
///     (Kind::Text, ")."),
/// ]);
/// ```
pub fn tokens<'a>(text: &'a str, is_name: &dyn Fn(&str) -> bool) -> Vec<Token<'a>> {
    let mut scanner = Scanner {
        text,
        tokens: Vec::new(),
        plain_from: 0,
        at: 0,
        no_fence: false,
        calls: 0,
    };
    let mut marks = 0;
    while scanner.at < text.len() && marks < MAX_MARKS {
        let found = match text.as_bytes()[scanner.at] {
            b'`' => scanner.code(),
            b'@' if scanner.calls < MAX_MARKS && scanner.starts_word() => scanner.mention(is_name),
            b'h' | b'H' | b'm' | b'M' if scanner.starts_word() => scanner.link(),
            _ => None,
        };
        match found {
            Some(token) => {
                scanner.emit(token);
                marks += 1;
            }
            None => scanner.at += 1,
        }
    }
    scanner.finish()
}

/// True if `text` mentions a person of whom `is_me` says that it is this one.
pub fn mentions(text: &str, is_name: &dyn Fn(&str) -> bool, is_me: &dyn Fn(&str) -> bool) -> bool {
    text.contains('@')
        && tokens(text, is_name)
            .iter()
            .any(|token| token.kind == Kind::Mention && is_me(from(token.shown, 1)))
}

/// True if the address shows at once that it leads to `host`, which is what a browser reads in it:
/// what stands before an `@` only looks like a host, and some letters like others.
pub fn shows_host(link: &str, host: &str) -> bool {
    let target = after_scheme(link);
    let rest = from(target, host.len());
    starts_with_ignoring_case(target, host)
        && !rest.starts_with(|c: char| is_of_word(c) || "-.@".contains(c))
        && !rest
            .split(['/', '?', '#'])
            .next()
            .is_some_and(|authority| authority.contains('@'))
}

struct Scanner<'a> {
    text: &'a str,
    tokens: Vec<Token<'a>>,
    /// Where the text begins that is in no token yet.
    plain_from: usize,
    /// Where to look next. It may stand within a letter of several bytes, where nothing begins.
    at: usize,
    /// No block ends after here: asking again would read the rest of the text once more.
    no_fence: bool,
    /// How often somebody may have been called: each time several names are looked up.
    calls: usize,
}

const FENCE: &[u8] = b"```";

impl<'a> Scanner<'a> {
    /// Takes a token up, and the text before it.
    fn emit(&mut self, token: Token<'a>) {
        self.plain(self.at, token.kind == Kind::Block);
        self.at += token.source.len();
        self.plain_from = self.at;
        self.tokens.push(token);
    }

    fn finish(mut self) -> Vec<Token<'a>> {
        self.plain(self.text.len(), false);
        self.tokens
    }

    /// Makes a token of the text up to `end`. A block begins a line of its own.
    fn plain(&mut self, end: usize, before_block: bool) {
        let source = from(before(self.text, end), self.plain_from);
        if source.is_empty() {
            return;
        }
        let shown = match before_block {
            true => source.strip_suffix('\n').unwrap_or(source),
            false => source,
        };
        self.tokens.push(Token {
            kind: Kind::Text,
            source,
            shown,
        });
    }

    /// True if no word, address or path goes on here.
    fn starts_word(&self) -> bool {
        let last = before(self.text, self.at).bytes().next_back();
        !last.is_some_and(|last| {
            last.is_ascii_alphanumeric() || matches!(last, b'_' | b'@' | b'/' | b'.' | b'-')
        })
    }

    /// Code: in a line between two backticks, or of several lines between three and three.
    fn code(&mut self) -> Option<Token<'a>> {
        let rest = from(self.text, self.at);
        let ticks = rest.bytes().take_while(|byte| *byte == b'`').count();
        let token = match ticks {
            1 => inline(rest),
            3 => self.block(rest),
            _ => None,
        };
        if token.is_none() {
            // The next place is the one after the last of them.
            self.at += ticks - 1;
        }
        token
    }

    fn block(&mut self, rest: &'a str) -> Option<Token<'a>> {
        if self.no_fence {
            return None;
        }
        let inner = from(rest, FENCE.len());
        let mut ends = inner.as_bytes().windows(FENCE.len());
        let Some(end) = ends.position(|end| end == FENCE) else {
            self.no_fence = true;
            return None;
        };
        let code = before(inner, end);
        if code.trim().is_empty() {
            return None;
        }
        let mut length = FENCE.len() + end + FENCE.len();
        length += usize::from(from(rest, length).starts_with('\n'));
        let shown = without_language(code);
        Some(Token {
            kind: Kind::Block,
            source: before(rest, length),
            shown: shown.strip_suffix('\n').unwrap_or(shown),
        })
    }

    fn mention(&mut self, is_name: &dyn Fn(&str) -> bool) -> Option<Token<'a>> {
        self.calls += 1;
        let rest = from(self.text, self.at);
        let after = start(from(rest, 1), MAX_NAME);
        let line = after.split('\n').next().unwrap_or(after);
        // The longest name that somebody has, up to an end of a word.
        let mut end = line.len();
        while end > 0 {
            let next = from(rest, 1 + end).chars().next();
            let whole = !next.is_some_and(is_of_word) || !before(line, end).ends_with(is_of_word);
            if whole && is_name(before(line, end)) {
                let source = before(rest, 1 + end);
                return Some(Token {
                    kind: Kind::Mention,
                    source,
                    shown: source,
                });
            }
            end = start(line, end - 1).len();
        }
        None
    }

    fn link(&mut self) -> Option<Token<'a>> {
        let rest = from(self.text, self.at);
        let scheme = ["https://", "http://", "mailto:"]
            .into_iter()
            .find(|scheme| starts_with_ignoring_case(rest, scheme))?;
        let end = rest.find(ends_link).unwrap_or(rest.len());
        let source = without_punctuation(before(rest, end));
        let leads_somewhere = source.get(scheme.len()..).is_some_and(|target| {
            let first = target.chars().next();
            first.is_some_and(|first| is_of_word(first) || first == '[')
                && (scheme != "mailto:" || is_mailbox(target))
        });
        if !leads_somewhere {
            // Reading it again from the next letter on would find no other end.
            self.at += end - 1;
            return None;
        }
        Some(Token {
            kind: Kind::Link,
            source,
            shown: source,
        })
    }
}

fn inline(rest: &str) -> Option<Token<'_>> {
    let end = 1 + from(rest, 1).find(['`', '\n'])?;
    let shown = from(before(rest, end), 1);
    let closed = from(rest, end).starts_with('`') && !shown.trim().is_empty();
    closed.then(|| Token {
        kind: Kind::Code,
        source: before(rest, end + 1),
        shown,
    })
}

/// Code without the name of its language, which may stand behind the three backticks, and without
/// the line break there.
fn without_language(code: &str) -> &str {
    let is_of_language = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-' | '.');
    match code.split_once('\n') {
        Some((language, code)) if language.len() <= 20 && language.chars().all(is_of_language) => {
            code
        }
        _ => code,
    }
}

fn starts_with_ignoring_case(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|text| text.eq_ignore_ascii_case(start))
}

/// A letter or digit of whatever script.
fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || (!c.is_ascii() && !c.is_whitespace())
}

/// What cannot stand in an address that somebody wrote into a text.
fn ends_link(c: char) -> bool {
    c.is_whitespace() || is_invisible(c) || matches!(c, '<' | '>' | '"' | '`')
}

/// The address without what belongs to the sentence around it.
fn without_punctuation(link: &str) -> &str {
    let count = |wanted: char| link.matches(wanted).count();
    let mut open = [('(', ')'), ('[', ']'), ('{', '}')]
        .map(|(opening, closing)| (closing, count(closing).saturating_sub(count(opening))));
    let mut link = link;
    while let Some(last) = link.chars().next_back() {
        let unopened = open
            .iter_mut()
            .find(|(closing, extra)| *closing == last && *extra > 0);
        let is_of_sentence = matches!(
            last,
            '.' | ','
                | ':'
                | ';'
                | '!'
                | '?'
                | '\''
                | '*'
                | '_'
                | '…'
                | '’'
                | '”'
                | '»'
                | '。'
                | '、'
                | '，'
                | '！'
                | '？'
                | '：'
                | '；'
                | '）'
                | '」'
                | '』'
        );
        match unopened {
            Some((_, extra)) => *extra -= 1,
            None if is_of_sentence => {}
            None => break,
        }
        link = before(link, link.len() - last.len_utf8());
    }
    link
}

/// True for `somebody@somewhere`.
fn is_mailbox(target: &str) -> bool {
    let address = target.split('?').next().unwrap_or(target);
    address
        .split_once('@')
        .is_some_and(|(who, host)| !who.is_empty() && host.starts_with(is_of_word))
}

#[cfg(test)]
mod tests;
