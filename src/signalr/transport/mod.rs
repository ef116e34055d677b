//! What carries text to the server and back.

mod websocket;

pub(super) use websocket::{SocketEvent, WebSocket};
