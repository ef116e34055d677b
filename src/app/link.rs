//! The state of the connection, as the page shows it.

use crate::diagnosis::{Place, Problem};
use crate::signalr::{Error, Failure, State, Step};
use crate::ui::words;

/// Whether messages come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LinkState {
    /// No, and nobody tries.
    #[default]
    Disconnected,
    /// Not yet.
    Connecting,
    /// Yes.
    Connected,
    /// Not any more, and soon again.
    Reconnecting,
}

impl LinkState {
    /// The value of `data-connection`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            LinkState::Disconnected => "disconnected",
            LinkState::Connecting => "connecting",
            LinkState::Connected => "connected",
            LinkState::Reconnecting => "reconnecting",
        }
    }

    /// In the person's words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            LinkState::Disconnected => words::DISCONNECTED,
            LinkState::Connecting => words::CONNECTING,
            LinkState::Connected => words::CONNECTED,
            LinkState::Reconnecting => words::RECONNECTING,
        }
    }
}

/// The state of the connection, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Link {
    /// Whether messages come.
    pub(crate) state: LinkState,
    /// Why they do not.
    pub(crate) problem: Option<Problem>,
    /// When the next try begins, in milliseconds since the Unix epoch; `None` while one is under
    /// way.
    pub(crate) next_try: Option<u64>,
    /// True if signing in again is what helps.
    pub(crate) signed_out: bool,
}

impl Link {
    /// What the page shows of `state`.
    pub(crate) fn of(state: &State, place: &Place) -> Link {
        let (state, reason, next_try) = match state {
            State::Disconnected { reason } => (LinkState::Disconnected, reason.as_ref(), None),
            State::Connecting(tries) => {
                (LinkState::Connecting, tries.reason.as_ref(), tries.next_try)
            }
            State::Connected { .. } => (LinkState::Connected, None, None),
            State::Reconnecting(tries) => (
                LinkState::Reconnecting,
                tries.reason.as_ref(),
                tries.next_try,
            ),
        };
        let signed_out = matches!(
            reason,
            Some(
                Error::NotAuthorized(_)
                    | Error::Negotiate {
                        step: Step::Negotiate,
                        failure: Failure::Status(401)
                    }
            )
        );
        let problem = reason.map(|error| match state {
            LinkState::Reconnecting => place.reconnection(error),
            _ => place.connection(error),
        });
        Link {
            state,
            problem,
            next_try,
            signed_out,
        }
    }
}
