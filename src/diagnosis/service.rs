//! Failures at the SignalR Service: negotiate, transports, closes.

use super::{NEXT_TRY, Place, Problem, Reach, answered, problem};
use crate::signalr::error::Phase;
use crate::signalr::transport::Why;
use crate::signalr::{Error, Failure};
use crate::text::contains;

impl Place {
    /// Negotiation at the service failed.
    pub(super) fn service(&self, failure: &Failure) -> Problem {
        match failure {
            Failure::Network => self.service_unreachable(),
            Failure::Status { status: 400, .. } => problem(
                "The SignalR Service does not take the negotiate function's answer (status 400).",
                "Check the hub name in the function's binding.",
            ),
            Failure::Status { status: 401, .. } => problem(
                "The SignalR Service did not take the token of the negotiate function (status 401).",
                "Copy the service's present key into AzureSignalRConnectionString, and check the clock of the machine that the function runs on.",
            ),
            Failure::Status {
                status: status @ (404 | 409),
                ..
            } => problem(
                answered("The SignalR Service", *status),
                "It does not know this connection any more. The next try asks for a new one by itself.",
            ),
            Failure::Status {
                status: 413 | 414, ..
            } => too_long(),
            Failure::Status { status: 429, .. } => too_many(),
            Failure::Status { status: 500, .. } => {
                problem("The SignalR Service failed with status 500.", SERVERLESS)
            }
            Failure::Status { status, .. } => {
                problem(answered("The SignalR Service", *status), NEXT_TRY)
            }
            Failure::Timeout => problem("The SignalR Service did not answer in time.", NEXT_TRY),
            Failure::Unreadable => problem(
                "What the negotiate function leads to is no SignalR Service.",
                "Check the Endpoint in AzureSignalRConnectionString.",
            ),
        }
    }

    fn service_unreachable(&self) -> Problem {
        let allow = ["Add ", &self.origin, " to the service's CORS settings."].concat();
        match self.reach {
            Reach::Answers => problem(
                "The SignalR Service answers, but does not let this page read it.",
                allow,
            ),
            Reach::Silent => problem(
                "The SignalR Service cannot be reached from here.",
                "A firewall or proxy may block *.service.signalr.net: have it let through, or try another network.",
            ),
            Reach::Unknown => problem(
                "The SignalR Service brought no answer.",
                [
                    &allow,
                    " If it is there, a firewall or proxy may block the service.",
                ]
                .concat(),
            ),
        }
    }

    /// The service was found, and there is no connection to it.
    pub(super) fn transport(&self, error: &Error) -> Problem {
        match error {
            Error::NoTransport(unusable) if unusable.is_empty() => problem(
                "The SignalR Service offers no way to connect that this page knows.",
                "Check that the negotiate function's hub is one of an Azure SignalR Service.",
            ),
            Error::NoTransport(unusable) if unusable.iter().all(|one| one.why == Why::Refused) => {
                problem(
                    "The browser refuses an insecure connection from this https page.",
                    "The Endpoint in AzureSignalRConnectionString must begin with https://.",
                )
            }
            Error::NoTransport(_) => problem(
                "The SignalR Service answered, but no connection to it opened.",
                [
                    "A proxy or firewall may block WebSockets to *.service.signalr.net. ",
                    NEXT_TRY,
                ]
                .concat(),
            ),
            Error::ClosedByServer { error, .. } => {
                let words = error.as_deref().unwrap_or("no reason given");
                let hint = match contains(words, "No app server") {
                    true => SERVERLESS,
                    false => "It comes back by itself.",
                };
                problem(
                    ["The SignalR Service closed the connection: ", words].concat(),
                    hint,
                )
            }
            Error::Lost { .. } | Error::Ended | Error::Poll(_) | Error::ServerTimeout => problem(
                "The connection was lost.",
                "It comes back by itself. What is said meanwhile is not shown later.",
            ),
            other if other.phase() == Phase::Handshake => problem(
                "The handshake with the SignalR Service failed.",
                other.to_string(),
            ),
            other => problem(
                "The SignalR Service does not speak as expected.",
                other.to_string(),
            ),
        }
    }
}

const SERVERLESS: &str =
    "Set the SignalR Service's mode to Serverless: in the Azure portal, under Settings.";

pub(super) fn too_many() -> Problem {
    problem(
        "The SignalR Service has too many connections (status 429).",
        "A Free tier takes 20, and each tab is one: close some, or take the Standard tier.",
    )
}

pub(super) fn too_long() -> Problem {
    problem(
        "The token of the negotiate function is too long for the SignalR Service.",
        "Put fewer claims into it.",
    )
}
