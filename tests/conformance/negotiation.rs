//! Where the client negotiates, what it shows there, and what it makes of the answers.

use serverless_chat::signalr::connection::Request;
use serverless_chat::signalr::{Authorization, AuthorizeReason, Error, Options, Retry};

use super::world::{HUB, World, offer};

fn header<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    let found = request
        .headers
        .iter()
        .find(|one| one.0.eq_ignore_ascii_case(name));
    found.map(|one| one.1.as_str())
}

fn token(token: &str) -> Authorization {
    Authorization {
        access_token: Some(token.to_owned()),
        ..Authorization::default()
    }
}

fn bearer(request: &Request) -> Option<&str> {
    header(request, "authorization")
}

/// HTC-15 to HTC-19, HTC-43: the hub's own query is kept.
#[test]
fn the_query_of_the_hub_is_kept() {
    for (hub, negotiate, socket) in [
        (
            "http://a.b/endpoint/?q=my/Data",
            "http://a.b/endpoint/negotiate?q=my/Data&negotiateVersion=1",
            "ws://a.b/endpoint/?q=my/Data&id=token",
        ),
        (
            "http://a.b/endpoint?negotiateVersion=42",
            "http://a.b/endpoint/negotiate?negotiateVersion=42",
            "ws://a.b/endpoint?negotiateVersion=42&id=token",
        ),
        (
            "https://a.b/endpoint/",
            "https://a.b/endpoint/negotiate?negotiateVersion=1",
            "wss://a.b/endpoint/?id=token",
        ),
    ] {
        let world = World::new(|options| options.url = hub.to_owned());
        world.start();
        assert_eq!(world.answer(200, &offer(&["WebSockets"])).url, negotiate);
        assert_eq!(world.endpoints()[0].url, socket);
    }
}

/// HTC-32, HTC-44, FT-31: a redirect leads elsewhere, for one try.
#[test]
fn a_redirect_is_followed_anew_in_each_try() {
    let world = World::new(|_| {});
    world.start();
    for _ in 0..2 {
        let first = world.answer(200, r#"{"url":"https://other.example/chat"}"#);
        assert_eq!(
            first.url,
            "http://example.com/hub/negotiate?negotiateVersion=1"
        );
        let second = world.answer(200, &offer(&["WebSockets"]));
        assert_eq!(
            second.url,
            "https://other.example/chat/negotiate?negotiateVersion=1"
        );
        let endpoint = world.endpoints().pop().unwrap();
        assert_eq!(endpoint.url, "wss://other.example/chat?id=token");
        world.shake_hands();
        world.close(1006, "");
        world.sent();
        world.pass_to_try();
    }
}

/// HTC-33: a hundred answers that lead elsewhere are enough.
#[test]
fn redirects_end() {
    let world = World::new(|_| {});
    let started = world.start();
    let mut asked = 0;
    while started.waits() {
        world.answer(200, r#"{"url":"https://other.example/chat"}"#);
        asked += 1;
    }
    assert_eq!(asked, 100);
    let error = world.states.take().pop().unwrap();
    assert_eq!(error, "disconnected: Negotiate redirection limit exceeded.");
}

/// HTC-34, Q-2: a token that comes with a redirect is for the host it leads to, and for it alone.
#[test]
fn each_token_goes_to_its_own_host() {
    let world = World::new(|_| {});
    world
        .authorizations
        .replace(vec![token("mine"), token("mine")]);
    world.start();
    for _ in 0..2 {
        let body = r#"{"url":"https://other.example/chat","accessToken":"theirs"}"#;
        assert_eq!(bearer(&world.answer(200, body)), Some("Bearer mine"));
        let second = world.answer(200, &offer(&["WebSockets"]));
        assert_eq!(bearer(&second), Some("Bearer theirs"));
        let endpoint = world.endpoints().pop().unwrap();
        assert!(endpoint.url.ends_with("?id=token&access_token=theirs"));
        world.shake_hands();
        world.close(1006, "");
        world.sent();
        world.pass_to_try();
    }
    assert_eq!(
        bearer(&world.request()),
        None,
        "without an own token, none is shown"
    );
}

/// A redirect to another host without a token gets none, least of all the application's own.
#[test]
fn the_own_token_never_leaves_its_host() {
    let world = World::new(|_| {});
    world.authorizations.replace(vec![Authorization {
        headers: vec![("X-Key".into(), "mine".into())],
        include_credentials: true,
        ..token("mine")
    }]);
    world.start();
    let first = world.answer(200, r#"{"url":"https://other.example/chat"}"#);
    assert_eq!(header(&first, "x-key"), Some("mine"));
    assert!(first.include_credentials);
    let second = world.request();
    assert_eq!((bearer(&second), header(&second, "x-key")), (None, None));
    assert!(!second.include_credentials);
}

/// HTC-35, HTC-55: what a server that refuses says.
#[test]
fn refusals_are_told_as_they_are() {
    for (body, words) in [
        (r#"{"error":"Negotiate error."}"#, "Negotiate error."),
        (
            r#"{"ProtocolVersion":"1.5"}"#,
            "Detected a connection attempt to an ASP.NET SignalR Server. This client only supports connecting to an ASP.NET Core SignalR Server. See https://aka.ms/signalr-core-differences for details.",
        ),
    ] {
        let world = World::new(|_| {});
        let started = world.start();
        world.answer(200, body);
        assert_eq!(started.ended().unwrap_err().to_string(), words);
        assert_eq!(world.wake_at(), None, "asking again would not help");
    }
}

/// HTC-40 to HTC-42: which of the two names the transport shows.
#[test]
fn the_version_says_what_the_transport_shows() {
    for (version, shown) in [("", "id"), ("0", "id"), ("1", "token")] {
        let world = World::new(|_| {});
        world.start();
        let body = offer(&["WebSockets"]);
        let field = "\"negotiateVersion\":1,";
        let body = match version {
            "" => body.replace(field, ""),
            _ => body.replace(field, &field.replace('1', version)),
        };
        world.answer(200, &body);
        let url = format!("ws://example.com/hub?id={shown}");
        assert_eq!(world.endpoints()[0].url, url);
        world.shake_hands();
        assert_eq!(world.states.take().pop().unwrap(), "connected: id");
    }
}

/// HTC-46, HTC-47, FHC-4: a request tells which client it is from, unless the application tells it otherwise; a
/// negotiate request has no body.
#[test]
fn requests_tell_which_client_they_are_from() {
    let world = World::new(|_| {});
    world.start();
    let request = world.request();
    let name = header(&request, "x-signalr-user-agent").unwrap();
    assert!(name.starts_with("Microsoft SignalR/"), "{name}");
    assert_eq!(header(&request, "x-requested-with"), Some("XMLHttpRequest"));
    assert_eq!(header(&request, "content-type"), None);
    assert_eq!(request.body, "");

    let world = World::new(|options: &mut Options| {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        options.headers = vec![
            header("x-signalr-user-agent", "mine"),
            header("X-HEADER", "VALUE"),
        ];
    });
    world.start();
    let request = world.request();
    let names = request.headers.iter();
    let agents: Vec<_> = names
        .filter(|one| one.0.eq_ignore_ascii_case("x-signalr-user-agent"))
        .collect();
    assert_eq!(agents.len(), 1);
    assert_eq!(agents[0].1, "mine");
    assert_eq!(header(&request, "X-HEADER"), Some("VALUE"));
}

/// HTC-48: an answer is waited for for 100 seconds.
#[test]
fn negotiation_is_given_100_seconds() {
    let world = World::new(|options| options.retry = Retry::Never);
    let started = world.start();
    world.pass(99_999);
    assert!(started.waits());
    world.pass(1);
    assert_eq!(
        started.ended().unwrap_err().to_string(),
        "Failed to complete negotiation with the server: A timeout occurred."
    );
    assert_eq!(world.aborted(), 1);
}

/// HTC-64 to HTC-67: stateful reconnect is for those who ask for it.
#[test]
fn stateful_reconnect_is_asked_for() {
    let ask = |url: &str, wanted| {
        let url = url.to_owned();
        let world = World::new(|options| {
            options.url = url;
            options.stateful_reconnect = wanted;
        });
        let started = world.start();
        let request = world.answer(
            200,
            &offer(&["WebSockets"]).replacen('{', "{\"useStatefulReconnect\":true,", 1),
        );
        (request.url, started, world)
    };
    let refused = "Client didn't negotiate Stateful Reconnect but the server did.";
    let (url, started, _) = ask(HUB, false);
    assert!(!url.contains("useStatefulReconnect"), "HTC-64");
    assert_eq!(started.ended().unwrap_err().to_string(), refused);

    let (url, _, world) = ask(HUB, true);
    assert!(url.ends_with("negotiateVersion=1&useStatefulReconnect=true"));
    world.open();
    assert!(world.sent()[0].contains("\"version\":2"), "HTC-65, HTC-68");

    let (url, _, world) = ask("http://example.com/hub?useStatefulReconnect=true", false);
    assert!(url.ends_with("useStatefulReconnect=true&negotiateVersion=1"));
    world.open();
    assert!(world.sent()[0].contains("\"version\":2"), "HTC-66");

    let (_, started, _) = ask("http://example.com/hub?useStatefulReconnect=false", true);
    assert_eq!(started.ended().unwrap_err().to_string(), refused, "HTC-67");
}

/// ATC-3: what was just given and is refused is not shown again, unless it is renewed.
#[test]
fn a_refused_authorization_is_renewed_or_not_shown_again() {
    let world = World::new(|_| {});
    let old = token("old");
    world.authorizations.replace(vec![old.clone(), old]);
    let started = world.start();
    world.answer(401, "");
    assert_eq!(started.ended().unwrap_err().status(), Some(401));
    assert_eq!(world.requests(), 0, "one request");
    assert_eq!(
        world.authorized.take(),
        [AuthorizeReason::Connect, AuthorizeReason::Unauthorized]
    );

    world
        .authorizations
        .replace(vec![token("new"), token("old")]);
    let started = world.start();
    assert_eq!(bearer(&world.answer(401, "")), Some("Bearer old"));
    assert_eq!(bearer(&world.answer(401, "")), Some("Bearer new"));
    assert!(matches!(started.ended(), Err(Error::Negotiate { .. })));
}

/// FT-23, FT-24, Q-22, Q-31: the application is asked once, takes its time, and its token is shown
/// on the socket too, encoded.
#[test]
fn a_token_is_asked_for_once() {
    let world = World::new(|_| {});
    world.authorizations.replace(vec![token("a+b/c=")]);
    let started = world.start();
    let request = world.answer(200, &offer(&["WebSockets"]));
    assert_eq!(bearer(&request), Some("Bearer a+b/c="));
    let url = &world.endpoints()[0].url;
    assert!(url.ends_with("access_token=a%2Bb%2Fc%3D"), "{url}");
    world.shake_hands();
    assert_eq!(started.ended(), Ok(()));
    assert_eq!(world.authorized.take(), [AuthorizeReason::Connect]);
}

/// No error repeats a token, nor an address with one, whatever the server says.
#[test]
fn errors_repeat_no_token() {
    let secret = "eyJhbGciOi.secret";
    let echo = format!("Bad token {secret}");
    let phases: [&dyn Fn(&World); 4] = [
        &|world| drop(world.answer(500, &echo)),
        &|world| drop(world.answer(404, &format!("<p>{secret}</p>"))),
        &|world| {
            world.answer(200, &offer(&["WebSockets"]));
            world.close(1006, "");
        },
        &|world| {
            world.answer(200, &offer(&["LongPolling"]));
            world.answer(403, &format!("/hub?access_token={secret}"));
        },
    ];
    for fail in phases {
        let world = World::new(|options| options.retry = Retry::Never);
        world.authorizations.replace(vec![token(secret)]);
        let started = world.start();
        fail(&world);
        let error = started.ended().unwrap_err();
        let told = format!("{error} {error:?} {:?}", world.states.take());
        assert!(!told.contains("secret"), "{told}");
    }
}

/// Some servers know the negotiation under another name.
#[test]
fn a_name_that_is_not_known_is_followed_by_the_next() {
    let names = ["negotiate", "SignalRInfo"];
    let world = World::new(|options| options.negotiate = names.map(str::to_owned).into());
    world.start();
    let asked = |status, body: &str| world.answer(status, body).url;
    assert_eq!(
        asked(404, ""),
        "http://example.com/hub/negotiate?negotiateVersion=1"
    );
    let second = "http://example.com/hub/SignalRInfo?negotiateVersion=1";
    assert_eq!(asked(200, r#"{"url":"http://other.example/hub"}"#), second);
    let elsewhere = "http://other.example/hub/negotiate?negotiateVersion=1";
    assert_eq!(asked(200, &offer(&["WebSockets"])), elsewhere);
    world.shake_hands();
    world.close(1006, "");
    world.pass_to_try();
    assert_eq!(asked(503, ""), second, "what is known is tried first");
}

#[test]
fn a_server_that_knows_no_name_is_no_server() {
    let names = ["negotiate", "SignalRInfo"];
    let world = World::new(|options| options.negotiate = names.map(str::to_owned).into());
    let started = world.start();
    world.answer(404, "");
    assert!(started.waits());
    world.answer(404, "");
    assert_eq!(started.ended().unwrap_err().status(), Some(404));
    let again = world.start();
    let first = world.answer(404, "").url;
    assert!(first.ends_with("/negotiate?negotiateVersion=1"), "{first}");
    world.answer(404, "");
    assert!(!again.waits());
}
