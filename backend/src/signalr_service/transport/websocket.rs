//! A WebSocket, which carries text both ways.

use std::sync::Arc;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;

use crate::App;
use crate::options::Transport;
use crate::signalr_service::MAX_MESSAGE;
use crate::signalr_service::connections::Place;
use crate::signalr_service::session::Session;

/// Answers the upgrade, and serves the client from then on.
pub(super) fn open(app: Arc<App>, place: Place, upgrade: WebSocketUpgrade) -> Response {
    let (session, _) = Session::open(app, place, Transport::WebSockets);
    upgrade
        .max_message_size(MAX_MESSAGE)
        .max_frame_size(MAX_MESSAGE)
        .on_upgrade(move |socket| serve(session, socket))
}

async fn serve(mut session: Session, mut socket: WebSocket) {
    loop {
        tokio::select! {
            text = session.next() => match text {
                Some(text) => {
                    if socket.send(Message::Text(text)).await.is_err() {
                        return;
                    }
                }
                None => break,
            },
            received = socket.recv() => match received {
                Some(Ok(Message::Text(text))) => session.receive(&text),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(_) | Message::Binary(_)) | Err(_)) | None => break,
            },
        }
    }
    // Said by whoever closes first; the other side may be gone.
    let _ = socket.send(Message::Close(None)).await;
}
