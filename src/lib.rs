//! A chat client for serverless Azure SignalR, compiled to WebAssembly.
//!
//! | module | is for |
//! |---|---|
//! | [`config`] | the page's settings; pure |
//! | [`auth`] | who am I, sign in, sign out; pure, with a thin browser edge |
//! | [`chat`] | conversations, messages, what is on its way out; pure |
//! | [`signalr`] | a SignalR client that knows nothing of chat; pure, with a thin browser edge |
//! | [`diagnosis`] | failures in words: which step, and what to change; pure |
//! | [`json`] | JSON, read as far as somebody asks; pure |
//! | [`language`] | which language the page speaks, and all its texts; pure |
//! | [`order`] | putting a list in order; pure |
//! | [`text`] | looking into texts; pure |
//! | [`ui`] | what a person sees; Leptos components |
//! | [`app`] | the root: joins all of the above; what has a rule is pure, the rest browser |
//! | `later` | what is loaded when somebody wants it; browser |
//! | `platform` | thin wrappers over web APIs; browser |
//!
//! Modules use each other downward only: `ui` uses `app`, which uses `chat`, `auth` and `signalr`;
//! `chat` and `signalr` use nothing of ours but `json`, `order` and `text`. Whatever has a rule is in a pure module and tested
//! natively; what is marked "browser" carries decisions out and makes none.

// What a slice of a text says when it is misused would be downloaded: `text` has what says nothing.
#![cfg_attr(not(test), warn(clippy::string_slice))]

pub mod app;
pub mod auth;
pub mod chat;
pub mod config;
pub mod diagnosis;
pub mod json;
pub mod language;
#[cfg(target_arch = "wasm32")]
mod later;
pub mod order;
#[cfg(target_arch = "wasm32")]
mod platform;
pub mod signalr;
pub mod text;
pub mod ui;

#[cfg(all(test, target_arch = "wasm32"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
