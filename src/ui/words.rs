//! The texts that code chooses between. What a component always says stands in its markup.

/// The page's name.
pub const APP: &str = "Chat";
/// The public room.
pub const ROOM: &str = "Everyone";
/// Below the room's name.
pub const ROOM_HINT: &str = "Everybody who is here reads this.";
/// Below a person's name.
pub const PRIVATE_HINT: &str = "Only the two of you read this.";
/// Somebody who is not signed in.
pub const ANONYMOUS: &str = "Anonymous";
/// Where no private conversation is open yet.
pub const PRIVATE_EMPTY: &str = "Click a name in the room to write to one person.";
/// Where private conversations cannot be had.
pub const PRIVATE_ANONYMOUS: &str = "Nobody is signed in here, so there are no private messages.";
/// Ends the name of a message that nobody else reads.
const PRIVATE: &str = ", private";
/// The button that tries again at once.
pub const TRY_NOW: &str = "Try now";
/// A failed message's buttons.
pub const RETRY: &str = "Retry";
/// The button of a page that could not begin.
pub const TRY_AGAIN: &str = "Try again";
/// The window's lower edge.
const LATEST: &str = "Jump to latest";
/// Title of an empty room.
pub const EMPTY_ROOM: &str = "Nothing was said yet";
/// The service keeps no history, and the page says so.
pub const EMPTY_ROOM_HINT: &str = "Messages appear here from the moment you are connected. The service keeps nothing of what was said before.";
/// Below the title of an empty private conversation.
pub const EMPTY_PRIVATE_HINT: &str = "Nobody else reads what you write here. If they are not connected just now, it is lost: the service keeps nothing.";
/// Title of the sign-in screen.
pub const WELCOME: &str = "Sign in to chat";
/// Below it.
pub const WELCOME_HINT: &str =
    "You talk to everyone who is here, and privately to one person at a time.";
/// Typing is not possible in this conversation.
pub const NO_RECIPIENT: &str =
    "You cannot write here: private messages need a signed-in sender and a signed-in recipient.";
/// A private message came back as a broadcast.
pub const EXPOSED: &str =
    "This backend showed your private message to everyone. Private sending is switched off.";
/// What to do about it.
pub const EXPOSED_HINT: &str = "Its messages function ignores \"recipient\". Ask whoever runs it to send messages with a recipient to that user only.";
/// The session is over.
pub const SIGNED_OUT: &str = "You are signed out.";
/// What to do about it.
pub const SIGNED_OUT_HINT: &str = "Sign in again to go on. Your drafts are kept.";
/// The sign-in goes on elsewhere.
pub const WINDOW_OPEN_HINT: &str =
    "Go on in the window that has opened. What is on this page stays.";
/// The window of a sign-in is gone, and brought nothing.
pub const WINDOW_CLOSED: &str = "The sign-in window was closed before you were signed in.";
/// What to do about it.
pub const WINDOW_CLOSED_HINT: &str =
    "Try again; or sign in on this page, which keeps your drafts but not the messages on it.";
/// The button that leaves the page to sign in.
pub const SIGN_IN_HERE: &str = "Sign in on this page";
/// A sign-in worked, and the backend does not know who it was.
pub const NOBODY_SIGNED_IN: &str = "the Function App does not say who you are.";
/// App Service answers with an empty list.
pub const SESSION_LOST: &str = "The Function App has forgotten who you are.";
/// What to do about it.
pub const SESSION_LOST_HINT: &str =
    "Its token store has lost your session, as after a restart. Sign in again.";
/// A web page in place of an answer.
pub const SOMETHING_ELSE_HINT: &str = "If signing in does not help, check the setting apiBaseUrl: it must name the Function App, not a web page.";
/// Cookies across sites.
pub const COOKIE_HINT: &str = "Set authMode to \"auto\" in index.html, which shows a session token instead, or serve this page from the Function App.";
/// Nobody may say who is here, and a sign-in page may be the reason.
pub const MAYBE_SIGN_IN: &str = "A Function App that lets nobody in before they have signed in looks the same from here. Then signing in is what helps.";
/// A session that outlives signing out.
pub const STILL_SIGNED_IN_HINT: &str = "Whoever opens this page next in this browser is signed in. Close all of the browser's windows, or delete the cookies of that address.";
/// The POST of a message brought no answer.
pub const NO_ANSWER: &str =
    "No answer came, so it may have arrived all the same. Retry may show it twice to the others.";
/// The page of a message was closed before anything was known of it.
pub const PAGE_CLOSED: &str = "The page was closed before an answer came, so it may have arrived all the same. Retry may show it twice to the others.";
/// The browser keeps nothing.
pub const HISTORY_LOST: &str = "Messages are not kept on this device.";
/// Why, and what it means.
pub const HISTORY_LOST_HINT: &str = "This browser has no room for them, or keeps nothing in a private window. They stay here until the page is closed.";
/// The button that takes a notice off the page.
pub const CLOSE: &str = "Close";
/// The button that asks for notifications, or ends them.
pub const NOTIFICATIONS: &str = "Notifications of private messages and mentions";
/// What it says where the browser shows none.
pub const NOTIFICATIONS_DENIED: &str =
    "Notifications are blocked for this page in the browser's settings";
/// What they are for.
pub const NOTIFICATIONS_HINT: &str =
    "When somebody writes to you or names you, while you look elsewhere.";
/// What stands in its place in a browser that has none.
pub const NOTIFICATIONS_MISSING: &str = "This browser shows none for this page.";
/// What stands for a message of somebody who is hidden.
pub const HIDDEN: &str = "Hidden message";
/// Shows it.
pub const SHOW: &str = "Show";
/// Folds it away again.
pub const HIDE: &str = "Hide";
/// The switcher's label.
pub const SWITCH_TO: &str = "Go to a conversation";
/// The search's label.
pub const SEARCH: &str = "Search messages";
/// Below the search's field, as long as it is empty.
pub const SEARCH_HINT: &str = "Searches what this page holds.";
/// Nothing fits what was typed.
pub const NOTHING_FOUND: &str = "Nothing found";
/// Connection states.
pub const CONNECTING: &str = "Connecting…";
/// The button that shows the steps, below what is wrong with them.
pub const DETAILS: &str = "Details";
/// The same where nothing else says what it is about.
pub const CONNECTION_DETAILS: &str = "Connection details";
/// Below the steps.
pub const NO_SECRETS: &str = "Tokens and keys are left out.";
/// The button that copies.
pub const COPY: &str = "Copy";
/// What was to be copied is in the clipboard.
pub const COPIED: &str = "Copied";
/// The browser lets no page copy: the text is selected in its place.
pub const SELECTED: &str = "Selected: copy it with Ctrl+C";
/// The socket is open.
pub const CONNECTED: &str = "Connected";
/// It was, and will be.
pub const RECONNECTING: &str = "Reconnecting…";
/// It is not, and nobody tries.
pub const DISCONNECTED: &str = "Not connected";

/// The label of a sign-in button: the provider's usual name, or the name from the settings.
pub fn sign_in_with(provider: &str) -> String {
    let name = match provider {
        "aad" | "windowsazureactivedirectory" => "Microsoft",
        "microsoftaccount" => "a Microsoft account",
        "google" => "Google",
        "facebook" => "Facebook",
        "twitter" | "x" => "X",
        "github" => "GitHub",
        "apple" => "Apple",
        other => other,
    };
    ["Sign in with ", name].concat()
}

/// The composer's label and placeholder.
pub fn write_to(name: &str) -> String {
    ["Message ", name].concat()
}

/// A sender's name as a button.
pub fn write_privately_to(name: &str) -> String {
    ["Write to ", name, " privately"].concat()
}

/// A conversation's unread messages, to a screen reader.
pub fn unread(count: usize) -> String {
    [&count.to_string(), " unread"].concat()
}

/// The page's name, with how many messages nobody has looked at.
pub fn title(unread: usize) -> String {
    match unread {
        0 => APP.to_owned(),
        _ => ["(", &unread.to_string(), ") ", APP].concat(),
    }
}

/// Unread messages that name this person, to a screen reader.
pub fn mentions(count: usize) -> String {
    match count {
        1 => "1 mention".to_owned(),
        _ => [&count.to_string(), " mentions"].concat(),
    }
}

/// The last message of a conversation in the list: who said what.
pub fn last_said(own: bool, sender: &str, text: &str) -> String {
    [if own { "You" } else { sender }, ": ", text].concat()
}

/// A name that can be taken for another.
pub fn looks_like(other: &str) -> String {
    ["Looks like ", other, ", and is somebody else"].concat()
}

/// The button for what can be done about a person.
pub fn about(name: &str) -> String {
    ["About ", name].concat()
}

/// Where a link leads.
pub fn leads_to(host: &str) -> String {
    ["Leads to ", host].concat()
}

/// How many suggestions there are, to a screen reader; nothing for none.
pub fn suggestions(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "1 suggestion. Enter takes it.".to_owned(),
        _ => [&count.to_string(), " suggestions. Enter takes one."].concat(),
    }
}

/// How many messages or conversations were found; `more` if there are others.
pub fn found(count: usize, more: bool) -> String {
    match (count, more) {
        (0, _) => NOTHING_FOUND.to_owned(),
        (_, false) => [&count.to_string(), " found"].concat(),
        (_, true) => ["The newest ", &count.to_string()].concat(),
    }
}

/// How much more one message takes, in whole kilobytes.
pub fn room_left(kilobytes: usize) -> String {
    [&kilobytes.to_string(), " kB left"].concat()
}

/// A gap, with the times of day at which it began and ended.
pub fn gap(from: &str, to: &str) -> String {
    [
        "No connection from ",
        from,
        " to ",
        to,
        ": messages may have been missed",
    ]
    .concat()
}

/// A message's name: who, when, and who else reads it.
pub fn message_by(sender: &str, time: &str, private: bool) -> String {
    let rest = if private { PRIVATE } else { "" };
    [sender, ", ", time, rest].concat()
}

/// Several messages at once.
pub fn new_messages(count: usize) -> String {
    [&count.to_string(), " new messages"].concat()
}

/// The button at the window's lower edge; `missed` messages came below it.
pub fn latest(missed: usize) -> String {
    match missed {
        0 => LATEST.to_owned(),
        _ => [LATEST, " · ", &new_messages(missed)].concat(),
    }
}

/// A button that copies `text`.
pub fn copy(text: &str) -> String {
    [COPY, " ", text].concat()
}

/// One message, to a screen reader; `elsewhere` if it came privately while something else is open.
pub fn said(sender: &str, text: &str, elsewhere: bool) -> String {
    let end = if elsewhere { " says privately: " } else { ": " };
    [sender, end, text].concat()
}

/// How long until the next try, in whole seconds.
pub fn next_try(seconds: u64) -> String {
    match seconds {
        0 => "Trying now…".to_owned(),
        1 => "Next try in a second.".to_owned(),
        _ => ["Next try in ", &seconds.to_string(), " seconds."].concat(),
    }
}

/// A text that is longer than what is sent in one message; both sizes in bytes.
pub fn too_long(bytes: usize, limit: usize) -> String {
    let kilobytes = |bytes: usize| bytes.div_ceil(1024).to_string();
    [
        "This is ",
        &kilobytes(bytes),
        " kB, and one message takes ",
        &kilobytes(limit),
        " kB. Please send it in parts.",
    ]
    .concat()
}
