//! What is told of each step.

use super::super::super::transport::{Unusable, Why};
use super::*;

/// Begin, end and outcome of each activity, in short words. Activities must not overlap.
fn story(bench: &mut Bench) -> Vec<String> {
    while bench.command().is_some() {}
    let mut story: Vec<String> = Vec::new();
    let mut under_way = None;
    for (at, trace) in std::mem::take(&mut bench.traces) {
        match trace {
            Trace::Began(activity) => {
                let words = match activity {
                    Activity::Authorize => "authorize".to_owned(),
                    Activity::Negotiate { step, url } => format!("{step:?} {url}"),
                    Activity::Open { transport, url } => format!("{} {url}", transport.name()),
                    Activity::Handshake => "handshake".to_owned(),
                    Activity::Connected => "connected".to_owned(),
                };
                let before = under_way.replace((at, words));
                assert_eq!(before, None, "one activity at a time");
            }
            Trace::Ended(outcome) => {
                let (began, words) = under_way.take().expect("it began");
                let took = at - began;
                story.push(match outcome {
                    Ok(()) => format!("{words}: {took} ms"),
                    Err(error) => format!("{words}: {took} ms, {error}"),
                });
            }
        }
    }
    story.extend(under_way.map(|(_, words)| words));
    story
}

/// Each redirect is a step of its own, and no step has a token in it.
#[test]
fn each_step_is_told_with_its_address_and_its_time() {
    let mut bench = Bench::new(|options| {
        options.url = "https://me:secret-1@app.example/api?code=secret-2".into();
    });
    bench.event(Event::Start);
    bench.now += 1;
    bench.authorize(AuthorizeReason::Connect);
    bench.now += 20;
    bench.redirect("https://one.example/client/?hub=chat", Some("secret-3"));
    bench.now += 30;
    bench.redirect("https://two.example/client/?hub=chat", Some("secret-4"));
    bench.now += 40;
    bench.accept();
    bench.now += 50;
    bench.open();
    bench.now += 60;
    bench.text("{}\u{1e}");
    bench.now += 5_000;
    bench.lose();
    while bench.command().is_some() {}
    assert!(!format!("{:?}", bench.traces).contains("secret"));
    assert_eq!(
        story(&mut bench),
        [
            "authorize: 1 ms",
            "Negotiate https://app.example/api/negotiate: 20 ms",
            "NegotiateRedirected https://one.example/client/negotiate: 30 ms",
            "NegotiateRedirected https://two.example/client/negotiate: 40 ms",
            "WebSockets wss://two.example/client/: 50 ms",
            "handshake: 60 ms",
            "connected: 5000 ms, WebSocket closed with status code: 1006 (no reason given).",
        ]
    );
}

#[test]
fn a_step_that_fails_says_how_even_if_the_try_goes_on() {
    let mut bench = Bench::new(|options| {
        options.negotiate = vec!["negotiate".into(), "SignalRInfo".into()];
    });
    bench.event(Event::Start);
    bench.authorize(AuthorizeReason::Connect);
    bench.answer(404, "");
    bench.answer(401, "");
    bench.authorize(AuthorizeReason::Unauthorized);
    bench.redirect(HUB, Some("t"));
    bench.pass_to_timer();
    let failed = "Failed to complete negotiation with the server:";
    let told = story(&mut bench);
    let ends_with = [
        "authorize: 0 ms".to_owned(),
        format!(
            "Negotiate https://app.example/api/negotiate: 0 ms, {failed} Status code '404' Either this is not a SignalR endpoint or there is a proxy blocking the connection."
        ),
        format!(
            "Negotiate https://app.example/api/SignalRInfo: 0 ms, {failed} Unauthorized: Status code '401'"
        ),
        "authorize: 0 ms".to_owned(),
        "Negotiate https://app.example/api/SignalRInfo: 0 ms".to_owned(),
        format!(
            "NegotiateRedirected https://hub.example/client/negotiate: 100000 ms, {failed} A timeout occurred."
        ),
    ];
    assert_eq!(told, ends_with);
}

/// Each transport is a step, with what became of it.
#[test]
fn a_transport_that_does_not_open_is_told_and_the_next_follows() {
    let mut bench = Bench::started();
    bench.authorize(AuthorizeReason::Connect);
    let offer = r#"{"connectionId":"id","availableTransports":[{"transport":"WebSockets","transferFormats":["Text"]},{"transport":"LongPolling","transferFormats":["Text"]}]}"#;
    bench.answer(200, offer);
    bench.lose();
    while bench.command().is_some() {}
    let unusable = Unusable {
        name: "WebSockets".into(),
        why: Why::NotOpened,
    };
    let failed = Trace::Ended(Err(Error::NoTransport(vec![unusable])));
    assert!(bench.traces.iter().any(|(_, trace)| *trace == failed));
}

/// What ends because the application or the page wants it did not fail.
#[test]
fn a_stop_ends_a_connection_well_and_a_try_before_its_time() {
    let mut bench = Bench::connected();
    bench.traces.clear();
    bench.event(Event::Stop);
    while bench.command().is_some() {}
    assert_eq!(bench.traces, [(bench.now, Trace::Ended(Ok(())))]);
    bench.traces.clear();
    bench.event(Event::Stop);
    while bench.command().is_some() {}
    assert_eq!(bench.traces, [], "nothing was under way");

    let mut bench = Bench::started();
    bench.event(Event::Suspended);
    while bench.command().is_some() {}
    let stopped = Error::Stopped(super::super::super::error::Phase::Negotiate);
    let last = bench.traces.pop().map(|(_, trace)| trace);
    assert_eq!(last, Some(Trace::Ended(Err(stopped))));
}
