//! From the start to a connection.

use super::*;

/// HUB-1, HTC-32, HTC-34, HTC-44, Q-2: each secret goes to the host that it is for.
#[test]
fn the_whole_way_takes_two_requests_and_a_socket() {
    let mut bench = Bench::started();
    bench.authorize(AuthorizeReason::Connect);
    let first = bench.redirect(HUB, Some("token"));
    assert_eq!(
        first.url,
        "https://app.example/api/negotiate?negotiateVersion=1"
    );
    assert_eq!(shown(&first), [("X-Key", "mine")]);
    assert!(first.include_credentials);

    let second = bench.accept();
    assert_eq!(
        second.url,
        "https://hub.example/client/negotiate?hub=chat&negotiateVersion=1"
    );
    assert_eq!(shown(&second), [("Authorization", "Bearer token")]);
    assert!(
        !second.include_credentials,
        "cookies are for the application's own host"
    );

    let socket = bench.open();
    assert_eq!(
        socket,
        "wss://hub.example/client/?hub=chat&id=secret&access_token=token"
    );
    bench.text("{}\u{1e}");
    assert_eq!(
        bench.sent(),
        outgoing::PING,
        "a server that is gone already shows it"
    );
}

#[test]
fn a_token_never_follows_a_redirect_to_another_host() {
    let mut bench = Bench::started();
    bench.authorize(AuthorizeReason::Connect);
    bench.redirect("https://one.example/c", Some("t"));
    let same = bench.redirect("https://one.example/d", None);
    assert_eq!(shown(&same).len(), 1);
    let same = bench.redirect("https://two.example/d", None);
    assert_eq!(
        shown(&same).len(),
        1,
        "still on the host that the token is for"
    );
    let other = bench.accept();
    assert_eq!(shown(&other), []);
}

/// Q-2: a later try begins at the first address, without what the last one learned.
#[test]
fn every_try_begins_at_the_beginning() {
    let mut bench = Bench::connected();
    bench.lose();
    bench.pass_to_timer();
    assert_eq!(bench.command(), Some(Command::Io(Action::Abandon)));
    bench.authorize(AuthorizeReason::Connect);
    let (_, request) = bench.posted();
    assert_eq!(
        request.url,
        "https://app.example/api/negotiate?negotiateVersion=1"
    );
    assert_eq!(shown(&request), [("X-Key", "mine")]);
}

/// HTC-33.
#[test]
fn endless_redirects_end() {
    let mut bench = Bench::started();
    bench.authorize(AuthorizeReason::Connect);
    for _ in 0..negotiate::REDIRECT_LIMIT {
        bench.redirect(HUB, None);
    }
    assert_eq!(bench.ended(), Error::RedirectLimit);
}

/// ATC-1, ATC-3, Q-1: a 401 renews authorisation once, and only at the application's own address.
#[test]
fn a_401_is_answered_with_a_renewed_authorisation_once() {
    let mut bench = Bench::started();
    bench.authorize(AuthorizeReason::Connect);
    bench.answer(401, "");
    bench.authorize(AuthorizeReason::Unauthorized);
    bench.answer(401, "");
    let error = bench.ended();
    assert_eq!(error.status(), Some(401));

    let mut bench = Bench::started();
    bench.authorize(AuthorizeReason::Connect);
    bench.redirect(HUB, Some("old"));
    bench.answer(401, "");
    assert!(matches!(
        bench.waits(),
        Error::Negotiate {
            step: Step::NegotiateRedirected,
            ..
        }
    ));
}

#[test]
fn an_application_that_cannot_authorise_ends_it() {
    let mut bench = Bench::started();
    let Some(Command::Authorize(generation, _)) = bench.command() else {
        panic!()
    };
    bench.event(Event::Authorized(generation, Err("signed out".into())));
    assert_eq!(bench.ended(), Error::NotAuthorized("signed out".into()));
}

/// HTC-3, HTC-9, HTC-14, HTC-35, HTC-55, Q-21: what ends a try, and what ends trying.
#[test]
fn answers_that_no_retry_can_change_end_it() {
    for (status, body, retries) in [
        (404, "", false),
        (403, "", false),
        (500, "", true),
        (503, "", true),
        (429, "", true),
        (200, "<!doctype html>", true),
        (200, r#"{"error":"No."}"#, false),
        (200, r#"{"ProtocolVersion":"1.5"}"#, false),
        (
            200,
            r#"{"connectionId":"x","availableTransports":[]}"#,
            false,
        ),
    ] {
        let mut bench = Bench::started();
        bench.authorize(AuthorizeReason::Connect);
        bench.answer(status, body);
        match retries {
            true => assert!(bench.waits().is_retryable()),
            false => assert!(!bench.ended().is_retryable()),
        }
    }
}
