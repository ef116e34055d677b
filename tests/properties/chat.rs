//! The chat, whatever happens in whatever order.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serverless_chat::chat::{
    Chat, ConversationId, Delivery, Entry, Failure, Incoming, Me, Measure, MessageId, Outgoing,
    Timestamp,
};

use crate::texts::config;

/// Few texts and few people, so that the same is said again and again.
const TEXTS: [&str; 3] = ["ok", "ok ", "hi @alice"];
const OTHERS: [&str; 2] = ["bob", "carol"];

#[derive(Clone, Debug)]
enum Act {
    Compose(ConversationId, &'static str),
    Leave,
    Answer(Outcome),
    Echo {
        of: Index,
        by_id: bool,
    },
    Hear {
        sender: &'static str,
        private: bool,
        text: &'static str,
    },
    Open(ConversationId),
    Lose,
    Connect,
    Retry(Index),
    Delete(Index),
    Ignore(&'static str, Measure, bool),
}

#[derive(Clone, Copy, Debug)]
enum Outcome {
    Accepted,
    Refused,
    Unknown,
}

fn places() -> impl Strategy<Value = ConversationId> {
    let private = select(OTHERS.to_vec()).prop_map(|name| ConversationId::With(name.into()));
    prop_oneof![Just(ConversationId::Room), private]
}

fn acts() -> impl Strategy<Value = Act> {
    let outcomes = select(vec![Outcome::Accepted, Outcome::Refused, Outcome::Unknown]);
    let measures = select(vec![Measure::Mute, Measure::Hide]);
    let texts = || select(TEXTS.to_vec());
    let others = || select(OTHERS.to_vec());
    prop_oneof![
        4 => (places(), texts()).prop_map(|(to, text)| Act::Compose(to, text)),
        4 => Just(Act::Leave),
        4 => outcomes.prop_map(Act::Answer),
        3 => (any::<Index>(), any::<bool>()).prop_map(|(of, by_id)| Act::Echo { of, by_id }),
        4 => (others(), any::<bool>(), texts())
            .prop_map(|(sender, private, text)| Act::Hear { sender, private, text }),
        2 => places().prop_map(Act::Open),
        1 => Just(Act::Lose),
        1 => Just(Act::Connect),
        2 => any::<Index>().prop_map(Act::Retry),
        1 => any::<Index>().prop_map(Act::Delete),
        1 => (others(), measures, any::<bool>())
            .prop_map(|(name, measure, taken)| Act::Ignore(name, measure, taken)),
    ]
}

/// What must be true, kept in the simplest way.
#[derive(Default)]
struct Expected {
    /// The own messages that were neither deleted nor merged with another.
    own: Vec<(MessageId, ConversationId, &'static str)>,
    /// What others said, in order.
    heard: Vec<(ConversationId, &'static str, &'static str)>,
    /// What was said where nobody looked, by people who are not ignored; with whether it calls.
    unread: Vec<(ConversationId, bool)>,
    queue: VecDeque<MessageId>,
    in_flight: Option<Outgoing>,
    /// Answered, and not brought back yet.
    unechoed: Vec<Outgoing>,
    /// The same, over a connection that is gone: they may come back by their names alone.
    lost: Vec<Outgoing>,
    echoed_in_flight: bool,
    attempts: HashSet<String>,
}

impl Expected {
    fn act(&mut self, chat: &mut Chat, act: &Act, now: Timestamp) {
        match act {
            Act::Compose(to, text) => {
                let id = chat
                    .compose(to, text, now)
                    .expect("a text that can be sent");
                self.own.push((id, to.clone(), text));
                self.queue.push_back(id);
            }
            Act::Leave => {
                let leaving = chat.next_outgoing();
                if self.in_flight.is_some() {
                    assert_eq!(leaving, None, "one at a time");
                    return;
                }
                assert_eq!(leaving.as_ref().map(|one| one.id), self.queue.pop_front());
                if let Some(leaving) = &leaving {
                    assert!(self.attempts.insert(leaving.client_id.clone()));
                }
                (self.in_flight, self.echoed_in_flight) = (leaving, false);
            }
            Act::Answer(outcome) => self.answer(chat, *outcome),
            Act::Echo { of, by_id } => self.echo(chat, *of, *by_id, now),
            Act::Hear {
                sender,
                private,
                text,
            } => {
                let place = match private {
                    true => ConversationId::With((*sender).into()),
                    false => ConversationId::Room,
                };
                if chat.open().id != place && !chat.ignored().is_quiet(sender) {
                    self.unread.push((place.clone(), text.contains("@alice")));
                }
                chat.receive(
                    Incoming {
                        sender: (*sender).into(),
                        text: (*text).into(),
                        private: *private,
                        ..Incoming::default()
                    },
                    now,
                );
                self.heard.push((place, sender, text));
            }
            Act::Open(place) => {
                chat.open_conversation(place.clone());
                self.unread.retain(|(other, _)| other != place);
            }
            Act::Lose => {
                chat.disconnected(now);
                self.lost.append(&mut self.unechoed);
            }
            Act::Connect => chat.connected(now),
            Act::Retry(which) => {
                if let Some(id) = self.one(*which) {
                    let failed = is_failed(chat, id);
                    assert_eq!(chat.retry(id, now), failed);
                    if failed {
                        self.queue.push_back(id);
                    }
                }
            }
            Act::Delete(which) => {
                if let Some(id) = self.one(*which) {
                    let waits = self.queue.contains(&id);
                    let deleted = chat.delete(id);
                    assert!(
                        deleted.is_some() || !waits,
                        "what has not left can be taken back"
                    );
                    if deleted.is_some() {
                        self.queue.retain(|other| *other != id);
                        self.own.retain(|(other, ..)| *other != id);
                        self.unechoed.retain(|other| other.id != id);
                        self.lost.retain(|other| other.id != id);
                    }
                }
            }
            Act::Ignore(name, measure, taken) => {
                chat.ignore(name, *measure, *taken);
                if *taken {
                    self.unread
                        .retain(|(place, _)| place.recipient() != Some(*name));
                }
            }
        }
    }

    fn answer(&mut self, chat: &mut Chat, outcome: Outcome) {
        let Some(outgoing) = self.in_flight.take() else {
            return;
        };
        let failure = |ambiguous| Failure {
            reason: "no".into(),
            ambiguous,
        };
        match outcome {
            Outcome::Accepted => chat.accepted(outgoing.id),
            Outcome::Refused => chat.failed(outgoing.id, failure(false)),
            Outcome::Unknown => chat.failed(outgoing.id, failure(true)),
        }
        if !self.echoed_in_flight && !matches!(outcome, Outcome::Refused) {
            self.unechoed.push(outgoing);
        }
    }

    /// The hub brings an own message back: by its name, or as it would come from any backend.
    fn echo(&mut self, chat: &mut Chat, of: Index, by_id: bool, now: Timestamp) {
        let in_flight = self.in_flight.iter().filter(|_| !self.echoed_in_flight);
        let lost = self.lost.iter().filter(|_| by_id);
        let candidates = lost.chain(&self.unechoed).chain(in_flight);
        let candidates: Vec<Outgoing> = candidates.cloned().collect();
        if candidates.is_empty() {
            return;
        }
        let chosen = of.get(&candidates).clone();
        let private = chosen.conversation.recipient().is_some();
        if private && !by_id {
            // A private message comes back from no backend that has no names for messages.
            return;
        }
        let same = |one: &Outgoing| match by_id {
            true => one.client_id == chosen.client_id,
            false => one.text == chosen.text && one.conversation == ConversationId::Room,
        };
        let lost = self.lost.iter().position(|one| by_id && same(one));
        match (lost, self.unechoed.iter().position(same)) {
            (Some(index), _) => drop(self.lost.remove(index)),
            (None, Some(index)) => drop(self.unechoed.remove(index)),
            (None, None) => self.echoed_in_flight = true,
        }
        chat.receive(
            Incoming {
                sender: "alice".into(),
                text: chosen.text.clone(),
                private,
                client_id: by_id.then_some(chosen.client_id),
                ..Incoming::default()
            },
            now,
        );
    }

    fn one(&self, which: Index) -> Option<MessageId> {
        (!self.own.is_empty()).then(|| which.get(&self.own).0)
    }

    fn check(&self, chat: &Chat) {
        let mut own = Vec::new();
        let mut heard = Vec::new();
        for conversation in std::iter::once(chat.room()).chain(chat.private()) {
            let (place, timeline) = (&conversation.id, &conversation.timeline);
            for entry in (0..timeline.len()).filter_map(|at| timeline.get(at)) {
                if let Entry::Message(message) = entry {
                    match message.own {
                        true => own.push((message.id, place.clone(), message.text.to_string())),
                        false => heard.push((
                            place.clone(),
                            message.sender.to_string(),
                            message.text.to_string(),
                        )),
                    }
                    let was_heard = message.delivery == Delivery::Received;
                    assert_eq!(message.own, !was_heard);
                }
            }
            let unread = || self.unread.iter().filter(|(other, _)| other == place);
            assert_eq!(conversation.unread, unread().count(), "{place:?}");
            let mentions = unread().filter(|(_, calls)| *calls).count();
            assert_eq!(conversation.mentions, mentions, "{place:?}");
        }
        own.sort_by_key(|(id, ..)| *id);
        let expected = self.own.iter().cloned();
        let expected: Vec<_> = expected
            .map(|(id, place, text)| (id, place, text.to_owned()))
            .collect();
        assert_eq!(own, expected, "each own message once, and no two are one");
        for place in [
            ConversationId::Room,
            ConversationId::With("bob".into()),
            ConversationId::With("carol".into()),
        ] {
            let shown: Vec<_> = heard
                .iter()
                .filter(|(other, ..)| *other == place)
                .map(|(_, sender, text)| (sender.as_str(), text.as_str()))
                .collect();
            let said: Vec<_> = self
                .heard
                .iter()
                .filter(|(other, ..)| *other == place)
                .map(|(_, sender, text)| (*sender, *text))
                .collect();
            assert_eq!(shown, said, "what others said, in order");
        }
    }
}

fn is_failed(chat: &Chat, id: MessageId) -> bool {
    let place = chat.place_of(id).expect("it is held");
    let conversation = chat.conversation(&place).expect("it exists");
    let message = conversation.timeline.find(id).expect("it is held");
    matches!(message.delivery, Delivery::Failed(_))
}

/// Another one each time.
fn name() -> String {
    static NAMES: AtomicUsize = AtomicUsize::new(0);
    NAMES.fetch_add(1, Ordering::Relaxed).to_string()
}

proptest! {
    #![proptest_config(config())]

    /// Every own message stands in its conversation once until it is deleted, however often the
    /// same text is said and whatever the network does; the outbox keeps their order; what others
    /// said stays in order; and what is unread is what nobody looked at.
    #[test]
    fn nothing_is_lost_merged_or_out_of_order(acts in vec(acts(), 0..60)) {
        let mut chat = Chat::new(Me::User("alice".into()), name);
        let mut expected = Expected::default();
        for (at, act) in acts.iter().enumerate() {
            expected.act(&mut chat, act, Timestamp(at as u64));
            expected.check(&chat);
        }
    }

    /// Each conversation has a key of its own: no draft is shown in another one.
    #[test]
    fn a_conversation_is_known_by_its_key(one in "\\PC{0,8}", other in "(room|user:|\\PC{0,8})") {
        let with = |name: &str| ConversationId::With(name.into());
        for id in [with(&one), with(&other), ConversationId::Room] {
            prop_assert_eq!(ConversationId::of_key(&id.key()), Some(id));
        }
        prop_assert_eq!(one == other, with(&one).key() == with(&other).key());
    }
}
