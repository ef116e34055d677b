//! Signing in beside the page or by leaving it, and signing out.

use leptos::prelude::*;

use super::{Screen, Session};
use crate::app::{SigningIn, belongings};
use crate::auth::SessionToken;
use crate::auth::popup::{self, Ended, Next};
use crate::chat::ConversationId;
use crate::platform::task;
use crate::ui::words;

impl Session {
    /// Signs in: beside the page while there is a chat on it, so that it stays; else, or where the
    /// browser lets no window open, by leaving the page.
    pub(crate) fn sign_in(self, provider: &str) {
        let auth = self.auth();
        if self.screen.with_untracked(|screen| *screen == Screen::Chat) {
            let tried = provider.to_owned();
            if auth.sign_in_beside(provider, move |ended| self.signed_in_beside(&tried, ended)) {
                self.signing_in.set(SigningIn::InWindow);
                return;
            }
        }
        auth.sign_in(provider);
    }

    /// Leaves the page to sign in.
    pub(crate) fn sign_in_here(self, provider: &str) {
        self.auth().sign_in(provider);
    }

    fn signed_in_beside(self, provider: &str, ended: Ended) {
        let token = match ended {
            Ended::Token(token) => Some(token),
            Ended::Cookie => None,
            Ended::Refused(words) => {
                return self
                    .signing_in
                    .set(SigningIn::ended(provider, Some(&words)));
            }
            Ended::Closed => return self.signing_in.set(SigningIn::ended(provider, None)),
        };
        task::spawn(self.go_on(provider.to_owned(), token));
    }

    /// Goes on with the chat under a new session, or with another chat if it is another person's.
    async fn go_on(self, provider: String, token: Option<SessionToken>) {
        let auth = self.auth();
        let answer = auth.who_signed_in(token.as_ref()).await;
        let next = self
            .parts
            .with_value(|parts| popup::next(&parts.user_id, answer));
        match next {
            Next::GoOn => {
                auth.take_over(token);
                self.signing_in.set(SigningIn::NotYet);
                self.refused.set(false);
                self.try_now();
                self.send_next();
            }
            Next::Anew(principal) => {
                if let Some(connection) = self.connection() {
                    connection.stop();
                }
                belongings::forget(&self.ignored_key(), self.end_keeping()).await;
                auth.take_over(token);
                self.signing_in.set(SigningIn::NotYet);
                self.refused.set(false);
                self.open.set(ConversationId::Room);
                self.enter_as(principal);
                self.screen.set(Screen::Chat);
            }
            Next::Nobody => {
                let ended = SigningIn::ended(&provider, Some(words::nobody_signed_in()));
                self.signing_in.set(ended);
            }
        }
    }

    /// Closes the connection and leaves the page to sign out. What belongs to the person goes too.
    pub(crate) fn sign_out(self) {
        if let Some(connection) = self.connection() {
            connection.stop();
        }
        let forgotten = belongings::forget(&self.ignored_key(), self.end_keeping());
        let auth = self.auth();
        task::spawn(async move {
            forgotten.await;
            auth.sign_out();
        });
    }
}
