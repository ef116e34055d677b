//! A long day of four people in bad weather: they talk, look away, go offline and retry, while the
//! backend drops, silences, restarts, repeats and refuses. In the end nothing may be lost that was
//! typed or delivered, nothing doubled, and nothing left over.
//!
//! | module | is for |
//! |---|---|
//! | `plan` | how long it takes and how bad it gets, and what happens when |
//! | `people` | what a person does |
//! | `screen` | what is on a person's screen, from the first row to the last |
//! | `memory` | what a page holds in memory |
//! | `verdict` | whether what is shown is what was typed and delivered |
//!
//! What happens follows from a seed: who does what in which order, and which request or message meets
//! what. How the four fall between each other is up to the browsers.

mod memory;
mod people;
mod plan;
mod screen;
mod verdict;

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::harness::{Person, World, eventually};
use memory::Memory;
pub(crate) use plan::Plan;
use plan::{Blow, Mischief};
use verdict::Account;

/// Who is there.
const NAMES: [&str; 4] = ["alice", "bob", "carol", "dave"];

/// What Chromium writes to the console by itself when a request or a socket fails.
const EXPECTED: [&str; 3] = [
    "net::ERR_",
    "the server responded with a status of",
    "WebSocket connection to",
];

/// How far a day has come.
#[derive(Default)]
struct Day {
    /// Messages that were typed.
    typed: Cell<usize>,
    /// What has gone wrong, but for what the backend's chaos did.
    blows: Cell<usize>,
    /// How many people have done what they wanted.
    done: Cell<usize>,
    /// How many look at something else.
    away: Cell<usize>,
}

impl Day {
    fn is_over(&self) -> bool {
        self.done.get() == NAMES.len()
    }

    /// True while somebody is about to say something.
    fn is_lively(&self) -> bool {
        self.done.get() + self.away.get() < NAMES.len()
    }

    /// Waits until so many messages were typed, or `goes_on` says no.
    async fn wait_for(&self, typed: usize, goes_on: impl Fn(&Day) -> bool) {
        while self.typed.get() < typed && goes_on(self) {
            // People take their time: a day has no other clock.
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// What a day was like.
#[derive(Debug)]
pub(crate) struct Report {
    /// Messages that were typed.
    pub(crate) typed: usize,
    /// Of those, how many are shown as failed.
    pub(crate) failed: usize,
    /// Messages that were delivered, to all together.
    pub(crate) delivered: usize,
    /// Of those, how many came another time.
    pub(crate) repeated: usize,
    /// Connections, of all together.
    pub(crate) connections: usize,
    /// Gaps that are shown, to all together.
    pub(crate) gaps: usize,
    /// How many things went wrong.
    pub(crate) faults: usize,
    /// What the hungriest page holds, in the middle and at the end.
    pub(crate) memory: (Memory, Memory),
    /// How long the people talked.
    pub(crate) seconds: u64,
}

/// Lives through a day.
///
/// # Panics
/// Something was lost, doubled, out of order, or left over.
pub(crate) async fn live_through(plan: Plan) -> Report {
    println!("{plan}");
    let mut world = World::with(|options| {
        // What a page does where no WebSocket opens is another story.
        options.transports = vec![backend::options::Transport::WebSockets];
    })
    .await;
    let began = Instant::now();
    let day = Day::default();
    let (a, b, c, d) = tokio::join!(
        arrive(&world, NAMES[0]),
        arrive(&world, NAMES[1]),
        arrive(&world, NAMES[2]),
        arrive(&world, NAMES[3])
    );
    let people = [a, b, c, d];
    let mischief = plan.mischief();
    world
        .backend()
        .switch(|switches| switches.chaos = Some(mischief.chaos));
    let (talks, struck) = tokio::join!(
        async {
            tokio::join!(
                people::talk(&people[0], 0, plan, &day),
                people::talk(&people[1], 1, plan, &day),
                people::talk(&people[2], 2, plan, &day),
                people::talk(&people[3], 3, plan, &day)
            )
        },
        blow(&mut world, plan, mischief, &day)
    );
    let seconds = began.elapsed().as_secs();
    let talks = [talks.0, talks.1, talks.2, talks.3];

    // The weather clears up: what was half open ends with a last restart.
    let struck = struck + world.backend().struck();
    world.stop_backend().await;
    world.start_backend().await;
    // Once more when all are back: a page may not have noticed yet that the backend had gone.
    for _ in 0..2 {
        tokio::join!(
            people::come_to_rest(&people[0]),
            people::come_to_rest(&people[1]),
            people::come_to_rest(&people[2]),
            people::come_to_rest(&people[3])
        );
        eventually("everybody", async || {
            (world.connections() == NAMES.len()).then_some(())
        })
        .await;
    }
    let mut talks = talks;
    for ((person, name), talk) in people.iter().zip(NAMES).zip(&mut talks) {
        let text = format!("good night from {name}");
        person.say(&text).await;
        talk.typed.push(text.clone());
        // Everybody has heard it, so whoever speaks next is heard after it.
        for listener in &people {
            listener.wait_for_text(&text).await;
        }
        person.sees(name, &text, &["sent"]).await;
    }

    let mut report = Report {
        typed: talks.iter().map(|talk| talk.typed.len()).sum(),
        failed: 0,
        delivered: 0,
        repeated: 0,
        connections: 0,
        gaps: 0,
        faults: day.blows.get() + struck + 1,
        memory: Default::default(),
        seconds,
    };
    let accounts = tokio::join!(
        account(&people[0], NAMES[0], &talks[0].typed),
        account(&people[1], NAMES[1], &talks[1].typed),
        account(&people[2], NAMES[2], &talks[2].typed),
        account(&people[3], NAMES[3], &talks[3].typed)
    );
    let accounts = [accounts.0, accounts.1, accounts.2, accounts.3];
    for (account, talk) in accounts.iter().zip(&talks) {
        let found = account.judge();
        assert!(found.is_empty(), "{plan}\n{}: {found:#?}", account.name);
        report.failed += account.failed();
        report.delivered += account.delivered();
        report.repeated += account.repeated();
        report.connections += account.connections.len();
        report.gaps += account.gaps();
        let (middle, end) = (talk.memory, account.memory);
        assert!(
            end.is_level_with(middle),
            "{plan}\n{}: {middle:?}, {end:?}",
            account.name
        );
        if end.heap >= report.memory.1.heap {
            report.memory = (middle, end);
        }
    }
    assert!(report.faults >= plan.faults, "{plan}\n{report:?}");

    eventually("one connection each", async || {
        (world.connections() == NAMES.len()).then_some(())
    })
    .await;
    for person in people {
        person.leave(&EXPECTED).await;
    }
    eventually("no socket left over", async || {
        let backend = world.backend();
        (backend.connections() == 0 && backend.sockets() == 0).then_some(())
    })
    .await;
    println!("{report:#?}");
    report
}

/// Somebody whose page writes down what its sockets deliver, signed in, with another tab to look at.
async fn arrive(world: &World, name: &str) -> Person {
    let person = Person::new().await;
    person.before_each_page(include_str!("recorder.js")).await;
    person.go_to(&world.page()).await;
    person.sign_in(name).await;
    person.new_tab("about:blank").await;
    person.turn_to_tab(0).await;
    person
}

/// Does to the backend what the plan says, whenever enough was typed. Returns how often chaos struck
/// backends that are gone.
async fn blow(world: &mut World, plan: Plan, mischief: Mischief, day: &Day) -> usize {
    let mut struck = 0;
    let mut restarts = 0;
    for (after, blow) in mischief.blows {
        day.wait_for(after, |day| !day.is_over()).await;
        if day.is_over() {
            break;
        }
        day.blows.set(day.blows.get() + 1);
        match blow {
            Blow::Drop => world.backend().drop_connections(),
            Blow::Silence => world.backend().silence_connections(),
            Blow::Close => world
                .backend()
                .close_connections(Some("Maintenance."), true),
            Blow::Expire => world.backend().expire_sessions(),
            Blow::Restart => {
                struck += world.backend().struck();
                world.stop_backend().await;
                world.start_backend().await;
                restarts += 1;
                let chaos = plan.chaos(restarts);
                world
                    .backend()
                    .switch(|switches| switches.chaos = Some(chaos));
            }
        }
    }
    struck
}

async fn account(person: &Person, name: &'static str, typed: &[String]) -> Account {
    let shown = screen::all(person).await;
    let connections = screen::delivered(person).await;
    Account {
        name,
        typed: typed.to_vec(),
        shown,
        connections,
        memory: Memory::of(person).await,
    }
}

#[cfg(test)]
#[tokio::test]
async fn nothing_is_lost_in_bad_weather() {
    live_through(Plan::short(4711)).await;
}
