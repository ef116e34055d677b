//! Calls of client methods.

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot;
use serde_json::json;
use serverless_chat::signalr::State;
use serverless_chat::signalr::client::Subscription;

use super::world::{Log, World};

/// The server calls "message", and waits for a result if the call has a name.
fn called(world: &World, name: Option<&str>) {
    let mut call = json!({ "type": 1, "target": "message", "arguments": ["test"] });
    if let Some(name) = name {
        call["invocationId"] = name.into();
    }
    world.receive(&call.to_string());
}

fn completion(fields: serde_json::Value) -> Vec<serde_json::Value> {
    let mut message = json!({ "type": 3, "invocationId": "0" });
    for (name, value) in fields.as_object().unwrap() {
        message[name] = value.clone();
    }
    vec![message]
}

/// HUB-25, Q-3: a call that nobody handles is a warning, whatever it is named.
#[test]
fn an_unknown_target_is_a_warning() {
    let world = World::connected(|_| {});
    called(&world, None);
    let words = "No client method with the name 'message' found.";
    assert_eq!(world.warnings.take(), [words]);
    for target in ["constructor", "__proto__", "Message"] {
        let call = json!({ "type": 1, "target": target, "arguments": [], "invocationId": "0" });
        world.receive(&call.to_string());
        let expected = completion(json!({ "error": "Client didn't provide a result." }));
        assert_eq!(world.messages(), expected, "Q-3");
    }
    assert_eq!(world.states.take(), [""; 0]);
}

/// HUB-26, HUB-49, FT-22: who waits for a result hears that there is none.
#[test]
fn nobody_waits_in_vain() {
    let world = World::connected(|_| {});
    world.connection.on("message", |()| {});
    world.connection.off("message");
    called(&world, Some("0"));
    let expected = completion(json!({ "error": "Client didn't provide a result." }));
    assert_eq!(world.messages(), expected);
    assert_eq!(
        world.warnings.take(),
        [
            "No client method with the name 'message' found.",
            "No result given for 'message' method."
        ]
    );
}

/// HUB-27, HUB-28, HUB-36, HUB-37, HUB-39: handlers are added and taken away.
#[test]
fn handlers_are_added_and_taken_away() {
    let world = World::connected(|_| {});
    let heard = Log::default();
    let handler = |name: &'static str| {
        let log = heard.clone();
        world.connection.on("message", move |()| log.push(name))
    };
    let (first, _second) = (handler("first"), handler("second"));
    called(&world, None);
    assert_eq!(heard.take(), ["first", "second"]);
    first.off();
    first.off();
    world.connection.off("nobody's");
    called(&world, None);
    assert_eq!(heard.take(), ["second"]);
    handler("third");
    world.connection.off("MESSAGE");
    called(&world, None);
    assert_eq!(heard.take(), [""; 0]);
}

/// HUB-30, FT-4, FT-12, FT-16: arguments are typed, and the case of a name does not matter.
#[test]
fn handlers_get_typed_arguments() {
    #[derive(serde::Deserialize)]
    struct Complex {
        id: u64,
        names: Vec<String>,
    }
    let world = World::connected(|_| {});
    let heard = Log::default();
    let log = heard.clone();
    world.connection.on(
        "Said",
        move |(text, complex, missing): (String, Complex, Option<u32>)| {
            log.push(format!(
                "{text} {} {:?} {missing:?}",
                complex.id, complex.names
            ));
        },
    );
    let log = heard.clone();
    world
        .connection
        .on("said", move |(text,): (String,)| log.push(text));
    world.receive(
        r#"{"type":1,"target":"sAID","arguments":["a",{"id":18446744073709551615,"names":["b"]}]}"#,
    );
    assert_eq!(heard.take(), [r#"a 18446744073709551615 ["b"] None"#, "a"]);
    world.receive(r#"{"type":1,"target":"said","arguments":[1]}"#);
    assert_eq!(heard.take(), [""; 0]);
    assert_eq!(
        world.warnings.take(),
        ["The arguments of 'said' are not what its handler takes."]
    );
}

/// JHP-23: all handlers of one call run before those of the next.
#[test]
fn calls_are_handled_one_after_the_other() {
    let world = World::connected(|_| {});
    let heard = Log::default();
    for name in ["first", "second"] {
        let log = heard.clone();
        world
            .connection
            .on("said", move |(n,): (u32,)| log.push(format!("{name} {n}")));
    }
    let call = |n: u32| format!("{{\"type\":1,\"target\":\"said\",\"arguments\":[{n}]}}\u{1e}");
    world.text(&[call(1), call(2)].concat());
    assert_eq!(heard.take(), ["first 1", "second 1", "first 2", "second 2"]);
}

/// HUB-38: a handler that takes itself away does not disturb the call.
#[test]
fn a_handler_may_take_itself_away() {
    let world = World::connected(|_| {});
    let heard = Log::default();
    let own: Rc<RefCell<Option<Subscription>>> = Rc::default();
    let (log, taken) = (heard.clone(), own.clone());
    let first = world.connection.on("message", move |()| {
        log.push("once");
        taken.take().unwrap().off();
    });
    own.replace(Some(first));
    let log = heard.clone();
    world.connection.on("message", move |()| log.push("always"));
    called(&world, None);
    called(&world, None);
    assert_eq!(heard.take(), ["once", "always", "always"]);
}

/// FT-4, Q-10: a handler may stop the connection; nothing comes after that.
#[test]
fn a_handler_may_stop_the_connection() {
    let world = World::connected(|_| {});
    let heard = Log::default();
    let (log, own) = (heard.clone(), world.connection.clone());
    world.connection.on("message", move |()| {
        log.push("heard");
        own.stop();
    });
    let call = "{\"type\":1,\"target\":\"message\",\"arguments\":[]}\u{1e}";
    world.text(&[call, call].concat());
    assert_eq!(heard.take(), ["heard"]);
    assert_eq!(
        world.connection.state(),
        State::Disconnected { reason: None }
    );
}

/// HUB-41 to HUB-43, FT-20: a result goes back, null too, also one that takes its time.
#[test]
fn a_result_goes_back() {
    let world = World::connected(|_| {});
    let answer = world
        .connection
        .answer("message", |(_text,): (String,)| async { Ok(10) });
    called(&world, Some("0"));
    assert_eq!(world.messages(), completion(json!({ "result": 10 })));
    answer.off();

    let answer = world.connection.answer("message", |()| async { Ok(()) });
    called(&world, Some("0"));
    assert_eq!(world.messages(), completion(json!({ "result": null })));
    answer.off();

    let (done, waits) = oneshot::channel::<u32>();
    let waits = Rc::new(RefCell::new(Some(waits)));
    world.connection.answer("message", move |()| {
        let waits = waits.take().unwrap();
        async move { waits.await.map_err(|error| error.to_string()) }
    });
    called(&world, Some("0"));
    assert_eq!(world.messages(), [json!(null); 0]);
    done.send(7).unwrap();
    world.turn();
    assert_eq!(world.messages(), completion(json!({ "result": 7 })));
}

/// HUB-44, FT-21: what a handler fails with goes to the server.
#[test]
fn a_failure_goes_back() {
    let world = World::connected(|_| {});
    world.connection.answer("message", |()| async {
        Err::<u32, _>("from callback".to_owned())
    });
    called(&world, Some("0"));
    assert_eq!(
        world.messages(),
        completion(json!({ "error": "from callback" }))
    );
}

/// HUB-45 to HUB-48: of several handlers, the last result or failure counts, and two results are
/// one too many.
#[test]
fn several_handlers_give_one_answer() {
    let result = Some(Ok(3));
    let failure = Some(Err("no".to_owned()));
    for (handlers, expected) in [
        (
            vec![result.clone(), result.clone()],
            json!({ "error": "Client provided multiple results." }),
        ),
        (
            vec![result.clone(), failure.clone()],
            json!({ "error": "no" }),
        ),
        (vec![failure, result.clone()], json!({ "result": 3 })),
        (vec![None, result], json!({ "result": 3 })),
        (
            vec![None],
            json!({ "error": "Client didn't provide a result." }),
        ),
    ] {
        let world = World::connected(|_| {});
        for outcome in handlers {
            match outcome {
                None => world.connection.on("message", |()| {}),
                Some(outcome) => world.connection.answer("message", move |()| {
                    let outcome: Result<u32, String> = outcome.clone();
                    async { outcome }
                }),
            };
        }
        called(&world, Some("0"));
        assert_eq!(world.messages(), completion(expected));
    }
}

/// HUB-50: a result that nobody wants is a warning.
#[test]
fn a_result_that_nobody_wants_is_not_sent() {
    let world = World::connected(|_| {});
    world.connection.answer("message", |()| async { Ok(10) });
    called(&world, None);
    assert_eq!(world.sent(), [""; 0]);
    assert_eq!(
        world.warnings.take(),
        ["Result given for 'message' method but server is not expecting a result."]
    );
}

/// HUB-31: an answer that comes when the connection is gone is dropped.
#[test]
fn an_answer_that_comes_too_late_is_dropped() {
    let world = World::connected(|_| {});
    let (done, waits) = oneshot::channel::<u32>();
    let waits = Rc::new(RefCell::new(Some(waits)));
    world.connection.answer("message", move |()| {
        let waits = waits.take().unwrap();
        async move { waits.await.map_err(|error| error.to_string()) }
    });
    called(&world, Some("0"));
    world.close(1006, "");
    world.pass_to_try();
    world.connect();
    done.send(7).unwrap();
    world.turn();
    assert_eq!(
        world.sent(),
        [""; 0],
        "another connection knows no such call"
    );
}
