//! One row of a timeline.

use super::part::Part;
use super::rows::Row;
use super::sidebar::{face, shown_name};
use super::switcher::look_alike;
use super::{text, words};
use crate::app::Session;
use crate::chat::{ConversationId, Delivery, Gap, Message, Timestamp};
use crate::platform::clock;

/// Draws a row.
pub(super) fn row(session: Session, row: &Row) -> Part {
    match row {
        Row::Day { at, .. } => line("day", &clock::day(at.0 as f64)),
        Row::Gap(Gap { from, to, .. }) => {
            let time = |at: &Timestamp| clock::time_of_day(at.0 as f64);
            line("gap", &words::gap(&time(from), &time(to)))
        }
        Row::Message {
            message,
            opens_group,
        } => message_row(session, message, *opens_group),
    }
}

fn line(template: &str, text: &str) -> Part {
    let line = Part::copy(template);
    line.text(text);
    line
}

fn message_row(session: Session, message: &Message, opens_group: bool) -> Part {
    let at = message.at.0 as f64;
    let row = if opens_group {
        let row = Part::copy("message");
        face(&row.at(".avatar"), &message.sender);
        show_sender(&row, session, message);
        let time = row.at("time");
        time.set("datetime", &clock::iso(at));
        time.set("title", &clock::full(at));
        time.text(&clock::time_of_day(at));
        row
    } else {
        let row = Part::copy("message-of-group");
        row.at(".message-sender").text(&shown_name(&message.sender));
        row
    };
    row.set("title", &clock::full(at));
    row.set("data-state", state(&message.delivery));
    text::show(&row, session, message);
    if let Some(delivery) = delivery(session, message) {
        row.add(delivery);
    }
    row
}

/// The sender's name: a button where a private message can be sent to that person.
fn show_sender(row: &Part, session: Session, message: &Message) {
    let name = shown_name(&message.sender);
    let (button, words_only) = (
        row.at("button.message-sender"),
        row.at("bdi.message-sender"),
    );
    if !message.own && session.peek(|chat| chat.can_write_to(&message.sender)) {
        words_only.remove();
        button.at("bdi").text(&name);
        button.set("title", &words::write_privately_to(&name));
        let with = ConversationId::With(message.sender.clone());
        button.on("click", move |_| session.open(with.clone()));
    } else {
        button.remove();
        words_only.text(&name);
    }
    if !message.own {
        row.at(".message-you").remove();
        row.at(".looks-like")
            .text(&look_alike(session, &message.sender));
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
fn delivery(session: Session, message: &Message) -> Option<Part> {
    let id = message.id;
    let delivery = match &message.delivery {
        Delivery::Received => return None,
        Delivery::Sent => return Some(Part::copy("sent")),
        Delivery::Sending => return Some(Part::copy("sending")),
        Delivery::Waiting => Part::copy("waiting"),
        Delivery::Failed(failure) => {
            let failed = Part::copy("failed");
            failed.at(".reason").text(&failure.reason);
            failed.at(".retry").on("click", move |_| session.retry(id));
            failed
        }
    };
    delivery
        .at(".delete")
        .on("click", move |_| session.delete(id));
    Some(delivery)
}
