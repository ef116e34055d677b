//! A client that speaks text over any of the transports.

use std::collections::VecDeque;

use backend::Backend;
use backend::options::Transport;
use futures_util::SinkExt;
use reqwest::{Response, StatusCode};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{Address, HANDSHAKE, PATIENCE, negotiate};

/// A connection of a client.
pub(crate) struct Client {
    address: Address,
    line: Line,
    /// Records that came with others.
    waiting: VecDeque<String>,
    /// The socket said that it would end.
    was_closed: bool,
}

enum Line {
    Socket(Box<WebSocketStream<MaybeTlsStream<TcpStream>>>),
    Events { answer: Response, text: String },
    Polls,
}

impl Client {
    /// Opens the transport.
    pub(crate) async fn open(transport: Transport, address: Address) -> Client {
        let http = reqwest::Client::new();
        let Address { url, token } = &address;
        let line = match transport {
            Transport::WebSockets => {
                let url = url.replacen("http", "ws", 1);
                let socket = connect_async(format!("{url}&access_token={token}"));
                Line::Socket(Box::new(socket.await.unwrap().0))
            }
            Transport::ServerSentEvents => {
                // As a browser's EventSource, which cannot send other headers.
                let request = http
                    .get(format!("{url}&access_token={token}"))
                    .header("accept", "text/event-stream");
                let answer = request.send().await.unwrap();
                assert_eq!(answer.status(), StatusCode::OK);
                let text = String::new();
                Line::Events { answer, text }
            }
            Transport::LongPolling => {
                let first = http.get(url).bearer_auth(token).send().await.unwrap();
                assert_eq!(first.status(), StatusCode::OK);
                assert_eq!(first.text().await.unwrap(), "", "an answer at once");
                Line::Polls
            }
        };
        Client {
            address,
            line,
            waiting: VecDeque::new(),
            was_closed: false,
        }
    }

    /// True if the transport ended as its protocol says, and was not cut.
    pub(crate) fn was_closed(&self) -> bool {
        self.was_closed
    }

    /// Opens the transport and shakes hands.
    pub(crate) async fn connect(transport: Transport, address: Address) -> Client {
        let mut client = Client::open(transport, address).await;
        client.say(HANDSHAKE).await;
        assert_eq!(client.hear().await.as_deref(), Some("{}"));
        client
    }

    /// Somebody anonymous, connected.
    pub(crate) async fn anonymous(transport: Transport, backend: &Backend) -> Client {
        Client::connect(transport, negotiate(backend).await).await
    }

    /// Sends text, of any number of records.
    pub(crate) async fn say(&mut self, text: &str) {
        match &mut self.line {
            Line::Socket(socket) => socket.send(Message::text(text)).await.unwrap(),
            Line::Events { .. } | Line::Polls => {
                assert_eq!(self.address.post(text).await, StatusCode::OK);
            }
        }
    }

    /// The next record, without its separator; `None` at the end.
    pub(crate) async fn hear(&mut self) -> Option<String> {
        while self.waiting.is_empty() {
            let text = timeout(PATIENCE, self.read()).await.expect("in time")?;
            let records = text.strip_suffix('\u{1e}').expect("whole records");
            self.waiting
                .extend(records.split('\u{1e}').map(str::to_owned));
        }
        self.waiting.pop_front()
    }

    /// The next text as the transport brings it, of whole records or not; `None` at the end.
    pub(crate) async fn hear_text(&mut self) -> Option<String> {
        timeout(PATIENCE, self.read()).await.expect("in time")
    }

    async fn read(&mut self) -> Option<String> {
        match &mut self.line {
            Line::Socket(socket) => loop {
                let next = std::future::poll_fn(|context| {
                    futures_util::Stream::poll_next(std::pin::Pin::new(&mut *socket), context)
                });
                match next.await? {
                    Ok(Message::Text(text)) => return Some(text.to_string()),
                    Ok(Message::Close(_)) => {
                        self.was_closed = true;
                        return None;
                    }
                    Err(_) => return None,
                    Ok(_) => {}
                }
            },
            Line::Events { answer, text } => loop {
                if let Some((event, rest)) = text.split_once("\n\n") {
                    let (event, rest) = (event.to_owned(), rest.to_owned());
                    *text = rest;
                    if event.starts_with(':') {
                        continue;
                    }
                    let data = event.strip_prefix("data: ").expect("an event of one line");
                    assert!(!data.contains('\n'), "{data:?}");
                    return Some(data.to_owned());
                }
                let chunk = answer.chunk().await.ok()??;
                text.push_str(std::str::from_utf8(&chunk).unwrap());
            },
            Line::Polls => loop {
                let Address { url, token } = &self.address;
                let poll = reqwest::Client::new().get(url).bearer_auth(token);
                // An error is a server that is gone.
                let answer = poll.send().await.ok()?;
                match answer.status() {
                    StatusCode::NO_CONTENT => return None,
                    StatusCode::OK => {}
                    status => panic!("{status}"),
                }
                let text = answer.text().await.unwrap();
                if !text.is_empty() {
                    return Some(text);
                }
            },
        }
    }
}
