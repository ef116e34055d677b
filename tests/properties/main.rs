//! What holds for any text that a server may send, for anything that an application may say, and
//! for anything that people may write.
//!
//! | module | is for |
//! |---|---|
//! | `texts` | texts that are almost, or entirely, what a server says |
//! | `json` | JSON, as serde reads it |
//! | `framing` | records in pieces |
//! | `messages` | hub messages, read and written |
//! | `negotiate` | the handshake's answer and the negotiation's |
//! | `intake` | the whole client, told anything |
//! | `bad_input` | everything that is read from elsewhere, by a table |
//! | `chat` | conversations and outbox, whatever happens in whatever order |
//! | `markup` | texts and names that people write |

#![cfg(not(target_arch = "wasm32"))]

mod bad_input;
mod chat;
mod framing;
mod intake;
mod json;
mod markup;
mod messages;
mod negotiate;
mod texts;
