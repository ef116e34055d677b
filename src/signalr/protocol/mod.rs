//! The JSON hub protocol.
//!
//! | module | is for |
//! |---|---|
//! | [`framing`] | records and the separator that ends each |
//! | [`handshake`] | the first record each way |
//! | [`message`] | everything after it, as a server sends it |
//! | [`outgoing`] | everything after it, as a client sends it |

pub mod framing;
pub mod handshake;
pub mod message;
pub mod outgoing;

pub use framing::Framer;
pub use message::Message;
