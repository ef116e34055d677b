//! What is said where a number or a state decides: which of the texts of [`crate::language::words`].

pub use crate::language::words::*;

use crate::language::table::number;

/// The label of a sign-in button: the provider's usual name, or the name from the settings.
pub fn sign_in_by(provider: &str) -> String {
    sign_in_with(match provider {
        "aad" | "windowsazureactivedirectory" => "Microsoft",
        "microsoftaccount" => microsoft_account(),
        "google" => "Google",
        "facebook" => "Facebook",
        "twitter" | "x" => "X",
        "github" => "GitHub",
        "apple" => "Apple",
        other => other,
    })
}

/// The page's name, with how many messages nobody has looked at.
pub fn title(unread: usize) -> String {
    match unread {
        0 => app().to_owned(),
        _ => app_with_unread(&number(unread), app()),
    }
}

/// The last message of a conversation in the list: who said what.
pub fn last_said(own: bool, sender: &str, text: &str) -> String {
    last_said_by(if own { you() } else { sender }, text)
}

/// How many messages or conversations were found; `more` if there are others.
pub fn found(count: usize, more: bool) -> String {
    match (count, more) {
        (0, _) => nothing_found().to_owned(),
        (_, false) => found_all(count),
        (_, true) => found_newest(count),
    }
}

/// The button at the window's lower edge; `missed` messages came below it.
pub fn latest(missed: usize) -> String {
    match missed {
        0 => to_latest().to_owned(),
        _ => to_latest_of(&new_messages(missed)),
    }
}

/// A message's name: who, when, and who else reads it.
pub fn message_called(sender: &str, time: &str, private: bool) -> String {
    match private {
        true => private_message_by(sender, time),
        false => message_by(sender, time),
    }
}

/// One message, to a screen reader; `elsewhere` if it came privately while something else is open.
pub fn said(sender: &str, text: &str, elsewhere: bool) -> String {
    match elsewhere {
        true => says_privately(sender, text),
        false => says(sender, text),
    }
}

/// How long until the next try, in whole seconds.
pub fn next_try_in(seconds: u64) -> String {
    match seconds {
        0 => trying_now().to_owned(),
        _ => next_try(seconds as usize),
    }
}

/// How much more one message takes, in whole kilobytes.
pub fn kilobytes_left(kilobytes: usize) -> String {
    room_left(&number(kilobytes))
}

/// A text that is longer than what is sent in one message; both sizes in bytes.
pub fn too_many_bytes(bytes: usize, limit: usize) -> String {
    let kilobytes = |bytes: usize| number(bytes.div_ceil(1024));
    too_long(&kilobytes(bytes), &kilobytes(limit))
}
