//! The network, the clock and the tasks of a client in a [`World`](crate::world::World).

use serverless_chat::signalr::Millis;
use serverless_chat::signalr::client::{Io, Sink, Task};
use serverless_chat::signalr::connection::Action;

use crate::world::Shared;

pub(crate) struct Network(pub(crate) Shared);

impl Io for Network {
    fn attach(&self, sink: &Sink) {
        self.0.borrow_mut().sink = Some(sink.clone());
    }

    fn now(&self) -> Millis {
        self.0.borrow().now
    }

    fn wake_at(&self, at: Option<Millis>, _: &Sink) {
        self.0.borrow_mut().wake_at = at;
    }

    fn carry_out(&self, action: Action, _: &Sink) {
        self.0.borrow_mut().carry_out(action);
    }

    fn spawn(&self, task: Task) {
        self.0.borrow_mut().tasks.push(task);
    }
}
