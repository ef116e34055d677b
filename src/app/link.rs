//! What the connection and the answers to messages mean to a person.

use crate::auth::PostError;
use crate::auth::WhoAmI;
use crate::chat;
use crate::diagnosis::report;
use crate::diagnosis::{Place, Problem};
use crate::signalr::{Error, Failure, State, Step};
use crate::ui::words;

/// Whether messages come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkState {
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
    pub fn name(self) -> &'static str {
        match self {
            LinkState::Disconnected => "disconnected",
            LinkState::Connecting => "connecting",
            LinkState::Connected => "connected",
            LinkState::Reconnecting => "reconnecting",
        }
    }

    /// In the person's words.
    pub fn words(self) -> &'static str {
        match self {
            LinkState::Disconnected => words::disconnected(),
            LinkState::Connecting => words::connecting(),
            LinkState::Connected => words::connected(),
            LinkState::Reconnecting => words::reconnecting(),
        }
    }
}

/// The state of the connection, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    /// Whether messages come.
    pub state: LinkState,
    /// Why they do not.
    pub problem: Option<Problem>,
    /// When the next try begins, in milliseconds since the Unix epoch; `None` while one is under
    /// way.
    pub next_try: Option<u64>,
    /// True if signing in again is what helps.
    pub signed_out: bool,
    /// True if the functions brought no answer that this page may read: a sign-in page may be in
    /// the way.
    pub unanswered: bool,
}

impl Link {
    /// What the page shows of `state`, but for the problem: see [`Link::explained`].
    pub fn of(state: &State) -> Link {
        let reason = reason(state);
        let (state, next_try) = match state {
            State::Disconnected { .. } => (LinkState::Disconnected, None),
            State::Connecting(tries) => (LinkState::Connecting, tries.next_try),
            State::Connected { .. } => (LinkState::Connected, None),
            State::Reconnecting(tries) => (LinkState::Reconnecting, tries.next_try),
        };
        let signed_out = matches!(
            reason,
            Some(
                Error::NotAuthorized(_)
                    | Error::Negotiate {
                        step: Step::Negotiate,
                        failure: Failure::Status { status: 401, .. }
                    }
            )
        );
        let unanswered = matches!(
            reason,
            Some(Error::Negotiate {
                step: Step::Negotiate,
                failure: Failure::Network | Failure::Unreadable
            })
        );
        Link {
            state,
            problem: None,
            next_try,
            signed_out,
            unanswered,
        }
    }

    /// The same with what went wrong on the way to `state`, in words.
    pub fn explained(state: &State, place: &Place) -> Link {
        let link = Link::of(state);
        let problem = reason(state).map(|error| match link.state {
            LinkState::Reconnecting => place.reconnection(error),
            _ => place.connection(error),
        });
        Link { problem, ..link }
    }
}

/// Why there is no connection; `None` if nothing went wrong.
pub fn reason(state: &State) -> Option<&Error> {
    match state {
        State::Connected { .. } => None,
        State::Disconnected { reason } => reason.as_ref(),
        State::Connecting(tries) | State::Reconnecting(tries) => tries.reason.as_ref(),
    }
}

/// The request of a first try that brought no answer, and of which more can be found out. What once
/// worked is not asked about.
pub fn unanswered(state: &State) -> Option<Step> {
    let tried = match state {
        State::Connecting(tries) => &tries.reason,
        State::Disconnected { reason } => reason,
        State::Connected { .. } | State::Reconnecting(_) => return None,
    };
    match tried {
        Some(Error::Negotiate {
            step,
            failure: Failure::Network,
        }) => Some(*step),
        _ => None,
    }
}

/// What came of asking who is here, in few words.
pub fn who_am_i(answer: &WhoAmI) -> Result<&'static str, String> {
    match answer {
        WhoAmI::SignedIn(_) => Ok(words::verdict_signed_in()),
        WhoAmI::SignedOut(_) => Ok(words::verdict_signed_out()),
        WhoAmI::Anonymous => Ok(words::verdict_no_sign_in()),
        WhoAmI::Failed(status) => Err(report::status_words(*status, "")),
        WhoAmI::Unreachable => Err(words::verdict_no_answer().to_owned()),
    }
}

/// What came of sending a message, in few words.
pub fn sent(outcome: &Result<(), PostError>) -> Result<&'static str, String> {
    match outcome {
        Ok(()) => Ok(words::verdict_ok()),
        Err(PostError::SignedOut) => Err(report::status_words(401, "")),
        Err(PostError::Status(status)) => Err(report::status_words(*status, "")),
        Err(PostError::NoAnswer) => Err(words::verdict_no_answer().to_owned()),
    }
}

/// Why a message is not sent, after its POST ended with `error`.
pub fn failure(error: PostError, place: &Place) -> chat::Failure {
    let (reason, ambiguous) = match error {
        PostError::SignedOut => (words::signed_out().to_owned(), false),
        // A function that failed may have sent the message before it did.
        PostError::Status(status) => (place.send_failed(status), status >= 500),
        PostError::NoAnswer => (words::no_answer().to_owned(), true),
    };
    chat::Failure {
        reason: reason.into(),
        ambiguous,
    }
}

/// Why a message is not sent, after its call of a hub method ended with `error`.
pub fn call_failure(error: &Error) -> chat::Failure {
    let (reason, ambiguous) = match error {
        Error::Call(words) => (words::refused_by_backend(words), false),
        Error::NotConnected => (words::disconnected().to_owned(), false),
        _ => (words::no_answer().to_owned(), true),
    };
    chat::Failure {
        reason: reason.into(),
        ambiguous,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Reach;
    use crate::signalr::Tries;

    fn place() -> Place {
        Place {
            origin: "https://p.q".into(),
            api_base_url: "https://a.b".into(),
            functions_url: "https://a.b/api".into(),
            with_cookie: false,
            online: true,
            reach: Reach::Unknown,
        }
    }

    fn status(step: Step, status: u16) -> Error {
        Error::Negotiate {
            step,
            failure: Failure::Status {
                status,
                words: String::new(),
            },
        }
    }

    #[test]
    fn a_connection_that_stands_has_no_problem() {
        let connected = State::Connected {
            connection_id: Some("id".into()),
        };
        let link = Link::explained(&connected, &place());
        assert_eq!(
            (link.state, link.problem, link.next_try),
            (LinkState::Connected, None, None)
        );
    }

    #[test]
    fn a_try_is_told_with_its_reason_and_its_time() {
        let reason = Some(Error::ServerTimeout);
        let tries = Tries {
            failed: 1,
            next_try: Some(5),
            reason,
        };
        let link = Link::explained(&State::Reconnecting(tries), &place());
        assert_eq!(
            (link.state.name(), link.next_try),
            ("reconnecting", Some(5))
        );
        assert!(link.problem.is_some() && !link.signed_out);
    }

    #[test]
    fn only_a_session_that_is_over_asks_for_a_new_sign_in() {
        for (error, signed_out) in [
            (Error::NotAuthorized("You are signed out.".into()), true),
            (status(Step::Negotiate, 401), true),
            (status(Step::Negotiate, 403), false),
            (status(Step::NegotiateRedirected, 401), false),
            (Error::Refused("No.".into()), false),
        ] {
            let state = State::Disconnected {
                reason: Some(error.clone()),
            };
            assert_eq!(Link::of(&state).signed_out, signed_out, "{error:?}");
        }
    }

    #[test]
    fn more_is_asked_about_a_first_try_only() {
        let network = |step| Error::Negotiate {
            step,
            failure: Failure::Network,
        };
        let tries = |error| Tries {
            failed: 1,
            next_try: Some(5),
            reason: Some(error),
        };
        let function = network(Step::Negotiate);
        for (state, step) in [
            (
                State::Connecting(tries(function.clone())),
                Some(Step::Negotiate),
            ),
            (
                State::Connecting(tries(network(Step::NegotiateRedirected))),
                Some(Step::NegotiateRedirected),
            ),
            (State::Connecting(tries(status(Step::Negotiate, 500))), None),
            (State::Reconnecting(tries(function)), None),
        ] {
            assert_eq!(unanswered(&state), step, "{state:?}");
        }
    }

    #[test]
    fn what_may_be_a_sign_in_page_is_told_from_other_trouble() {
        let failed = |step, failure| Error::Negotiate { step, failure };
        for (error, unanswered) in [
            (failed(Step::Negotiate, Failure::Network), true),
            (failed(Step::Negotiate, Failure::Unreadable), true),
            (failed(Step::Negotiate, Failure::Timeout), false),
            (failed(Step::NegotiateRedirected, Failure::Network), false),
            (status(Step::Negotiate, 503), false),
            (Error::ServerTimeout, false),
        ] {
            let tries = Tries {
                failed: 1,
                next_try: Some(5),
                reason: Some(error.clone()),
            };
            let link = Link::of(&State::Reconnecting(tries));
            assert_eq!(link.unanswered, unanswered, "{error:?}");
        }
    }

    #[test]
    fn a_failure_after_which_a_message_may_have_arrived_says_so() {
        for (error, ambiguous) in [
            (PostError::SignedOut, false),
            (PostError::Status(400), false),
            (PostError::Status(413), false),
            (PostError::Status(503), true),
            (PostError::NoAnswer, true),
        ] {
            let failure = failure(error, &place());
            assert_eq!(
                failure.ambiguous, ambiguous,
                "{error:?}: {}",
                failure.reason
            );
        }
    }
}
