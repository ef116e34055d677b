//! What was said, in a window that follows the newest.

mod keys;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event};

use super::message;
use super::part::{Part, follow};
use super::row_list::RowList;
use super::sidebar::{face_of, name_of};
use super::window::{Place, Window};
use super::words;
use crate::app::Session;
use crate::chat::{
    Changes, Chat, Conversation, ConversationId, Delivery, Entry, Message, MessageId,
};
use crate::later::{self, Task};
use crate::platform::page::{self, VisibilityListener};

/// Within this many pixels of the end counts as being there: zoom and elastic scrolling make an
/// exact comparison wrong.
const NEAR_END: i32 = 4;

/// Rows that turn out lower than they were taken for leave room for more: so often it is looked
/// again within one frame.
const TRIES: usize = 8;

/// Everything looks as it did.
const NOTHING: Changes = Changes {
    from: usize::MAX,
    moved_from: usize::MAX,
};

/// The timeline of conversation `id`.
#[component]
pub(super) fn TimelineView(session: Session, id: ConversationId) -> Part {
    let frame = Part::copy("timeline");
    let log = frame.at(".timeline");
    let drawn = frame.at(".timeline-drawn");
    let view = View {
        session,
        window: Window::new(0),
        first: 0,
        list: RowList::new(drawn.clone(), &id),
        frame: frame.clone(),
        log: log.clone(),
        drawn: drawn.clone(),
        above: frame.at(".space-above"),
        below: frame.at(".space-below"),
        size: (0, 0),
        origin: 0.0,
        anchor: None,
        active: None,
        newest_own: None,
        new_from: None,
        watched: None,
        opened: false,
        id,
    };
    let view = Rc::new(RefCell::new(view));
    let scrolled = view.clone();
    log.listen("scroll", move |_| {
        if let Ok(mut view) = scrolled.try_borrow_mut() {
            view.scrolled();
        }
    });
    for (part, event) in [
        (&log, "keydown"),
        (&log, "focusin"),
        (&log, "pointerover"),
        (&frame, "click"),
    ] {
        let view = view.clone();
        part.listen(event, move |event| {
            // What has passed by then is of no use.
            if later::is_here() || event.type_() == "click" {
                later::run(Task::InTimeline(view.clone(), event));
            }
        });
    }
    let resized = view.clone();
    // Called between layout and paint: what is being read never jumps.
    follow_size(&[&log, &drawn], move || resized.borrow_mut().resized());
    let looked_at = view.clone();
    let listener = VisibilityListener::new(move || looked_at.borrow_mut().watch());
    let listening = StoredValue::new_local(Some(listener));
    on_cleanup(move || {
        listening.try_update_value(Option::take);
    });
    follow(move || {
        session.read(|_| ());
        let revealed = session.revealed.get();
        view.borrow_mut().update(false);
        if revealed.is_some() {
            later::run(Task::Reveal(view.clone()));
        }
    });
    frame
}

/// Has a timeline do what an event in it asks for.
pub(crate) fn happened(view: &RefCell<View>, event: &Event) {
    // Whatever moves the focus from here hears of it at once, and needs not.
    let Ok(mut view) = view.try_borrow_mut() else {
        return;
    };
    match event.type_().as_str() {
        "keydown" => view.key_pressed(event),
        "focusin" => view.focused(event),
        "click" => view.clicked(event),
        _ => view.pointed_at(event),
    }
}

/// Brings the message into view that is to be.
pub(crate) fn reveal(view: &RefCell<View>) {
    let mut view = view.borrow_mut();
    let session = view.session;
    // A view that is about to go hears of it too, and must leave it for the one that comes.
    if session
        .revealed
        .get_untracked()
        .is_some_and(|id| view.reveal(id))
    {
        session.revealed.set(None);
    }
}

/// The timeline in the page.
pub(crate) struct View {
    session: Session,
    id: ConversationId,
    window: Window,
    /// The number of the entry that is the window's first row.
    first: usize,
    list: RowList,
    frame: Part,
    log: Part,
    drawn: Part,
    above: Part,
    below: Part,
    /// Width and height of the log.
    size: (i32, i32),
    /// Where in the log the space above begins.
    origin: f64,
    /// The entry at the upper edge.
    anchor: Option<MessageId>,
    /// The message that the keys go on from.
    active: Option<MessageId>,
    newest_own: Option<MessageId>,
    new_from: Option<MessageId>,
    /// What the session was told last: that the person looks at the end.
    watched: Option<bool>,
    /// It was drawn once.
    opened: bool,
}

impl View {
    /// Takes in what changed, and draws it. Measures all rows anew, or those that are new.
    fn update(&mut self, measure_all: bool) {
        let session = self.session;
        let mut changes = session.take(|chat| chat.take_changes(&self.id));
        session.peek(|chat| {
            let Some(conversation) = chat.conversation(&self.id) else {
                return;
            };
            self.follow_entries(conversation, changes);
            let new_from = conversation.new_from;
            if std::mem::replace(&mut self.new_from, new_from) != new_from {
                changes.from = 0;
            }
            let said_here = self.was_said_here(conversation);
            if !std::mem::replace(&mut self.opened, true) {
                self.open(chat, conversation);
            } else if said_here {
                // Whoever writes wants to see it.
                self.window.go(Place::End);
            }
            self.draw(chat, conversation, changes, measure_all);
        });
        self.watch();
    }

    /// Has a row in the window for each entry, and the anchor with the entry that it is.
    fn follow_entries(&mut self, conversation: &Conversation, changes: Changes) {
        let timeline = &conversation.timeline;
        let gone = timeline.first() - self.first;
        self.first = timeline.first();
        self.window.remove_front(gone);
        self.window
            .cut(changes.moved_from.saturating_sub(self.first));
        self.window.set_len(timeline.len());
        if let Place::At { row, .. } = self.window.place()
            && row + self.first >= changes.moved_from
            && let Some(number) = self.anchor.and_then(|id| timeline.number_of(id))
        {
            self.window.renumber(number - self.first);
        }
    }

    /// Begins where the person left, if what came since is more than can be seen at once.
    fn open(&mut self, chat: &Chat, conversation: &Conversation) {
        let new_from = conversation.new_from;
        let number = new_from.and_then(|id| conversation.timeline.number_of(id));
        // Once on what is taken for the heights, and again when they are measured.
        for _ in number.iter().flat_map(|_| 0..2) {
            self.draw(chat, conversation, NOTHING, false);
            self.window
                .begin_at(number.unwrap_or_default() - self.first);
        }
    }

    /// True if a message was typed here since this was asked last.
    fn was_said_here(&mut self, conversation: &Conversation) -> bool {
        let last = conversation.timeline.last_message();
        let own = last.filter(|last| last.own && last.delivery != Delivery::Received);
        own.is_some_and(|own| self.newest_own.replace(own.id) != Some(own.id))
    }

    /// Puts into the page what belongs there, and scrolls to where the person is.
    fn draw(
        &mut self,
        chat: &Chat,
        conversation: &Conversation,
        mut changes: Changes,
        mut measure_all: bool,
    ) {
        let had_focus = self.log.has_focus();
        for _ in 0..TRIES {
            let log: Element = self.log.element();
            self.size = (log.client_width(), log.client_height());
            self.window.set_viewport(f64::from(self.size.1));
            let wanted = self.window.wanted();
            let numbers = wanted.start + self.first..wanted.end + self.first;
            if numbers != self.list.numbers() || changes.from < numbers.end {
                self.list.show(chat, conversation, numbers, changes);
            }
            changes = NOTHING;
            self.window.set_drawn(wanted.clone());
            let measured = self.measure(std::mem::take(&mut measure_all));
            if !measured || self.window.wanted() == wanted {
                break;
            }
        }
        self.place();
        self.show_edges(conversation);
        if had_focus && !self.log.has_focus() {
            let article = self.active.and_then(|id| self.list.article_of(id));
            article.unwrap_or(&self.log).focus_in_place();
        }
        if let Place::At { row, .. } = self.window.place() {
            let entry = conversation.timeline.entry(row + self.first);
            self.anchor = entry.map(Entry::id);
        }
    }

    /// Measures rows. False if all are as high as they were taken to be.
    fn measure(&mut self, all: bool) -> bool {
        let mut moved = false;
        let (window, first) = (&mut self.window, self.first);
        self.list.measure(all, |number, height| {
            moved |= window.measured(number - first, height);
        });
        moved
    }

    /// Gives the page the height of the whole list, and scrolls to where the person is.
    fn place(&mut self) {
        let layout = self.window.layout();
        self.above.set_height(layout.above);
        self.below.set_height(layout.below);
        let log: Element = self.log.element();
        self.origin = self.above.top() - self.log.top() + f64::from(log.scroll_top());
        if self.window.place() == Place::End {
            log.set_scroll_top(log.scroll_height());
            return;
        }
        let top = (self.origin + layout.top).round() as i32;
        if log.scroll_top() != top {
            log.set_scroll_top(top);
            // A browser goes no further than to the end.
            let reached = log.scroll_top();
            if reached < top {
                self.window.scrolled(self.top(), true);
            }
        }
    }

    /// What stands at the edges of the window: the ways on, and what is missed at the end.
    fn show_edges(&self, conversation: &Conversation) {
        let at = |place: &str| self.frame.at(place);
        let (timeline, numbers) = (&conversation.timeline, self.list.numbers());
        let count = timeline.message_count();
        self.log.set("data-message-count", &count.to_string());
        at("[data-place=empty]").keep(count == 0, || empty(&self.id));
        at("[data-place=earlier]").keep(numbers.start > self.first, || Part::copy("earlier"));
        at("[data-place=later]").keep(numbers.end < timeline.end(), || Part::copy("later"));
        let reads_back = self.window.place() != Place::End;
        if let Some(latest) = at("[data-place=latest]").keep(reads_back, || Part::copy("latest")) {
            latest.text(&words::latest(conversation.unread));
        }
    }

    fn scrolled(&mut self) {
        let log: Element = self.log.element();
        let left = log.scroll_height() - log.scroll_top() - log.client_height();
        if self.window.scrolled(self.top(), left < NEAR_END) {
            self.update(false);
        }
    }

    /// The scroll position, as the window counts it.
    fn top(&self) -> f64 {
        let log: Element = self.log.element();
        f64::from(log.scroll_top()) - self.origin
    }

    /// The page has another size, or rows turn out to be of another height.
    fn resized(&mut self) {
        let log: Element = self.log.element();
        if self.size != (log.client_width(), log.client_height()) {
            self.update(true);
        } else if (self.drawn.height() - self.window.drawn_height()).abs() > 0.5 {
            // No rows come or go here: that would be another change of size, in the same frame.
            self.measure(true);
            self.place();
        }
    }

    /// Says whether the person looks at the end.
    fn watch(&mut self) {
        let watched = self.window.place() == Place::End && !page::is_hidden();
        if self.watched.replace(watched) != Some(watched) {
            self.session.watch(watched);
        }
    }

    fn clicked(&mut self, event: &Event) {
        let target = event.target().and_then(|target| target.dyn_into().ok());
        let Some(button) = target.and_then(|target: Element| target.closest("button").ok()?) else {
            return;
        };
        let class = button.class_list();
        let numbers = self.list.numbers();
        if class.contains("to-latest") {
            self.window.go(Place::End);
            self.update(false);
            // The button is gone.
            self.log.focus_in_place();
        } else if class.contains("earlier") {
            self.go_to_message(numbers.start.saturating_sub(1), false);
        } else if class.contains("later") {
            self.go_to_message(numbers.end, true);
        } else if let Some((_, message)) = self.message_at(event) {
            message::clicked(self.session, &message, &button);
        }
    }

    fn pointed_at(&mut self, event: &Event) {
        if let Some((article, message)) = self.message_at(event) {
            message::show_full_time(article, &message);
        }
    }

    /// The message in which an event happened.
    fn message_at(&self, event: &Event) -> Option<(&Part, Arc<Message>)> {
        let number = self.list.find(|article| article.is_around(event))?;
        let entry = self.session.peek(|chat| {
            let timeline = &chat.conversation(&self.id)?.timeline;
            timeline.entry(number).cloned()
        });
        match entry? {
            Entry::Message(message) => Some((self.list.article(number)?, message)),
            Entry::Gap(_) => None,
        }
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

/// What stands where nothing was said yet.
fn empty(id: &ConversationId) -> Part {
    let (title, hint) = match id {
        ConversationId::Room => (words::empty_room().into(), words::empty_room_hint()),
        ConversationId::With(_) => (name_of(id), words::empty_private_hint()),
    };
    let empty = Part::copy("empty");
    face_of(&empty.at(".avatar"), id);
    empty.at("bdi").text(&title);
    empty.at("p").text(hint);
    empty
}
