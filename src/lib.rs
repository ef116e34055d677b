//! A chat client for serverless Azure SignalR, compiled to WebAssembly.
//!
//! | module | is for |
//! |---|---|
//! | [`chat`] | conversations, messages, what is on its way out; pure |

pub mod chat;
