//! A server that does what a script says, and notes what it is asked. It speaks HTTP/1.1 by itself, so
//! that it can cut a connection, send half a frame, or answer late.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};

use crate::scenario::{Act, Answer, Opening, RS, Script, answer};
use crate::transcript::{Hosts, Part, Transcript};

/// The server, on two addresses. It ends with its owner.
pub(crate) struct Server {
    shared: Arc<Shared>,
    tasks: tokio::task::JoinSet<()>,
}

struct Shared {
    hosts: Hosts,
    played: Mutex<Played>,
    changed: Notify,
}

#[derive(Default)]
struct Played {
    negotiations: VecDeque<Answer>,
    other_negotiations: Option<Answer>,
    sockets: VecDeque<Opening>,
    streams: VecDeque<Opening>,
    polls: VecDeque<Answer>,
    posts: VecDeque<Answer>,
    deletes: VecDeque<Answer>,
    opened: usize,
    alive: usize,
    /// What was posted and not heard yet.
    posted: VecDeque<String>,
    /// Acts that could not be done.
    unplayed: usize,
    /// The application lets the server go on.
    is_released: bool,
    transcript: Transcript,
}

impl Server {
    pub(crate) async fn start(script: Script) -> Server {
        let a = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let b = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = |listener: &TcpListener| {
            let address = listener.local_addr().expect("it is bound");
            format!("http://{address}")
        };
        let shared = Arc::new(Shared {
            hosts: Hosts {
                a: address(&a),
                b: address(&b),
            },
            played: Mutex::new(Played {
                negotiations: script.negotiations.into(),
                other_negotiations: script.other_negotiations,
                sockets: script.sockets.into(),
                streams: script.streams.into(),
                polls: script.polls.into(),
                posts: script.posts.into(),
                deletes: script.deletes.into(),
                ..Played::default()
            }),
            changed: Notify::new(),
        });
        let mut tasks = tokio::task::JoinSet::new();
        tasks.spawn(listen(a, 'a', shared.clone()));
        tasks.spawn(listen(b, 'b', shared.clone()));
        Server { shared, tasks }
    }

    /// An address of the scenario, with this server's hosts.
    pub(crate) fn in_full(&self, url: &str) -> String {
        self.shared.hosts.in_full(url)
    }

    /// Waits until no connection is open any more.
    pub(crate) fn ended(&self) -> impl Future<Output = ()> + use<> {
        let shared = self.shared.clone();
        async move { shared.until(|played| played.alive == 0).await }
    }

    /// True if everything in the script was asked for.
    pub(crate) fn is_played(&self) -> bool {
        let played = self.shared.played();
        played.unplayed == 0
            && played.negotiations.is_empty()
            && played.sockets.is_empty()
            && played.streams.is_empty()
            && played.polls.iter().all(|poll| poll.optional)
            && played.posts.is_empty()
            && played.deletes.is_empty()
    }

    /// What was done, with what the application was told.
    pub(crate) fn transcript(&self, told: Vec<String>) -> Transcript {
        let mut transcript = self.shared.played().transcript.clone();
        for line in told {
            transcript.add(Part::Application, self.shared.hosts.plain(&line));
        }
        transcript
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.tasks.abort_all();
    }
}

impl Shared {
    fn played(&self) -> MutexGuard<'_, Played> {
        self.played.lock().expect("nobody panicked with it")
    }

    fn note(&self, part: Part, line: impl AsRef<str>) {
        let line = self.hosts.plain(line.as_ref());
        self.played().transcript.add(part, line);
        self.changed.notify_waiters();
    }

    /// Waits until something is so.
    async fn until(&self, mut is_so: impl FnMut(&mut Played) -> bool) {
        loop {
            let changed = self.changed.notified();
            if is_so(&mut self.played()) {
                return;
            }
            changed.await;
        }
    }

    /// Waits until the client has posted a record with these words in it.
    async fn hear_posted(&self, words: &str) {
        self.until(|played| {
            while let Some(record) = played.posted.pop_front() {
                if record.contains(words) {
                    return true;
                }
            }
            false
        })
        .await;
    }

    async fn released(&self) {
        self.until(|played| played.is_released).await;
    }

    /// Does what the application asks: to wait for what it names, or to go on.
    async fn control(&self, words: &str) {
        match words.split_once(' ') {
            Some((times, text)) => {
                let times = times.parse().expect("a number");
                self.until(|played| played.transcript.count(text) >= times)
                    .await;
            }
            None => {
                self.played().is_released = true;
                self.changed.notify_waiters();
            }
        }
    }
}

async fn listen(listener: TcpListener, host: char, shared: Arc<Shared>) {
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        shared.played().alive += 1;
        let shared = shared.clone();
        connections.spawn(async move {
            // What is not written has nobody to read it.
            let _ = stream.set_nodelay(true);
            let _ = serve(stream, host, &shared).await;
            shared.played().alive -= 1;
            shared.changed.notify_waiters();
        });
    }
}

/// A request.
struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Request {
    fn header(&self, name: &str) -> &str {
        let header = self.headers.iter().find(|header| header.0 == name);
        header.map_or("", |header| &header.1)
    }

    /// In one line, with the headers that mean something.
    fn line(&self, host: char) -> String {
        let mut line = format!("{} {host}{}", self.method, self.target);
        let is_marked = self.header("x-requested-with") == "XMLHttpRequest"
            && self
                .header("x-signalr-user-agent")
                .starts_with("Microsoft SignalR/");
        let mut headers: Vec<_> = self.headers.iter().collect();
        headers.sort();
        for (name, value) in headers {
            let is_mark = name == "x-requested-with" || name == "x-signalr-user-agent";
            let means = name.starts_with("x-")
                || ["authorization", "content-type", "cookie"].contains(&name.as_str());
            if means && !(is_mark && is_marked) {
                line += &format!(" | {name}: {value}");
            }
        }
        if is_marked {
            line += " | marked";
        }
        line
    }
}

async fn read_request(stream: &mut TcpStream) -> std::io::Result<Option<Request>> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap_or_default().split(' ');
    let mut word = || first.next().unwrap_or_default().to_owned();
    let mut request = Request {
        method: word(),
        target: word(),
        headers: lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
            .collect(),
        body: String::new(),
    };
    let length: usize = request.header("content-length").parse().unwrap_or(0);
    while bytes.len() < end + length {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    }
    request.body = String::from_utf8_lossy(&bytes[end..end + length]).into_owned();
    Ok(Some(request))
}

async fn serve(mut stream: TcpStream, host: char, shared: &Shared) -> std::io::Result<()> {
    let Some(request) = read_request(&mut stream).await? else {
        return Ok(());
    };
    let path = request.target.split('?').next().unwrap_or_default();
    if path == "/-control" {
        shared.control(&request.body).await;
        return respond(&mut stream, shared, &answer(200, "")).await;
    }
    let line = request.line(host);
    let unasked = || answer(501, "not in the script");
    if request.header("upgrade").eq_ignore_ascii_case("websocket") {
        shared.note(Part::Requests, line);
        let opening = shared.played().sockets.pop_front();
        match opening.unwrap_or_else(|| Opening::Refused(unasked())) {
            Opening::Refused(answer) => respond(&mut stream, shared, &answer).await,
            Opening::Opens(acts) => open_socket(stream, &request, shared, acts).await,
        }
    } else if request.header("accept") == "text/event-stream" {
        shared.note(Part::Requests, line);
        let opening = shared.played().streams.pop_front();
        match opening.unwrap_or_else(|| Opening::Refused(unasked())) {
            Opening::Refused(answer) => respond(&mut stream, shared, &answer).await,
            Opening::Opens(acts) => open_event_stream(stream, shared, acts).await,
        }
    } else if request.method == "POST" && path.ends_with("/negotiate") {
        shared.note(Part::Requests, [&line, " ", &request.body].concat());
        let next = {
            let mut played = shared.played();
            let next = played.negotiations.pop_front();
            next.or_else(|| played.other_negotiations.clone())
        };
        respond(&mut stream, shared, &next.unwrap_or_else(unasked)).await
    } else if request.method == "POST" {
        let records: Vec<&str> = request.body.split_terminator(RS).collect();
        shared.note(Part::Posts, line);
        for record in &records {
            shared.note(Part::Posts, record);
        }
        let next = shared.played().posts.pop_front();
        let next = next.unwrap_or_else(|| answer(200, ""));
        if next.status == 200 {
            let records = records.into_iter().map(str::to_owned);
            shared.played().posted.extend(records);
            shared.changed.notify_waiters();
        }
        respond(&mut stream, shared, &next).await
    } else if request.method == "DELETE" {
        shared.note(Part::Polls, line);
        let next = shared.played().deletes.pop_front();
        let next = next.unwrap_or_else(|| answer(202, ""));
        respond(&mut stream, shared, &next).await
    } else {
        shared.note(Part::Polls, line);
        let next = shared.played().polls.pop_front();
        match next {
            Some(next) => respond(&mut stream, shared, &next).await,
            None => until_closed(&mut stream).await,
        }
    }
}

/// Waits until the client closes its end.
async fn until_closed(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut bytes = [0; 1024];
    while stream.read(&mut bytes).await? > 0 {}
    Ok(())
}

async fn respond(stream: &mut TcpStream, shared: &Shared, answer: &Answer) -> std::io::Result<()> {
    let ready = async {
        if answer.released {
            shared.released().await;
        }
        if let Some(words) = answer.hear {
            shared.hear_posted(words).await;
        }
    };
    tokio::select! {
        () = ready => {}
        // Nobody waits for it any more.
        closed = until_closed(stream) => return closed,
    }
    if answer.cut {
        return Ok(());
    }
    let body = shared.hosts.in_full(&answer.body);
    let reason = http::StatusCode::from_u16(answer.status).ok();
    let reason = reason.and_then(|status| status.canonical_reason());
    let mut head = format!(
        "HTTP/1.1 {} {}\r\nConnection: close\r\nContent-Type: text/plain\r\n",
        answer.status,
        reason.unwrap_or_default(),
    );
    if answer.status != 204 {
        head += &format!("Content-Length: {}\r\n", body.len());
    }
    let text = [&head, "\r\n", &body].concat();
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await
}

async fn open_event_stream(
    mut stream: TcpStream,
    shared: &Shared,
    acts: Vec<Act>,
) -> std::io::Result<()> {
    let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    let mut left = acts.len();
    shared.played().unplayed += left;
    for act in acts {
        match act {
            Act::Hear(words) => tokio::select! {
                () = shared.hear_posted(words) => {}
                closed = until_closed(&mut stream) => return closed,
            },
            Act::Raw(text) => {
                let event = format!("data: {text}\n\n");
                stream.write_all(event.as_bytes()).await?;
            }
            Act::Rest(milliseconds) => {
                tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            }
            Act::Released => shared.released().await,
            Act::Segments(pieces) => {
                for piece in pieces {
                    stream.write_all(piece.as_bytes()).await?;
                    tokio::time::sleep(SEGMENT).await;
                }
            }
            Act::Cut | Act::Close(..) => {
                shared.played().unplayed -= left;
                return stream.shutdown().await;
            }
            Act::Fragments(_) => unreachable!("an event stream has no frames"),
        }
        left -= 1;
        shared.played().unplayed -= 1;
    }
    until_closed(&mut stream).await
}

/// Long enough for a client to read a piece by itself.
const SEGMENT: Duration = Duration::from_millis(20);

async fn open_socket(
    mut stream: TcpStream,
    request: &Request,
    shared: &Shared,
    acts: Vec<Act>,
) -> std::io::Result<()> {
    let key = derive_accept_key(request.header("sec-websocket-key").as_bytes());
    let head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {key}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    let number = {
        let mut played = shared.played();
        played.opened += 1;
        played.unplayed += acts.len();
        played.opened
    };
    let mut socket = Socket {
        socket: WebSocketStream::from_raw_socket(stream, Role::Server, None).await,
        part: Part::Socket(number),
        shared,
        heard: VecDeque::new(),
    };
    for act in acts {
        let goes_on = socket.act(act).await;
        if goes_on.is_none() {
            return Ok(());
        }
        shared.played().unplayed -= 1;
    }
    while socket.next().await.is_some() {}
    Ok(())
}

struct Socket<'s> {
    socket: WebSocketStream<TcpStream>,
    part: Part,
    shared: &'s Shared,
    /// What came with what was waited for.
    heard: VecDeque<String>,
}

impl Socket<'_> {
    /// The next text of the client; `None` when it is gone.
    async fn next(&mut self) -> Option<Vec<String>> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    let records = text.split_terminator(RS).map(str::to_owned);
                    let records: Vec<String> = records.collect();
                    for record in &records {
                        self.shared.note(self.part, record);
                    }
                    return Some(records);
                }
                Some(Ok(Message::Close(frame))) => {
                    let code = frame.map_or("no code".to_owned(), |one| one.code.to_string());
                    self.shared.note(self.part, format!("closes: {code}"));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// Waits for a record with these words in it; `None` if the client is gone before.
    async fn hear(&mut self, words: &str) -> Option<()> {
        loop {
            while let Some(record) = self.heard.pop_front() {
                if record.contains(words) {
                    return Some(());
                }
            }
            let records = self.next().await?;
            self.heard.extend(records);
        }
    }

    /// `None` if the client is gone before.
    async fn act(&mut self, act: Act) -> Option<()> {
        match act {
            Act::Hear(words) => self.hear(words).await?,
            Act::Raw(text) => self.socket.send(Message::text(text)).await.ok()?,
            Act::Fragments(pieces) => {
                let last = pieces.len() - 1;
                for (at, piece) in pieces.into_iter().enumerate() {
                    let kind = if at == 0 { Data::Text } else { Data::Continue };
                    let frame = Frame::message(piece, OpCode::Data(kind), at == last);
                    self.socket.send(Message::Frame(frame)).await.ok()?;
                }
            }
            Act::Segments(pieces) => {
                let text = pieces.concat();
                // One unmasked text frame; its length fits into the second byte.
                let length = u8::try_from(text.len())
                    .ok()
                    .filter(|length| *length < 126)?;
                let stream = self.socket.get_mut();
                stream.write_all(&[0x81, length]).await.ok()?;
                for piece in pieces {
                    tokio::time::sleep(SEGMENT).await;
                    stream.write_all(piece.as_bytes()).await.ok()?;
                }
            }
            Act::Rest(milliseconds) => {
                tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            }
            Act::Released => self.shared.released().await,
            Act::Close(code, reason) => {
                let frame = (code != 0).then(|| CloseFrame {
                    code: code.into(),
                    reason: reason.into(),
                });
                self.socket.close(frame).await.ok()?;
                while let Some(Ok(_)) = self.socket.next().await {}
            }
            Act::Cut => {
                self.socket.get_mut().shutdown().await.ok()?;
            }
        }
        Some(())
    }
}
