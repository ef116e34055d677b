//! What is written can be read again, and what cannot be read does no harm.

use proptest::prelude::*;

use super::*;

fn names() -> impl Strategy<Value = Arc<str>> {
    any::<String>().prop_map(Arc::from)
}

fn deliveries() -> impl Strategy<Value = Delivery> {
    prop_oneof![
        Just(Delivery::Received),
        Just(Delivery::Waiting),
        Just(Delivery::Sending),
        Just(Delivery::Sent),
        (names(), any::<bool>())
            .prop_map(|(reason, ambiguous)| Delivery::Failed(Failure { reason, ambiguous })),
    ]
}

prop_compose! {
    fn saids()(
        with in proptest::option::of(names()),
        sender in names(),
        own in any::<bool>(),
        text in names(),
        mention in any::<bool>(),
        at in any::<u64>(),
        delivery in deliveries(),
    ) -> Said {
        let place = with.map_or(ConversationId::Room, ConversationId::With);
        Said { place, sender, own, text, mention, at: Timestamp(at), delivery }
    }
}

fn said(text: &str) -> Record {
    Record::Said(Said {
        place: ConversationId::Room,
        sender: "bob".into(),
        own: false,
        text: text.into(),
        mention: false,
        at: Timestamp(1),
        delivery: Delivery::Received,
    })
}

fn own(text: &str, delivery: Delivery) -> Record {
    let Record::Said(said) = said(text) else {
        unreachable!("it is a message")
    };
    Record::Said(Said {
        own: true,
        delivery,
        ..said
    })
}

/// What `pages` have written: each a name, and records with the time of their batch.
fn past(pages: &[(&str, &[(u64, Record)])]) -> Past {
    let mut written = Vec::new();
    for (page, records) in pages {
        let mut kept = Kept::new((*page).to_owned());
        for (at, (time, record)) in records.iter().enumerate() {
            let change = Change::Put(MessageId(at as u64 + 1), record.clone());
            written.extend(kept.batch(vec![change], Timestamp(*time)).put);
        }
    }
    // A database gives them back in the order of their keys.
    written.sort();
    let mut past = Past::new(&Kept::new("me".into()));
    for (key, value) in written {
        past.add(key, Some(&value));
    }
    past
}

fn settled(past: Past, claim: Claim) -> Vec<Record> {
    let settled = past.settle(|_| claim, &"closed".into());
    let records = settled.records.into_iter();
    records.filter_map(|(_, record)| record).collect()
}

proptest! {
    #[test]
    fn whatever_was_said_is_read_as_it_was_written(said in saids()) {
        let record = Record::Said(said);
        prop_assert_eq!(Record::read(&record.written()), Some(record));
    }

    #[test]
    fn what_is_damaged_is_set_aside(said in saids(), at in any::<prop::sample::Index>(), junk in any::<String>()) {
        let written = Record::Said(said).written();
        prop_assert_eq!(Record::read(&junk), None);
        let cuts: Vec<usize> = written.char_indices().map(|(at, _)| at).collect();
        let cut = cuts[at.index(cuts.len())];
        prop_assert_eq!(Record::read(&written[..cut]), None, "half of it");
        // Anything may stand in a database, under any key.
        let mut past = Past::new(&Kept::new("me".into()));
        past.add(junk.clone(), Some(&junk));
        past.add(written, None);
        prop_assert!(past.settle(|_| Claim::Ours, &"closed".into()).is_empty());
    }

    #[test]
    fn keys_are_in_the_order_of_the_changes(times in prop::collection::vec(any::<u32>(), 1..20)) {
        let mut kept = Kept::new("page".into());
        let mut keys = Vec::new();
        for (at, time) in times.into_iter().enumerate() {
            let change = |number: u64| Change::Put(MessageId(at as u64 * 2 + number), said("x"));
            let batch = kept.batch(vec![change(1), change(2)], Timestamp(u64::from(time)));
            keys.extend(batch.put.into_iter().map(|(key, _)| key));
        }
        prop_assert!(keys.is_sorted_by(|one, next| one < next), "whatever the clock does: {:?}", keys);
    }
}

proptest! {
    // Each case writes thousands of records.
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn no_more_than_the_limit_is_kept(bursts in prop::collection::vec(0_usize..4_000, 1..8)) {
        let mut kept = Kept::new("page".into());
        let mut held = std::collections::BTreeSet::new();
        let mut ids = 0;
        for (now, burst) in bursts.into_iter().enumerate() {
            let changes = (0..burst).map(|_| {
                ids += 1;
                Change::Put(MessageId(ids), Record::Gap { from: Timestamp(0), to: Timestamp(ids) })
            });
            let batch = kept.batch(changes.collect(), Timestamp(now as u64));
            held.extend(batch.put.iter().map(|(key, _)| key.clone()));
            for key in &batch.delete {
                prop_assert!(held.remove(key), "only what is there is deleted");
            }
            prop_assert_eq!(held.len(), LIMIT.min(ids as usize));
        }
    }
}

#[test]
fn another_version_is_set_aside() {
    let written = said("hi").written();
    assert!(Record::read(&written).is_some());
    for other in [r#"{"v":2,"#, r#"{"v":"1","#, "{"] {
        let written = written.replacen(r#"{"v":1,"#, other, 1);
        assert_eq!(Record::read(&written), None, "{written}");
    }
}

#[test]
fn a_message_that_changes_has_one_record() {
    let mut kept = Kept::new("page".into());
    let put = |delivery| vec![Change::Put(MessageId(1), own("hi", delivery))];
    let first = kept.batch(put(Delivery::Waiting), Timestamp(5));
    let second = kept.batch(put(Delivery::Sent), Timestamp(6));
    assert_eq!(second.delete, [first.put[0].0.as_str()]);
    let third = kept.batch(vec![Change::Gone(MessageId(1))], Timestamp(7));
    assert_eq!(third.delete, [second.put[0].0.as_str()]);
    assert_eq!(third.put, []);
}

#[test]
fn what_an_earlier_page_kept_is_trimmed_first() {
    let mut kept = Kept::new("page".into());
    let old = (1..=LIMIT as u64).map(|id| (MessageId(id), format!("old {id}")));
    kept.took_up(old.collect());
    let batch = kept.batch(
        vec![Change::Put(MessageId(LIMIT as u64 + 1), said("new"))],
        Timestamp(9),
    );
    assert_eq!(batch.delete, ["old 1"]);
}

#[test]
fn what_two_pages_heard_is_taken_up_once() {
    let heard = |time, text| (time, said(text));
    let both = past(&[
        ("a", &[heard(1_000, "hi"), heard(2_000, "bye")]),
        ("b", &[heard(1_500, "hi"), heard(2_500, "bye")]),
    ]);
    assert_eq!(settled(both, Claim::Ours), [said("hi"), said("bye")]);
    let twice = past(&[
        ("a", &[heard(1_000, "ok"), heard(2_000, "ok")]),
        ("b", &[heard(1_000, "ok"), heard(2_000, "ok")]),
    ]);
    let twice = twice.settle(|_| Claim::Ours, &"closed".into());
    assert_eq!(
        (twice.records.len(), twice.obsolete.len()),
        (2, 2),
        "as many as one page heard"
    );
    let apart = past(&[("a", &[heard(1_000, "ok")]), ("b", &[heard(60_000, "ok")])]);
    assert_eq!(settled(apart, Claim::Ours).len(), 2, "not at the same time");
}

#[test]
fn equal_texts_of_one_page_stay_as_many_as_were_said() {
    let ok = |time| (time, said("ok"));
    let one = past(&[("a", &[ok(1), ok(2), ok(3)])]);
    assert_eq!(settled(one, Claim::Ours).len(), 3);
}

#[test]
fn what_one_page_sent_and_the_other_heard_is_sent() {
    let both = past(&[
        ("a", &[(1_000, own("hi", Delivery::Received))]),
        ("b", &[(1_500, own("hi", Delivery::Sent))]),
    ]);
    assert_eq!(settled(both, Claim::Ours), [own("hi", Delivery::Sent)]);
}

#[test]
fn only_what_waits_and_is_this_pages_waits_again() {
    let failure = |reason: &str, ambiguous| {
        Delivery::Failed(Failure {
            reason: reason.into(),
            ambiguous,
        })
    };
    let refused = failure("refused", false);
    for (before, claim, after) in [
        (Delivery::Waiting, Claim::Ours, Some(Delivery::Waiting)),
        (
            Delivery::Waiting,
            Claim::Unknown,
            Some(failure("closed", true)),
        ),
        (Delivery::Waiting, Claim::Theirs, None),
        (
            Delivery::Sending,
            Claim::Ours,
            Some(failure("closed", true)),
        ),
        (Delivery::Sending, Claim::Theirs, None),
        (refused.clone(), Claim::Ours, Some(refused.clone())),
        (refused.clone(), Claim::Theirs, None),
        (Delivery::Sent, Claim::Theirs, Some(Delivery::Sent)),
    ] {
        let before = past(&[("a", &[(1, own("hi", before))])]);
        let after: Vec<Record> = after.into_iter().map(|after| own("hi", after)).collect();
        assert_eq!(settled(before, claim), after);
    }
}

#[test]
fn pages_that_left_something_unsent_are_named_once() {
    let waiting = || (1, own("hi", Delivery::Waiting));
    let past = past(&[
        ("a", &[waiting(), waiting()]),
        ("b", &[waiting()]),
        ("c", &[(1, said("hi"))]),
    ]);
    assert_eq!(past.pages_with_unsent(), ["a", "b"]);
}

#[test]
fn it_is_known_until_when_everything_was_heard() {
    let mut past = past(&[("a", &[(1_000, said("hi"))])]);
    let (key, value) = Kept::new("a".into()).until(Timestamp(5_000));
    past.add(key.clone(), Some(&value));
    past.add("until b".into(), Some("damaged"));
    let settled = past.settle(|_| Claim::Ours, &"closed".into());
    assert_eq!(settled.until, Timestamp(5_000));
    assert_eq!(settled.obsolete, [key.as_str(), "until b"]);
}

#[test]
fn what_this_page_wrote_meanwhile_is_not_its_past() {
    let mut kept = Kept::new("me".into());
    let batch = kept.batch(vec![Change::Put(MessageId(1), said("hi"))], Timestamp(1));
    let mut past = Past::new(&kept);
    for (key, value) in batch.put {
        past.add(key, Some(&value));
    }
    assert!(past.settle(|_| Claim::Ours, &"closed".into()).is_empty());
}
