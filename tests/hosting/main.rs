//! What `cargo xtask dist` makes, on real web hosts: configured as docs/hosting.md says, word for
//! word, and visited in headless Chromium under the policy of the page.
//!
//! `cargo xtask test e2e` runs them; they need `dist`, which `cargo xtask test dist` builds.
#![cfg(not(target_arch = "wasm32"))]

#[allow(
    dead_code,
    reason = "stories and web hosts share the harness, and use different parts of it"
)]
#[path = "../e2e/harness/mod.rs"]
mod harness;

mod build;
mod commands;
mod dist;
mod docs;
mod hosts;
mod later;
mod offline;
mod policy;
mod servers;
