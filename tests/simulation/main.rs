//! The client in bad weather: random schedules of faults, a clock of the test's own, and rules that
//! hold whatever happens.
//!
//! A schedule is made from its seed alone, so one that breaks a rule can be played again:
//! `cargo xtask simulate --seed 4711`. This plays the first ten thousand; `cargo xtask simulate` plays
//! as many as one likes.

#![cfg(not(target_arch = "wasm32"))]

mod happening;
mod network;
mod schedule;
mod server;
mod weather;
mod world;

use std::num::NonZero;
use std::thread;

/// No message comes twice, no call waits for ever, nothing runs hot, there is one transport at most,
/// a stop leaves nothing behind; and when the weather clears, there is a connection again.
#[test]
fn ten_thousand_schedules_break_no_rule() {
    let threads = thread::available_parallelism().map_or(1, NonZero::get) as u64;
    let play = |first: u64| {
        let seeds = (first..10_000).step_by(threads as usize);
        seeds.for_each(|seed| {
            schedule::play(seed, false);
        });
    };
    thread::scope(|scope| {
        let played: Vec<_> = (0..threads)
            .map(|first| scope.spawn(move || play(first)))
            .collect();
        for one in played {
            one.join().expect("what is wrong is said above");
        }
    });
}

/// Every kind of fault happens, every transport carries, and connections outlive their sockets: else
/// the rules would be kept by schedules in which nothing happens.
#[test]
fn schedules_are_not_calm() {
    let mut seen = schedule::Seen::default();
    (0..500).for_each(|seed| seen.add(&schedule::play(seed, false)));
    assert_eq!(seen.missing(), [""; 0]);
}
