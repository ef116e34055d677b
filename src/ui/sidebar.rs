//! The conversations, and who is signed in.

use leptos::prelude::*;

use super::{avatar, welcome, words};
use crate::app::Session;
use crate::chat::{Chat, Conversation, ConversationId, Me};

/// The list of conversations; on a phone a drawer that `drawer` opens.
#[component]
pub(super) fn Sidebar(session: Session, drawer: RwSignal<bool>) -> impl IntoView {
    let room = move || session.read(|chat| vec![Item::of(chat, chat.room())]);
    let private = move || {
        session.read(|chat| {
            chat.private()
                .iter()
                .map(|one| Item::of(chat, one))
                .collect::<Vec<_>>()
        })
    };
    let hint = move || {
        session.read(|chat| match chat.me() {
            Me::Anonymous => Some(words::PRIVATE_ANONYMOUS),
            Me::User(_) => chat.private().is_empty().then_some(words::PRIVATE_EMPTY),
        })
    };
    let list = move |items: Vec<Item>| {
        items
            .into_iter()
            .map(|item| item.view(session, drawer))
            .collect_view()
    };
    view! {
        <div class="sidebar">
            <div class="brand">{welcome::mark()} {words::APP}</div>
            <nav class="conversations" aria-label=words::CONVERSATIONS>
                <ul>{move || list(room())}</ul>
                <h2>{words::PRIVATE}</h2>
                <ul>{move || list(private())}</ul>
                <p class="conversations-hint">{hint}</p>
            </nav>
            <Account session />
        </div>
    }
    .into_any()
}

#[component]
fn Account(session: Session) -> impl IntoView {
    let name = session.display_name();
    let signed_in = session.peek(|chat| matches!(chat.me(), Me::User(_)));
    view! {
        <div class="account">
            {face(&name)}
            <bdi class="account-name" id="me">{if signed_in { name } else { words::ANONYMOUS.to_owned() }}</bdi>
            {signed_in.then(|| view! {
                <button class="link" id="sign-out" on:click=move |_| session.sign_out()>{words::SIGN_OUT}</button>
            })}
        </div>
    }
    .into_any()
}

/// A row of the list.
struct Item {
    id: ConversationId,
    last: String,
    unread: usize,
    open: bool,
}

impl Item {
    fn of(chat: &Chat, conversation: &Conversation) -> Item {
        Item {
            id: conversation.id.clone(),
            last: conversation
                .timeline
                .last_message()
                .map_or_else(String::new, |last| {
                    // The list shows one line: no need to hand on a text of any length.
                    last.text.chars().take(80).collect()
                }),
            unread: conversation.unread,
            open: chat.open().id == conversation.id,
        }
    }

    fn view(self, session: Session, drawer: RwSignal<bool>) -> AnyView {
        let Item {
            id,
            last,
            unread,
            open,
        } = self;
        let (name, hook) = match &id {
            ConversationId::Room => (words::ROOM.to_owned(), "room".to_owned()),
            ConversationId::With(name) => (shown_name(name), ["user:", name].concat()),
        };
        let face = match &id {
            ConversationId::Room => {
                view! { <span class="avatar room" aria-hidden="true">"#"</span> }.into_any()
            }
            ConversationId::With(name) => face(name),
        };
        let open_it = move |_| {
            drawer.set(false);
            session.open(id.clone());
        };
        view! {
            <li>
                <button data-conversation=hook aria-current=open.then_some("true") on:click=open_it>
                    {face}
                    <span class="conversation-label">
                        <bdi class="conversation-name">{name}</bdi>
                        <bdi class="conversation-last">{last}</bdi>
                    </span>
                    {badge(unread)}
                </button>
            </li>
        }
        .into_any()
    }
}

/// How many messages are unread; nothing for none.
pub(super) fn badge(unread: usize) -> Option<AnyView> {
    (unread > 0).then(|| {
        view! {
            <span class="badge">
                <span aria-hidden="true">{unread.min(99)}</span>
                <span class="aloud">{words::unread(unread)}</span>
            </span>
        }
        .into_any()
    })
}

/// The initials of a person.
pub(super) fn face(name: &str) -> AnyView {
    let (class, letters) = match name {
        "" => ("avatar nobody".to_owned(), "?".to_owned()),
        _ => (
            ["avatar hue-", &avatar::hue(name).to_string()].concat(),
            avatar::initials(name),
        ),
    };
    view! { <span class=class aria-hidden="true">{letters}</span> }.into_any()
}

/// A user name, or what stands for somebody without one.
pub(super) fn shown_name(name: &str) -> String {
    if name.is_empty() {
        words::ANONYMOUS
    } else {
        name
    }
    .to_owned()
}
