//! What runs the state machine: it knows who listens and who waits, and carries out what is to be
//! done.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;

use super::super::connection::{self, CallId, Command, Delivery, Event, Generation, State, Tries};
use super::super::error::Phase;
use super::super::protocol::framing;
use super::super::protocol::message::Invocation;
use super::super::protocol::outgoing::NO_RESULT;
use super::super::trace::Trace;
use super::super::{AuthorizeReason, Error, Millis};
use super::Authorizing;
use super::call::{Came, Waiter};
use super::handlers::{self, Handlers};
use super::io::{Io, Sink};
use crate::json::Json;

/// Told of each state.
pub(super) type StateObserver = dyn Fn(&State);
/// Told what is probably a mistake.
pub(super) type WarningObserver = dyn Fn(&str);
/// Told of each step.
pub(super) type TraceObserver = dyn Fn(Millis, &Trace);

/// All that the clones of a connection share.
pub(super) struct Inner {
    pub(super) machine: RefCell<connection::Connection>,
    pub(super) io: Box<dyn Io>,
    pub(super) authorize: Box<dyn Fn(AuthorizeReason) -> Authorizing>,
    pub(super) state: RefCell<State>,
    pub(super) handlers: RefCell<Handlers>,
    pub(super) observers: RefCell<Vec<Rc<StateObserver>>>,
    pub(super) warned: RefCell<Vec<Rc<WarningObserver>>>,
    pub(super) traced: RefCell<Vec<Rc<TraceObserver>>>,
    pub(super) starts: RefCell<Vec<oneshot::Sender<Result<(), Error>>>>,
    pub(super) waiters: RefCell<Vec<(CallId, Waiter)>>,
    /// Commands are carried out by whoever began to, one after the other.
    pub(super) running: Cell<bool>,
}

impl Inner {
    pub(super) fn sink(self: &Rc<Self>) -> Sink {
        Sink(Rc::downgrade(self))
    }

    pub(super) fn event(self: &Rc<Self>, event: Event) {
        let now = self.io.now();
        let text = self.machine.borrow_mut().handle_event(now, event);
        if let Some(text) = text {
            self.receive(now, &text);
        }
        self.run();
    }

    pub(super) fn wake(self: &Rc<Self>) {
        self.machine.borrow_mut().handle_timeout(self.io.now());
        self.run();
    }

    /// Carries out what the machine wants, until it wants nothing more.
    fn run(self: &Rc<Self>) {
        self.carry_out();
        if !self.running.get() {
            let at = self.machine.borrow().poll_timeout();
            self.io.wake_at(at, &self.sink());
        }
    }

    fn carry_out(self: &Rc<Self>) {
        if self.running.replace(true) {
            return;
        }
        loop {
            // Not held while a command runs: it may call back.
            let command = self.machine.borrow_mut().poll_command();
            match command {
                None => break,
                Some(Command::Io(action)) => self.io.carry_out(action, &self.sink()),
                Some(Command::Authorize(generation, reason)) => self.authorize(generation, reason),
                Some(Command::Report(state)) => self.report(state),
                Some(Command::Sent(call)) => self.settle(call, Ok(None)),
                Some(Command::Failed(call, error)) => self.settle(call, Err(error)),
                Some(Command::Trace(at, trace)) => self.trace(at, &trace),
            }
        }
        self.running.set(false);
    }

    fn authorize(self: &Rc<Self>, generation: Generation, reason: AuthorizeReason) {
        let answer = (self.authorize)(reason);
        let sink = self.sink();
        self.io.spawn(Box::pin(async move {
            sink.event(Event::Authorized(generation, answer.await));
        }));
    }

    fn report(&self, state: State) {
        let started = match &state {
            State::Connected { .. } => Some(Ok(())),
            State::Disconnected { reason } => {
                let stopped = || Error::Stopped(Phase::Connected);
                Some(Err(reason.clone().unwrap_or_else(stopped)))
            }
            State::Connecting(Tries { .. }) | State::Reconnecting(_) => None,
        };
        self.state.replace(state.clone());
        for start in started.iter().flat_map(|_| self.starts.take()) {
            // Nobody may wait for it.
            let _ = start.send(started.clone().unwrap_or(Ok(())));
        }
        let observers = self.observers.borrow().clone();
        observers.iter().for_each(|observer| observer(&state));
    }

    fn trace(&self, at: Millis, trace: &Trace) {
        let observers = self.traced.borrow().clone();
        observers.iter().for_each(|observer| observer(at, trace));
    }

    fn warn(&self, words: &[&str]) {
        let observers = self.warned.borrow().clone();
        if !observers.is_empty() {
            let words = words.concat();
            observers.iter().for_each(|observer| observer(&words));
        }
    }

    pub(super) fn check_settings(&self) {
        if self.machine.borrow().is_impatient() {
            self.warn(&["The server timeout is shorter than two keep-alive intervals."]);
        }
    }

    /// Takes whole records. What the machine wants and what comes for the application is done in
    /// the order in which it came.
    fn receive(self: &Rc<Self>, now: Millis, text: &str) {
        let generation = self.machine.borrow().generation();
        for record in framing::records(text).into_iter().flatten() {
            let delivery = self.machine.borrow_mut().receive(now, record);
            self.carry_out();
            if let Some(delivery) = delivery {
                self.deliver(generation, delivery);
            }
        }
        self.machine.borrow_mut().received(now);
    }

    fn deliver(self: &Rc<Self>, generation: Generation, delivery: Delivery<'_>) {
        match delivery {
            Delivery::Invocation(invocation) => self.dispatch(generation, &invocation),
            Delivery::Completion(call, outcome) => self.settle(call, outcome),
            Delivery::Item(call, item) => {
                // Not held while it is told: it may make calls.
                let waiter = self.take_waiter(call);
                if let Some(mut tell) = waiter {
                    tell(Came::Item(item));
                    self.waiters.borrow_mut().push((call, tell));
                }
            }
        }
    }

    fn dispatch(self: &Rc<Self>, generation: Generation, invocation: &Invocation<'_>) {
        let target = &*invocation.target;
        let key = self.io.lower_case(target);
        let handlers = self.handlers.borrow().of(&key);
        if handlers.is_empty() {
            self.warn(&["No client method with the name '", &key, "' found."]);
        }
        let replies: Vec<_> = handlers
            .iter()
            .map(|handler| handler(&invocation.arguments))
            .collect();
        if replies.iter().any(Result::is_err) {
            self.warn(&[
                "The arguments of '",
                target,
                "' are not what its handler takes.",
            ]);
        }
        let id = invocation.invocation_id.clone().map(Cow::into_owned);
        if id.is_none() && !replies.iter().flatten().any(Option::is_some) {
            return;
        }
        let target = target.to_owned();
        let weak = Rc::downgrade(self);
        self.io.spawn(Box::pin(async move {
            let settled = handlers::settle(replies).await;
            match (weak.upgrade(), id) {
                (Some(inner), Some(id)) => inner.reply(generation, &id, &target, settled),
                (Some(inner), None) => {
                    let words = "' method but server is not expecting a result.";
                    inner.warn(&["Result given for '", &target, words]);
                }
                (None, _) => {}
            }
        }));
    }

    /// Answers a call that wants a result.
    fn reply(
        self: &Rc<Self>,
        generation: Generation,
        id: &str,
        target: &str,
        settled: handlers::Settled,
    ) {
        let outcome = match (&settled.result, &settled.failure) {
            _ if settled.several => {
                self.warn(&["Multiple results provided for '", target, "'."]);
                Err("Client provided multiple results.")
            }
            (_, Some(words)) => Err(words.as_str()),
            (Some(json), None) => Ok(json.as_str()),
            (None, None) => {
                self.warn(&["No result given for '", target, "' method."]);
                Err(NO_RESULT)
            }
        };
        let now = self.io.now();
        self.machine
            .borrow_mut()
            .complete(now, generation, id, outcome);
        self.run();
    }

    pub(super) fn call(
        self: &Rc<Self>,
        call: &connection::Call,
        waiter: Waiter,
    ) -> Result<connection::Called, Error> {
        let now = self.io.now();
        let called = self.machine.borrow_mut().call(now, call)?;
        // Before the commands run: they may settle it.
        self.waiters.borrow_mut().push((called.id, waiter));
        self.run();
        Ok(called)
    }

    /// Sends an item of a stream. False if nobody takes it any more.
    pub(super) fn upload(self: &Rc<Self>, stream: u64, item: &str) -> bool {
        let now = self.io.now();
        let taken = self.machine.borrow_mut().upload(now, stream, item);
        self.run();
        taken
    }

    /// Ends a stream. False, since nothing goes on.
    pub(super) fn end_upload(self: &Rc<Self>, stream: u64, error: Option<&str>) -> bool {
        let now = self.io.now();
        self.machine.borrow_mut().end_upload(now, stream, error);
        self.run();
        false
    }

    pub(super) fn cancel(self: &Rc<Self>, call: CallId) {
        if self.take_waiter(call).is_some() {
            let now = self.io.now();
            self.machine.borrow_mut().cancel(now, call);
            self.run();
        }
    }

    fn take_waiter(&self, call: CallId) -> Option<Waiter> {
        let mut waiters = self.waiters.borrow_mut();
        let at = waiters.iter().position(|(id, _)| *id == call)?;
        Some(waiters.swap_remove(at).1)
    }

    /// Tells whoever waits for a call what came of it.
    fn settle(&self, call: CallId, outcome: Result<Option<Json<'_>>, Error>) {
        if let Some(mut tell) = self.take_waiter(call) {
            tell(Came::End(outcome));
        }
    }
}
