//! Text both ways: what is sent, polled for, kept and acknowledged.

use super::super::error::{Error, Failure};
use super::super::negotiate;
use super::super::protocol::message::Message;
use super::super::protocol::outgoing::{self, Wanted};
use super::super::protocol::{Framer, framing};
use super::super::timers::Timer;
use super::super::transport::{Transport, Why};
use super::connecting::refusal;
use super::replay::{Arrival, Missing};
use super::{
    Action, AuthorizeReason, Call, CallId, Called, Command, Connection, Delivery, Generation,
    Method, Millis, Phase, RequestId, Response,
};

/// How long an acknowledgement waits for more to acknowledge, in milliseconds.
const ACK_DELAY: Millis = 1_000;

impl Connection {
    /// The transport that is alive, for [`Connection::complete`].
    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// Calls a hub method. How it ends comes as a [`Delivery`], or as [`Command::Sent`] or
    /// [`Command::Failed`].
    ///
    /// # Errors
    /// [`Error::NotConnected`].
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
    pub fn upload(&mut self, now: Millis, stream: u64, item: &str) -> bool {
        let wanted = self.calls.uploads(stream);
        if wanted {
            self.send_numbered(now, &outgoing::stream_item(stream, item));
        }
        wanted
    }

    /// Ends a stream that goes up with a call, perhaps with what went wrong.
    pub fn end_upload(&mut self, now: Millis, stream: u64, error: Option<&str>) {
        if self.calls.uploads(stream) {
            self.calls.end_upload(stream);
            let outcome = error.map_or(Ok(None), Err);
            self.send_numbered(now, &outgoing::completion(&stream.to_string(), outcome));
        }
    }

    /// Forgets a call. The server is told to end it if it is a stream.
    pub fn cancel(&mut self, now: Millis, call: CallId) {
        if let Some(name) = self.calls.forget(call) {
            self.send_numbered(now, &outgoing::cancel(name));
        }
    }

    /// Answers a call of a client method, which came over the transport of this generation: with a
    /// result in JSON, or with what went wrong. Nothing is sent if that transport is gone.
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
        self.settle_post(id, failure);
        self.post(now);
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
    fn may_renew(&self) -> bool {
        self.shows_authorization() && !self.present.renewed
    }

    fn renew(&mut self, now: Millis) {
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

    /// Takes a piece of text from the transport, and returns the records that are complete with it.
    pub(super) fn frame(&mut self, now: Millis, piece: String) -> Option<String> {
        if !self.is_open() {
            return None;
        }
        match self.framer.push(piece) {
            Ok(records) => records,
            Err(framing::Incomplete) => {
                self.fail(now, Error::Protocol("Message is incomplete."), None);
                None
            }
        }
    }

    /// Takes a record, without its separator. Returns what is in it for the application.
    pub fn receive<'t>(&mut self, now: Millis, record: &'t str) -> Option<Delivery<'t>> {
        match self.phase {
            Phase::Handshaking => {
                self.shake_hands(now, record);
                None
            }
            Phase::Connected => self.take(now, record),
            // Whatever follows the end of a connection is no part of it.
            _ => None,
        }
    }

    /// Takes that all records of a text are taken.
    pub fn received(&mut self, now: Millis) {
        if self.phase == Phase::Connected {
            self.heard(now);
        }
    }

    /// Takes a hub message.
    fn take<'t>(&mut self, now: Millis, record: &'t str) -> Option<Delivery<'t>> {
        let message = match Message::parse(record) {
            Ok(message) => message,
            Err(invalid) => {
                self.fail(now, Error::Protocol(invalid.words()), None);
                return None;
            }
        };
        if !self.is_new(now, &message) {
            return None;
        }
        match message {
            Message::Invocation(invocation) => Some(Delivery::Invocation(invocation)),
            Message::StreamItem {
                invocation_id,
                item,
            } => Some(Delivery::Item(self.calls.stream(&invocation_id)?, item)),
            Message::Completion {
                invocation_id,
                outcome,
            } => {
                let call = self.calls.complete(&invocation_id)?;
                let outcome = outcome.map_err(|words| Error::Call(words.into_owned()));
                Some(Delivery::Completion(call, outcome))
            }
            Message::Close {
                error,
                allow_reconnect,
            } => {
                let error = error.map(|words| words.into_owned());
                let error = Error::ClosedByServer {
                    error,
                    allow_reconnect,
                };
                self.fail(now, error, None);
                None
            }
            Message::Ack(number) => {
                let free = self.replay.as_mut().map(|one| one.acknowledge(number));
                let free = free.unwrap_or_default().into_iter();
                self.commands.extend(free.map(Command::Sent));
                None
            }
            Message::Sequence(number) => {
                let taken = self.replay.as_mut().map(|one| one.sequence(number));
                if taken == Some(Err(Missing)) {
                    let words = "Sequence ID greater than amount of messages we've received.";
                    self.fail(now, Error::Protocol(words), None);
                }
                None
            }
            Message::Ping | Message::Unknown(_) => None,
        }
    }

    /// False if the message came before, or comes while it is not known where the server goes on.
    fn is_new(&mut self, now: Millis, message: &Message<'_>) -> bool {
        let Some(replay) = &mut self.replay else {
            return true;
        };
        let numbered = match message {
            Message::Invocation(_) | Message::StreamItem { .. } | Message::Completion { .. } => {
                true
            }
            Message::Sequence(_) => return true,
            Message::Unknown(kind) => matches!(kind, 4 | 5),
            _ => false,
        };
        let arrival = replay.arrive(numbered);
        if numbered && arrival != Arrival::Ignored && !self.timers.is_set(Timer::Ack) {
            self.timers.set(Timer::Ack, now + ACK_DELAY);
        }
        arrival == Arrival::New
    }

    pub(super) fn acknowledge(&mut self, now: Millis) {
        if let (Some(replay), Phase::Connected) = (&self.replay, self.phase) {
            let text = outgoing::ack(replay.received());
            self.send(now, &text);
        }
    }

    /// The socket is lost; the connection gets another, once.
    pub(super) fn suspend_socket(&mut self, now: Millis) {
        if let Some(replay) = &mut self.replay {
            replay.lose();
        }
        self.generation.0 += 1;
        self.framer = Framer::default();
        self.phase = Phase::Resuming;
        self.timers.stop(Timer::Ping);
        self.timers
            .set(Timer::Connect, now + self.options.connect_timeout);
        self.act(Action::Abandon);
        self.open_endpoint();
    }

    /// Goes on over the new socket.
    pub(super) fn resume(&mut self, now: Millis) {
        self.timers.stop(Timer::Connect);
        self.phase = Phase::Connected;
        let Some(replay) = &mut self.replay else {
            return;
        };
        let (first, texts) = replay.resume();
        let mut text = outgoing::sequence(first);
        texts.for_each(|one| text.push_str(one));
        let free = replay.resent();
        self.send(now, &text);
        self.commands.extend(free.into_iter().map(Command::Sent));
        self.heard(now);
    }

    /// The server lives. The ping timer is always armed from here, never from its own end:
    /// browsers slow timers that start each other down to one a minute in hidden tabs, but not
    /// those that a message starts.
    fn heard(&mut self, now: Millis) {
        self.last_heard = now;
        if self.transport() == Transport::LongPolling {
            // A poll that is answered shows both sides that the other lives.
            return;
        }
        self.timers
            .set(Timer::Server, now + self.options.server_timeout);
        if self.last_sent + self.options.keep_alive <= now {
            self.ping(now);
        }
        if !self.timers.is_set(Timer::Ping) {
            self.timers
                .set(Timer::Ping, self.last_sent + self.options.keep_alive);
        }
    }
}
