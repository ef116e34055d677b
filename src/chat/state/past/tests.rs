//! What a chat hands over to be kept, and what another makes of it.

use super::*;
use crate::chat::history::{Claim, Kept, Past};
use crate::chat::{Failure, Incoming, Me, Measure};

const ROOM: ConversationId = ConversationId::Room;

/// A page of Alice's, and what is kept on her device.
struct Page {
    chat: Chat,
    kept: Kept,
}

/// Keys and values, in the order of the keys.
type Store = std::collections::BTreeMap<String, String>;

impl Page {
    /// Opens a page that takes up what is kept.
    fn open(name: &str, store: &Store, claim: Claim) -> Page {
        let mut page = Page {
            chat: Chat::new(Me::User("alice".into()), || "name".into()),
            kept: Kept::new(name.into()),
        };
        page.chat.begin_to_keep();
        let mut past = Past::new(&page.kept);
        for (key, value) in store {
            past.add(key.clone(), Some(value));
        }
        let settled = past.settle(|_| claim, &"closed".into());
        page.kept.took_up(page.chat.take_up(settled));
        page
    }

    fn write(&mut self, store: &mut Store, now: u64) {
        let changes = self.chat.take_changes_to_keep();
        let batch = self.kept.batch(changes, Timestamp(now));
        store.extend(batch.put);
        for key in batch.delete {
            store.remove(&key);
        }
    }

    fn hear(&mut self, sender: &str, text: &str, private: bool, now: u64) {
        let incoming = Incoming {
            sender: sender.into(),
            text: text.into(),
            private,
            ..Incoming::default()
        };
        self.chat.receive(incoming, Timestamp(now));
    }

    /// The texts of a conversation; `--` for a gap, and a mark before what is not sent.
    fn lines(&self, id: &ConversationId) -> Vec<String> {
        let Some(conversation) = self.chat.conversation(id) else {
            return Vec::new();
        };
        let timeline = &conversation.timeline;
        let line = |entry: &Entry| match entry {
            Entry::Gap(_) => "--".to_owned(),
            Entry::Message(message) => {
                let mark = match message.delivery {
                    Delivery::Received | Delivery::Sent => "",
                    Delivery::Waiting => "waiting ",
                    Delivery::Sending => "sending ",
                    Delivery::Failed(_) => "failed ",
                };
                [mark, &message.text].concat()
            }
        };
        (0..timeline.len())
            .filter_map(|at| timeline.get(at))
            .map(line)
            .collect()
    }
}

fn with(name: &str) -> ConversationId {
    ConversationId::With(name.into())
}

#[test]
fn another_page_shows_what_was_said_with_a_gap_behind_it() {
    let mut store = Store::new();
    let mut first = Page::open("a", &store, Claim::Ours);
    first.chat.connected(Timestamp(1));
    first.hear("bob", "hello", false, 2);
    first.hear("bob", "psst", true, 3);
    first.hear("carol", "hey", true, 4);
    let id = first.chat.compose(&ROOM, "hi", Timestamp(5)).unwrap();
    first.chat.next_outgoing().unwrap();
    first.chat.accepted(id);
    first.write(&mut store, 6);
    assert!(!first.chat.has_changes_to_keep());

    let mut second = Page::open("b", &store, Claim::Ours);
    let order: Vec<_> = second.chat.private().iter().map(|one| &one.id).collect();
    assert_eq!(order, [&with("carol"), &with("bob")]);
    assert_eq!(second.lines(&ROOM), ["hello", "hi"]);
    assert_eq!(second.chat.open().unread, 0, "it was here before");
    assert!(second.chat.is_somebody("Carol"), "names can be completed");
    second.chat.connected(Timestamp(9));
    second.hear("bob", "again", false, 10);
    assert_eq!(second.lines(&ROOM), ["hello", "hi", "--", "again"]);
    assert_eq!(second.lines(&with("bob")), ["psst", "--"]);
    let Some(Entry::Gap(gap)) = second.chat.room().timeline.get(2) else {
        panic!("a gap")
    };
    assert_eq!((gap.from, gap.to), (Timestamp(6), Timestamp(9)));
    second.write(&mut store, 11);

    let mut third = Page::open("c", &store, Claim::Ours);
    third.chat.connected(Timestamp(12));
    assert_eq!(third.lines(&ROOM), ["hello", "hi", "--", "again", "--"]);
}

#[test]
fn the_past_may_come_after_the_connection() {
    let mut store = Store::new();
    let mut first = Page::open("a", &store, Claim::Ours);
    first.hear("bob", "before", false, 2);
    first.write(&mut store, 3);
    let mut late = Page::open("b", &Store::new(), Claim::Ours);
    late.chat.connected(Timestamp(5));
    late.hear("bob", "after", false, 6);
    let mut past = Past::new(&late.kept);
    for (key, value) in &store {
        past.add(key.clone(), Some(value));
    }
    let settled = past.settle(|_| Claim::Ours, &"closed".into());
    late.kept.took_up(late.chat.take_up(settled));
    assert_eq!(late.lines(&ROOM), ["before", "--", "after"]);
    // Numbers and gaps fit each other still.
    assert_eq!(late.chat.room().timeline.message_count(), 2);
    assert_eq!(late.chat.room().timeline.messages_above(2), 1);
}

#[test]
fn what_waited_waits_again_and_is_sent_first() {
    let mut store = Store::new();
    let mut first = Page::open("a", &store, Claim::Ours);
    first.chat.connected(Timestamp(1));
    first.chat.disconnected(Timestamp(2));
    first.chat.compose(&ROOM, "1", Timestamp(3)).unwrap();
    first.chat.compose(&with("bob"), "2", Timestamp(4)).unwrap();
    first.write(&mut store, 5);

    let mut second = Page::open("b", &store, Claim::Ours);
    second.chat.compose(&ROOM, "3", Timestamp(6)).unwrap();
    second.write(&mut store, 7);
    assert_eq!(store.len(), 3, "each once");
    for text in ["1", "2", "3"] {
        let outgoing = second.chat.next_outgoing().unwrap();
        assert_eq!(outgoing.text, text);
        second.chat.accepted(outgoing.id);
    }
    assert_eq!(second.lines(&ROOM), ["1", "3"]);
    second.write(&mut store, 8);
    let third = Page::open("c", &store, Claim::Ours);
    assert_eq!(third.lines(&ROOM), ["1", "3"], "sent, and not again");
}

#[test]
fn what_was_on_its_way_is_never_sent_unasked() {
    let mut store = Store::new();
    let mut first = Page::open("a", &store, Claim::Ours);
    let on_its_way = first.chat.compose(&ROOM, "1", Timestamp(1)).unwrap();
    first.chat.next_outgoing().unwrap();
    first.write(&mut store, 2);
    let mut second = Page::open("b", &store, Claim::Ours);
    assert_eq!(second.lines(&ROOM), ["failed 1"]);
    assert_eq!(second.chat.next_outgoing(), None);
    // Of a message that has failed the reason stays, and Delete takes it off the device.
    let failure = Failure {
        reason: "refused".into(),
        ambiguous: false,
    };
    first.chat.failed(on_its_way, failure.clone());
    first.write(&mut store, 3);
    let mut third = Page::open("c", &store, Claim::Ours);
    let message = third.chat.room().timeline.last_message().unwrap().clone();
    assert_eq!(message.delivery, Delivery::Failed(failure));
    third.write(&mut store, 4);
    third.chat.delete(message.id).unwrap();
    third.write(&mut store, 5);
    assert!(store.is_empty(), "{store:?}");
}

#[test]
fn nothing_is_noted_before_somebody_keeps_it_and_then_all_of_it() {
    let mut chat = Chat::new(Me::Anonymous, || "name".into());
    let hello = || Incoming {
        text: "hello".into(),
        ..Incoming::default()
    };
    chat.receive(hello(), Timestamp(1));
    assert!(!chat.has_changes_to_keep());
    chat.begin_to_keep();
    assert_eq!(chat.take_changes_to_keep().len(), 1);
    chat.end_keeping();
    chat.receive(hello(), Timestamp(2));
    assert_eq!(chat.take_changes_to_keep(), []);
}

#[test]
fn it_is_known_until_when_everything_was_heard() {
    let mut chat = Chat::new(Me::Anonymous, || "name".into());
    assert_eq!(chat.heard_until(Timestamp(1)), None);
    chat.connected(Timestamp(2));
    assert_eq!(chat.heard_until(Timestamp(3)), Some(Timestamp(3)));
    chat.disconnected(Timestamp(4));
    assert_eq!(chat.heard_until(Timestamp(5)), Some(Timestamp(4)));
}

#[test]
fn only_what_others_wrote_to_this_person_is_news() {
    let mut page = Page::open("a", &Store::new(), Claim::Ours);
    page.hear("bob", "to all", false, 1);
    page.hear("bob", "to you", true, 2);
    page.hear("carol", "to you, too", true, 3);
    page.hear("alice", "to myself", true, 4);
    page.hear("bob", "to all, but @alice above all", false, 5);
    page.chat.ignore("bob", Measure::Mute, true);
    page.hear("bob", "to you, who does not listen", true, 6);
    let news = page.chat.take_news();
    assert_eq!(news.count, 3);
    let (place, message) = news.last.unwrap();
    assert_eq!(
        (place, &*message.text),
        (ROOM, "to all, but @alice above all")
    );
    assert_eq!(page.chat.take_news(), News::default());
}
