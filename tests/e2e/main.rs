//! Whole stories, told by people in headless Chromium: the published app on one origin, the
//! backend on another, as they are in Azure.
//!
//! `cargo xtask test e2e` runs them; they need `dist`, which `cargo xtask test dist` builds.
#![cfg(not(target_arch = "wasm32"))]

#[allow(
    dead_code,
    reason = "pictures and stories share the harness, and use different parts of it"
)]
mod harness;

mod accessibility;
mod anonymous;
mod attention;
mod backends;
mod composing;
mod crashing;
mod details;
mod diagnosis;
mod engines;
mod failures;
mod finding;
mod hostile;
mod keeping;
mod keyboard;
mod languages;
mod reading;
mod secrets;
mod settings;
mod signing_in;
mod signing_in_beside;
#[allow(dead_code, reason = "`cargo xtask soak` lives through a longer day")]
mod soak;
mod statuses;
mod storage;
mod talking;
mod texts;
mod who_am_i;
