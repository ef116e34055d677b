//! What was typed, on its way to the backend.

use leptos::prelude::*;

use super::Session;
use crate::app::LinkState;
use crate::app::link;
use crate::app::trail::Note;
use crate::auth::PostError;
use crate::chat::{self, ComposeError, ConversationId, MessageId, Outgoing};
use crate::config::Sending;
use crate::diagnosis::report;
use crate::json;
use crate::later::{self, Task};
use crate::platform::task;

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
        let chats = self.parts.with_value(|parts| parts.chats);
        match self.parts.with_value(|parts| parts.config.sending) {
            Sending::Invoke => later::run(Task::Invoke(self, outgoing, chats)),
            Sending::Post => task::spawn(self.post(outgoing, chats)),
        }
    }

    async fn post(self, outgoing: Outgoing, chats: u32) {
        let (auth, config) = self
            .parts
            .with_value(|parts| (parts.auth.clone(), parts.config.clone()));
        let path = config.message_path();
        let url = [&config.api_base_url, path.as_str()].concat();
        self.trail.note(Note::Began(report::Step::Send, url));
        let outcome = auth.post_json(&path, &outgoing.body()).await;
        self.trail.note(Note::Sent(outcome));
        match outcome {
            Ok(()) => self.worked(),
            Err(PostError::NoAnswer) => self.unanswered(),
            Err(_) => {}
        }
        self.refused.set(outcome == Err(PostError::SignedOut));
        match outcome {
            Ok(()) => self.sent(outgoing.id, Ok(()), chats),
            Err(error) => later::run(Task::NotSent(self, outgoing.id, error, chats)),
        }
    }

    /// Sends a message by a call of the hub.
    pub(crate) fn invoke(self, outgoing: Outgoing, chats: u32) {
        let Some(connection) = self.connection() else {
            return;
        };
        let text = json::written(&outgoing.text);
        let (target, arguments) = match outgoing.conversation.recipient() {
            Some(user) => ("sendToUser", [&json::written(user), ",", &text].concat()),
            None => ("broadcast", text),
        };
        self.trail
            .note(Note::Began(report::Step::Send, String::new()));
        task::spawn(async move {
            // Whatever the function gives back, it took the message.
            let call = connection.call(target).arguments_json(&arguments);
            let outcome = call.timeout(CALL_TIMEOUT).invoke_json().await.map(drop);
            self.trail.note(Note::Called(outcome.clone()));
            let outcome = outcome.map_err(|error| link::call_failure(&error));
            self.sent(outgoing.id, outcome, chats);
        });
    }

    /// Finds words for why a message was not sent.
    pub(crate) fn not_sent(self, id: MessageId, error: PostError, chats: u32) {
        self.sent(id, Err(link::failure(error, &self.place())), chats);
    }

    /// Takes what came of sending a message in the chat with this number, and sends the next.
    fn sent(self, id: MessageId, outcome: Result<(), chat::Failure>, chats: u32) {
        if chats != self.parts.with_value(|parts| parts.chats) {
            return;
        }
        self.change(|chat, _| match outcome {
            Ok(()) => chat.accepted(id),
            Err(failure) => chat.failed(id, failure),
        });
        self.send_next();
    }
}
