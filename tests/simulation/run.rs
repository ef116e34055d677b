//! Plays schedules: `simulate COUNT FIRST_SEED`. What happens in a single one is told.

mod happening;
mod network;
mod schedule;
mod server;
mod weather;
mod world;

use std::num::NonZero;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|one| one.parse::<u64>());
    let (Some(Ok(count)), Some(Ok(first)), None) = (numbers.next(), numbers.next(), numbers.next())
    else {
        eprintln!("simulate needs two numbers: how many schedules, and the seed of the first.");
        return ExitCode::FAILURE;
    };
    let last = first.saturating_add(count);
    let next = AtomicU64::new(first);
    let all = Mutex::new(schedule::Seen::default());
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let played = thread::scope(|scope| {
        let play = || {
            while let seed = next.fetch_add(1, Ordering::Relaxed)
                && seed < last
            {
                let seen = schedule::play(seed, count == 1);
                all.lock().expect("nobody panics with it").add(&seen);
                let done = seed - first + 1;
                if done.is_multiple_of(10_000) {
                    println!("{done} of {count}");
                }
            }
        };
        let players: Vec<_> = (0..threads).map(|_| scope.spawn(play)).collect();
        players.into_iter().all(|one| one.join().is_ok())
    });
    let all = all.into_inner().expect("nobody panicked with it");
    if played {
        let messages = all.messages;
        println!("{count} schedules from seed {first}, {messages} messages: no rule is broken.");
        if count > 1 && !all.missing().is_empty() {
            println!("What did not happen in them: {}.", all.missing().join(", "));
        }
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
