//! The official client, `@microsoft/signalr` in Node, and this project's client play the same
//! scenarios against the same scripted server, and what they did is compared line by line: the
//! requests, what went over the sockets, and what the application was told. Each intended difference
//! is listed in its scenario, with its reason; any other fails, and so does one that does not show.
//!
//! So the scripts are validated by a client that is not ours, and our client by scripts that were.
//! `cargo xtask test peer` installs the official client and runs this.

#![cfg(not(target_arch = "wasm32"))]

#[path = "../native_io/mod.rs"]
mod native_io;

mod official;
mod ours;
mod scenario;
mod scenarios;
mod server;
mod transcript;
