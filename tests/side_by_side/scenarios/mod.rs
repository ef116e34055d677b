//! The scenarios, by what they are about.

mod calls;
mod client_results;
mod closes;
mod frames;
mod handshake;
mod negotiate;
mod reasons;
mod reconnects;
mod redirects;
mod stateful;
mod streams;
mod timers;
mod transports;
mod unauthorized;
mod uploads;
