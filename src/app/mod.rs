//! The app's root: joins the chat, the sign-in and the SignalR connection.
//!
//! | module | is for |
//! |---|---|
//! | [`link`] | what the connection and the answers to messages mean to a person; pure |
//! | `session` | one person's visit; browser |
//! | `trail` | the steps to a connection, for whoever has to find out; browser |
//! | `start` | puts the page on the screen; browser |

pub mod link;
#[cfg(target_arch = "wasm32")]
mod session;
#[cfg(target_arch = "wasm32")]
mod start;
#[cfg(target_arch = "wasm32")]
mod trail;

#[cfg(target_arch = "wasm32")]
pub(crate) use link::LinkState;
#[cfg(target_arch = "wasm32")]
pub(crate) use session::{Screen, Session};
#[cfg(target_arch = "wasm32")]
pub use start::start;
#[cfg(target_arch = "wasm32")]
pub(crate) use trail::Trail;
