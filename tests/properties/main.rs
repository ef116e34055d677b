//! What holds for any text that a server may send, and for anything that an application may say.
//!
//! | module | is for |
//! |---|---|
//! | `texts` | texts that are almost, or entirely, what a server says |
//! | `json` | JSON, as serde reads it |
//! | `framing` | records in pieces |
//! | `messages` | hub messages, read and written |
//! | `negotiate` | the handshake's answer and the negotiation's |
//! | `intake` | the whole client, told anything |

#![cfg(not(target_arch = "wasm32"))]

mod framing;
mod intake;
mod json;
mod messages;
mod negotiate;
mod texts;
