//! How functions send through a SignalR Service: its REST API, as their output binding uses it.
//!
//! As in "Azure SignalR Service REST API" (version 1) of its documentation.

use std::fmt;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::connection_string::ConnectionString;
use crate::signalr_service::{HUB, token};

/// How long a token for one request is good for.
const LIFETIME: Duration = Duration::from_secs(300);

/// Why something was not sent.
#[derive(Debug)]
pub(crate) enum SendError {
    /// The service does not answer.
    Unreachable,
    /// The service answered with this status.
    Status(u16),
    /// No token can be signed.
    Token,
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SendError::Unreachable => f.write_str("The SignalR Service does not answer."),
            SendError::Status(401) => f.write_str(
                "The SignalR Service answered 401: check the key in AzureSignalRConnectionString.",
            ),
            SendError::Status(status) => write!(f, "The SignalR Service answered {status}."),
            SendError::Token => f.write_str("No token for the SignalR Service can be signed."),
        }
    }
}

/// A SignalR Service elsewhere.
pub(crate) struct ServiceClient {
    http: reqwest::Client,
    service: ConnectionString,
}

impl ServiceClient {
    pub(crate) fn new(service: ConnectionString) -> ServiceClient {
        ServiceClient {
            http: reqwest::Client::new(),
            service,
        }
    }

    /// The address of the hub, for clients.
    pub(crate) fn client_url(&self) -> String {
        format!("{}/client/?hub={HUB}", self.service.endpoint())
    }

    /// What tokens for it are signed with.
    pub(crate) fn access_key(&self) -> &str {
        self.service.access_key()
    }

    /// Calls `target` on all clients, or on those of one user. The service says only that it took
    /// the message, not that anybody got it.
    ///
    /// # Errors
    /// It did not take it.
    pub(crate) async fn send(
        &self,
        user: Option<&str>,
        target: &str,
        arguments: &Value,
    ) -> Result<(), SendError> {
        let mut url = format!("{}/api/v1/hubs/{HUB}", self.service.endpoint());
        if let Some(user) = user {
            url += &format!("/users/{}", utf8_percent_encode(user, NON_ALPHANUMERIC));
        }
        let token = token::issue(&url, None, LIFETIME, false, self.access_key());
        let token = token.map_err(|_| SendError::Token)?;
        let request = self.http.post(url).bearer_auth(token);
        let body = json!({ "target": target, "arguments": arguments });
        let answer = request.json(&body).send().await;
        let status = answer.map_err(|_| SendError::Unreachable)?.status();
        match status.is_success() {
            true => Ok(()),
            false => Err(SendError::Status(status.as_u16())),
        }
    }
}
