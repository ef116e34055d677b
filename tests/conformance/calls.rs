//! Calls of hub methods.

use futures_channel::mpsc;
use serde_json::json;
use serverless_chat::signalr::{Error, Retry};

use super::world::World;

/// HUB-10, HUB-11, FT-3: a call that wants no answer has no name; null is an argument.
#[test]
fn a_send_has_no_name() {
    let world = World::connected(|_| {});
    let call = world.connection.call("testMethod");
    let sent = world.follow(call.arguments(("arg", 42, ())).send());
    assert_eq!(sent.ended(), Ok(()));
    assert_eq!(
        world.messages(),
        [json!({ "type": 1, "target": "testMethod", "arguments": ["arg", 42, null] })]
    );
}

/// HUB-12, HUB-19, FT-1, FT-2, FT-15: a call that wants a result is named, and gets it.
#[test]
fn an_invocation_is_answered() {
    let world = World::connected(|_| {});
    let invoke = || world.connection.call("Echo").arguments(("ü",));
    let first = world.follow(invoke().invoke::<String>());
    let second = world.follow(invoke().invoke::<(Vec<i32>, u64)>());
    let nothing = world.follow(world.connection.call("Nothing").invoke::<()>());
    assert_eq!(
        world.messages(),
        [
            json!({ "type": 1, "invocationId": "0", "target": "Echo", "arguments": ["ü"] }),
            json!({ "type": 1, "invocationId": "1", "target": "Echo", "arguments": ["ü"] }),
            json!({ "type": 1, "invocationId": "2", "target": "Nothing", "arguments": [] }),
        ]
    );
    world.receive(r#"{"type":3,"invocationId":"1","result":[[1,2],18446744073709551615]}"#);
    world.receive(r#"{"type":6}"#);
    assert!(first.waits(), "HUB-66: a ping changes nothing");
    world.receive(r#"{"type":3,"invocationId":"0","result":"ü"}"#);
    world.receive(r#"{"type":3,"invocationId":"2"}"#);
    assert_eq!(first.ended().unwrap(), "ü");
    assert_eq!(second.ended().unwrap(), (vec![1, 2], u64::MAX));
    assert_eq!(nothing.ended(), Ok(()));
}

/// HUB-18, FT-7 to FT-9, FT-11: what the server says of a failure is told unchanged.
#[test]
fn a_failed_invocation_tells_the_servers_words() {
    let words = "The client attempted to invoke the streaming 'EmptyStream' method with a non-streaming invocation.";
    let world = World::connected(|_| {});
    let answer = world.follow(world.connection.call("EmptyStream").invoke::<()>());
    let completion = json!({ "type": 3, "invocationId": "0", "error": words });
    world.receive(&completion.to_string());
    let error = answer.ended().unwrap_err();
    assert_eq!(error, Error::Call(words.to_owned()));
    assert_eq!(error.to_string(), words);
}

/// A result of another type is no result.
#[test]
fn a_result_of_another_type_is_an_error() {
    let world = World::connected(|_| {});
    let answer = world.follow(world.connection.call("Echo").invoke::<u32>());
    world.receive(r#"{"type":3,"invocationId":"0","result":"text"}"#);
    assert!(matches!(answer.ended(), Err(Error::Conversion(_))));
    let answer = world.follow(world.connection.call("Echo").arguments(7).invoke::<u32>());
    assert!(matches!(answer.ended(), Err(Error::Conversion(_))));
    assert_eq!(world.messages().len(), 1, "what is no list is not sent");
}

/// HUB-23, HUB-24: who waits is told that nothing comes any more, and why.
#[test]
fn the_end_of_the_connection_ends_the_calls() {
    let invoke = |world: &World| world.follow(world.connection.call("Wait").invoke::<()>());
    let world = World::connected(|_| {});
    let answer = invoke(&world);
    world.connection.stop();
    world.turn();
    assert_eq!(
        answer.ended().unwrap_err().to_string(),
        "Invocation canceled due to the underlying connection being closed."
    );
    for retry in [Retry::Never, Retry::default()] {
        let world = World::connected(|options| options.retry = retry);
        let answer = invoke(&world);
        world.close(1011, "oops");
        assert_eq!(
            answer.ended().unwrap_err().to_string(),
            "WebSocket closed with status code: 1011 (oops)."
        );
    }
}

/// HUB-20 to HUB-22, FT-18, FT-19, Q-29: streams go up with a call, under names of their own.
#[test]
fn streams_go_up_with_a_call() {
    let world = World::connected(|_| {});
    let call = || world.connection.call("method").arguments(("arg",));
    for (first, kind) in [(0, "invoke"), (2, "send"), (3, "stream")] {
        let (items, stream) = mpsc::unbounded::<Result<u32, String>>();
        let (answer, sent, mut down) = (call().upload(stream), None::<()>, None);
        let mut pending = None;
        match kind {
            "invoke" => pending = Some(world.follow(answer.invoke::<String>())),
            "send" => drop(world.follow(answer.send())),
            _ => down = Some(answer.stream::<String>()),
        }
        assert_eq!(sent, None);
        world.turn();
        let mut message =
            json!({ "target": "method", "arguments": ["arg"], "streamIds": [first.to_string()] });
        message["type"] = if kind == "stream" { 4 } else { 1 }.into();
        if kind != "send" {
            message["invocationId"] = (first + 1).to_string().into();
        }
        assert_eq!(world.messages(), [message]);

        items.unbounded_send(Ok(5)).unwrap();
        items.unbounded_send(Ok(6)).unwrap();
        world.turn();
        let name = first.to_string();
        assert_eq!(
            world.messages(),
            [
                json!({ "type": 2, "invocationId": name, "item": 5 }),
                json!({ "type": 2, "invocationId": name, "item": 6 }),
            ]
        );
        match kind {
            "send" => items.unbounded_send(Err("oops".to_owned())).unwrap(),
            _ => drop(items),
        }
        world.turn();
        let mut end = json!({ "type": 3, "invocationId": name });
        if kind == "send" {
            end["error"] = "oops".into();
        }
        assert_eq!(world.messages(), [end], "FT-19");
        let answered = (first + 1).to_string();
        if let Some(pending) = pending {
            world.receive(
                &json!({ "type": 3, "invocationId": answered, "result": "done" }).to_string(),
            );
            assert_eq!(pending.ended().unwrap(), "done");
        }
        if let Some(mut down) = down {
            world.receive(
                &json!({ "type": 2, "invocationId": answered, "item": "down" }).to_string(),
            );
            let item = world.follow(async move { down.next().await });
            assert_eq!(item.ended(), Some(Ok("down".to_owned())));
            world.sent();
        }
    }
}

/// A stream that goes up ends with its connection.
#[test]
fn a_stream_does_not_go_up_over_another_connection() {
    let world = World::connected(|_| {});
    let (items, stream) = mpsc::unbounded::<Result<u32, String>>();
    world.follow(world.connection.call("method").upload(stream).send());
    world.close(1006, "");
    world.pass_to_try();
    world.sent();
    world.connect();
    items.unbounded_send(Ok(1)).unwrap();
    world.turn();
    assert_eq!(world.sent(), [""; 0]);
}

/// Q-7: an answer to nobody is nobody's.
#[test]
fn an_answer_to_nobody_is_ignored() {
    let world = World::connected(|_| {});
    world.receive(r#"{"type":3,"invocationId":"77","result":1}"#);
    world.receive(r#"{"type":2,"invocationId":"77","item":1}"#);
    world.receive(r#"{"type":3,"invocationId":"not ours","error":"x"}"#);
    assert_eq!(world.states.take(), [""; 0]);
}

/// Q-5: messages of unknown types are passed over.
#[test]
fn unknown_messages_are_passed_over() {
    let world = World::connected(|_| {});
    for kind in [4, 5, 99] {
        world.receive(&json!({ "type": kind, "invocationId": "1", "target": "x" }).to_string());
    }
    assert_eq!(world.states.take(), [""; 0]);
    assert_eq!(world.sent(), [""; 0]);
}

/// Q-19: a call may be given a time; one that is dropped is forgotten.
#[test]
fn a_call_may_be_given_a_time() {
    let world = World::connected(|_| {});
    let call = || world.connection.call("Wait");
    let patient = world.follow(call().timeout(5_000).invoke::<u32>());
    world.pass(4_999);
    assert!(patient.waits());
    world.pass(1);
    assert_eq!(patient.ended(), Err(Error::CallTimeout));
    world.receive(r#"{"type":3,"invocationId":"0","result":1}"#);
    drop(call().invoke::<u32>());
    world.receive(r#"{"type":3,"invocationId":"1","result":1}"#);
    assert_eq!(world.states.take(), [""; 0]);
    assert_eq!(world.messages().len(), 2);
}

/// Q-29: names are never used again, whatever happens to the connection.
#[test]
fn names_are_never_used_again() {
    let world = World::connected(|_| {});
    drop(world.connection.call("Wait").invoke::<u32>());
    world.close(1006, "");
    world.pass_to_try();
    world.sent();
    world.connect();
    drop(world.connection.call("Wait").invoke::<u32>());
    assert_eq!(world.messages()[0]["invocationId"], "1");
}
