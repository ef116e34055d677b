//! The SignalR client against the behaviour that the official TypeScript client's own tests ask
//! for, row by row.
//!
//! The rows are listed in `rows.md`; a test names those that it shows. `cargo xtask conformance`
//! puts the two together.

mod world;

mod calls;
mod closing;
mod handlers;
mod negotiation;
mod polling;
mod reconnecting;
mod sending;
mod starting;
mod stateful;
mod streams;
mod transports;
