//! One row of a timeline.

use std::sync::Arc;

use leptos::prelude::*;

use super::rows::Row;
use super::sidebar::{face, shown_name};
use super::words;
use crate::app::Session;
use crate::chat::{ConversationId, Delivery, Gap, Message, Timestamp};
use crate::platform::clock;

/// Draws a row.
pub(super) fn row(session: Session, row: Row) -> AnyView {
    match row {
        Row::Day { at, .. } => view! { <p class="day">{clock::day(at.0 as f64)}</p> }.into_any(),
        Row::Gap(gap) => gap_view(gap),
        Row::Message {
            message,
            opens_group,
        } => message_view(session, &message, opens_group),
    }
}

fn gap_view(gap: Gap) -> AnyView {
    let time = |at: Timestamp| clock::time_of_day(at.0 as f64);
    view! { <p class="gap">{words::gap(&time(gap.from), &time(gap.to))}</p> }.into_any()
}

fn message_view(session: Session, message: &Arc<Message>, opens_group: bool) -> AnyView {
    let name = shown_name(&message.sender);
    let at = message.at.0 as f64;
    let head = if opens_group {
        view! {
            {face(&message.sender)}
            <div class="message-head">
                {sender(session, message, name)}
                {message.own.then(|| view! { <span class="message-you">{words::YOU}</span> })}
                <time datetime=clock::iso(at) title=clock::full(at)>{clock::time_of_day(at)}</time>
            </div>
        }
        .into_any()
    } else {
        view! { <span class="aloud message-sender">{name}</span> }.into_any()
    };
    view! {
        <article class="message" class:opens-group=opens_group data-state=state(&message.delivery) title=clock::full(at)>
            {head}
            <div class="message-text">{message.text.to_string()}</div>
            {delivery(session, message)}
        </article>
    }
    .into_any()
}

/// The sender's name: a button where a private message can be sent to that person.
fn sender(session: Session, message: &Message, name: String) -> AnyView {
    let reachable = !message.own && session.peek(|chat| chat.can_write_to(&message.sender));
    if !reachable {
        return view! { <bdi class="message-sender">{name}</bdi> }.into_any();
    }
    let with = ConversationId::With(message.sender.clone());
    let title = words::write_privately_to(&name);
    view! {
        <button
            class="message-sender"
            title=title
            on:click=move |_| session.open(with.clone())
        >
            <bdi>{name}</bdi>
        </button>
    }
    .into_any()
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

fn delivery(session: Session, message: &Message) -> Option<AnyView> {
    let id = message.id;
    let delete = move || {
        view! { <button class="link" on:click=move |_| session.delete(id)>{words::DELETE}</button> }
    };
    let shown = match &message.delivery {
        Delivery::Received => return None,
        Delivery::Sent => view! { <span class="aloud">{words::SENT}</span> }.into_any(),
        Delivery::Sending => view! { <p class="message-state">{words::SENDING}</p> }.into_any(),
        Delivery::Waiting => view! {
            <p class="message-state">{words::WAITING} {delete()}</p>
        }
        .into_any(),
        Delivery::Failed(failure) => view! {
            <p class="message-state">
                <span><strong>{words::FAILED}</strong> " " {failure.reason.to_string()}</span>
                <button class="link" on:click=move |_| session.retry(id)>{words::RETRY}</button>
                {delete()}
            </p>
        }
        .into_any(),
    };
    Some(shown)
}
