//! Faults: requests that are answered late, otherwise than they should be, or not at all.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use serde::{Deserialize, Serialize};

use crate::App;
use crate::server::HangUp;

/// Something that goes wrong at one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// Where.
    pub at: Step,
    /// How many requests it concerns; `None` for all, until it is taken out.
    #[serde(default)]
    pub times: Option<u32>,
    /// How long the request waits first, in milliseconds.
    #[serde(default)]
    pub delay: u64,
    /// What becomes of the request then.
    #[serde(default)]
    pub then: Outcome,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// `/.auth/me`.
    Me,
    /// `/.auth/refresh`.
    Refresh,
    /// Negotiation with the function.
    Negotiate,
    /// The function that takes messages.
    Messages,
    /// Negotiation with the service.
    ServiceNegotiate,
    /// A transport that opens, or polls.
    Connect,
}

impl Step {
    /// Every step.
    pub(super) const ALL: [Step; 6] = [
        Step::Me,
        Step::Refresh,
        Step::Negotiate,
        Step::Messages,
        Step::ServiceNegotiate,
        Step::Connect,
    ];
}

/// What becomes of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// It is answered as it should be.
    #[default]
    Pass,
    /// It is answered with this, and nothing else happens.
    Answer(Answer),
    /// Nothing happens, and the connection ends without an answer.
    DropBefore,
    /// What was asked for happens, and the connection ends without an answer.
    DropAfter,
}

/// An answer that is made up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The header `Retry-After`, in seconds.
    #[serde(default)]
    pub retry_after: Option<u64>,
    /// The header `Content-Type`.
    #[serde(default)]
    pub content_type: Option<String>,
    /// The body.
    #[serde(default)]
    pub body: String,
}

impl Fault {
    /// Requests at this step are answered with this status.
    pub fn status(at: Step, status: u16) -> Fault {
        Fault::then(
            at,
            Outcome::Answer(Answer {
                status,
                retry_after: None,
                content_type: None,
                body: String::new(),
            }),
        )
    }

    /// This becomes of requests at this step.
    pub fn then(at: Step, then: Outcome) -> Fault {
        Fault {
            at,
            times: None,
            delay: 0,
            then,
        }
    }

    /// Requests at this step wait, and are answered as they should be.
    pub fn delay(at: Step, delay: Duration) -> Fault {
        Fault {
            delay: u64::try_from(delay.as_millis()).unwrap_or(u64::MAX),
            ..Fault::then(at, Outcome::Pass)
        }
    }

    /// The same, for the next `times` requests alone.
    #[must_use]
    pub fn times(self, times: u32) -> Fault {
        Fault {
            times: Some(times),
            ..self
        }
    }
}

/// The fault that the next request at this step meets. One that has been met often enough is taken
/// out.
pub(super) fn meet(faults: &mut Vec<Fault>, at: Step) -> Option<Fault> {
    faults.retain(|fault| fault.times != Some(0));
    let fault = faults.iter_mut().find(|fault| fault.at == at)?;
    fault.times = fault.times.map(|times| times - 1);
    Some(fault.clone())
}

/// A handler whose requests may meet faults.
pub(crate) fn may_fail(
    handler: MethodRouter<Arc<App>>,
    app: &Arc<App>,
    at: Step,
) -> MethodRouter<Arc<App>> {
    handler.layer(from_fn_with_state((app.clone(), at), inject))
}

async fn inject(
    State((app, at)): State<(Arc<App>, Step)>,
    request: Request,
    next: Next,
) -> Response {
    let Some(fault) = app.switches.meet(at) else {
        return next.run(request).await;
    };
    tokio::time::sleep(Duration::from_millis(fault.delay)).await;
    match fault.then {
        Outcome::Pass => next.run(request).await,
        Outcome::Answer(answer) => answer.into_response(),
        Outcome::DropBefore => HangUp.into_response(),
        Outcome::DropAfter => {
            next.run(request).await;
            HangUp.into_response()
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, self.body).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if let Some(Ok(value)) = self.content_type.map(TryInto::try_into) {
            headers.insert(header::CONTENT_TYPE, value);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_met_as_often_as_it_says() {
        let always = Fault::status(Step::Messages, 500);
        let twice = Fault::status(Step::Me, 403).times(2);
        let mut faults = vec![always.clone(), twice, Fault::status(Step::Me, 404).times(1)];
        let mut status = |at| match meet(&mut faults, at).map(|fault| fault.then) {
            Some(Outcome::Answer(answer)) => Some(answer.status),
            _ => None,
        };
        let met = [0; 4].map(|_| status(Step::Me));
        assert_eq!(met, [Some(403), Some(403), Some(404), None]);
        assert_eq!([0; 3].map(|_| status(Step::Messages)), [Some(500); 3]);
        assert_eq!(status(Step::Connect), None);
        assert_eq!(faults, [always]);
    }

    #[test]
    fn a_fault_is_written_as_the_documentation_says() {
        let read = |json: &str| serde_json::from_str::<Fault>(json).unwrap();
        assert_eq!(
            read(r#"{"at":"serviceNegotiate","then":{"answer":{"status":429}}}"#),
            Fault::status(Step::ServiceNegotiate, 429)
        );
        assert_eq!(
            read(r#"{"at":"messages","times":1,"delay":250,"then":"dropAfter"}"#),
            Fault {
                delay: 250,
                ..Fault::then(Step::Messages, Outcome::DropAfter).times(1)
            }
        );
    }
}
