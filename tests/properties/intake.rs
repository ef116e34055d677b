//! The whole client, told anything.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serverless_chat::signalr::connection::{
    Action, Authorization, Command, Connection, Event, Generation, Response, State,
};
use serverless_chat::signalr::protocol::framing::records;
use serverless_chat::signalr::{Options, Transport};

use crate::texts::{RS, config, cut, hub_message};

const OFFER: &str = r#"{"connectionId":"id","availableTransports":[{"transport":"WebSockets","transferFormats":["Text"]}]}"#;

/// A client with an open socket, before the handshake.
fn open() -> (Connection, Generation) {
    let mut connection = Connection::new(Options::new("https://example.com/hub"));
    assert!(connection.handle_event(0, Event::Start).is_none());
    loop {
        let event = match connection.poll_command().expect("it goes on") {
            Command::Authorize(generation, _) => {
                Event::Authorized(generation, Ok(Authorization::default()))
            }
            Command::Io(Action::Request(id, _)) => {
                let response = Response {
                    status: 200,
                    body: OFFER.to_owned(),
                    ..Response::default()
                };
                Event::Answered(id, Ok(response))
            }
            Command::Io(Action::Open(generation, endpoint)) => {
                assert_eq!(endpoint.transport, Transport::WebSockets);
                assert!(
                    connection
                        .handle_event(0, Event::Opened(generation))
                        .is_none()
                );
                return (connection, generation);
            }
            _ => continue,
        };
        assert!(connection.handle_event(0, event).is_none());
    }
}

/// Takes text as a client does. `state` is the last that was reported. Fails if something is delivered
/// that came behind the end of the connection.
fn take(
    connection: &mut Connection,
    generation: Generation,
    piece: String,
    state: &mut Option<State>,
) -> Result<(), TestCaseError> {
    let text = connection.handle_event(0, Event::Text(generation, piece));
    for record in text
        .iter()
        .flat_map(|text| records(text).expect("whole records"))
    {
        let is_over = is_over(state);
        let delivery = connection.receive(0, record);
        prop_assert!(!is_over || delivery.is_none(), "it is over: {:?}", state);
        *state = last_state(connection).or(state.take());
    }
    connection.received(0);
    *state = last_state(connection).or(state.take());
    Ok(())
}

/// True if there was a connection, or the beginning of one, that is lost.
fn is_over(state: &Option<State>) -> bool {
    match state {
        Some(State::Disconnected { .. } | State::Reconnecting(_)) => true,
        Some(State::Connecting(tries)) => tries.reason.is_some(),
        _ => false,
    }
}

/// The last state that is reported.
fn last_state(connection: &mut Connection) -> Option<State> {
    let commands = std::iter::from_fn(|| connection.poll_command());
    let states = commands.filter_map(|command| match command {
        Command::Report(state) => Some(state),
        _ => None,
    });
    states.last()
}

proptest! {
    #![proptest_config(config())]

    /// Whatever comes, before the handshake or behind it: the client is connected, or it says why it
    /// is not and tries again. What comes after the end of a connection is not looked at.
    #[test]
    fn anything_may_come(
        shakes_hands in prop::bool::weighted(0.8),
        texts in vec(hub_message(), 0..6),
        cuts in vec(any::<Index>(), 0..6),
    ) {
        let (mut connection, generation) = open();
        let mut state = last_state(&mut connection);
        if shakes_hands {
            take(&mut connection, generation, format!("{{}}{RS}"), &mut state)?;
            prop_assert!(matches!(state, Some(State::Connected { .. })), "{:?}", state);
        }
        let text: String = texts.iter().map(|text| format!("{text}{RS}")).collect();
        for piece in cut(&text, &cuts) {
            take(&mut connection, generation, piece, &mut state)?;
        }
        match state {
            Some(State::Connected { .. }) => {}
            Some(State::Reconnecting(tries)) => prop_assert!(tries.next_try.is_some()),
            Some(State::Connecting(tries)) => {
                prop_assert!(!shakes_hands);
                prop_assert!(tries.reason.is_none() || tries.next_try.is_some());
            }
            Some(State::Disconnected { reason }) => prop_assert!(reason.is_some()),
            None => prop_assert!(!shakes_hands, "nothing was told"),
        }
        prop_assert!(connection.poll_timeout().is_some() || connection.is_idle());
    }
}
