//! What was typed, on its way to the backend.

use leptos::prelude::*;

use super::Session;
use crate::app::LinkState;
use crate::app::link;
use crate::auth::PostError;
use crate::chat::{ComposeError, ConversationId, MessageId, Outgoing};
use crate::config::Sending;
use crate::diagnosis::report;
use crate::json;
use crate::platform::task;
use crate::signalr::Error;
use crate::ui::words;

/// How long a call of the hub may take, in milliseconds: a function may have to wake up.
const CALL_TIMEOUT: u64 = 60_000;

impl Session {
    /// Takes a text that was typed in conversation `to`, and sends it when its turn comes.
    ///
    /// # Errors
    /// The text was not taken and must stay where it is.
    pub(crate) fn compose(self, to: &ConversationId, text: &str) -> Result<(), ComposeError> {
        self.change(|chat, now| chat.compose(to, text, now))?;
        // At once: from here on it stands in no draft any more.
        self.keep_now(false);
        self.send_next();
        Ok(())
    }

    /// Sends a failed message again.
    pub(crate) fn retry(self, id: MessageId) {
        self.change(|chat, now| chat.retry(id, now));
        self.send_next();
    }

    /// Gives a message up that is not sent.
    pub(crate) fn delete(self, id: MessageId) {
        self.change(|chat, _| chat.delete(id));
    }

    /// Posts the next message, if there is one and a connection that would bring its echo.
    pub(super) fn send_next(self) {
        if self
            .link
            .with_untracked(|link| link.state != LinkState::Connected)
        {
            return;
        }
        let Some(outgoing) = self.change(|chat, _| chat.next_outgoing()) else {
            return;
        };
        // Before it leaves: a page that ends now must not find it waiting again.
        self.keep_now(false);
        task::spawn(self.post(outgoing));
    }

    async fn post(self, outgoing: Outgoing) {
        let (auth, config, chats) = self
            .parts
            .with_value(|parts| (parts.auth.clone(), parts.config.clone(), parts.chats));
        // In words before the chat is changed: both are parts of this session.
        let outcome = match (config.sending, self.connection()) {
            (Sending::Invoke, Some(connection)) => {
                let text = json::written(&outgoing.text);
                let (target, arguments) = match outgoing.conversation.recipient() {
                    Some(user) => ("sendToUser", [&json::written(user), ",", &text].concat()),
                    None => ("broadcast", text),
                };
                let call = connection.call(target).arguments_json(&arguments);
                self.trail.begin(report::Step::Send, "");
                // Whatever the function gives back, it took the message.
                let outcome = call.timeout(CALL_TIMEOUT).invoke_json().await;
                let verdict = outcome.as_ref().map(|_| words::verdict_ok());
                self.trail
                    .end(report::Step::Send, verdict.map_err(Error::to_string));
                outcome
                    .map(drop)
                    .map_err(|error| link::call_failure(&error))
            }
            _ => {
                let path = config.message_path();
                let url = [&config.api_base_url, path.as_str()].concat();
                self.trail.begin(report::Step::Send, &url);
                let outcome = auth.post_json(&path, &outgoing.body()).await;
                self.trail.end(report::Step::Send, link::sent(&outcome));
                match outcome {
                    Ok(()) => self.worked(),
                    Err(PostError::NoAnswer) => self.unanswered(),
                    Err(_) => {}
                }
                self.refused.set(outcome == Err(PostError::SignedOut));
                outcome.map_err(|error| link::failure(error, &self.place()))
            }
        };
        if chats != self.parts.with_value(|parts| parts.chats) {
            return;
        }
        self.change(|chat, _| match outcome {
            Ok(()) => chat.accepted(outgoing.id),
            Err(failure) => chat.failed(outgoing.id, failure),
        });
        self.send_next();
    }
}
