//! App Service Authentication: who am I, sign in, refresh, sign out.
//!
//! | module | is for |
//! |---|---|
//! | [`principal`] | what an answer of `/.auth/me` says; pure |
//! | [`popup`] | signing in beside the page: what its window says, and what follows; pure |
//! | [`refresh`] | when to ask for a session to go on; pure |
//! | [`sign_in`] | the addresses of signing in and out, and what comes back; pure |
//! | [`site`] | whether a cookie can get there; pure |
//! | [`token`] | the session token, which cannot be printed; pure |
//! | `browser` | requests, storage and navigation |
//! | `popup_window` | the window of a sign-in beside the page |
//!
//! The rules come from "Customize sign-in and sign-out", "Work with OAuth tokens" and "Work with
//! user identities" in the App Service documentation.

pub mod popup;
pub mod principal;
pub mod refresh;
pub mod sign_in;
pub mod site;
pub mod token;

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod popup_window;

#[cfg(target_arch = "wasm32")]
pub(crate) use browser::Auth;
pub use principal::{Principal, Reason, WhoAmI};
pub use token::SessionToken;

/// Why a message was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostError {
    /// The session is over.
    SignedOut,
    /// The server answered with this status.
    Status(u16),
    /// No answer came. The message may have arrived all the same.
    NoAnswer,
}
