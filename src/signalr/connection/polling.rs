//! Long polls: each asks for the next text.

use super::super::error::{Error, Failure};
use super::super::negotiate;
use super::super::timers::Timer;
use super::super::transport::Why;
use super::connecting::refusal;
use super::{Action, Connection, Method, Millis, Phase, Response};

impl Connection {
    /// Asks for the next text. The first answer, whatever it holds, opens the transport.
    pub(super) fn poll(&mut self, now: Millis) {
        if let Some(before) = self.poll.take() {
            self.act(Action::Abort(before));
        }
        if self.phase != Phase::Opening {
            self.timers
                .set(Timer::Poll, now + self.options.request_timeout);
        }
        let url = negotiate::uncached(self.connect_url(), now);
        let request = self.request(Method::Get, url, String::new());
        let id = self.name_request();
        self.poll = Some(id);
        self.act(Action::Request(id, request));
    }

    /// Takes the answer to a poll.
    pub(super) fn polled(
        &mut self,
        now: Millis,
        outcome: Result<Response, Failure>,
    ) -> Option<String> {
        self.poll = None;
        self.timers.stop(Timer::Poll);
        let opening = self.phase == Phase::Opening;
        let failure = match outcome {
            Ok(response) if response.status == 200 => {
                self.present.renewed = false;
                if opening {
                    self.opened(now);
                }
                self.poll(now);
                return match opening || response.body.is_empty() {
                    true => None,
                    false => self.frame(now, response.body),
                };
            }
            Ok(response) if response.status == 401 && self.may_renew() => {
                self.renew(now);
                return None;
            }
            Ok(response) if response.status == 204 && !opening => {
                self.fail(now, Error::Ended, None);
                return None;
            }
            Ok(response) => refusal(response),
            Err(failure) => failure,
        };
        if opening {
            self.not_opened(now, Why::Failed(failure));
        } else {
            self.fail(now, Error::Poll(failure), None);
        }
        None
    }
}
