//! Everything that is read from elsewhere, by a table: cut off, empty, a page, of the wrong kind, far too
//! long and far too deep. Nothing of it is taken for what it is not, and nothing brings the app down.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use serverless_chat::auth::sign_in::Fragment;
use serverless_chat::auth::{SessionToken, WhoAmI};
use serverless_chat::chat::history::Record;
use serverless_chat::chat::markup::tokens;
use serverless_chat::chat::{Chat, ConversationId, Entry, Ignored, Incoming, Me, Timestamp};
use serverless_chat::config::Config;
use serverless_chat::json::{Json, written};
use serverless_chat::signalr::negotiate::{self, Answer};
use serverless_chat::signalr::protocol::handshake;
use serverless_chat::signalr::protocol::message::Message;

/// Something that is read.
struct Reader {
    /// Where it comes from.
    name: &'static str,
    /// As it should be.
    example: &'static str,
    /// True if a text is taken for one.
    takes: fn(&str) -> bool,
    /// True if all of it may be missing.
    may_be_empty: bool,
}

const READERS: [Reader; 11] = [
    Reader {
        name: "the settings",
        example: r#"{"apiBaseUrl":"https://a.b","authProvider":["aad","x"],"routePrefix":"v1","target":"said","messageRoute":"say","sending":"post","authMode":"token"}"#,
        takes: |text| {
            let config = Config::parse(text, "https://page.example");
            // Wherever a token may be sent to, it is the web.
            config.is_ok_and(|config| {
                assert!(config.api_base_url.starts_with("https://"));
                assert!(config.functions_url().starts_with(&config.api_base_url));
                true
            })
        },
        may_be_empty: true,
    },
    Reader {
        name: "/.auth/me of App Service",
        example: r#"[{"provider_name":"aad","user_id":"alice@a.b","access_token":"s3","expires_on":"2030","user_claims":[{"typ":"name","val":"Alice"}]}]"#,
        takes: |text| match WhoAmI::from_answer(200, text) {
            WhoAmI::SignedIn(who) => {
                assert!(!who.user_id.is_empty());
                true
            }
            _ => false,
        },
        may_be_empty: false,
    },
    Reader {
        name: "/.auth/me of Static Web Apps",
        example: r#"{"clientPrincipal":{"identityProvider":"aad","userId":"1","userDetails":"alice","userRoles":["anonymous","authenticated"]}}"#,
        takes: |text| matches!(WhoAmI::from_answer(200, text), WhoAmI::SignedIn(_)),
        may_be_empty: false,
    },
    Reader {
        name: "/.auth/refresh",
        example: r#"{"authenticationToken":"s3cret","user":{"userId":"sid:1"}}"#,
        takes: takes_token,
        may_be_empty: false,
    },
    Reader {
        name: "the fragment after a sign-in",
        example: r#"{"authenticationToken":"s3cret","user":{"userId":"sid:1"}}"#,
        takes: |text| {
            let fragment = ["#token=", &serverless_chat::text::encode(text)].concat();
            let read = Fragment::parse(&fragment, true);
            matches!(read, Fragment::Token(_)) && takes_token(text)
        },
        may_be_empty: false,
    },
    Reader {
        name: "negotiate of a function",
        example: r#"{"url":"https://a.service.signalr.net/client/?hub=chat","accessToken":"s3cret"}"#,
        takes: |text| match negotiate::parse(text) {
            Some(Answer::Redirect { url, .. }) => {
                assert!(url.starts_with("https://") || url.starts_with("http://"));
                true
            }
            _ => false,
        },
        may_be_empty: false,
    },
    Reader {
        name: "negotiate of the service",
        example: r#"{"negotiateVersion":1,"connectionId":"1","connectionToken":"2","availableTransports":[{"transport":"WebSockets","transferFormats":["Text"]}]}"#,
        takes: |text| matches!(negotiate::parse(text), Some(Answer::Connect { .. })),
        may_be_empty: false,
    },
    Reader {
        name: "the handshake",
        example: "{}",
        takes: |text| handshake::accept(text).is_ok(),
        may_be_empty: true,
    },
    Reader {
        name: "a hub message",
        example: r#"{"type":1,"target":"newMessage","arguments":[{"sender":"bob","text":"hi","isPrivate":true,"recipient":"alice","clientMessageId":"x"}]}"#,
        takes: |text| match Message::parse(text) {
            Ok(Message::Invocation(call)) => {
                // Whatever it carries is shown.
                let shown = Incoming::decode(&call.arguments);
                assert!(call.arguments.is_empty() || shown.text.len() <= text.len());
                true
            }
            _ => false,
        },
        may_be_empty: false,
    },
    Reader {
        name: "what was kept of a message",
        example: r#"{"v":1,"at":1,"is":"failed","own":true,"sender":"alice","text":"hi","with":"bob","why":"no","ambiguous":true}"#,
        takes: |text| Record::read(text).is_some(),
        may_be_empty: false,
    },
    Reader {
        name: "whom the person ignores",
        example: r#"{"muted":["bob"],"hidden":["carol"]}"#,
        takes: |text| Ignored::read(text) != Ignored::default(),
        may_be_empty: false,
    },
];

fn takes_token(text: &str) -> bool {
    SessionToken::from_json(text).is_some_and(|token| {
        // It becomes a header.
        assert!(token.reveal().bytes().all(|byte| byte.is_ascii_graphic()));
        true
    })
}

#[test]
fn the_examples_are_taken() {
    for Reader {
        name,
        example,
        takes,
        ..
    } in READERS
    {
        assert!(takes(example), "{name}");
        assert!(takes(&format!(" \r\n\t{example}\n")), "{name}, with space");
    }
}

#[test]
fn what_is_cut_off_is_none() {
    for reader in READERS {
        for end in 0..reader.example.len() {
            let text = &reader.example[..end];
            assert!(!(reader.takes)(text), "{}: {text}", reader.name);
        }
    }
}

#[test]
fn what_is_something_else_is_none() {
    let page =
        "<!doctype html><html><body onload=\"alert(1)\">{\"url\":\"https://a.b\"}</body></html>";
    for text in [
        "",
        " ",
        "\0",
        "{",
        "}",
        "null",
        "true",
        "7",
        "-",
        "1e",
        "NaN",
        "undefined",
        "\"\"",
        "\"text\"",
        "\"\\ud800\"",
        "[]",
        "[[]]",
        "[null]",
        "[{}]",
        "\u{feff}{}",
        "{}{}",
        "{},",
        "{a:1}",
        "{'a':1}",
        "// {}",
        "{\"a\":1,}",
        "\u{fffd}\u{fffd}",
        "{\"\u{fffd}\":\"\u{fffd}\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"__proto__\":{\"url\":\"https://a.b\"}}",
        "javascript:alert(1)",
        page,
    ] {
        for reader in READERS {
            // An object without what is asked for.
            let is_empty = reader.may_be_empty && text.starts_with('{');
            assert!(!(reader.takes)(text) || is_empty, "{}: {text}", reader.name);
        }
    }
    for reader in READERS {
        for (before, after) in [
            ("\u{feff}", ""),
            ("", "x"),
            ("", "{}"),
            ("<!-- -->", ""),
            ("", "\0"),
        ] {
            let text = [before, reader.example, after].concat();
            assert!(!(reader.takes)(&text), "{}: {text:?}", reader.name);
        }
    }
}

/// Every value of every example, in turn, as something that it should not be. Not all of it matters;
/// what the readers promise of what they take, they keep.
#[test]
fn values_of_another_kind_break_nothing() {
    let deep = ["[".repeat(300), "]".repeat(300)].concat();
    let long = format!("\"{}\"", "\\u00e9".repeat(10_000));
    let wrong = [
        "null",
        "true",
        "-1",
        "0.5",
        "1e999",
        "99999999999999999999",
        "\"\"",
        "\" \"",
        "\"\\ud800\"",
        "\"\\u0000\\n\\r\"",
        "\"\u{202e}\u{200b}\"",
        "\"javascript:alert(1)\"",
        "\"//a.b\"",
        "[]",
        "{}",
        "[[]]",
        "{\"a\":{}}",
        &deep,
        &long,
    ];
    for reader in READERS {
        let example: Value = serde_json::from_str(reader.example).unwrap();
        let count = values(&example);
        for number in 0..count {
            for wrong in wrong {
                let mut left = number;
                let text = with(&example, &mut left, wrong);
                let taken = (reader.takes)(&text);
                // Nothing is another thing as a whole.
                assert!(
                    number > 0 || !taken || reader.may_be_empty,
                    "{}: {text}",
                    reader.name
                );
            }
        }
    }
}

/// How many values there are in one, itself included.
fn values(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(values).sum(),
        Value::Object(fields) => fields.values().map(values).sum(),
        _ => 0,
    }
}

/// The text of a value, with another text in place of the value with this number.
fn with(value: &Value, number: &mut usize, other: &str) -> String {
    if *number == 0 {
        *number = usize::MAX;
        return other.to_owned();
    }
    *number -= 1;
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|one| with(one, number, other)).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, one)| format!("{}:{}", json!(name), with(one, number, other)))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        plain => plain.to_string(),
    }
}

/// With less stack than a browser gives.
#[test]
fn what_is_far_too_long_or_too_deep_is_read_to_its_end() {
    // Ten megabytes are for a browser, in the end-to-end stories.
    const HUGE: usize = 300_000;
    let reading = std::thread::Builder::new()
        .stack_size(256 * 1024)
        .spawn(|| {
            let repeat = |what: &str| what.repeat(HUGE / what.len());
            let (open, close) = (repeat("["), repeat("]"));
            let string = format!("\"{}\"", repeat("x"));
            let texts = [
                repeat("<p>"),
                repeat(" "),
                repeat("\\"),
                open.clone(),
                repeat("{\"a\":"),
                repeat("{\"url\":["),
                format!("{open}{close}"),
                string.clone(),
                format!("\"{}\"", repeat("\\\"")),
                format!("[{}0]", repeat("0,")),
                format!("{{{}\"a\":0}}", repeat("\"url\":0,")),
            ];
            for reader in READERS {
                let nested = reader
                    .example
                    .replacen(':', &format!(":{open}{close},\"x\":"), 1);
                let stretched = reader
                    .example
                    .replacen(':', &format!(":{string},\"x\":"), 1);
                for text in texts.iter().chain([&nested, &stretched]) {
                    let began = Instant::now();
                    (reader.takes)(text);
                    let took = began.elapsed();
                    // One that comes back again and again would need minutes.
                    assert!(took < Duration::from_secs(10), "{}: {took:?}", reader.name);
                }
            }
        });
    assert!(reading.unwrap().join().is_ok());
}

/// Texts of people who mean it badly, and of such as only paste.
#[test]
fn whatever_somebody_says_is_shown_as_they_said_it() {
    let long = "x".repeat(1_000_000);
    let lines = "line\n".repeat(10_000);
    let marks = "`@bob https://a.b/ ".repeat(20_000);
    let accents = format!("e{}", "\u{301}".repeat(10_000));
    let mut chat = Chat::new(Me::User("alice".into()), || "name".to_owned());
    for (number, text) in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "&lt;&#x41;",
        "{{7*7}}${7*7}",
        "\u{200b}\u{200d}\u{2060}\u{feff}",
        "\u{202e}gnp.exe\u{2066}",
        "\u{0}\u{1}\u{7f}\u{85}",
        "\u{fffd}",
        "\u{10ffff}\u{e000}",
        "javascript:alert(1)",
        "\r\n\r\n",
        "",
        &long,
        &lines,
        &marks,
        &accents,
    ]
    .into_iter()
    .enumerate()
    {
        let message = format!(
            r#"{{"sender":{},"text":{},"isPrivate":null,"recipient":null,"groupname":null}}"#,
            written(text),
            written(text)
        );
        let incoming = Incoming::decode(&[Json::parse(&message).unwrap()]);
        assert_eq!((incoming.text.as_str(), incoming.private), (text, false));
        chat.receive(incoming, Timestamp(number as u64));
        let shown = chat.room().timeline.last_message().unwrap().clone();
        assert_eq!((&*shown.text, &*shown.sender), (text, text));
        let tokens = tokens(text, &|name| name == "bob");
        let sources: String = tokens.iter().map(|token| token.source).collect();
        assert_eq!(sources, text, "nothing of it is left out");
    }
    for message in [
        "{\"sender\":null,\"text\":null}",
        "null",
        "{\"text\":\"\\ud800\"}",
        "[[],{}]",
    ] {
        chat.receive(
            Incoming::decode(&[Json::parse(message).unwrap()]),
            Timestamp(99),
        );
    }
    assert_eq!(chat.room().timeline.message_count(), 20);
    assert!(matches!(
        chat.room().timeline.entry(0),
        Some(Entry::Message(_))
    ));
    assert!(chat.conversation(&ConversationId::Room).is_some());
}
