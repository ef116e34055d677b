//! Why the clients are meant to differ, where several scenarios show it.

/// The official client tells no reason where the server gave none.
pub(crate) const A_REASON: &str = "an end that nobody asked for has a reason that can be shown";
/// The official client answers a Close message with another.
pub(crate) const GOODBYE: &str = "a server that said goodbye needs no answer";
/// The official client waits for what is under way, and for its transport, before a stop is done.
pub(crate) const AT_ONCE: &str = "a stop ends at once what is under way";
/// The official client posts a Close message, and then sends a DELETE.
pub(crate) const DELETED: &str = "the DELETE says what a Close message would have said";
/// The official client calls back at once.
pub(crate) const A_TASK: &str =
    "the items of a stream are awaited by a task of its own, which goes on after the callbacks";
/// The official client hands on what JavaScript's own functions say.
pub(crate) const ENGINE: &str =
    "the words do not depend on the engine that read the answer, or did not get it";
/// The official client asks for a token before the negotiation and before the transport.
pub(crate) const ONE_TOKEN: &str = "a try needs one token, and asks for it once";
/// The official client never comes to the code in which it would renew a token.
pub(crate) const RENEWED: &str = "a refused token is renewed once";
