//! What a person sees. No protocol and no fetch: components read signals and hand intents to
//! `app::Session`.
//!
//! | module | shows |
//! |---|---|
//! | [`rows`] | which rows a timeline has; pure |
//! | [`window`] | which of them are in the page, and where it is scrolled to; pure |
//! | [`heights`] | how high many rows are, and where each begins; pure |
//! | [`aloud`] | what a screen reader says of what comes, and when; pure |
//! | [`avatar`] | initials and colours of a name; pure |
//! | [`completion`] | what the composer suggests; pure |
//! | [`emoji`] | emoji by their names; pure |
//! | [`length`] | how much more a message takes; pure |
//! | [`places`] | where the switcher may lead; pure |
//! | [`words`] | every text of the page |
//! | `part` | a copy of a `<template>`, to be filled: the markup of a component stands in the HTML file beside it |
//! | `root` | the page: which of the screens below |
//! | `welcome` | before the chat: loading, signing in, what keeps it from starting |
//! | `sidebar` | the conversations, and who is signed in |
//! | `bell` | the button that asks for notifications |
//! | `switcher` | the quick way to another conversation |
//! | `search` | finding what was said |
//! | `dialog` | a dialog over the page |
//! | `settings` | how the page looks and calls, and what it keeps |
//! | `help` | which keys do what |
//! | `picker` | a dialog with a field and what was found for it |
//! | `listbox` | choices below a field that keeps the focus |
//! | `person` | what can be done about a person |
//! | `conversation` | the open conversation: head, notice, timeline, composer |
//! | `timeline` | what was said, in a window that follows the newest |
//! | `row_list` | the rows that are in the page |
//! | `message` | one row |
//! | `text` | the text of a message: links, code, mentions |
//! | `announcer` | what came, to a screen reader |
//! | `composer` | where a message is typed |
//! | `notice` | what is wrong, and what to do about it |
//! | `details` | the steps to a connection, and what came of each |

#![allow(
    unreachable_pub,
    reason = "the component macro makes the props of a component public"
)]

pub mod aloud;
pub mod avatar;
pub mod completion;
pub mod emoji;
pub mod heights;
pub mod length;
pub mod places;
pub mod rows;
pub mod window;
pub mod words;

#[cfg(target_arch = "wasm32")]
pub(crate) mod announcer;
#[cfg(target_arch = "wasm32")]
pub(crate) mod bell;
#[cfg(target_arch = "wasm32")]
pub(crate) mod composer;
#[cfg(target_arch = "wasm32")]
mod conversation;
#[cfg(target_arch = "wasm32")]
pub(crate) mod details;
#[cfg(target_arch = "wasm32")]
mod dialog;
#[cfg(target_arch = "wasm32")]
pub(crate) mod help;
#[cfg(target_arch = "wasm32")]
mod listbox;
#[cfg(target_arch = "wasm32")]
mod message;
#[cfg(target_arch = "wasm32")]
pub(crate) mod notice;
#[cfg(target_arch = "wasm32")]
pub(crate) mod part;
#[cfg(target_arch = "wasm32")]
pub(crate) mod person;
#[cfg(target_arch = "wasm32")]
mod picker;
#[cfg(target_arch = "wasm32")]
pub(crate) mod root;
#[cfg(target_arch = "wasm32")]
mod row_list;
#[cfg(target_arch = "wasm32")]
pub(crate) mod search;
#[cfg(target_arch = "wasm32")]
pub(crate) mod settings;
#[cfg(target_arch = "wasm32")]
mod sidebar;
#[cfg(target_arch = "wasm32")]
pub(crate) mod switcher;
#[cfg(target_arch = "wasm32")]
pub(crate) mod templates;
#[cfg(target_arch = "wasm32")]
mod text;
#[cfg(target_arch = "wasm32")]
pub(crate) mod timeline;
#[cfg(target_arch = "wasm32")]
pub(crate) mod welcome;
