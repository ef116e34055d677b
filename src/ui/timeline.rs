//! What was said, in a window that follows the newest.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::Element;

use super::message::row;
use super::part::{Part, follow};
use super::rows::{Row, rows};
use super::sidebar::{face_of, name_of, shown_name};
use super::words;
use crate::app::Session;
use crate::chat::{Conversation, ConversationId};
use crate::platform::clock;

/// How many entries are in the page at the end of a conversation, and how many more each
/// "Earlier messages" brings.
const WINDOW: usize = 100;

/// Within this many pixels of the end counts as being there: zoom and elastic scrolling make an
/// exact comparison wrong.
const NEAR_END: i32 = 48;

/// The timeline of conversation `id`.
#[component]
pub(super) fn TimelineView(session: Session, id: ConversationId) -> Part {
    let timeline = Part::copy("timeline");
    let log = timeline.at(".timeline");
    let scroll = Scroll(log.element());
    // The first entry in the page while the person reads back; `None` while they follow the end.
    let back_from = RwSignal::new(None::<usize>);
    // How many messages there were when they left the end.
    let seen = RwSignal::new(0_usize);
    // The height of the content before earlier messages are put on top of it.
    let height_before = StoredValue::new(None::<i32>);

    let id = StoredValue::new(id);
    let count =
        move || session.read(|chat| id.with_value(|id| message_count(chat.conversation(id))));
    let start = move || {
        session.read(|chat| {
            let entries =
                id.with_value(|id| chat.conversation(id).map_or(0, |one| one.timeline.len()));
            let end = entries.saturating_sub(WINDOW);
            back_from.get().unwrap_or(end).min(entries)
        })
    };

    let reading = scroll.clone();
    log.on("scroll", move |_| {
        match (reading.is_at_end(), back_from.get_untracked()) {
            (true, Some(_)) => back_from.set(None),
            (false, None) => {
                seen.set(untrack(count));
                back_from.set(Some(untrack(start)));
            }
            _ => {}
        }
    });
    // Called between layout and paint whenever rows came, went or changed their height: the place
    // that is being read never jumps.
    let placed = scroll.clone();
    follow_size(&[&log, &timeline.at(".timeline-rows")], move || {
        let before = height_before.try_update_value(Option::take).flatten();
        match (before, back_from.get_untracked()) {
            (_, None) => placed.to_end(),
            (Some(before), Some(_)) => placed.by(placed.height() - before),
            _ => {}
        }
    });

    let empty_place = timeline.at("[data-place=empty]");
    follow(move || {
        let count = count();
        log.set("data-message-count", &count.to_string());
        empty_place.keep(count == 0, || id.with_value(empty));
    });
    let earlier = timeline.at("[data-place=earlier]");
    let growing = scroll.clone();
    follow(move || {
        let growing = growing.clone();
        let button = || {
            let button = Part::copy("earlier");
            button.on("click", move |_| {
                height_before.set_value(Some(growing.height()));
                back_from.set(Some(untrack(start).saturating_sub(WINDOW)));
            });
            button
        };
        earlier.keep(start() > 0, button);
    });
    let mut list = RowList::new(timeline.at("[data-place=rows]"));
    follow(move || {
        let start = start();
        let shown = session.read(|chat| {
            let conversation = id.with_value(|id| chat.conversation(id));
            conversation.map_or_else(Vec::new, |one| {
                rows(&one.timeline, start, |at| clock::day_number(at.0 as f64))
            })
        });
        list.show(&shown, session);
    });
    let latest = timeline.at("[data-place=latest]");
    follow(move || {
        let scroll = scroll.clone();
        let button = || {
            let button = Part::copy("latest");
            button.on("click", move |_| {
                back_from.set(None);
                scroll.to_end();
            });
            button
        };
        if let Some(button) = latest.keep(back_from.get().is_some(), button) {
            button.text(&words::latest(count().saturating_sub(seen.get())));
        }
    });
    announce(timeline.at("[role=status]"), session, id);
    timeline
}

/// The rows on the page, in their order.
struct RowList {
    place: Part,
    shown: Vec<((u64, u32), Part)>,
}

impl RowList {
    fn new(place: Part) -> RowList {
        RowList {
            place,
            shown: Vec::new(),
        }
    }

    /// Shows these rows. One whose key is on the page already stays there as it is, unless it comes
    /// earlier than before.
    fn show(&mut self, rows: &[Row], session: Session) {
        let mut before = std::mem::take(&mut self.shown).into_iter();
        for one in rows {
            let key = one.key();
            let found = before
                .as_slice()
                .iter()
                .position(|(known, _)| *known == key);
            for (_, gone) in before.by_ref().take(found.unwrap_or(0)) {
                gone.remove();
            }
            let stays = found.and_then(|_| before.next());
            self.shown.push(stays.unwrap_or_else(|| {
                let part = row(session, one);
                let next = before.as_slice().first().map(|(_, next)| next);
                self.place.insert(part.clone(), next);
                (key, part)
            }));
        }
        for (_, gone) in before {
            gone.remove();
        }
    }
}

/// The element that scrolls.
#[derive(Clone)]
struct Scroll(Element);

impl Scroll {
    fn is_at_end(&self) -> bool {
        self.height() - self.0.scroll_top() - self.0.client_height() < NEAR_END
    }

    fn to_end(&self) {
        self.0.set_scroll_top(self.height());
    }

    fn by(&self, pixels: i32) {
        self.0.set_scroll_top(self.0.scroll_top() + pixels);
    }

    /// The height of what is in it, shown or not.
    fn height(&self) -> i32 {
        self.0.scroll_height()
    }
}

/// Calls `resized` when one of `parts` changes its size, for as long as the component that asks
/// for it is on the page.
fn follow_size(parts: &[&Part], resized: impl FnMut() + 'static) {
    let callback = Closure::<dyn FnMut()>::new(resized);
    let Ok(observer) = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()) else {
        return;
    };
    for part in parts {
        observer.observe(&part.element());
    }
    let observing = StoredValue::new_local(Some((observer, callback)));
    on_cleanup(move || {
        if let Some((observer, _)) = observing.try_update_value(Option::take).flatten() {
            observer.disconnect();
        }
    });
}

fn message_count(conversation: Option<&Conversation>) -> usize {
    conversation.map_or(0, |one| one.timeline.message_count())
}

/// What stands where nothing was said yet.
fn empty(id: &ConversationId) -> Part {
    let (title, hint) = match id {
        ConversationId::Room => (words::EMPTY_ROOM.into(), words::EMPTY_ROOM_HINT),
        ConversationId::With(_) => (name_of(id), words::EMPTY_PRIVATE_HINT),
    };
    let empty = Part::copy("empty");
    face_of(&empty.at(".avatar"), id);
    empty.at("bdi").text(&title);
    empty.at("p").text(hint);
    empty
}

/// Tells a screen reader what came. The timeline itself is not live: scrolling back would read
/// the whole past again, and a burst every single message.
fn announce(place: Part, session: Session, id: StoredValue<ConversationId>) {
    let mut before = None;
    follow(move || {
        session.read(|chat| {
            let conversation = id.with_value(|id| chat.conversation(id));
            let count = message_count(conversation);
            let new = count.saturating_sub(before.replace(count).unwrap_or(count));
            let last = conversation
                .and_then(|one| one.timeline.last_message())
                .filter(|last| !last.own);
            match (new, last) {
                (0, _) => {}
                (_, None) => place.text(""),
                (1, Some(last)) => place.text(&words::said(&shown_name(&last.sender), &last.text)),
                (several, Some(_)) => place.text(&words::new_messages(several)),
            }
        });
    });
}
