//! A WebSocket, which carries text both ways. If both sides agreed to it, another can take over
//! from one that was lost.

use std::sync::Arc;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;

use super::shared::{Shared, Turn};
use crate::App;
use crate::options::Transport;
use crate::signalr_service::connections::{Line, Place};
use crate::signalr_service::session::Session;

/// Answers the upgrade, and serves the client from then on.
pub(super) fn open(app: Arc<App>, place: Place, upgrade: WebSocketUpgrade) -> Response {
    let (id, stateful) = (place.id.clone(), place.stateful);
    let shared = Shared::open(&app, place, Transport::WebSockets);
    if stateful {
        app.connections
            .set_line(&id, Line::StatefulWebSocket(shared.clone()));
    }
    let limit = app.options.limits.message;
    let turn = Turn::begin(app, shared);
    accept(upgrade, limit, async |socket| serve(turn, socket).await)
}

/// Answers the upgrade, and goes on where the socket before was lost.
pub(super) fn resume(app: Arc<App>, shared: Arc<Shared>, upgrade: WebSocketUpgrade) -> Response {
    let limit = app.options.limits.message;
    let turn = Turn::begin(app, shared);
    accept(upgrade, limit, move |socket| async move {
        if let Some(mut session) = turn.session().await {
            session.resume();
        }
        serve(turn, socket).await;
    })
}

fn accept<F>(
    upgrade: WebSocketUpgrade,
    limit: usize,
    serve: impl FnOnce(WebSocket) -> F + Send + 'static,
) -> Response
where
    F: Future<Output = ()> + Send + 'static,
{
    upgrade
        .max_message_size(limit)
        .max_frame_size(limit)
        .on_upgrade(serve)
}

async fn serve(turn: Turn, mut socket: WebSocket) {
    let Some(mut session) = turn.session().await else {
        return;
    };
    tokio::select! {
        biased;
        () = turn.replaced() => return,
        () = carry(&mut session, &mut socket) => {}
    }
    if session.is_resumable() {
        // The client may come back in time.
        return;
    }
    session.end();
    turn.shared.end(&turn.app);
    if session.is_dropped() {
        return;
    }
    // Said by whoever closes first; the other side may be gone.
    let _ = socket.send(Message::Close(None)).await;
}

/// Returns when the connection is over, or the socket.
async fn carry(session: &mut Session, socket: &mut WebSocket) {
    loop {
        tokio::select! {
            text = session.next() => match text {
                Some(text) => {
                    if socket.send(Message::Text(text)).await.is_err() {
                        return;
                    }
                }
                None => return,
            },
            received = socket.recv(), if !session.is_silent() => match received {
                Some(Ok(Message::Text(text))) => session.receive(&text),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(_) | Message::Binary(_)) | Err(_)) | None => return,
            },
        }
    }
}
