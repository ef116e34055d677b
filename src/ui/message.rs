//! One row of a timeline.

use web_sys::Element;

use super::part::Part;
use super::rows::Row;
use super::sidebar::{face, shown_name};
use super::switcher::look_alike;
use super::{text, words};
use crate::app::Session;
use crate::chat::{Chat, ConversationId, Delivery, Entry, Gap, Message, Timestamp};
use crate::platform::clock;

/// Draws a row.
pub(super) fn row(chat: &Chat, row: &Row, private: bool) -> Part {
    let part = Part::copy("row");
    if let (true, Entry::Message(message)) = (row.opens_day, &row.entry) {
        part.add(line("day", &clock::day(message.at.0 as f64)));
    }
    if row.opens_new {
        part.add(Part::copy("new"));
    }
    part.add(match &row.entry {
        Entry::Gap(Gap { from, to, .. }) => {
            let day = |at: &Timestamp| clock::day_number(at.0 as f64);
            // What was kept may be of another day.
            let write = match day(from) == day(to) {
                true => clock::time_of_day,
                false => clock::full,
            };
            let time = |at: &Timestamp| write(at.0 as f64);
            line("gap", &words::gap(&time(from), &time(to)))
        }
        Entry::Message(message) => draw_message(chat, message, row.opens_group, private),
    });
    part
}

fn line(template: &str, text: &str) -> Part {
    let line = Part::copy(template);
    line.text(text);
    line
}

fn draw_message(chat: &Chat, message: &Message, opens_group: bool, private: bool) -> Part {
    let (at, name) = (message.at.0 as f64, shown_name(&message.sender));
    let part = if opens_group {
        let part = Part::copy("message");
        face(&part.at(".avatar"), &message.sender);
        show_sender(&part, chat, message);
        part
    } else {
        let part = Part::copy("message-of-group");
        part.at(".message-sender").text(&name);
        part
    };
    let time = part.at("time");
    let short = clock::time_of_day(at);
    time.set("datetime", &clock::iso(at));
    time.text(&short);
    part.set("aria-label", &words::message_called(&name, &short, private));
    // What follows the name when the message is gone to.
    let content = part.at(".message-text");
    let text_id = ["m", &message.id.0.to_string()].concat();
    content.set("id", &text_id);
    part.set("aria-describedby", &text_id);
    part.set("data-state", state(&message.delivery));
    text::show(&part, chat, message);
    if let Some(delivery) = delivery(&message.delivery) {
        part.add(delivery);
    }
    part
}

/// The sender's name: a button where a private message can be sent to that person.
fn show_sender(part: &Part, chat: &Chat, message: &Message) {
    let name = shown_name(&message.sender);
    let (button, words_only) = (
        part.at("button.message-sender"),
        part.at("bdi.message-sender"),
    );
    if !message.own && chat.can_write_to(&message.sender) {
        words_only.remove();
        button.at("bdi").text(&name);
        button.set("title", &words::write_privately_to(&name));
    } else {
        button.remove();
        words_only.text(&name);
    }
    if !message.own {
        part.at(".message-you").remove();
        part.at(".looks-like")
            .text(&look_alike(chat, &message.sender));
    }
}

/// The `data-state` of a message.
fn state(delivery: &Delivery) -> &'static str {
    match delivery {
        Delivery::Received => "received",
        Delivery::Waiting => "waiting",
        Delivery::Sending => "sending",
        Delivery::Sent => "sent",
        Delivery::Failed(_) => "failed",
    }
}

/// How far an own message has come, and what can be done about it.
fn delivery(delivery: &Delivery) -> Option<Part> {
    Some(match delivery {
        Delivery::Received => return None,
        Delivery::Sent => Part::copy("sent"),
        Delivery::Sending => Part::copy("sending"),
        Delivery::Waiting => Part::copy("waiting"),
        Delivery::Failed(failure) => {
            let failed = Part::copy("failed");
            failed.at(".reason").text(&failure.reason);
            failed
        }
    })
}

/// Shows the time in full, where somebody points at a message or goes to it. Few are pointed at, and
/// the browser takes longer to write that time than for all the rest of the row.
pub(super) fn show_full_time(article: &Part, message: &Message) {
    if article.get("title").is_none() {
        article.set("title", &clock::full(message.at.0 as f64));
    }
}

/// What a click on a button of a message does. One listener hears them all: rows come and go all
/// the time, and a listener for each would cost more than the row.
pub(super) fn clicked(session: Session, message: &Message, button: &Element) {
    let class = button.class_list();
    if class.contains("message-sender") {
        session.open(ConversationId::With(message.sender.clone()));
    } else if class.contains("unfold") {
        text::unfold(session, message, button);
    } else if class.contains("retry") {
        session.retry(message.id);
    } else if class.contains("delete") {
        session.delete(message.id);
    }
}
