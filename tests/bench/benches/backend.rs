//! Two thousand clients of the local backend, who all hear the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use backend::{Backend, Options};
use futures_util::{SinkExt, StreamExt};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{interval, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::harness::stage::output;
use crate::harness::table::shown;

const CLIENTS: usize = 2_000;

const MESSAGES: usize = 200;

const EVERY: Duration = Duration::from_millis(100);

/// How many connect at the same time.
const CONNECTING: usize = 50;

/// How long the last message may take before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(10);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// When each message was posted, in microseconds since the beginning.
struct Clock {
    began: Instant,
    posted: Vec<AtomicU64>,
}

impl Clock {
    fn now(&self) -> u64 {
        self.began.elapsed().as_micros() as u64
    }
}

/// Connects everybody, posts messages at their times, and prints how long they took.
pub(crate) async fn run() {
    allow_files();
    let options = Options {
        port: 0,
        anonymous: true,
        client_timeout: Duration::from_secs(600),
        ..Options::default()
    };
    let backend = Backend::start(options).await.expect("a free port");
    println!("connecting {CLIENTS} clients");
    let sockets = connect_all(&backend.url()).await;

    let seconds = MESSAGES as u64 * EVERY.as_millis() as u64 / 1000;
    println!("a message each {EVERY:?} to all of them, for {seconds} s");
    let clock = Arc::new(Clock {
        began: Instant::now(),
        posted: (0..MESSAGES).map(|_| AtomicU64::new(0)).collect(),
    });
    let mut listeners = JoinSet::new();
    for socket in sockets {
        listeners.spawn(listen(socket, clock.clone()));
    }
    post_all(&backend.url(), &clock).await;
    // Whoever has heard everything is done; the others have waited long enough.
    let mut latencies = Vec::with_capacity(CLIENTS * MESSAGES);
    while let Some(heard) = listeners.join_next().await {
        latencies.extend(heard.expect("a listener does not panic"));
    }
    report(latencies);
    backend.stop().await;
}

/// As many open files as the system lets a process have.
fn allow_files() {
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE).expect("the limit can be read");
    setrlimit(Resource::RLIMIT_NOFILE, most, most).expect("it can be raised that far");
    // Both ends of every socket are in this process.
    let needed = 2 * CLIENTS as u64 + 200;
    assert!(
        most >= needed,
        "only {most} open files are allowed, and {needed} are needed: ulimit -Hn"
    );
}

async fn connect_all(backend: &str) -> Vec<Socket> {
    let http = reqwest::Client::new();
    let mut connecting = JoinSet::new();
    let mut sockets = Vec::with_capacity(CLIENTS);
    for started in 0..CLIENTS {
        if started >= CONNECTING {
            sockets.extend(connecting.join_next().await);
        }
        connecting.spawn(connect(http.clone(), backend.to_owned()));
    }
    sockets.extend(connecting.join_all().await.into_iter().map(Ok));
    let connected = sockets.into_iter().collect::<Result<_, _>>();
    connected.expect("everybody can connect")
}

/// As every client does: two negotiations, a socket, a handshake.
async fn connect(http: reqwest::Client, backend: String) -> Socket {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Redirect {
        url: String,
        access_token: String,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Place {
        connection_token: String,
    }
    let ask = async |request: reqwest::RequestBuilder| {
        let answer = request.send().await.expect("the backend answers");
        answer.text().await.expect("an answer has a body")
    };
    let redirect = ask(http.post(format!("{backend}/api/negotiate"))).await;
    let Redirect { url, access_token } = serde_json::from_str(&redirect).expect("a redirect");
    let negotiate = url.replacen("/client/", "/client/negotiate", 1) + "&negotiateVersion=1";
    let place = ask(http.post(negotiate).bearer_auth(&access_token)).await;
    let Place { connection_token } = serde_json::from_str(&place).expect("a place");
    let hub = url.replacen("http", "ws", 1);
    let hub = format!("{hub}&id={connection_token}&access_token={access_token}");
    let (mut socket, _) = connect_async(hub).await.expect("a socket opens");
    let handshake = Message::text("{\"protocol\":\"json\",\"version\":1}\u{1e}");
    socket.send(handshake).await.expect("it is open");
    let answer = socket.next().await.expect("an answer").expect("it is open");
    assert_eq!(answer, Message::text("{}\u{1e}"));
    socket
}

/// Returns the microseconds that each message took until it was here.
async fn listen(mut socket: Socket, clock: Arc<Clock>) -> Vec<u64> {
    let mut latencies = Vec::with_capacity(MESSAGES);
    while latencies.len() < MESSAGES {
        let Ok(Some(Ok(message))) = timeout(PATIENCE, socket.next()).await else {
            break;
        };
        let Some(number) = message.to_text().ok().and_then(number) else {
            continue;
        };
        let posted = clock.posted[number].load(Ordering::Relaxed);
        latencies.push(clock.now() - posted);
    }
    latencies
}

/// The number of a message; `None` for a ping.
fn number(record: &str) -> Option<usize> {
    let (_, text) = record.split_once("\"text\":\"")?;
    text.split_once('"')?.0.parse().ok()
}

async fn post_all(backend: &str, clock: &Clock) {
    let http = reqwest::Client::new();
    let mut every = interval(EVERY);
    for (number, posted) in clock.posted.iter().enumerate() {
        every.tick().await;
        posted.store(clock.now(), Ordering::Relaxed);
        let body = json!({ "recipient": null, "sender": "", "text": number.to_string() });
        let request = http.post(format!("{backend}/api/messages"));
        let answer = request.body(body.to_string()).send().await;
        let answer = answer.expect("the backend answers");
        assert!(answer.status().is_success(), "{}", answer.status());
    }
}

fn report(mut latencies: Vec<u64>) {
    latencies.sort_unstable();
    let lost = CLIENTS * MESSAGES - latencies.len();
    let part = |percent: usize| {
        let index = (latencies.len() * percent / 100).min(latencies.len() - 1);
        latencies[index] as f64 / 1000.0
    };
    let (p50, p99, worst) = (part(50), part(99), part(100));
    println!("\n| clients | messages | lost | p50, ms | p99, ms | slowest, ms |");
    println!("|---:|---:|---:|---:|---:|---:|");
    println!(
        "| {CLIENTS} | {MESSAGES} | {lost} | {} | {} | {} |",
        shown(p50),
        shown(p99),
        shown(worst)
    );
    let values = json!({
        "clients": CLIENTS, "messages": MESSAGES, "lost": lost,
        "milliseconds": { "p50": p50, "p99": p99, "slowest": worst },
    });
    let file = output().join("backend.json");
    std::fs::write(&file, format!("{values:#}\n")).expect("it can be written");
}
