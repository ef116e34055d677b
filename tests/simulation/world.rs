//! Everything around the client: the time, what is under way, and what carries it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use serverless_chat::signalr::client::{Sink, Task};
use serverless_chat::signalr::connection::{
    Action, Closure, Endpoint, Generation, Method, Request, RequestId, Response,
};
use serverless_chat::signalr::{Failure, Millis, Transport};

use crate::happening::{Happening, Link, Plan};
use crate::server::{FUNCTION, Server};
use crate::weather::{Fate, Weather};

/// When schedules begin.
const BEGINNING: Millis = 1_000_000;

/// How much may be done without any time passing.
const RESTLESS: u32 = 100;

/// How many tries may begin within five seconds, with faults among them that begin one.
const MANY_TRIES: usize = 15;

/// A socket or an event stream.
pub(crate) struct Wire {
    pub(crate) generation: Generation,
    pub(crate) transport: Transport,
    /// When the last text arrives, each way: nothing overtakes it.
    up: Millis,
    down: Millis,
    /// It carries nothing, and nobody knows.
    pub(crate) is_silent: bool,
    pub(crate) is_open: bool,
    /// The connection that it belongs to.
    pub(crate) connection: Option<usize>,
}

/// A world that a client may be put into. Clones are the same.
pub(crate) type Shared = Rc<RefCell<World>>;

pub(crate) struct World {
    pub(crate) now: Millis,
    pub(crate) random: SmallRng,
    pub(crate) plan: Plan,
    pub(crate) weather: Weather,
    pub(crate) server: Server,
    pub(crate) wires: Vec<Wire>,
    /// The client's transport.
    pub(crate) link: Option<Link>,
    requests: Vec<(RequestId, Method)>,
    /// Requests that nobody will ever answer.
    vanished: Vec<RequestId>,
    pub(crate) wake_at: Option<Millis>,
    pub(crate) asleep_until: Millis,
    pub(crate) is_hidden: bool,
    pub(crate) sink: Option<Sink>,
    pub(crate) tasks: Vec<Task>,
    done_now: u32,
    /// When the last tries began.
    tries: VecDeque<Millis>,
    /// What happens is told on standard output.
    pub(crate) is_told: bool,
    /// Rules that were broken.
    pub(crate) broken: Vec<String>,
}

impl World {
    pub(crate) fn new(seed: u64) -> World {
        let mut random = SmallRng::seed_from_u64(seed);
        World {
            now: BEGINNING,
            weather: Weather::new(&mut random),
            server: Server::new(&mut random),
            random,
            plan: Plan::default(),
            wires: Vec::new(),
            link: None,
            requests: Vec::new(),
            vanished: Vec::new(),
            wake_at: None,
            asleep_until: 0,
            is_hidden: false,
            sink: None,
            tasks: Vec::new(),
            done_now: 0,
            tries: VecDeque::new(),
            is_told: false,
            broken: Vec::new(),
        }
    }

    pub(crate) fn broken(&mut self, rule: impl Into<String>) {
        self.broken
            .push(format!("at {}: {}", self.now - BEGINNING, rule.into()));
    }

    /// Tells what happens, if anybody wants to know.
    pub(crate) fn note(&self, what: impl fmt::Display) {
        if self.is_told {
            println!("{:>9} {what}", self.now - BEGINNING);
        }
    }

    /// When the client's timer fires.
    pub(crate) fn timer(&self) -> Option<Millis> {
        let at = self.wake_at?.max(self.asleep_until).max(self.now);
        Some(if self.is_hidden {
            // As browsers slow timers down in a page that nobody has seen for a while.
            at.next_multiple_of(60_000)
        } else {
            at
        })
    }

    /// The client does nothing before; what comes meanwhile, comes then.
    pub(crate) fn sleep_until(&mut self, time: Millis) {
        self.asleep_until = self.asleep_until.max(time);
    }

    pub(crate) fn pass_to(&mut self, time: Millis) {
        if time > self.now {
            self.now = time;
            self.done_now = 0;
        }
    }

    /// The client does something.
    pub(crate) fn restless(&mut self) {
        self.done_now += 1;
        if self.done_now == RESTLESS {
            self.broken("the client runs hot");
        }
    }

    pub(crate) fn carry_out(&mut self, action: Action) {
        self.restless();
        match action {
            Action::Request(id, request) => self.request(id, request),
            Action::Abort(id) => self.forget_request(id),
            Action::Open(generation, endpoint) => self.open(generation, endpoint),
            Action::Send(text) => match self.link {
                Some(link) if self.wires[link.0].is_open => self.send_up(link, text),
                _ => self.broken(format!("sent to nobody: {text}")),
            },
            Action::Abandon => {
                self.requests.clear();
                if let Some(link) = self.link.take() {
                    self.leave(link);
                }
            }
        }
    }

    fn request(&mut self, id: RequestId, request: Request) {
        let polls = |one: &&(RequestId, Method)| one.1 == Method::Get;
        if request.method == Method::Get && self.requests.iter().any(|one| polls(&one)) {
            self.broken("two polls at once");
        }
        self.requests.push((id, request.method));
        if request.url.starts_with(FUNCTION) {
            self.tried();
        }
        match self.weather.fate(self.now, &mut self.random) {
            Fate::Arrives(time) => self
                .plan
                .add(self.now + time, Happening::Asked(id, request)),
            Fate::Fails(time) => self.fail(id, time),
            Fate::Vanishes => self.vanished.push(id),
        }
    }

    /// Another try begins.
    fn tried(&mut self) {
        self.tries.push_back(self.now);
        if self.tries.len() > MANY_TRIES {
            let first = self.tries.pop_front();
            if first.is_some_and(|first| first + 5_000 > self.now) {
                self.broken("the client tries too often");
            }
        }
    }

    fn fail(&mut self, id: RequestId, time: Millis) {
        let failed = Happening::Answered(id, Err(Failure::Network));
        self.plan.add(self.now + time, failed);
    }

    /// A request is over.
    pub(crate) fn forget_request(&mut self, id: RequestId) {
        self.requests.retain(|one| one.0 != id);
    }

    /// Requests that the client waits for.
    pub(crate) fn requests(&self) -> usize {
        self.requests.len()
    }

    /// The server answers.
    pub(crate) fn answer(&mut self, id: RequestId, status: u16, body: impl Into<String>) {
        let response = Response {
            status,
            body: body.into(),
            retry_after: (status == 429).then(|| self.random.random_range(0..20_000)),
            ..Response::default()
        };
        let poll = (self.requests.iter()).any(|one| one.0 == id && one.1 == Method::Get);
        match self.weather.fate(self.now, &mut self.random) {
            Fate::Arrives(time) => {
                let answered = Happening::Answered(id, Ok(response));
                self.plan.add(self.now + time, answered);
            }
            Fate::Vanishes if !poll => self.vanished.push(id),
            // What an answer to a poll says is lost for good; a client that is not told of that
            // cannot know.
            Fate::Vanishes | Fate::Fails(_) => self.fail(id, 1_000),
        }
    }

    fn open(&mut self, generation: Generation, endpoint: Endpoint) {
        if self.link.is_some() {
            self.broken("two transports at once");
        }
        let link = Link(self.wires.len());
        self.wires.push(Wire {
            generation,
            transport: endpoint.transport,
            up: 0,
            down: 0,
            is_silent: false,
            is_open: false,
            connection: None,
        });
        self.link = Some(link);
        match self.weather.fate(self.now, &mut self.random) {
            Fate::Arrives(time) => self
                .plan
                .add(self.now + time, Happening::Dialed(link, endpoint)),
            Fate::Fails(_) => self.close(link),
            Fate::Vanishes => self.wires[link.0].is_silent = true,
        }
    }

    /// The client says something.
    fn send_up(&mut self, link: Link, text: String) {
        let at = self.now + self.weather.travel(self.now, &mut self.random);
        let wire = &mut self.wires[link.0];
        if !wire.is_silent {
            wire.up = wire.up.max(at);
            self.plan.add(wire.up, Happening::Said(link, text));
        }
    }

    /// The client leaves.
    fn leave(&mut self, link: Link) {
        let at = self.now + self.weather.travel(self.now, &mut self.random);
        let wire = &mut self.wires[link.0];
        if !wire.is_silent {
            wire.up = wire.up.max(at);
            self.plan.add(wire.up, Happening::Left(link));
        }
    }

    fn send_down(&mut self, link: Link, happening: Happening) {
        let at = self.now + self.weather.travel(self.now, &mut self.random);
        let wire = &mut self.wires[link.0];
        if !wire.is_silent {
            wire.down = wire.down.max(at);
            self.plan.add(wire.down, happening);
        }
    }

    /// The server takes a transport.
    pub(crate) fn accept(&mut self, link: Link) {
        self.send_down(link, Happening::Opened(link));
    }

    /// The server says something; what it says may come in pieces.
    pub(crate) fn say(&mut self, link: Link, text: &str) {
        let socket = self.wires[link.0].transport == Transport::WebSockets;
        if socket && self.random.random_ratio(1, 8) {
            let at = self.random.random_range(0..text.len());
            // All of it is ASCII.
            let (one, other) = text.split_at(at);
            self.send_down(link, Happening::Heard(link, one.to_owned()));
            self.send_down(link, Happening::Heard(link, other.to_owned()));
        } else {
            self.send_down(link, Happening::Heard(link, text.to_owned()));
        }
    }

    /// A transport ends, without a word.
    pub(crate) fn close(&mut self, link: Link) {
        let closure = match self.wires[link.0].transport {
            Transport::WebSockets => Closure::Socket {
                code: 1006,
                reason: String::new(),
            },
            _ => Closure::EventStream,
        };
        self.send_down(link, Happening::Closed(link, closure));
    }

    /// A transport is cut; both sides are told.
    pub(crate) fn cut(&mut self, link: Link) {
        self.wires[link.0].is_silent = false;
        self.close(link);
        self.leave(link);
        self.wires[link.0].is_silent = true;
    }

    /// Nothing goes wrong any more. If `told`, those who wait in vain are told so soon.
    pub(crate) fn clear_up(&mut self, told: bool) {
        self.weather.clear();
        self.server.clear_up();
        if told {
            for id in std::mem::take(&mut self.vanished) {
                self.fail(id, 500);
            }
            if let Some(link) = self.link
                && self.wires[link.0].is_silent
            {
                self.cut(link);
            }
        }
    }
}
