//! What the chat promises, said in terms of what a person sees.

use std::sync::atomic::{AtomicU32, Ordering};

use super::super::timeline::Entry;
use super::*;

const ROOM: ConversationId = ConversationId::Room;

fn with(name: &str) -> ConversationId {
    ConversationId::With(name.into())
}

/// Another name each time.
fn name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    COUNT.fetch_add(1, Ordering::Relaxed).to_string()
}

fn alice() -> Chat {
    Chat::new(Me::User("alice".into()), name)
}

fn public(sender: &str, text: &str) -> Incoming {
    Incoming {
        sender: sender.into(),
        text: text.into(),
        ..Incoming::default()
    }
}

fn private(sender: &str, text: &str) -> Incoming {
    Incoming {
        private: true,
        ..public(sender, text)
    }
}

/// The echo of a backend that returns the whole body.
fn echo(chat: &Chat, own: &Outgoing) -> Incoming {
    Incoming {
        client_id: Some(own.client_id.clone()),
        ..public(chat.me().name(), &own.text)
    }
}

/// One line a message: state, sender, text; `--` for a gap.
fn lines(chat: &Chat, id: &ConversationId) -> Vec<String> {
    let timeline = &chat
        .conversation(id)
        .expect("the conversation exists")
        .timeline;
    let line = |entry: &Entry| match entry {
        Entry::Gap(_) => "--".to_owned(),
        Entry::Message(message) => {
            let state = match message.delivery {
                Delivery::Received => "received",
                Delivery::Waiting => "waiting",
                Delivery::Sending => "sending",
                Delivery::Sent => "sent",
                Delivery::Failed(_) => "failed",
            };
            format!("{state} {}: {}", message.sender, message.text)
        }
    };
    (0..timeline.len())
        .filter_map(|index| timeline.get(index))
        .map(line)
        .collect()
}

fn post(chat: &mut Chat, to: &ConversationId, text: &str) -> Outgoing {
    chat.compose(to, text, Timestamp(1)).unwrap();
    chat.next_outgoing().unwrap()
}

fn ambiguous() -> Failure {
    Failure {
        reason: "no answer".into(),
        ambiguous: true,
    }
}

#[test]
fn a_public_message_and_its_echo_are_one_message() {
    let mut chat = alice();
    let own = post(&mut chat, &ROOM, "hi");
    assert_eq!(lines(&chat, &ROOM), ["sending alice: hi"]);
    chat.accepted(own.id);
    assert_eq!(lines(&chat, &ROOM), ["sent alice: hi"]);
    chat.receive(echo(&chat, &own), Timestamp(2));
    assert_eq!(lines(&chat, &ROOM), ["sent alice: hi"]);
}

#[test]
fn an_echo_may_overtake_the_answer_to_the_post() {
    let mut chat = alice();
    let own = post(&mut chat, &ROOM, "hi");
    chat.receive(echo(&chat, &own), Timestamp(2));
    assert_eq!(lines(&chat, &ROOM), ["sent alice: hi"]);
    chat.failed(own.id, ambiguous());
    assert_eq!(
        lines(&chat, &ROOM),
        ["sent alice: hi"],
        "the hub showed that it arrived"
    );
    chat.receive(public("alice", "hi"), Timestamp(3));
    assert_eq!(
        lines(&chat, &ROOM),
        ["sent alice: hi", "received alice: hi"],
        "said again elsewhere"
    );
}

#[test]
fn equal_texts_stay_as_many_as_were_said() {
    let mut chat = alice();
    for _ in 0..2 {
        let own = post(&mut chat, &ROOM, "ok");
        chat.accepted(own.id);
    }
    chat.receive(public("bob", "ok"), Timestamp(2));
    for _ in 0..3 {
        chat.receive(public("alice", "ok"), Timestamp(3));
    }
    assert_eq!(
        lines(&chat, &ROOM),
        [
            "sent alice: ok",
            "sent alice: ok",
            "received bob: ok",
            "received alice: ok"
        ],
        "two echoes, and one from another device"
    );
}

#[test]
fn what_others_said_meanwhile_stands_above_what_is_on_its_way() {
    let mut chat = alice();
    let own = post(&mut chat, &ROOM, "mine");
    chat.compose(&ROOM, "next", Timestamp(1)).unwrap();
    chat.receive(public("bob", "theirs"), Timestamp(2));
    assert_eq!(
        lines(&chat, &ROOM),
        [
            "received bob: theirs",
            "sending alice: mine",
            "waiting alice: next"
        ]
    );
    chat.receive(echo(&chat, &own), Timestamp(3));
    chat.receive(public("bob", "later"), Timestamp(4));
    assert_eq!(
        lines(&chat, &ROOM),
        [
            "received bob: theirs",
            "sent alice: mine",
            "received bob: later",
            "waiting alice: next"
        ]
    );
}

#[test]
fn one_message_is_on_its_way_at_a_time_and_in_order() {
    let mut chat = alice();
    let first = post(&mut chat, &ROOM, "1");
    chat.compose(&with("bob"), "2", Timestamp(1)).unwrap();
    assert_eq!(chat.next_outgoing(), None);
    chat.failed(first.id, ambiguous());
    let second = chat.next_outgoing().unwrap();
    assert_eq!(
        (second.conversation.clone(), second.text.as_str()),
        (with("bob"), "2")
    );
}

#[test]
fn a_private_message_stays_with_both_and_nobody_else() {
    let mut chat = alice();
    let own = post(&mut chat, &with("bob"), "psst");
    let expected = r#"{"recipient":"bob","sender":"","text":"psst","clientMessageId":"name"}"#;
    assert_eq!(own.body(), expected.replace("name", &own.client_id));
    chat.accepted(own.id);
    chat.receive(private("bob", "what?"), Timestamp(2));
    assert_eq!(
        lines(&chat, &with("bob")),
        ["sent alice: psst", "received bob: what?"]
    );
    assert!(lines(&chat, &ROOM).is_empty());
    assert!(!chat.private_exposed());
}

#[test]
fn a_private_message_to_oneself_is_shown_once() {
    for knows_the_field in [true, false] {
        let mut chat = alice();
        let own = post(&mut chat, &with("alice"), "note");
        chat.accepted(own.id);
        let client_id = knows_the_field.then(|| own.client_id.clone());
        chat.receive(
            Incoming {
                client_id,
                ..private("alice", "note")
            },
            Timestamp(2),
        );
        assert_eq!(lines(&chat, &with("alice")), ["sent alice: note"]);
    }
}

#[test]
fn a_backend_that_shows_private_messages_to_all_is_caught() {
    let mut chat = alice();
    let own = post(&mut chat, &with("bob"), "psst");
    chat.accepted(own.id);
    chat.receive(echo(&chat, &own), Timestamp(2));
    assert!(chat.private_exposed());
    assert_eq!(
        chat.compose(&with("bob"), "again", Timestamp(3)),
        Err(ComposeError::NoRecipient)
    );
}

/// The echo of an own message, as a backend brings it that knows this person by another name.
fn echo_from(sender: &str, own: &Outgoing) -> Incoming {
    Incoming {
        client_id: Some(own.client_id.clone()),
        ..public(sender, &own.text)
    }
}

#[test]
fn an_echo_tells_the_name_that_others_see() {
    let mut chat = alice();
    let first = post(&mut chat, &ROOM, "hi");
    chat.receive(echo_from("00-42", &first), Timestamp(2));
    chat.accepted(first.id);
    assert_eq!(*chat.me(), Me::User("00-42".into()));
    assert_eq!(lines(&chat, &ROOM), ["sent 00-42: hi"], "nothing twice");
    // From another tab, without a name of this one's.
    chat.receive(public("00-42", "from elsewhere"), Timestamp(3));
    let own = chat.room().timeline.last_message().unwrap().own;
    assert!(own, "one's own, by the name that was learnt");
    let second = post(&mut chat, &ROOM, "still me");
    chat.receive(echo_from("00-42", &second), Timestamp(4));
    assert_eq!(
        lines(&chat, &ROOM),
        [
            "sent 00-42: hi",
            "received 00-42: from elsewhere",
            "sent 00-42: still me"
        ]
    );
}

#[test]
fn a_name_that_was_confirmed_stays() {
    let mut chat = alice();
    let first = post(&mut chat, &ROOM, "hi");
    chat.receive(echo_from("alice", &first), Timestamp(2));
    chat.accepted(first.id);
    let second = post(&mut chat, &ROOM, "who am I?");
    chat.receive(echo_from("mallory", &second), Timestamp(3));
    assert_eq!(*chat.me(), Me::User("alice".into()));
    assert_eq!(
        lines(&chat, &ROOM),
        [
            "sent alice: hi",
            "received mallory: who am I?",
            "sending alice: who am I?"
        ],
        "somebody else's message, whatever it calls itself"
    );
    chat.receive(echo_from("alice", &second), Timestamp(4));
    assert_eq!(lines(&chat, &ROOM)[2], "sent alice: who am I?");
}

#[test]
fn only_an_echo_of_an_own_message_tells_a_name() {
    let mut chat = alice();
    let own = post(&mut chat, &ROOM, "hi");
    for incoming in [
        public("mallory", "hi"),
        Incoming {
            client_id: Some([own.client_id.as_str(), "0"].concat()),
            ..public("mallory", "hi")
        },
        // A backend that does not say who speaks has nothing to tell.
        echo_from("", &own),
        // Seen by everybody by now.
        echo_from("mallory", &own),
    ] {
        chat.receive(incoming, Timestamp(2));
        assert_eq!(*chat.me(), Me::User("alice".into()));
    }
    let mut nobody = Chat::new(Me::Anonymous, name);
    let own = post(&mut nobody, &ROOM, "hi");
    nobody.receive(echo_from("somebody", &own), Timestamp(2));
    assert_eq!(*nobody.me(), Me::Anonymous);
}

#[test]
fn nothing_private_can_be_typed_where_nobody_could_be_addressed() {
    let mut chat = Chat::new(Me::Anonymous, name);
    assert_eq!(
        chat.compose(&with("bob"), "psst", Timestamp(1)),
        Err(ComposeError::NoRecipient)
    );
    let mut chat = alice();
    assert_eq!(
        chat.compose(&with(""), "psst", Timestamp(1)),
        Err(ComposeError::NoRecipient)
    );
}

#[test]
fn a_text_that_cannot_be_sent_is_not_taken() {
    let mut chat = alice();
    assert_eq!(
        chat.compose(&ROOM, " \n ", Timestamp(1)),
        Err(ComposeError::Empty)
    );
    let long = "x".repeat(MAX_TEXT_BYTES + 1);
    assert_eq!(
        chat.compose(&ROOM, &long, Timestamp(1)),
        Err(ComposeError::TooLong(MAX_TEXT_BYTES + 1))
    );
    assert!(chat.room().timeline.is_empty());
}

#[test]
fn a_failed_message_keeps_its_text_until_it_is_retried_or_deleted() {
    let mut chat = alice();
    let own = post(&mut chat, &ROOM, "hi");
    chat.failed(own.id, ambiguous());
    chat.receive(public("bob", "hello?"), Timestamp(2));
    assert_eq!(
        lines(&chat, &ROOM),
        ["failed alice: hi", "received bob: hello?"]
    );

    assert!(chat.retry(own.id, Timestamp(3)));
    assert!(!chat.retry(own.id, Timestamp(3)), "it waits already");
    assert_eq!(
        lines(&chat, &ROOM),
        ["received bob: hello?", "waiting alice: hi"]
    );
    let again = chat.next_outgoing().unwrap();
    assert_ne!(
        again.client_id, own.client_id,
        "the two attempts can be told apart"
    );
    assert_eq!(chat.delete(own.id), None, "it left");
    chat.failed(own.id, ambiguous());
    assert_eq!(chat.delete(own.id).as_deref(), Some("hi"));
    assert_eq!(lines(&chat, &ROOM), ["received bob: hello?"]);
}

#[test]
fn a_late_echo_shows_that_an_ambiguous_failure_arrived() {
    let mut chat = alice();
    let own = post(&mut chat, &ROOM, "hi");
    chat.failed(own.id, ambiguous());
    // Over the next connection, too.
    chat.disconnected(Timestamp(2));
    chat.connected(Timestamp(3));
    chat.receive(echo(&chat, &own), Timestamp(4));
    assert_eq!(lines(&chat, &ROOM), ["sent alice: hi", "--"]);

    let own = post(&mut chat, &ROOM, "given up");
    chat.failed(own.id, ambiguous());
    assert!(chat.delete(own.id).is_some());
    chat.receive(echo(&chat, &own), Timestamp(5));
    let last = lines(&chat, &ROOM).pop();
    assert_eq!(last.as_deref(), Some("received alice: given up"));
}

#[test]
fn an_outage_leaves_one_gap_wherever_something_was_said() {
    let mut chat = alice();
    chat.connected(Timestamp(1));
    chat.receive(public("bob", "hi"), Timestamp(2));
    chat.open_conversation(with("carol"));
    for (lost, back) in [(3, 4), (5, 6)] {
        chat.disconnected(Timestamp(lost));
        chat.disconnected(Timestamp(lost + 1));
        chat.connected(Timestamp(back));
    }
    assert_eq!(lines(&chat, &ROOM), ["received bob: hi", "--"]);
    let Some(Entry::Gap(gap)) = chat.room().timeline.get(1) else {
        panic!("a gap")
    };
    assert_eq!((gap.from, gap.to), (Timestamp(3), Timestamp(6)));
    assert!(
        lines(&chat, &with("carol")).is_empty(),
        "nothing was said there"
    );
}

#[test]
fn a_lost_connection_takes_its_echoes_along() {
    let mut chat = alice();
    let own = post(&mut chat, &ROOM, "hi");
    chat.accepted(own.id);
    chat.disconnected(Timestamp(2));
    chat.connected(Timestamp(3));
    chat.receive(public("alice", "hi"), Timestamp(4));
    assert_eq!(
        lines(&chat, &ROOM),
        ["sent alice: hi", "--", "received alice: hi"],
        "from another device"
    );
}

#[test]
fn what_is_delivered_twice_is_shown_once() {
    let mut chat = alice();
    let own = post(&mut chat, &ROOM, "hi");
    let (own, others) = (echo(&chat, &own), echo_from("bob", &own));
    for incoming in [&own, &own, &others, &others] {
        chat.receive(incoming.clone(), Timestamp(2));
    }
    assert_eq!(lines(&chat, &ROOM), ["sent alice: hi", "received bob: hi"]);
}

#[test]
fn unread_counts_what_came_elsewhere_from_others() {
    let mut chat = alice();
    chat.receive(private("bob", "1"), Timestamp(1));
    chat.receive(private("carol", "2"), Timestamp(2));
    chat.receive(private("bob", "3"), Timestamp(3));
    chat.receive(public("bob", "4"), Timestamp(4));
    let list: Vec<_> = chat
        .private()
        .iter()
        .map(|c| (c.id.clone(), c.unread))
        .collect();
    assert_eq!(list, [(with("bob"), 2), (with("carol"), 1)], "newest first");
    assert_eq!(chat.room().unread, 0, "it is open");

    chat.open_conversation(with("bob"));
    chat.receive(private("bob", "5"), Timestamp(5));
    chat.receive(public("carol", "6"), Timestamp(6));
    assert_eq!((chat.open().unread, chat.room().unread), (0, 1));
}

#[test]
fn a_flood_does_not_grow_without_bound() {
    let mut chat = alice();
    for _ in 0..super::super::timeline::CAPACITY + 1 {
        chat.receive(public("bob", "x"), Timestamp(1));
    }
    let timeline = &chat.room().timeline;
    assert!(timeline.len() <= super::super::timeline::CAPACITY);
    assert_eq!(timeline.message_count(), timeline.len());
}
