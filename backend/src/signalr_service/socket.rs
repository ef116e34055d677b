//! One client's WebSocket, from the handshake to the end.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use tokio::time::{MissedTickBehavior, interval, sleep_until, timeout};

use super::hub::Expected;
use super::protocol::{self, Received, SEPARATOR};
use crate::App;

/// Serves a client until it goes, falls silent, or is let go.
pub(super) async fn serve(app: Arc<App>, expected: Expected, mut socket: WebSocket) {
    let shaken = timeout(app.options.handshake_timeout, shake_hands(&mut socket)).await;
    let rest = match shaken {
        Ok(Some(rest)) => rest,
        // Refused, gone, or silent.
        Ok(None) | Err(_) => return,
    };
    // Counted before it is accepted: whoever sees a client connected can send to it.
    let (id, mut messages) = app.hub.enter(expected);
    tracing::debug!(%id, "connected");
    if send(&mut socket, protocol::ACCEPTED.into()).await {
        listen(&app, &mut socket, &mut messages, rest).await;
    }
    app.hub.leave(&id);
    tracing::debug!(%id, "disconnected");
}

/// Reads the client's first record. Returns what came behind it, or `None` if there is no
/// connection to be had.
async fn shake_hands(socket: &mut WebSocket) -> Option<String> {
    let mut text = String::new();
    loop {
        match socket.recv().await?.ok()? {
            Message::Text(piece) => text.push_str(&piece),
            Message::Close(_) | Message::Binary(_) => return None,
            Message::Ping(_) | Message::Pong(_) => {}
        }
        if let Some((request, rest)) = text.split_once(SEPARATOR) {
            return match protocol::handshake(request) {
                Ok(()) => Some(rest.to_owned()),
                Err(error) => {
                    send(socket, protocol::refusal(&error)).await;
                    None
                }
            };
        }
    }
}

async fn listen(
    app: &App,
    socket: &mut WebSocket,
    messages: &mut tokio::sync::mpsc::Receiver<Utf8Bytes>,
    mut text: String,
) {
    let mut pings = interval(app.options.keep_alive);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first tick is at once, and nobody needs a ping yet.
    pings.tick().await;
    let mut heard = Instant::now();
    loop {
        let open = tokio::select! {
            message = messages.recv() => match message {
                Some(message) => send(socket, message).await,
                // The hub has let this client go.
                None => false,
            },
            received = socket.recv() => match received {
                Some(Ok(Message::Text(piece))) => {
                    heard = Instant::now();
                    text.push_str(&piece);
                    receive(socket, &mut text).await
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => true,
                Some(Ok(Message::Close(_) | Message::Binary(_)) | Err(_)) | None => false,
            },
            _ = pings.tick() => send(socket, protocol::PING.into()).await,
            () = sleep_until((heard + app.options.client_timeout).into()) => {
                send(socket, protocol::close(Some("Client timeout elapsed."), true)).await;
                false
            }
        };
        if !open {
            // Said by whoever closes first; the other side may be gone.
            let _ = socket.send(Message::Close(None)).await;
            return;
        }
    }
}

/// Takes the records that are complete. False if the connection ends.
async fn receive(socket: &mut WebSocket, text: &mut String) -> bool {
    while let Some(end) = text.find(SEPARATOR) {
        let record: String = text.drain(..end + SEPARATOR.len_utf8()).collect();
        match protocol::receive(record.trim_end_matches(SEPARATOR)) {
            Some(Received::Ping) => {}
            Some(Received::Close) => return false,
            Some(Received::Ignored) => {
                tracing::debug!("a client of a serverless hub cannot call it")
            }
            None => {
                send(
                    socket,
                    protocol::close(Some("Connection closed with an error."), false),
                )
                .await;
                return false;
            }
        }
    }
    true
}

/// False if the client is gone.
async fn send(socket: &mut WebSocket, text: Utf8Bytes) -> bool {
    socket.send(Message::Text(text)).await.is_ok()
}
