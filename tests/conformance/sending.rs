//! What is sent waits in line.

use serverless_chat::signalr::{Error, Failure, Options};

use super::world::{World, offer};

/// A client that is connected by an event stream, so that each send is a request.
fn posting() -> World {
    let world = World::new(|_: &mut Options| {});
    world.start();
    world.answer(200, &offer(&["ServerSentEvents"]));
    world.open();
    world.answer(200, "");
    world.text("{}\u{1e}");
    world.answer(200, "");
    world
}

/// HTC-7, HTC-8, Q-20: before there is a connection nothing can be sent; the failure is told to whoever awaits
/// the call.
#[test]
fn nothing_can_be_sent_without_a_connection() {
    let words = "Cannot send data if the connection is not in the 'Connected' State.";
    let world = World::new(|_| {});
    let call = || world.connection.call("Say");
    let sent = world.follow(call().send());
    assert_eq!(sent.ended().unwrap_err().to_string(), words);
    let answer = world.follow(call().invoke::<()>());
    assert_eq!(answer.ended().unwrap_err().to_string(), words);

    let world = World::connected(|_| {});
    world.close(1006, "");
    let sent = world.follow(world.connection.call("Say").send());
    assert_eq!(sent.ended(), Err(Error::NotConnected), "Q-20");
}

/// HTC-56, HTC-59: one request at a time; what is sent meanwhile goes together into the next.
#[test]
fn what_is_sent_meanwhile_goes_together() {
    let world = posting();
    let say = |text: &str| {
        let call = world.connection.call("Say").arguments((text,));
        world.follow(call.send())
    };
    let hello = say("hello");
    assert_eq!(world.requests(), 1, "at once");
    let (first, second) = (say("world"), say("!"));
    assert_eq!(world.requests(), 1);
    world.answer(200, "");
    assert_eq!(hello.ended(), Ok(()));
    assert!(first.waits() && second.waits());
    let body = world.answer(200, "").body;
    let texts = ["world", "!"]
        .map(|text| format!("{{\"type\":1,\"target\":\"Say\",\"arguments\":[\"{text}\"]}}\u{1e}"));
    assert_eq!(body, texts.concat());
    assert_eq!((first.ended(), second.ended()), (Ok(()), Ok(())));
}

/// HTC-57, HTC-58: a request that fails is the failure of what was in it, and of nothing else.
#[test]
fn a_failed_send_is_its_callers_alone() {
    let world = posting();
    let say = || world.follow(world.connection.call("Say").send());
    let (first, second) = (say(), say());
    world.outcome(Err(Failure::Network));
    assert_eq!(first.ended(), Err(Error::Send(Failure::Network)));
    world.answer(200, "");
    assert_eq!(second.ended(), Ok(()));

    let (first, second) = (say(), say());
    world.answer(200, "");
    world.answer(503, "");
    assert_eq!(first.ended(), Ok(()));
    assert_eq!(second.ended().unwrap_err().status(), Some(503), "HTC-58");
}

/// HTC-62, HTC-63: a stop is the end of what waits, and of what comes after.
#[test]
fn a_stop_ends_what_waits() {
    let world = posting();
    let say = || world.follow(world.connection.call("Say").send());
    let (first, second) = (say(), say());
    world.connection.stop();
    world.turn();
    assert_eq!(first.ended(), Err(Error::CallCanceled));
    assert_eq!(second.ended(), Err(Error::CallCanceled));
    assert_eq!(say().ended(), Err(Error::NotConnected));
}
