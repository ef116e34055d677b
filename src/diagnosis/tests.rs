//! Every failure that a client can meet, and the words for it.

use super::*;
use crate::signalr::transport::{Unusable, Why};

const PAGE: &str = "https://p.q";
const API: &str = "https://a.b";
const CORS: &str = "Add https://p.q to the Function App's CORS origins";

fn place(origin: &str, api_base_url: &str) -> Place {
    Place {
        origin: origin.into(),
        api_base_url: api_base_url.into(),
        functions_url: [api_base_url, "/api"].concat(),
        with_cookie: false,
        online: true,
        reach: Reach::Unknown,
    }
}

fn with(change: impl FnOnce(&mut Place)) -> Place {
    let mut place = place(PAGE, API);
    change(&mut place);
    place
}

fn negotiate(step: Step, failure: Failure) -> Error {
    Error::Negotiate { step, failure }
}

fn status(status: u16) -> Failure {
    let words = String::new();
    Failure::Status { status, words }
}

/// One short sentence for what happened, and at most two for what to do.
fn is_short(problem: &Problem) {
    let Problem { title, hint } = problem;
    let sentences = |text: &str| text.trim_end_matches('.').matches(". ").count() + 1;
    assert!(title.len() <= 140 && sentences(title) == 1, "{title}");
    assert!(hint.len() <= 200 && sentences(hint) <= 2, "{hint}");
}

fn says(problem: &Problem, title: &str, hint: &str) {
    is_short(problem);
    assert!(problem.title.contains(title), "{title}: {problem:?}");
    assert!(problem.hint.contains(hint), "{hint}: {problem:?}");
}

/// Every status that a client can meet: whose it is, and what helps.
#[test]
fn each_status_names_its_step_and_what_to_change() {
    use Step::{Negotiate, NegotiateRedirected};
    let function = "negotiate function";
    let service = "SignalR Service";
    for (step, number, whose, helps) in [
        (Negotiate, 400, function, "function's log"),
        (NegotiateRedirected, 400, service, "hub name"),
        (Negotiate, 401, function, "Sign in again"),
        (Negotiate, 401, function, "authLevel"),
        (NegotiateRedirected, 401, service, "present key"),
        (NegotiateRedirected, 401, service, "clock"),
        (Negotiate, 403, function, "Allowed external redirect URLs"),
        (Negotiate, 403, function, CORS),
        (NegotiateRedirected, 403, service, "by itself"),
        (Negotiate, 404, "https://a.b/api/negotiate", "SignalRInfo"),
        (Negotiate, 404, function, "routePrefix"),
        (NegotiateRedirected, 404, service, "new one by itself"),
        (NegotiateRedirected, 409, service, "new one by itself"),
        (Negotiate, 413, function, "fewer claims"),
        (NegotiateRedirected, 413, service, "fewer claims"),
        (NegotiateRedirected, 414, service, "fewer claims"),
        (Negotiate, 429, service, "Free tier"),
        (NegotiateRedirected, 429, service, "Free tier"),
        (Negotiate, 500, function, "AzureSignalRConnectionString"),
        (Negotiate, 500, function, "userId"),
        (NegotiateRedirected, 500, service, "Serverless"),
        (Negotiate, 502, function, "may be starting"),
        (Negotiate, 503, function, "may be starting"),
        (NegotiateRedirected, 502, service, "by itself"),
        (NegotiateRedirected, 503, service, "by itself"),
    ] {
        let problem = place(PAGE, API).connection(&negotiate(step, status(number)));
        says(&problem, whose, helps);
        let is_told = problem.title.contains(&number.to_string());
        assert!(
            is_told || matches!(number, 401 | 404 | 413 | 414),
            "{problem:?}"
        );
    }
}

/// On a developer's machine the same settings stand in another place.
#[test]
fn a_local_backend_is_set_up_in_its_own_file() {
    let mut place = place("http://localhost:8080", "http://localhost:7071");
    let function = |failure| negotiate(Step::Negotiate, failure);
    let problem = place.connection(&function(status(500)));
    says(&problem, "status 500", "local.settings.json");
    place.reach = Reach::Answers;
    let problem = place.connection(&function(Failure::Network));
    says(
        &problem,
        "does not let this page",
        "set Host.CORS to http://localhost:8080.",
    );
    place.with_cookie = true;
    let problem = place.connection(&function(Failure::Network));
    says(
        &problem,
        "",
        "http://localhost:8080 and Host.CORSCredentials to true.",
    );
    place.reach = Reach::Silent;
    let problem = place.who_am_i_unreachable();
    says(
        &problem,
        "nothing answers at http://localhost:7071.",
        "Start the backend",
    );
}

/// No status, so whether anything answers decides.
#[test]
fn no_answer_is_explained_by_what_can_be_known() {
    for (place, title, hint) in [
        (with(|_| {}), "no answer from https://a.b", CORS),
        (
            with(|it| it.reach = Reach::Answers),
            "does not let this page",
            CORS,
        ),
        (
            with(|it| it.reach = Reach::Silent),
            "nothing answers at https://a.b",
            "apiBaseUrl",
        ),
        (with(|it| it.online = false), "offline", "network"),
        (
            with(|it| {
                it.reach = Reach::Answers;
                it.with_cookie = true;
            }),
            "does not let this page",
            "allow https://p.q in place of *, and enable Access-Control-Allow-Credentials",
        ),
        (
            with(|it| it.api_base_url = "http://a.b".into()),
            "is http",
            "must be https",
        ),
        (
            place("https://p.q", "http://localhost:7071"),
            "no answer from http://localhost:7071",
            "Host.CORS to https://p.q",
        ),
        (
            place("http://127.0.0.1:5500", "http://localhost:7071"),
            "no answer",
            "open this page at http://localhost:5500, or add http://127.0.0.1:5500 to",
        ),
        (
            place(API, API),
            "nothing answers at",
            "Check that the Function App runs",
        ),
    ] {
        let steps = [
            ("Asking who you are", place.who_am_i_unreachable()),
            (
                "Asking the negotiate function",
                place.connection(&negotiate(Step::Negotiate, Failure::Network)),
            ),
        ];
        for (step, problem) in steps {
            says(&problem, title, hint);
            assert!(problem.title.starts_with(step), "{problem:?}");
        }
    }
    let hint = place(API, API).who_am_i_unreachable().hint;
    assert!(!hint.contains("CORS"), "the same origin: {hint}");
    let hint = with(|it| it.reach = Reach::Silent)
        .who_am_i_unreachable()
        .hint;
    assert!(
        !hint.contains("CORS"),
        "nobody is there to allow it: {hint}"
    );
}

#[test]
fn who_am_i_names_its_step() {
    for (status, hint) in [
        (500, "log stream"),
        (503, "may be starting"),
        (405, "apiBaseUrl"),
    ] {
        let problem = place(PAGE, API).who_am_i_failed(status);
        says(&problem, "Asking who you are", hint);
        assert!(problem.title.contains(&status.to_string()), "{problem:?}");
    }
}

#[test]
fn a_service_without_an_answer_is_a_matter_of_cors_or_of_the_network() {
    let error = negotiate(Step::NegotiateRedirected, Failure::Network);
    for (reach, title, hint) in [
        (
            Reach::Answers,
            "does not let this page",
            "Add https://p.q to the service's CORS",
        ),
        (Reach::Silent, "cannot be reached", "firewall or proxy"),
        (
            Reach::Unknown,
            "no answer",
            "Add https://p.q to the service's CORS",
        ),
        (Reach::Unknown, "no answer", "firewall or proxy"),
    ] {
        let problem = with(|it| it.reach = reach).connection(&error);
        says(&problem, "SignalR Service", hint);
        says(&problem, title, hint);
    }
}

#[test]
fn what_has_no_status_is_explained_too() {
    use Step::{Negotiate, NegotiateRedirected};
    let closed = |words: Option<&str>| Error::ClosedByServer {
        error: words.map(str::to_owned),
        allow_reconnect: false,
    };
    let no_transport = |whys: &[Why]| {
        let unusable = whys.iter().map(|why| Unusable {
            name: "WebSockets".into(),
            why: why.clone(),
        });
        Error::NoTransport(unusable.collect())
    };
    for (error, title, hint) in [
        (
            negotiate(Negotiate, Failure::Timeout),
            "in time",
            "may be starting",
        ),
        (
            negotiate(Negotiate, Failure::Unreadable),
            "no negotiate function",
            "not a web page",
        ),
        (
            negotiate(NegotiateRedirected, Failure::Timeout),
            "SignalR Service",
            "by itself",
        ),
        (
            negotiate(NegotiateRedirected, Failure::Unreadable),
            "no SignalR Service",
            "Endpoint",
        ),
        (
            Error::Refused("Not today.".into()),
            "Not today.",
            "runs the backend",
        ),
        (
            closed(Some(
                "No app server is currently connected to the Azure service.",
            )),
            "No app server",
            "Serverless",
        ),
        (
            closed(Some("Service reloading, please reconnect")),
            "reloading",
            "by itself",
        ),
        (closed(None), "no reason given", "by itself"),
        (
            no_transport(&[]),
            "no way to connect",
            "Azure SignalR Service",
        ),
        (
            no_transport(&[Why::NotOpened, Why::Timeout]),
            "no connection",
            "proxy or firewall",
        ),
        (no_transport(&[Why::Refused]), "insecure", "https://"),
        (Error::HandshakeTimeout, "handshake", "in time"),
        (
            Error::HandshakeRefused("no json".into()),
            "handshake",
            "no json",
        ),
        (Error::ServerTimeout, "lost", "by itself"),
        (Error::ClassicServer, "not speak as expected", "ASP.NET"),
        (
            Error::NotAuthorized("You are signed out.".into()),
            "signed out",
            "Sign in again",
        ),
    ] {
        let Problem {
            title: is,
            hint: helps,
        } = place(PAGE, API).connection(&error);
        assert!(
            is.contains(title) && helps.contains(hint),
            "{error:?}: {is} {helps}"
        );
    }
}

#[test]
fn what_once_worked_is_not_blamed_on_settings() {
    let error = negotiate(Step::Negotiate, Failure::Network);
    let place = place(PAGE, API);
    assert!(place.connection(&error).hint.contains("CORS"));
    assert!(!place.reconnection(&error).hint.contains("CORS"));
}

#[test]
fn a_message_that_is_not_sent_says_what_to_change() {
    for (status, helps) in [
        (403, CORS),
        (404, "messageRoute"),
        (413, "too long"),
        (429, "Wait"),
        (500, "AzureSignalRConnectionString"),
        (503, "503"),
    ] {
        let words = with(|it| it.with_cookie = true).send_failed(status);
        assert!(words.contains(helps), "{status}: {words}");
    }
}

#[test]
fn the_pages_origin_is_found_in_a_hint() {
    let around = |hint: &str| {
        problem("", hint)
            .around("http://p.q:80")
            .map(|(before, after)| [before, "|", after].concat())
    };
    assert_eq!(
        around("Add http://p.q:80 to it.").as_deref(),
        Some("Add | to it.")
    );
    assert_eq!(
        around("Set it to http://p.q:80.").as_deref(),
        Some("Set it to |.")
    );
    assert_eq!(around("See http://p.q:8080."), None);
    assert_eq!(around("See http://p.q:80/x."), None);
    assert_eq!(around("Nothing."), None);
}

/// The value of a setting is repeated so that it is recognised, and what may be secret in it is not.
#[test]
fn a_wrong_setting_shows_no_secret() {
    for value in [
        "Endpoint=https://a.service.signalr.net;AccessKey=s3cret;Version=1.0;",
        "https://a.b/?code=s3cret",
        "https://me:s3cret@a.b",
    ] {
        let json = [r#"{"apiBaseUrl":""#, value, r#""}"#].concat();
        let error = crate::config::Config::parse(&json, PAGE).expect_err("it is no address");
        let Problem { title, hint } = settings(&error);
        assert!(title.contains("apiBaseUrl"), "{title}");
        assert!(
            !title.contains("s3cret") && !hint.contains("s3cret"),
            "{title} {hint}"
        );
    }
}
