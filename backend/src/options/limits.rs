//! How much of anything the backend takes.

/// The largest of everything, and the most. What is above is refused, and costs nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The bytes of a request's body, above which the answer is 413. The service's own.
    pub body: usize,
    /// The bytes of a request's first line and headers, above which the answer is 431; at least
    /// 8192. The service's own.
    pub headers: usize,
    /// How many headers a request has, above which the answer is 431.
    pub header_count: usize,
    /// The bytes of a WebSocket's frame, of a message in it, and of a record over any transport.
    /// Clients of a serverless hub send pings and little else.
    pub message: usize,
    /// How many sockets are open at a time. One more is closed at once.
    pub sockets: usize,
    /// How many clients may have negotiated and not connected yet, above which the answer is 429.
    pub pending: usize,
    /// How many messages may wait for one client; at least 1. One that reads slower than others
    /// write is let go.
    pub queue: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            body: 1024 * 1024,
            headers: 16 * 1024,
            header_count: 100,
            message: 64 * 1024,
            sockets: 4096,
            pending: 4096,
            queue: 4096,
        }
    }
}
