//! What is kept of the steps, and what is not.

use super::*;
use crate::signalr::Transport;
use crate::signalr::transport::Unusable;

fn negotiate(step: Negotiation, url: &str) -> Trace {
    let url = url.to_owned();
    Trace::Began(Activity::Negotiate { step, url })
}

fn open() -> Trace {
    Trace::Began(Activity::Open {
        transport: Transport::WebSockets,
        url: "wss://s.t/client/".into(),
    })
}

const WELL: Trace = Trace::Ended(Ok(()));

/// A log of a connection that was closed, and of one message.
fn log() -> Log {
    let mut log = Log::default();
    log.begin(0, Step::WhoAmI, "https://a.b/.auth/me");
    log.end(120, Step::WhoAmI, Ok("ok"));
    log.trace(130, &Trace::Began(Activity::Authorize));
    log.trace(130, &WELL);
    log.trace(
        130,
        &negotiate(Negotiation::Negotiate, "https://a.b/api/negotiate"),
    );
    log.trace(1_430, &WELL);
    log.trace(
        1_430,
        &negotiate(
            Negotiation::NegotiateRedirected,
            "https://s.t/client/negotiate",
        ),
    );
    log.trace(1_500, &WELL);
    log.trace(1_500, &open());
    log.trace(1_600, &WELL);
    log.trace(1_600, &Trace::Began(Activity::Handshake));
    log.trace(1_610, &WELL);
    log.trace(1_610, &Trace::Began(Activity::Connected));
    log.begin(2_000, Step::Send, "https://a.b/api/messages");
    log.trace(
        200_000,
        &Trace::Ended(Err(Error::Lost {
            code: 1006,
            reason: String::new(),
        })),
    );
    log.end(200_100, Step::Send, Err("status 500"));
    log
}

#[test]
fn steps_are_kept_with_times_and_verdicts() {
    let log = log();
    assert_eq!(log.transport(), Some("WebSockets"));
    assert_eq!(log.service(), Some("https://s.t/client/negotiate"));
    let facts = [("Page", "https://p.q".to_owned())];
    let text = log.text(&facts, &|at| at.to_string());
    assert_eq!(
        text,
        "Connection details\n\
         Page: https://p.q\n\
         \n\
         0  Who am I (https://a.b/.auth/me): ok, 120 ms\n\
         130  Negotiate at the function (https://a.b/api/negotiate): ok, 1.3 s\n\
         1430  Negotiate at the service (https://s.t/client/negotiate): ok, 70 ms\n\
         1500  Open a transport (WebSockets wss://s.t/client/): ok, 100 ms\n\
         1600  Handshake: ok, 10 ms\n\
         1610  Connected: closed with code 1006, 3 min\n\
         2000  Send a message (https://a.b/api/messages): status 500, 3 min\n"
    );
}

#[test]
fn what_goes_on_has_no_duration_yet() {
    let mut log = Log::default();
    log.begin(0, Step::WhoAmI, "");
    log.trace(1, &Trace::Began(Activity::Connected));
    let rows: Vec<_> = log
        .rows()
        .map(|row| (row.words(), row.duration()))
        .collect();
    assert_eq!(rows, [("under way", String::new()), ("now", String::new())]);
    log.trace(5, &WELL);
    let last = log.rows().last().map(|row| (row.words(), row.duration()));
    assert_eq!(last, Some(("ended", "4 ms".to_owned())));
}

#[test]
fn each_verdict_has_few_words() {
    let status = |status, words: &str| Failure::Status {
        status,
        words: words.into(),
    };
    let step = Negotiation::Negotiate;
    let unusable = |why| {
        let name = "WebSockets".into();
        Error::NoTransport(vec![Unusable { name, why }])
    };
    for (error, words) in [
        (
            Error::Negotiate {
                step,
                failure: status(404, ""),
            },
            "status 404",
        ),
        (
            Error::Negotiate {
                step,
                failure: status(401, "Unauthorized"),
            },
            "status 401: Unauthorized",
        ),
        (
            Error::Negotiate {
                step,
                failure: Failure::Network,
            },
            "no answer",
        ),
        (
            Error::Negotiate {
                step,
                failure: Failure::Timeout,
            },
            "timeout",
        ),
        (Error::Poll(status(401, "")), "status 401"),
        (Error::NoTransport(Vec::new()), "none is offered"),
        (unusable(Why::NotOpened), "did not open"),
        (unusable(Why::Refused), "refused by the browser"),
        (unusable(Why::Timeout), "timeout"),
        (unusable(Why::Failed(status(404, ""))), "status 404"),
        (Error::Refused("not today".into()), "refused: not today"),
        (Error::HandshakeTimeout, "timeout"),
        (Error::ServerTimeout, "the service fell silent"),
        (
            Error::Lost {
                code: 1001,
                reason: "bye".into(),
            },
            "closed with code 1001: bye",
        ),
        (
            Error::ClosedByServer {
                error: Some("No app server".into()),
                allow_reconnect: false,
            },
            "closed by the service: No app server",
        ),
        (
            Error::ClosedByServer {
                error: None,
                allow_reconnect: true,
            },
            "closed by the service",
        ),
        (
            Error::NotAuthorized("You are signed out.".into()),
            "You are signed out.",
        ),
    ] {
        let mut log = Log::default();
        log.trace(0, &open());
        log.trace(0, &Trace::Ended(Err(error)));
        assert_eq!(log.rows().next().map(Row::words), Some(words));
    }
}

/// Whatever a server says, and wherever it stands.
#[test]
fn no_secret_gets_into_rows_or_text() {
    let mut log = Log::default();
    log.begin(0, Step::WhoAmI, "https://a.b/.auth/me?code=s3cret");
    log.end(0, Step::WhoAmI, Err("status 500: Bearer s3cret"));
    log.trace(0, &open());
    let error = Some("{\"accessToken\":\"s3cret\"} at ?id=s3cret".to_owned());
    let closed = Error::ClosedByServer {
        error,
        allow_reconnect: true,
    };
    log.trace(0, &Trace::Ended(Err(closed)));
    let rows: Vec<_> = log.rows().collect();
    assert!(!format!("{rows:?}").contains("s3cret"), "{rows:?}");
    let facts = [("Function App", "https://a.b/?code=s3cret".to_owned())];
    let text = log.text(&facts, &|_| String::new());
    assert!(!text.contains("s3cret"), "{text}");
}

#[test]
fn many_messages_do_not_push_out_what_matters() {
    let mut log = log();
    let before = log.rows().count();
    for at in 0..1_000 {
        log.begin(at, Step::Send, "");
        log.end(at, Step::Send, Ok("ok"));
    }
    assert_eq!(
        log.rows().count(),
        before + 1,
        "the last that went well, and the one that failed"
    );
    for at in 0..1_000 {
        log.trace(at, &open());
        log.trace(at, &Trace::Ended(Err(Error::ServerTimeout)));
    }
    assert_eq!(log.rows().count(), KEPT, "what is kept has a bound");
}
