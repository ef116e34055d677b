//! The numbers of entries, and what is said of their changes.

use proptest::prelude::*;

use super::*;

fn message(id: u64, delivery: Delivery) -> Message {
    Message {
        id: MessageId(id),
        sender: "bob".into(),
        own: delivery != Delivery::Received,
        mention: false,
        text: "hi".into(),
        at: Timestamp(0),
        delivery,
        revision: 0,
    }
}

#[derive(Clone, Debug)]
enum Step {
    Receive,
    Type,
    Gap,
    Send(prop::sample::Index),
    Remove(prop::sample::Index),
    Ask,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Receive),
        2 => Just(Step::Type),
        1 => Just(Step::Gap),
        2 => any::<prop::sample::Index>().prop_map(Step::Send),
        1 => any::<prop::sample::Index>().prop_map(Step::Remove),
        1 => Just(Step::Ask),
    ]
}

fn entries(timeline: &Timeline) -> Vec<Entry> {
    timeline.entries.iter().cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    /// Somebody who draws only what the changes name sees the same as somebody who draws all.
    #[test]
    fn changes_name_everything_that_is_different(steps in prop::collection::vec(step(), 0..60)) {
        let mut timeline = Timeline::default();
        let mut drawn = Vec::new();
        for (id, step) in (1..).zip(steps) {
            match step {
                Step::Receive => timeline.receive(message(id, Delivery::Received)),
                Step::Type => timeline.push(message(id, Delivery::Waiting)),
                Step::Gap => {
                    let (from, to) = (Timestamp(id), Timestamp(id));
                    timeline.mark_gap(Gap { id: MessageId(id), from, to });
                }
                Step::Send(at) if !timeline.is_empty() => {
                    let id = timeline.entries[at.index(timeline.len())].id();
                    timeline.set_delivery(id, Delivery::Sent);
                }
                Step::Remove(at) if !timeline.is_empty() => {
                    let id = timeline.entries[at.index(timeline.len())].id();
                    timeline.remove(id);
                }
                Step::Ask => {
                    let before: Vec<_> = drawn.iter().map(Entry::id).collect();
                    let Changes { from, moved_from } = timeline.take_changes();
                    let all = entries(&timeline);
                    drawn.truncate(from);
                    drawn.extend(all.iter().skip(drawn.len()).cloned());
                    prop_assert_eq!(&drawn, &all);
                    let kept = moved_from.min(before.len());
                    prop_assert!(all.iter().map(Entry::id).take(kept).eq(before[..kept].iter().copied()));
                }
                Step::Send(_) | Step::Remove(_) => {}
            }
            let is_message = |entry: &&Entry| matches!(entry, Entry::Message(_));
            for (number, entry) in timeline.entries.iter().enumerate() {
                let above = timeline.entries.iter().take(number).filter(is_message).count();
                prop_assert_eq!(timeline.messages_above(number), above);
                prop_assert_eq!(timeline.number_of(entry.id()), Some(number));
            }
            let messages = timeline.entries.iter().filter(is_message).count();
            prop_assert_eq!(timeline.message_count(), messages);
        }
    }
}

#[test]
fn numbers_stay_when_the_oldest_go() {
    let mut timeline = Timeline::default();
    timeline.receive(message(1, Delivery::Received));
    let gap = |id| Gap {
        id: MessageId(id),
        from: Timestamp(0),
        to: Timestamp(0),
    };
    timeline.mark_gap(gap(2));
    for id in 3..=CAPACITY as u64 {
        timeline.receive(message(id, Delivery::Received));
    }
    timeline.mark_gap(gap(500_000));
    let (last, held) = (timeline.end() - 1, timeline.message_count());
    assert_eq!((timeline.first(), held), (0, CAPACITY - 1));
    timeline.take_changes();

    timeline.receive(message(600_000, Delivery::Received));
    assert_eq!(timeline.first(), TRIM);
    assert_eq!(
        timeline.entry(last).map(Entry::id),
        Some(MessageId(500_000))
    );
    assert_eq!(timeline.entry(TRIM - 1), None, "it is gone");
    assert_eq!(timeline.messages_above(last), CAPACITY - TRIM);
    assert_eq!(
        timeline.message_count(),
        timeline.len() - 1,
        "one gap is left"
    );
    let changes = timeline.take_changes();
    assert_eq!((changes.from, changes.moved_from), (TRIM, last + 1));
    assert_eq!(timeline.take_changes(), NONE);
}
