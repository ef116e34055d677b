//! What goes to the server: calls, streams, answers, pings.

use super::super::error::{Error, Failure};
use super::super::protocol::outgoing::{self, Wanted};
use super::super::timers::Timer;
use super::super::transport::Transport;
use super::connecting::refusal;
use super::{
    Action, AuthorizeReason, Call, CallId, Called, Command, Connection, Generation, Method, Millis,
    Phase, RequestId, Response,
};

impl Connection {
    /// The transport that is alive, for [`Connection::complete`].
    ///
    /// ```
    /// use serverless_chat::signalr::Options;
    /// use serverless_chat::signalr::connection::Connection;
    ///
    /// let connection = Connection::new(Options::new("https://example.com/hub"));
    /// let generation = connection.generation();
    /// ```
    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// Calls a hub method. How it ends comes as a [`Delivery`](super::Delivery), or as [`Command::Sent`] or
    /// [`Command::Failed`].
    ///
    /// # Errors
    /// [`Error::NotConnected`].
    ///
    /// ```
    /// use serverless_chat::signalr::{Error, Options};
    /// use serverless_chat::signalr::connection::{Call, Connection};
    /// use serverless_chat::signalr::protocol::outgoing::Wanted;
    ///
    /// let mut connection = Connection::new(Options::new("https://example.com/hub"));
    /// let call = Call {
    ///     target: "Add".to_owned(),
    ///     arguments: "[1,2]".to_owned(),
    ///     wanted: Wanted::Result,
    ///     uploads: 0,
    ///     timeout: Some(5_000),
    /// };
    /// assert_eq!(connection.call(0, &call), Err(Error::NotConnected));
    /// ```
    pub fn call(&mut self, now: Millis, call: &Call) -> Result<Called, Error> {
        if !matches!(self.phase, Phase::Connected | Phase::Resuming) {
            return Err(Error::NotConnected);
        }
        let (called, name) = self.calls.add(now, call);
        let text = outgoing::invocation(
            call.wanted,
            name,
            &call.target,
            &call.arguments,
            called.uploads.clone(),
        );
        self.send_call(now, &text, Some(called.id), call.wanted);
        Ok(called)
    }

    /// Sends one item, in JSON, of a stream that goes up with a call. False if nobody takes it any
    /// more.
    ///
    /// ```
    /// # use serverless_chat::signalr::connection::{Connection};
    /// # fn example(connection: &mut Connection, now: u64, stream: u64) {
    /// if !connection.upload(now, stream, "[1,2]") {
    ///     println!("Nobody takes it any more.");
    /// }
    /// # }
    /// ```
    pub fn upload(&mut self, now: Millis, stream: u64, item: &str) -> bool {
        let wanted = self.calls.uploads(stream);
        if wanted {
            self.send_numbered(now, &outgoing::stream_item(stream, item));
        }
        wanted
    }

    /// Ends a stream that goes up with a call, perhaps with what went wrong.
    ///
    /// ```
    /// # use serverless_chat::signalr::connection::{Connection};
    /// # fn example(connection: &mut Connection, now: u64, stream: u64) {
    /// connection.end_upload(now, stream, Some("The file cannot be read."));
    /// # }
    /// ```
    pub fn end_upload(&mut self, now: Millis, stream: u64, error: Option<&str>) {
        if self.calls.uploads(stream) {
            self.calls.end_upload(stream);
            let outcome = error.map_or(Ok(None), Err);
            self.send_numbered(now, &outgoing::completion(&stream.to_string(), outcome));
        }
    }

    /// Forgets a call. The server is told to end it if it is a stream.
    ///
    /// ```
    /// # use serverless_chat::signalr::connection::{CallId, Connection};
    /// # fn example(connection: &mut Connection, now: u64, call: CallId) {
    /// connection.cancel(now, call);
    /// # }
    /// ```
    pub fn cancel(&mut self, now: Millis, call: CallId) {
        if let Some(name) = self.calls.forget(call) {
            self.send_numbered(now, &outgoing::cancel(name));
        }
    }

    /// Answers a call of a client method, which came over the transport of this generation: with a
    /// result in JSON, or with what went wrong. Nothing is sent if that transport is gone.
    ///
    /// ```
    /// # use serverless_chat::signalr::connection::{Connection, Generation};
    /// # fn example(connection: &mut Connection, now: u64, generation: Generation) {
    /// connection.complete(now, generation, "s1", Ok("42"));
    /// connection.complete(now, generation, "s2", Err("There is no such thing."));
    /// # }
    /// ```
    pub fn complete(
        &mut self,
        now: Millis,
        generation: Generation,
        invocation_id: &str,
        outcome: Result<&str, &str>,
    ) {
        if generation == self.generation && self.phase == Phase::Connected {
            self.send_numbered(now, &outgoing::completion(invocation_id, outcome.map(Some)));
        }
    }

    /// Sends text that is no numbered message.
    pub(super) fn send(&mut self, now: Millis, text: &str) {
        self.transmit(now, text, None);
    }

    pub(super) fn ping(&mut self, now: Millis) {
        if self.transport() != Transport::LongPolling {
            self.send(now, outgoing::PING);
        }
    }

    fn send_numbered(&mut self, now: Millis, text: &str) {
        self.send_call(now, text, None, Wanted::Nothing);
    }

    /// Sends a numbered message. A call that wants no answer is told when it is handed over.
    fn send_call(&mut self, now: Millis, text: &str, call: Option<CallId>, wanted: Wanted) {
        let call = call.filter(|_| wanted == Wanted::Nothing || self.is_posted());
        let mut told = call;
        if let Some(replay) = &mut self.replay {
            if !replay.keep(text, call.filter(|_| wanted == Wanted::Nothing)) {
                told = None;
            }
            if replay.is_between() {
                return;
            }
        }
        self.transmit(now, text, told);
    }

    /// True if what is sent goes by requests.
    fn is_posted(&self) -> bool {
        self.transport() != Transport::WebSockets
    }

    /// Hands text to the transport. Anything that is sent shows that this client lives, so the next
    /// ping is put off.
    fn transmit(&mut self, now: Millis, text: &str, call: Option<CallId>) {
        self.last_sent = now;
        self.timers.stop(Timer::Ping);
        if self.is_posted() {
            self.queue.push(text, call);
            return self.post(now);
        }
        match self.commands.back_mut() {
            // What is sent at once goes as one.
            Some(Command::Io(Action::Send(before))) => before.push_str(text),
            _ => self.act(Action::Send(text.to_owned())),
        }
        self.commands.extend(call.map(Command::Sent));
    }

    /// Posts what waits, unless a request is under way.
    fn post(&mut self, now: Millis) {
        let id = self.name_request();
        let Some(body) = self.queue.next(id).map(str::to_owned) else {
            return;
        };
        self.post_body(now, id, body);
    }

    fn post_body(&mut self, now: Millis, id: RequestId, body: String) {
        self.timers
            .set(Timer::Send, now + self.options.request_timeout);
        let request = self.request(Method::Post, self.connect_url(), body);
        self.act(Action::Request(id, request));
    }

    /// Takes the answer to what was posted.
    pub(super) fn posted(
        &mut self,
        now: Millis,
        id: RequestId,
        outcome: Result<Response, Failure>,
    ) {
        let failure = match outcome {
            Ok(response) if (200..300).contains(&response.status) => {
                self.present.renewed = false;
                None
            }
            Ok(response) if response.status == 401 && self.may_renew() => {
                // Sent again when the application has answered.
                return self.renew(now);
            }
            Ok(response) => Some(refusal(response)),
            Err(failure) => Some(failure),
        };
        self.timers.stop(Timer::Send);
        self.settle_post(id, failure.clone());
        match failure {
            Some(failure) if self.is_fatal(&failure) => self.fail(now, Error::Send(failure), None),
            _ => self.post(now),
        }
    }

    /// True if nothing more can be posted after this failure: there is no handshake without its
    /// request, and a token that came with a redirect is renewed only by another negotiation.
    fn is_fatal(&self, failure: &Failure) -> bool {
        self.phase == Phase::Handshaking
            || (failure.status() == Some(401) && !self.shows_authorization())
    }

    fn settle_post(&mut self, id: RequestId, failure: Option<Failure>) {
        for call in self.queue.done(id).unwrap_or_default().calls {
            let waits = self.calls.waits(call);
            match &failure {
                // It is told of its answer.
                None if waits => {}
                None => self.commands.push_back(Command::Sent(call)),
                Some(failure) => {
                    self.calls.forget(call);
                    let error = Error::Send(failure.clone());
                    self.commands.push_back(Command::Failed(call, error));
                }
            }
        }
    }

    pub(super) fn send_timed_out(&mut self, now: Millis) {
        if let Some(id) = self.queue.request() {
            self.act(Action::Abort(id));
            self.settle_post(id, Some(Failure::Timeout));
            self.post(now);
        }
    }

    /// True if what the server refuses is the application's authorisation, which was not renewed
    /// for this transport.
    pub(super) fn may_renew(&self) -> bool {
        self.shows_authorization() && !self.present.renewed
    }

    pub(super) fn renew(&mut self, now: Millis) {
        self.present.renewed = true;
        self.timers
            .set(Timer::Negotiate, now + self.options.negotiate_timeout);
        self.commands.push_back(Command::Authorize(
            self.generation,
            AuthorizeReason::Unauthorized,
        ));
    }

    /// Repeats what the server refused.
    pub(super) fn reauthorized(&mut self, now: Millis) {
        self.timers.stop(Timer::Negotiate);
        if self.transport() == Transport::LongPolling && self.poll.is_none() {
            self.poll(now);
        }
        if let Some(before) = self.queue.request() {
            let id = self.name_request();
            if let Some(body) = self.queue.again(before, id).map(str::to_owned) {
                self.act(Action::Abort(before));
                self.post_body(now, id, body);
            }
        }
    }
}
