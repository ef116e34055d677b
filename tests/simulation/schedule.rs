//! One schedule: what goes wrong, what the application does meanwhile, and the rules.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use rand::Rng;
use serverless_chat::signalr::client::{Connection, Task};
use serverless_chat::signalr::connection::Event;
use serverless_chat::signalr::trace::Trace;
use serverless_chat::signalr::{
    Authorization, AuthorizeReason, Error, Millis, Options, State, Transport,
};

use crate::happening::{Happening, Link};
use crate::network::Network;
use crate::server::FUNCTION;
use crate::weather::{FAULTS, Fault};
use crate::world::{Shared, World};

/// The longest that anything is under way, in milliseconds.
const LONGEST_TRAVEL: Millis = 20_000;
/// The longest delay before a try, and the time that a try takes, in milliseconds.
const CAPPED_DELAY: Millis = 36_000;
/// How long a client may wait for what it was never told to be lost, in milliseconds.
const LONGEST_TIMEOUT: Millis = 100_000;
/// How long it is watched after that, in milliseconds.
const WATCHED: Millis = 120_000;

/// What happened in schedules.
#[derive(Default)]
pub(crate) struct Seen {
    faults: Vec<Fault>,
    transports: Vec<Transport>,
    resumed: u32,
    pub(crate) messages: u64,
}

impl Seen {
    pub(crate) fn add(&mut self, other: &Seen) {
        let new = |fault: &&Fault| !self.faults.contains(fault);
        let faults: Vec<_> = other.faults.iter().filter(new).copied().collect();
        self.faults.extend(faults);
        let new = |transport: &&Transport| !self.transports.contains(transport);
        let transports: Vec<_> = other.transports.iter().filter(new).copied().collect();
        self.transports.extend(transports);
        self.resumed += other.resumed;
        self.messages += other.messages;
    }

    /// What never happened, in words.
    pub(crate) fn missing(&self) -> Vec<String> {
        let faults = FAULTS.iter().filter(|one| !self.faults.contains(one));
        let transports = Transport::ALL;
        let transports = transports
            .iter()
            .filter(|one| !self.transports.contains(one));
        let mut missing: Vec<String> = faults.map(|one| format!("{one:?}")).collect();
        missing.extend(transports.map(|one| format!("{one:?}")));
        if self.resumed == 0 {
            missing.push("a connection that outlives its socket".to_owned());
        }
        if self.messages == 0 {
            missing.push("messages".to_owned());
        }
        missing
    }
}

/// What the application knows.
#[derive(Default)]
struct Application {
    /// It wants a connection.
    wants: Cell<bool>,
    /// The last message of each connection.
    heard: RefCell<BTreeMap<u64, u64>>,
    messages: Cell<u64>,
    /// Calls that did not end.
    waiting: RefCell<BTreeMap<u64, (&'static str, Millis)>>,
    calls: Cell<u64>,
    token: Cell<u64>,
    /// Its page is frozen.
    suspended: Cell<bool>,
    /// All is well, and has to stay so.
    settled: Cell<bool>,
}

struct Play {
    seed: u64,
    world: Shared,
    connection: Connection,
    application: Rc<Application>,
    seen: Seen,
    /// When the faults end.
    clear_at: Millis,
}

/// Plays a schedule. What happens in it `is_told` on standard output, or not.
///
/// # Panics
/// A rule is broken. The words say which, when, and in which schedule.
pub(crate) fn play(seed: u64, is_told: bool) -> Seen {
    let world: Shared = Rc::new(RefCell::new(World::new(seed)));
    world.borrow_mut().is_told = is_told;
    let application = Rc::new(Application::default());
    let clear_at = {
        let mut world = world.borrow_mut();
        let length = world.random.random_range(20_000..240_000);
        world.now + length
    };
    let connection = connect(seed, &world, &application);
    let play = Play {
        seed,
        world,
        connection,
        application,
        seen: Seen::default(),
        clear_at,
    };
    play.play()
}

fn connect(seed: u64, world: &Shared, application: &Rc<Application>) -> Connection {
    let mut options = Options::new(FUNCTION);
    options.seed = seed;
    options.reconnect_on_every_close = true;
    options.stateful_reconnect = seed.is_multiple_of(2);
    let (asked, shown) = (world.clone(), application.clone());
    let connection = Connection::new(Network(world.clone()), options, move |reason| {
        if reason == AuthorizeReason::Unauthorized {
            shown.token.set(asked.borrow().server.token);
        }
        let authorization = Authorization {
            access_token: Some(format!("own-{}", shown.token.get())),
            ..Authorization::default()
        };
        Box::pin(async { Ok(authorization) })
    });
    let (heard, rules) = (application.clone(), world.clone());
    connection.on("m", move |(connection, number): (u64, u64)| {
        heard.messages.set(heard.messages.get() + 1);
        let last = heard.heard.borrow_mut().insert(connection, number);
        let last = last.unwrap_or(0);
        if number != last + 1 {
            let words = format!("message {number} of {connection} comes after {last}");
            rules.borrow_mut().broken(words);
        }
    });
    let (told, plan) = (application.clone(), world.clone());
    connection.on_state(move |state| {
        let mut world = plan.borrow_mut();
        world.note(format_args!("{state:?}"));
        if matches!(state, State::Disconnected { .. }) && told.wants.get() {
            let at = world.now + 1_000;
            world.plan.add(at, Happening::StartAgain);
        }
        let settled = told.settled.get();
        if settled && !matches!(state, State::Connected { .. }) && told.wants.get() {
            world.broken(format!("without a fault: {state:?}"));
        }
    });
    let (rules, under_way) = (world.clone(), Cell::new(false));
    connection.on_trace(move |_, trace| {
        let mut world = rules.borrow_mut();
        let begins = matches!(trace, Trace::Began(_));
        if under_way.replace(begins) == begins {
            world.broken(format!("activities overlap: {trace:?}"));
        }
        let told = format!("{trace:?}");
        let secrets = ["own-", "service-", "access_token", "id=", "Bearer"];
        if secrets.iter().any(|secret| told.contains(secret)) {
            world.broken(format!("a trace holds a secret: {told}"));
        }
    });
    connection
}

impl Play {
    fn play(mut self) -> Seen {
        {
            let mut world = self.world.borrow_mut();
            let now = world.now;
            world.plan.add(now, Happening::StartAgain);
            world.plan.add(now + 1_000, Happening::Tick);
            world.plan.add(now + 500, Happening::Fault);
            world.plan.add(now + 700, Happening::Act);
        }
        self.application.wants.set(true);
        self.run_until(self.clear_at);
        let told = self.world.borrow_mut().random.random();
        self.clear_up(told);
        let throttled = if self.world.borrow().is_hidden {
            120_000
        } else {
            0
        };
        let untold = if told { 0 } else { LONGEST_TIMEOUT };
        let settled = self.clear_at + LONGEST_TRAVEL + CAPPED_DELAY + throttled + untold;
        self.run_until(settled);
        if !matches!(self.connection.state(), State::Connected { .. }) {
            let state = format!("when all is well: {:?}", self.connection.state());
            self.world.borrow_mut().broken(state);
        }
        self.application.settled.set(true);
        let before = self.application.messages.get();
        self.run_until(settled + WATCHED);
        if self.application.messages.get() == before {
            self.world.borrow_mut().broken("no message comes");
        }
        // Whatever the server gets it answers, and it gets whatever did not fail.
        self.no_call_waits(settled + WATCHED - 70_000);
        self.seen.messages = self.application.messages.get();
        self.stop(settled + WATCHED);
        let server = &self.world.borrow().server;
        self.seen.resumed = server.resumed;
        self.seen.transports.clone_from(&server.taken);
        self.judge();
        self.seen
    }

    fn clear_up(&mut self, told: bool) {
        let was_offline = {
            let mut world = self.world.borrow_mut();
            let was_offline = world.weather.is_offline;
            world.clear_up(told);
            was_offline
        };
        if was_offline || self.application.suspended.take() {
            self.tell(Event::Woken);
        }
    }

    /// Nothing is left of a client that was stopped.
    fn stop(&mut self, now: Millis) {
        self.application.wants.set(false);
        self.connection.stop();
        self.turn();
        if let Some(at) = self.world.borrow().wake_at {
            self.world
                .borrow_mut()
                .broken(format!("a timer runs to {at}"));
        }
        self.run_until(now + 10_000);
        self.no_call_waits(now);
        let mut world = self.world.borrow_mut();
        if world.link.is_some() || world.requests() > 0 {
            world.broken("a stop leaves something behind");
        }
    }

    /// No call waits that began before.
    fn no_call_waits(&self, before: Millis) {
        for (number, (kind, begun)) in self.application.waiting.borrow().iter() {
            if *begun <= before {
                let words = format!("{kind} {number} waits for ever");
                self.world.borrow_mut().broken(words);
            }
        }
    }

    fn judge(&self) {
        let broken = &self.world.borrow().broken;
        assert!(
            broken.is_empty(),
            "schedule {} breaks rules; to play it again: cargo xtask simulate --seed {}\n{}",
            self.seed,
            self.seed,
            broken.join("\n")
        );
    }

    /// Lets happen what happens until then.
    fn run_until(&mut self, end: Millis) {
        loop {
            let (planned, timer) = {
                let world = self.world.borrow();
                (world.plan.next_at(), world.timer())
            };
            let next = planned.into_iter().chain(timer).min();
            let Some(at) = next.filter(|at| *at <= end) else {
                return self.world.borrow_mut().pass_to(end);
            };
            self.world.borrow_mut().pass_to(at);
            if timer == Some(at) && planned != Some(at) {
                self.wake();
            } else {
                self.happen();
            }
            self.turn();
            if !self.world.borrow().broken.is_empty() {
                self.judge();
            }
        }
    }

    /// The client's timer fires.
    fn wake(&self) {
        let sink = {
            let mut world = self.world.borrow_mut();
            world.restless();
            world.wake_at = None;
            world.note("the timer");
            world.sink.clone()
        };
        sink.expect("it is attached").wake();
    }

    fn tell(&self, event: Event) {
        let sink = self.world.borrow().sink.clone();
        sink.expect("it is attached").event(event);
    }

    /// Runs the tasks of the client and of the application, as far as they go.
    fn turn(&self) {
        loop {
            let mut tasks = std::mem::take(&mut self.world.borrow_mut().tasks);
            let before = tasks.len();
            let mut context = Context::from_waker(Waker::noop());
            tasks.retain_mut(|task| task.as_mut().poll(&mut context) == Poll::Pending);
            let ended = tasks.len() < before;
            let mut world = self.world.borrow_mut();
            let begun = !world.tasks.is_empty();
            tasks.append(&mut world.tasks);
            world.tasks = tasks;
            if !ended && !begun {
                return;
            }
        }
    }

    fn happen(&mut self) {
        let mut world = self.world.borrow_mut();
        let awake = world.asleep_until;
        if world.now < awake && world.plan.is_the_clients() {
            return world.plan.postpone(awake);
        }
        let Some(happening) = world.plan.next() else {
            return;
        };
        world.note(&happening);
        match happening {
            Happening::Asked(id, request) => world.ask(id, request),
            Happening::Dialed(link, endpoint) => world.dial(link, &endpoint),
            Happening::Said(link, text) => world.said(link, &text),
            Happening::Left(link) => world.left(link),
            Happening::Tick => world.tick(),
            Happening::Held(id) => world.held(id),
            // What comes of a request that was aborted, or from a transport that was left, is told all
            // the same: a browser may have planned it before.
            Happening::Answered(id, outcome) => {
                world.forget_request(id);
                drop(world);
                self.tell(Event::Answered(id, outcome));
            }
            Happening::Opened(link) => {
                let wire = &mut world.wires[link.0];
                wire.is_open = true;
                let generation = wire.generation;
                drop(world);
                self.tell(Event::Opened(generation));
            }
            Happening::Heard(link, text) => {
                let generation = world.wires[link.0].generation;
                drop(world);
                self.tell(Event::Text(generation, text));
            }
            Happening::Closed(link, closure) => {
                if world.link == Some(link) {
                    world.link = None;
                }
                let generation = world.wires[link.0].generation;
                drop(world);
                self.tell(Event::Closed(generation, closure));
            }
            Happening::Woken => {
                world.weather.is_offline = false;
                drop(world);
                self.application.suspended.set(false);
                self.tell(Event::Woken);
            }
            Happening::Fault => {
                drop(world);
                self.fault();
            }
            Happening::Act => {
                drop(world);
                self.act();
            }
            Happening::StartAgain => {
                drop(world);
                if self.application.wants.get() {
                    drop(self.connection.start());
                }
            }
        }
    }

    /// Something goes wrong.
    fn fault(&mut self) {
        let mut world = self.world.borrow_mut();
        if world.weather.is_clear() {
            return;
        }
        let now = world.now;
        let next = now + world.random.random_range(100..15_000);
        world.plan.add(next, Happening::Fault);
        let kinds = world.weather.faults.len();
        let kind = world.random.random_range(0..kinds);
        let kind = world.weather.faults[kind];
        world.note(format_args!("{kind:?}"));
        self.seen.faults.push(kind);
        let link = world.link;
        let until = now + world.random.random_range(1_000..30_000);
        match kind {
            Fault::Cut => link.into_iter().for_each(|link| world.cut(link)),
            Fault::Silence => silence(&mut world, link),
            Fault::Restart => world.restart(),
            Fault::Sleep => {
                let long = now + world.random.random_range(1_000..600_000);
                let until = if world.random.random() { until } else { long };
                world.sleep_until(until.min(self.clear_at));
                if world.random.random() {
                    world.plan.add(until, Happening::Woken);
                }
            }
            Fault::Hide => {
                world.is_hidden = !world.is_hidden;
                if !world.is_hidden {
                    world.plan.add(now, Happening::Woken);
                }
            }
            Fault::Offline => {
                silence(&mut world, link);
                world.weather.is_offline = true;
                world.plan.add(until, Happening::Woken);
                drop(world);
                self.tell(Event::Offline);
            }
            Fault::Suspend => {
                world.sleep_until(until.min(self.clear_at));
                world.plan.add(until, Happening::Woken);
                drop(world);
                self.application.suspended.set(true);
                self.tell(Event::Suspended);
            }
            Fault::Close => {
                let goodbyes = [
                    r#"{"type":7}"#,
                    r#"{"type":7,"allowReconnect":true}"#,
                    r#"{"type":7,"error":"Enough."}"#,
                ];
                let goodbye = goodbyes[world.random.random_range(0..goodbyes.len())];
                world.send_away(goodbye);
            }
            Fault::Expire => {
                world.server.token += 1;
                let lifetimes = [1, 1_000, 10_000];
                world.server.lifetime = lifetimes[world.random.random_range(0..lifetimes.len())];
            }
            Fault::Refuse => world.weather.refusing_until = until,
            Fault::Delay => world.weather.slow_down(until),
            Fault::Loss => world.weather.lose_until(until),
            Fault::Nonsense => {
                let words = ["{\"type\":99}", "nonsense", "{\"type\":1}", "{\"type\":3}"];
                let words = words[world.random.random_range(0..words.len())];
                world.speak(words);
            }
            Fault::Woken => {
                let impatient = world.random.random();
                drop(world);
                if impatient {
                    self.connection.try_now();
                } else {
                    self.tell(Event::Woken);
                }
            }
        }
    }

    /// The application does something.
    fn act(&self) {
        let kind = {
            let mut world = self.world.borrow_mut();
            if self.application.settled.get() && self.seed.is_multiple_of(3) {
                // A client that says nothing by itself has to stay connected, too.
                return;
            }
            let next = world.now + world.random.random_range(200..8_000);
            world.plan.add(next, Happening::Act);
            world.random.random_range(0..20)
        };
        let number = self.application.calls.get() + 1;
        self.application.calls.set(number);
        let call = |target| self.connection.call(target).arguments((number,));
        match kind {
            0 if !self.world.borrow().weather.is_clear() => {
                self.application.wants.set(false);
                self.connection.stop();
                self.application.wants.set(true);
                let mut world = self.world.borrow_mut();
                let at = world.now + 1_000;
                world.plan.add(at, Happening::StartAgain);
            }
            0..7 => {
                let sent = call("Tell").send();
                self.follow(number, "a send", async move { drop(sent.await) });
            }
            7..11 => {
                let invoked = call("Echo").invoke::<u64>();
                self.follow_result(number, invoked);
            }
            11..15 => {
                let target = if kind == 11 { "Never" } else { "Echo" };
                let invoked = call(target).timeout(5_000).invoke::<u64>();
                self.follow_result(number, invoked);
            }
            _ => {
                let mut items = call("Count").stream::<u64>();
                let rules = self.world.clone();
                let counted = async move {
                    let mut counted = Vec::new();
                    while let Some(item) = items.next().await {
                        match item {
                            Ok(item) => counted.push(item),
                            Err(_) => return,
                        }
                    }
                    if counted != [0, 1, 2] {
                        let words = format!("stream {number} has the items {counted:?}");
                        rules.borrow_mut().broken(words);
                    }
                };
                self.follow(number, "a stream", counted);
            }
        }
    }

    fn follow_result(
        &self,
        number: u64,
        invoked: impl Future<Output = Result<u64, Error>> + 'static,
    ) {
        let rules = self.world.clone();
        self.follow(number, "a call", async move {
            if let Ok(result) = invoked.await
                && result != number
            {
                let words = format!("call {number} is answered with {result}");
                rules.borrow_mut().broken(words);
            }
        });
    }

    fn follow(&self, number: u64, kind: &'static str, future: impl Future<Output = ()> + 'static) {
        let application = self.application.clone();
        let now = self.world.borrow().now;
        application.waiting.borrow_mut().insert(number, (kind, now));
        let task: Task = Box::pin(async move {
            future.await;
            application.waiting.borrow_mut().remove(&number);
        });
        self.world.borrow_mut().tasks.push(task);
    }
}

fn silence(world: &mut World, link: Option<Link>) {
    if let Some(link) = link {
        world.wires[link.0].is_silent = true;
    }
}
