//! The chat itself: conversations, messages and what is on its way out.
//!
//! Everything here is pure: the time comes in as a [`Timestamp`], what the hub delivered as an
//! [`Incoming`], and what has to be posted goes out as an [`Outgoing`]. Nothing knows of a
//! browser, of SignalR or of how a message is drawn.
//!
//! | module | holds |
//! |---|---|
//! | [`incoming`] | the tolerant decoder of `newMessage` arguments |
//! | [`message`] | one message and how far it has come |
//! | [`timeline`] | the messages and gaps of one conversation, in order |
//! | [`conversation`] | the room, or the exchange with one person |
//! | [`markup`] | links, code and mentions in a text |
//! | [`name`] | names and texts that lie |
//! | [`fold`] | letters without regard to case |
//! | [`people`] | who was seen here |
//! | [`ignored`] | who is not to be heard or seen |
//! | [`search`] | finding what was said |
//! | [`heard`] | what came and is to be said aloud |
//! | [`news`] | what came and deserves that the person is called |
//! | [`history`] | what is kept on the device: how it is written and read, and what stays |
//! | `journal` | what has changed and is not kept yet |
//! | `repeats` | what the hub has delivered already |
//! | [`outbox`] | what waits to be posted, one at a time and in order |
//! | [`state`] | [`Chat`]: all of it together, and the rules between |

pub mod conversation;
pub mod fold;
pub mod heard;
pub mod history;
pub mod ignored;
pub mod incoming;
mod journal;
pub mod markup;
pub mod message;
pub mod name;
pub mod news;
pub mod outbox;
pub mod people;
mod repeats;
pub mod search;
pub mod state;
pub mod timeline;

pub use conversation::{Conversation, ConversationId};
pub use heard::{Heard, Spoken};
pub use ignored::{Ignored, Measure};
pub use incoming::Incoming;
pub use message::{Delivery, Failure, Message, MessageId, Timestamp};
pub use news::News;
pub use outbox::Outgoing;
pub use people::People;
pub use state::{Chat, ComposeError, MAX_TEXT_BYTES, Me};
pub use timeline::{Changes, Entry, Gap, Timeline};
