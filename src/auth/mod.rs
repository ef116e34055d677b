//! App Service Authentication: who am I, sign in, refresh, sign out.
//!
//! | module | is for |
//! |---|---|
//! | [`principal`] | what an answer of `/.auth/me` says; pure |
//! | [`sign_in`] | the addresses of signing in and out, and what comes back; pure |
//! | [`token`] | the session token, which cannot be printed; pure |
//! | `browser` | requests, storage and navigation |
//!
//! The rules come from "Customize sign-in and sign-out", "Work with OAuth tokens" and "Work with
//! user identities" in the App Service documentation.

pub mod principal;
pub mod sign_in;
pub mod token;

#[cfg(target_arch = "wasm32")]
mod browser;

#[cfg(target_arch = "wasm32")]
pub(crate) use browser::{Auth, PostError};
pub use principal::{Principal, WhoAmI};
pub use token::SessionToken;
