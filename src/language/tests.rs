//! Every language has every text, and no text is anywhere else.

use std::fs;
use std::path::{Path, PathBuf};

use super::choice::LANGUAGES;
use super::table::{Table, number, speak, tenths, write_numbers};
use super::words::{self, COUNT, ENGLISH};

/// The languages beside English, with their files.
const FILES: [(&str, &str); 1] = [("nl", include_str!("../../languages/nl.txt"))];

/// English is spoken until another language is.
#[test]
fn a_text_is_said_in_the_language_that_is_spoken() {
    assert_eq!(words::try_now(), "Try now");
    assert_eq!(words::new_messages(1), "1 new message");
    assert_eq!(words::new_messages(0), "0 new messages");
    assert_eq!(words::next_try(1), "Next try in a second.");
    assert_eq!(
        words::gap("1", "{0}"),
        "No connection from 1 to {0}: messages may have been missed"
    );

    let dutch = Table::read(FILES[0].1).expect("it has every text");
    speak(Some(dutch));
    assert_eq!(words::try_now(), "Nu proberen");
    assert_eq!(words::new_messages(1), "1 nieuw bericht");
    assert_eq!(words::new_messages(2), "2 nieuwe berichten");
    assert_eq!(words::copy_this("x"), "x kopiëren");
    assert_eq!(dutch.of_markup("Send"), Some("Versturen"));
    assert_eq!(dutch.of_markup("unheard of"), None);

    speak(None);
    assert_eq!(words::try_now(), "Try now");
}

#[test]
fn a_file_of_another_build_is_not_read() {
    assert_eq!(Table::read(""), None);
    assert_eq!(Table::read("<!doctype html>\n<html lang=\"en\">"), None);
}

#[test]
fn a_brace_that_opens_no_gap_stands_for_itself() {
    assert!(words::settings_no_json_instead().contains("{\"apiBaseUrl\": "));
    assert_eq!(
        words::setting_wrong("{", "{1}"),
        "The setting { cannot be {1}."
    );
}

#[test]
fn numbers_are_written_as_the_language_writes_them() {
    assert_eq!(
        (number(1_234), tenths(15), tenths(20)),
        ("1234".into(), "1.5".into(), "2".into())
    );
    write_numbers(|tenths| ["about ", &(tenths / 10).to_string()].concat());
    assert_eq!(words::new_messages(3), "about 3 new messages");
}

/// The keys of a file with their texts, in order.
fn pairs(file: &str) -> Vec<(&str, &str)> {
    let lines = file
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            line.split_once(" = ")
                .unwrap_or_else(|| panic!("{line}: no \" = \""))
        })
        .collect()
}

/// The gaps of each form of a text.
fn gaps(text: &str) -> Vec<Vec<&str>> {
    text.split('|')
        .map(|form| {
            let mut gaps: Vec<&str> = form
                .match_indices('{')
                .filter_map(|(at, _)| form.get(at..at + 3))
                .filter(|gap| gap.ends_with('}'))
                .collect();
            gaps.sort_unstable();
            gaps.dedup();
            gaps
        })
        .collect()
}

#[test]
fn every_language_has_every_text_of_the_code_and_no_other() {
    for (language, file) in FILES {
        let pairs = pairs(file);
        for (place, (name, _)) in ENGLISH.iter().enumerate() {
            let found = pairs.get(place).map(|(key, _)| *key);
            assert_eq!(
                found,
                Some(*name),
                "languages/{language}.txt lacks {name} here, or has another in its place"
            );
        }
    }
}

#[test]
fn every_language_has_the_same_gaps_and_a_form_for_one_where_english_has() {
    for (language, file) in FILES {
        for ((key, text), (_, english)) in pairs(file).into_iter().zip(ENGLISH) {
            assert!(!text.trim().is_empty(), "{language}: {key} says nothing");
            let (ours, theirs) = (gaps(text), gaps(english));
            assert_eq!(ours.len(), theirs.len(), "{language}: the forms of {key}");
            // A form for one may say "a" in place of the number.
            assert_eq!(ours.last(), theirs.last(), "{language}: the gaps of {key}");
        }
    }
}

#[test]
fn every_language_has_every_text_of_the_markup_and_no_other() {
    let mut texts: Vec<String> = Vec::new();
    for path in files("src/ui", "html") {
        let markup = fs::read_to_string(path).unwrap();
        for text in texts_of(&markup) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
    }
    assert!(texts.len() > 30, "{texts:?}");
    for (language, file) in FILES {
        let of_markup = pairs(file).split_off(COUNT);
        for text in &texts {
            let found = of_markup.iter().filter(|(english, _)| english == text);
            assert_eq!(found.count(), 1, "languages/{language}.txt: {text} = ...");
        }
        for (english, _) in of_markup {
            let used = texts.iter().any(|text| text == english);
            assert!(used, "languages/{language}.txt: no markup says {english}");
        }
    }
}

/// Whoever looks for a language finds it in its own words.
#[test]
fn every_language_can_be_set() {
    let markup = include_str!("../ui/settings.html");
    for language in LANGUAGES {
        let (tag, name) = (language.tag(), language.name());
        let choice = format!(
            "<label lang=\"{tag}\"><input type=\"radio\" name=\"language\" value=\"{tag}\" />{name}</label>"
        );
        assert_eq!(markup.matches(&choice).count(), 1, "{choice}");
    }
    assert_eq!(
        markup.matches("name=\"language\"").count(),
        1 + LANGUAGES.len(),
        "and what the system says"
    );
}

/// What a person sees or hears of some markup.
fn texts_of(markup: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for part in markup.split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("no < or > but those of tags");
        texts.push(text.trim().to_owned());
        for attribute in ["aria-label", "placeholder", "title", "alt"] {
            let value = tag.split_once(&format!(" {attribute}=\""));
            texts.extend(value.and_then(|(_, rest)| Some(rest.split_once('"')?.0.to_owned())));
        }
    }
    // What stands on a key alone is the same everywhere.
    texts.retain(|text| text.chars().filter(|letter| letter.is_alphabetic()).count() > 1);
    texts
}

/// The code of what shows something, each file up to its tests, without comments.
fn shown_code() -> Vec<(PathBuf, String)> {
    let mut paths = vec![root().join("src/config.rs")];
    for folder in ["src/app", "src/auth", "src/diagnosis", "src/ui"] {
        paths.extend(files(folder, "rs"));
    }
    // Emoji are called what people type in every language.
    paths.retain(|path| !path.ends_with("tests.rs") && !path.ends_with("emoji.rs"));
    paths
        .into_iter()
        .map(|path| {
            let code = fs::read_to_string(&path).unwrap();
            let code = code.split("\nmod tests {").next().unwrap_or_default();
            let lines = code
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            let code = lines.collect::<Vec<_>>().join("\n");
            (path, code)
        })
        .collect()
}

/// The string literals of some code, each with what stands before it.
fn literals(code: &str) -> Vec<(&str, &str)> {
    let mut literals = Vec::new();
    let mut rest = 0;
    while let Some(start) = code[rest..].find('"').map(|at| rest + at) {
        // The quotation mark as a letter.
        if code[..start].ends_with('\'') || code[..start].ends_with("'\\") {
            rest = start + 1;
            continue;
        }
        let mut end = start + 1;
        while !code[end..].starts_with('"') {
            end += if code[end..].starts_with('\\') { 2 } else { 1 };
            while !code.is_char_boundary(end) {
                end += 1;
            }
        }
        literals.push((&code[..start], &code[start + 1..end]));
        rest = end + 1;
    }
    literals
}

/// True for what looks as if a person were to read it: words with a blank between, or one that begins
/// as a sentence does.
fn reads(literal: &str) -> bool {
    let is_word = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() > 1;
    let words = literal
        .split_whitespace()
        .filter(|word| is_word(word))
        .count();
    let mut letters = literal.chars();
    let begins = letters.next().is_some_and(char::is_uppercase)
        && letters.next().is_some_and(char::is_lowercase);
    words > 1 || begins
}

/// What stands before a literal that nobody is shown.
const UNSEEN: [&str; 8] = [
    "(\"class\",",
    "(\"class\", &[",
    ".at(",
    ".expect(",
    "reason =",
    "write_str(",
    "unreachable!(",
    "panic!(",
];

/// What a key is called, what others have named, and what is not for people.
const NO_TEXTS: [&str; 22] = [
    "ArrowDown",
    "ArrowLeft",
    "ArrowRight",
    "ArrowUp",
    "End",
    "Enter",
    "Escape",
    "Home",
    "PageDown",
    "PageUp",
    "Tab",
    "AccessKey",
    "LoginCompleted",
    "No app server",
    "SignalRInfo",
    "Apple",
    "Facebook",
    "GitHub",
    "Google",
    "Microsoft",
    "chat drawer-open",
    "%3Ccircle cx='18' cy='6' r='6' fill='%23e5484d'/%3E",
];

#[test]
fn no_text_stands_in_the_code_itself() {
    let mut outside = Vec::new();
    for (path, code) in shown_code() {
        for (before, literal) in literals(&code) {
            let seen = !UNSEEN
                .iter()
                .any(|unseen| before.trim_end().ends_with(unseen));
            if seen && reads(literal) && !NO_TEXTS.contains(&literal) {
                outside.push(format!("{}: \"{literal}\"", path.display()));
            }
        }
    }
    assert!(
        outside.is_empty(),
        "texts belong into src/language/words.rs:\n{}",
        outside.join("\n")
    );
}

#[test]
fn every_text_is_shown_somewhere() {
    let code: String = shown_code().into_iter().map(|(_, code)| code).collect();
    for (name, _) in ENGLISH {
        let called = ["words::", name, "("].concat();
        let chosen = [" ", name, "("].concat();
        let after = |c: char| !(c.is_alphanumeric() || c == '_');
        let used = code.contains(&called)
            || code
                .match_indices(&chosen[1..])
                .any(|(at, _)| code[..at].ends_with(after));
        assert!(used, "nothing says {name}");
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below `folder` with this extension.
fn files(folder: impl AsRef<Path>, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|one| one == extension) {
            found.push(path);
        }
    }
    found
}
