//! Outages, and what ends them.

use super::*;

/// REC-2, REC-4: the count starts anew with each outage; Q-18: the reason is told.
#[test]
fn tries_go_on_until_there_is_a_connection() {
    let mut bench = Bench::connected();
    for outage in 0..2 {
        bench.lose();
        for failed in 1..50 {
            let State::Reconnecting(tries) = bench.state() else {
                panic!("outage {outage}")
            };
            assert_eq!(tries.failed, failed);
            assert!(tries.next_try.is_some_and(|at| at <= bench.now + 30_000));
            bench.pass_to_timer();
            bench.authorize(AuthorizeReason::Connect);
            bench.answer(503, "");
        }
        bench.state();
        bench.pass_to_timer();
        bench.connect();
    }
}

/// REC-1, HCB-30.
#[test]
fn without_a_policy_the_first_loss_is_the_last() {
    let mut bench = Bench::new(|options| options.retry = Retry::Never);
    bench.event(Event::Start);
    bench.connect();
    bench.lose();
    assert!(matches!(bench.ended(), Error::Lost { .. }));
}

/// HTC-5: after the end, a new start.
#[test]
fn a_connection_that_ended_can_be_started_again() {
    let mut bench = Bench::started();
    bench.authorize(AuthorizeReason::Connect);
    bench.answer(404, "");
    bench.ended();
    for again in [Event::TryNow, Event::Start] {
        bench.event(again);
        bench.connect();
        bench.event(Event::Stop);
        bench.state();
    }
}

#[test]
fn a_network_that_comes_back_is_used_at_once() {
    let mut bench = Bench::connected();
    bench.lose();
    bench.event(Event::Offline);
    bench.state();
    assert_eq!(
        bench.connection.poll_timeout(),
        Some(bench.now + 30_000),
        "a slow try stays"
    );
    bench.event(Event::Woken);
    bench.connect();
}

/// while the device slept, no timer fired.
#[test]
fn waking_up_notices_a_connection_that_died_meanwhile() {
    let mut bench = Bench::connected();
    bench.now += 8 * 60 * 60 * 1000;
    bench.event(Event::Woken);
    assert_eq!(bench.waits(), Error::ServerTimeout);

    let mut bench = Bench::connected();
    bench.now += 5_000;
    bench.event(Event::Woken);
    assert!(
        matches!(bench.state(), State::Connected { .. }),
        "nothing is wrong after a short nap"
    );
}

#[test]
fn a_page_that_goes_away_leaves_no_connection_behind() {
    let mut bench = Bench::connected();
    bench.event(Event::Suspended);
    assert_eq!(bench.sent(), outgoing::CLOSE);
    assert_eq!(bench.command(), Some(Command::Io(Action::Abandon)));
    assert!(matches!(
        bench.state(),
        State::Reconnecting(Tries { next_try: None, .. })
    ));
    assert_eq!(
        bench.connection.poll_timeout(),
        None,
        "a frozen page wants nothing"
    );
    bench.event(Event::Woken);
    bench.connect();
}

#[test]
fn a_server_that_asks_for_time_gets_it() {
    let mut bench = Bench::started();
    bench.authorize(AuthorizeReason::Connect);
    let (generation, _) = bench.posted();
    let response = Response {
        status: 429,
        retry_after: Some(120_000),
        ..Response::default()
    };
    bench.event(Event::Answered(generation, Ok(response)));
    bench.waits();
    assert_eq!(bench.pass_to_timer(), 120_000);
}
