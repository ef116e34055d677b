//! The app's root: joins the chat, the sign-in and the SignalR connection.
//!
//! | module | is for |
//! |---|---|
//! | [`attention`] | when to call the person back to the page; pure |
//! | `belongings` | what this browser keeps for the person; browser |
//! | `crash` | what becomes of a panic; browser |
//! | [`link`] | what the connection and the answers to messages mean to a person; pure |
//! | [`looks`] | how a person may have the page look; pure |
//! | `session` | one person's visit; browser |
//! | [`signing_in`] | what a sign-in means to a person; pure |
//! | `trail` | the steps to a connection, for whoever has to find out; browser |
//! | `speaking` | the language that the page speaks; browser |
//! | `start` | puts the page on the screen; browser |

pub mod attention;
#[cfg(target_arch = "wasm32")]
mod belongings;
#[cfg(target_arch = "wasm32")]
mod crash;
pub mod link;
pub mod looks;
#[cfg(target_arch = "wasm32")]
mod session;
pub mod signing_in;
#[cfg(target_arch = "wasm32")]
pub(crate) mod speaking;
#[cfg(target_arch = "wasm32")]
mod start;
#[cfg(target_arch = "wasm32")]
mod trail;

#[cfg(target_arch = "wasm32")]
pub(crate) use link::LinkState;
#[cfg(target_arch = "wasm32")]
pub(crate) use session::{Calls, Screen, Session};
#[cfg(target_arch = "wasm32")]
pub(crate) use signing_in::SigningIn;
#[cfg(target_arch = "wasm32")]
pub(crate) use speaking::translate;
#[cfg(target_arch = "wasm32")]
pub(crate) use start::misconfigured;
#[cfg(target_arch = "wasm32")]
pub use start::start;
#[cfg(target_arch = "wasm32")]
pub(crate) use trail::Trail;
