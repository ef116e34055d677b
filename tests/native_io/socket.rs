//! A WebSocket that ends with its owner.

use futures_util::{SinkExt, StreamExt};
use serverless_chat::signalr::client::Sink;
use serverless_chat::signalr::connection::{Closure, Event, Generation};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::spawn_local;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

use super::Work;

/// The code that a browser gives to an end without a close frame.
const NO_CLOSE_FRAME: u16 = 1006;
/// The code that a browser gives to a close frame without a code.
const NO_CODE: u16 = 1005;

/// An open socket, or one that opens. Dropped, it sends what is left and closes.
pub(super) struct Socket(UnboundedSender<String>);

impl Socket {
    pub(super) fn open(generation: Generation, url: String, sink: Sink, work: Work) -> Socket {
        let (sender, receiver) = unbounded_channel();
        spawn_local(async move {
            let end = run(generation, &url, &sink, receiver).await;
            if let Some((code, reason)) = end {
                sink.event(Event::Closed(generation, Closure::Socket { code, reason }));
            }
            drop(work);
        });
        Socket(sender)
    }

    pub(super) fn send(&self, text: String) {
        // A socket that is gone tells so by itself.
        let _ = self.0.send(text);
    }
}

/// Returns how the server ended it; `None` if the owner did.
async fn run(
    generation: Generation,
    url: &str,
    sink: &Sink,
    mut texts: UnboundedReceiver<String>,
) -> Option<(u16, String)> {
    let connecting = tokio::select! {
        connecting = connect_async(url) => connecting,
        // Nothing is sent before it is open: the owner is gone.
        _ = texts.recv() => return None,
    };
    let Ok((mut socket, _)) = connecting else {
        return Some((NO_CLOSE_FRAME, String::new()));
    };
    sink.event(Event::Opened(generation));
    loop {
        tokio::select! {
            text = texts.recv() => match text {
                Some(text) => {
                    // What went wrong shows when reading.
                    let _ = socket.send(Message::text(text)).await;
                }
                None => {
                    let _ = socket.close(None).await;
                    while let Some(Ok(_)) = socket.next().await {}
                    return None;
                }
            },
            message = socket.next() => match message {
                Some(Ok(Message::Text(text))) => {
                    sink.event(Event::Text(generation, text.as_str().to_owned()));
                }
                Some(Ok(Message::Close(frame))) => {
                    // Reading on sends the answer to it.
                    while let Some(Ok(_)) = socket.next().await {}
                    return Some(match frame {
                        Some(frame) => (frame.code.into(), frame.reason.as_str().to_owned()),
                        None => (NO_CODE, String::new()),
                    });
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Some((NO_CLOSE_FRAME, String::new())),
            },
        }
    }
}
