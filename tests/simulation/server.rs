//! The other side: a function that redirects to a service, and the service, with its three transports
//! and with connections that outlive their socket.

use std::collections::{HashSet, VecDeque};

use rand::Rng;
use rand::rngs::SmallRng;
use rand::seq::SliceRandom;
use serde_json::{Value, json};
use serverless_chat::signalr::connection::{Endpoint, Method, Request, RequestId};
use serverless_chat::signalr::{Millis, Transport};

use crate::happening::{Happening, Link};
use crate::world::World;

/// The function's address.
pub(crate) const FUNCTION: &str = "https://app.example/api";
const SERVICE: &str = "https://hub.example/client/";
const RS: char = '\u{1e}';

/// How long a client may be silent, in milliseconds.
const CLIENT_TIMEOUT: Millis = 30_000;

/// A connection, as the service knows it.
struct Served {
    is_alive: bool,
    transport: Option<Transport>,
    link: Option<Link>,
    shaken: bool,
    /// Outlives its socket.
    stateful: bool,
    last_heard: Millis,
    last_said: Millis,
    /// Messages that it was told.
    told: u64,
    /// The poll that waits, and what waits for a poll.
    poll: Option<RequestId>,
    outbox: String,
    /// What the client has not acknowledged, and the number of the last.
    kept: VecDeque<(u64, String)>,
    said: u64,
    /// The number that the next message of the client has, and that of the last one taken.
    next: u64,
    taken: u64,
    unsure: bool,
    owes_ack: bool,
}

pub(crate) struct Server {
    served: Vec<Served>,
    offers: Vec<Transport>,
    stateful: bool,
    /// No socket opens: something between blocks them.
    blocks_sockets: bool,
    /// How long a token of the service is good for, in milliseconds.
    pub(crate) lifetime: Millis,
    /// The number of the application's token that is good.
    pub(crate) token: u64,
    /// The calls that arrived.
    arrived: HashSet<u64>,
    /// The transports that were taken.
    pub(crate) taken: Vec<Transport>,
    /// How many connections outlived a socket.
    pub(crate) resumed: u32,
}

impl Server {
    pub(crate) fn new(random: &mut SmallRng) -> Server {
        let mut offers = Transport::ALL.to_vec();
        // Sockets come first, but not always.
        if random.random_ratio(1, 3) {
            offers.shuffle(random);
            offers.truncate(random.random_range(1..=3));
        }
        Server {
            served: Vec::new(),
            stateful: random.random(),
            blocks_sockets: offers.len() > 1 && random.random_ratio(1, 5),
            offers,
            lifetime: 3_600_000,
            token: 0,
            arrived: HashSet::new(),
            taken: Vec::new(),
            resumed: 0,
        }
    }

    pub(crate) fn clear_up(&mut self) {
        self.lifetime = 3_600_000;
    }

    fn find(&self, url: &str) -> Option<usize> {
        let id: usize = parameter(url, "id")?.parse().ok()?;
        self.served.get(id).filter(|one| one.is_alive).map(|_| id)
    }
}

fn parameter<'u>(url: &'u str, name: &str) -> Option<&'u str> {
    let (_, query) = url.split_once('?')?;
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .into_iter()
        .find(|pair| pair.0 == name)
        .map(|pair| pair.1)
}

impl World {
    /// A request reaches the server.
    pub(crate) fn ask(&mut self, id: RequestId, request: Request) {
        let header = request.headers.iter().find(|one| one.0 == "Authorization");
        let token = header.and_then(|one| one.1.strip_prefix("Bearer "));
        let token = token.unwrap_or_default();
        if request.url.starts_with(FUNCTION) {
            return self.negotiate_at_function(id, token);
        }
        if !self.is_good(token) {
            return self.answer(id, 401, "");
        }
        if request.url.starts_with(&format!("{SERVICE}negotiate")) {
            return self.negotiate_at_service(id, &request.url);
        }
        let Some(connection) = self.server.find(&request.url) else {
            return self.answer(id, 404, "");
        };
        match request.method {
            Method::Get => self.poll(id, connection),
            Method::Post => {
                self.hear(connection, &request.body);
                self.answer(id, 200, "");
            }
            Method::Delete => {
                self.drop_connection(connection);
                self.answer(id, 202, "");
            }
        }
    }

    /// True if a token of the service's is good. The application's own has no business there.
    fn is_good(&mut self, token: &str) -> bool {
        if token.starts_with("own") {
            self.broken("the application's token is shown to the service");
        }
        let until = token.strip_prefix("service-");
        let until: Option<Millis> = until.and_then(|until| until.parse().ok());
        until.is_some_and(|until| self.now <= until)
    }

    fn negotiate_at_function(&mut self, id: RequestId, token: &str) {
        if token.starts_with("service") {
            self.broken("the service's token is shown to the function");
        }
        if self.now < self.weather.refusing_until {
            let answers = [(500, ""), (503, ""), (429, ""), (200, "<html>")];
            let (status, body) = answers[self.random.random_range(0..answers.len())];
            return self.answer(id, status, body);
        }
        if token != format!("own-{}", self.server.token) {
            return self.answer(id, 401, "");
        }
        let until = self.now + self.server.lifetime;
        let url = format!("{SERVICE}?hub=chat");
        let body = json!({ "url": url, "accessToken": format!("service-{until}") });
        self.answer(id, 200, body.to_string());
    }

    fn negotiate_at_service(&mut self, id: RequestId, url: &str) {
        let stateful = self.server.stateful && url.contains("useStatefulReconnect=true");
        let name = self.server.served.len().to_string();
        self.server.served.push(Served {
            is_alive: true,
            transport: None,
            link: None,
            shaken: false,
            stateful,
            last_heard: self.now,
            last_said: self.now,
            told: 0,
            poll: None,
            outbox: String::new(),
            kept: VecDeque::new(),
            said: 0,
            next: 1,
            taken: 0,
            unsure: false,
            owes_ack: false,
        });
        let offers = self.server.offers.iter();
        let offers: Vec<Value> = offers
            .map(|one| json!({ "transport": one.name(), "transferFormats": ["Text"] }))
            .collect();
        let body = json!({
            "negotiateVersion": 1,
            "connectionId": format!("name-{name}"),
            "connectionToken": name,
            "availableTransports": offers,
            "useStatefulReconnect": stateful,
        });
        self.answer(id, 200, body.to_string());
    }

    /// A socket or an event stream reaches the server.
    pub(crate) fn dial(&mut self, link: Link, endpoint: &Endpoint) {
        let is_socket = endpoint.transport == Transport::WebSockets;
        let token = parameter(&endpoint.url, "access_token").unwrap_or_default();
        let found = self.server.find(&endpoint.url);
        let (true, Some(connection)) = (self.is_good(token), found) else {
            return self.close(link);
        };
        let now = self.now;
        let served = &mut self.server.served[connection];
        let again = served.transport.is_some();
        if (is_socket && self.server.blocks_sockets) || (again && !served.stateful) {
            return self.close(link);
        }
        // A server learns late that a socket is lost, often from the next one.
        let before = served.link.replace(link);
        served.transport = Some(endpoint.transport);
        served.stateful &= is_socket;
        served.last_heard = now;
        self.server.taken.push(endpoint.transport);
        self.wires[link.0].connection = Some(connection);
        self.accept(link);
        if let Some(before) = before {
            self.wires[before.0].is_silent = true;
        }
        if again && self.server.served[connection].shaken {
            self.resume(connection, link);
        }
    }

    /// Goes on over another socket.
    fn resume(&mut self, connection: usize, link: Link) {
        self.server.resumed += 1;
        let served = &mut self.server.served[connection];
        served.unsure = true;
        let first = served.kept.front().map_or(served.said + 1, |one| one.0);
        let mut text = format!("{{\"type\":9,\"sequenceId\":{first}}}{RS}");
        served.kept.iter().for_each(|one| text.push_str(&one.1));
        self.say(link, &text);
    }

    /// Text reaches the server.
    pub(crate) fn said(&mut self, link: Link, text: &str) {
        if let Some(connection) = self.wires[link.0].connection
            && self.server.served[connection].is_alive
            && self.server.served[connection].link == Some(link)
        {
            self.hear(connection, text);
        }
    }

    /// The client left a transport, or it was cut.
    pub(crate) fn left(&mut self, link: Link) {
        if let Some(connection) = self.wires[link.0].connection {
            let served = &mut self.server.served[connection];
            if served.link == Some(link) {
                served.link = None;
                served.last_heard = self.now;
                served.is_alive &= served.stateful && served.shaken;
            }
        }
    }

    fn poll(&mut self, id: RequestId, connection: usize) {
        let now = self.now;
        let served = &mut self.server.served[connection];
        served.last_heard = now;
        if served.transport.is_none() {
            served.transport = Some(Transport::LongPolling);
            self.server.taken.push(Transport::LongPolling);
            served.stateful = false;
            return self.answer(id, 200, "");
        }
        served.poll = Some(id);
        self.plan.add(now + 60_000, Happening::Held(id));
        self.answer_poll(connection);
    }

    fn answer_poll(&mut self, connection: usize) {
        let served = &mut self.server.served[connection];
        if !served.outbox.is_empty()
            && let Some(id) = served.poll.take()
        {
            let text = std::mem::take(&mut served.outbox);
            self.answer(id, 200, text);
        }
    }

    /// A poll was held for long enough.
    pub(crate) fn held(&mut self, id: RequestId) {
        let served = self.server.served.iter_mut();
        let waiting = served.filter(|one| one.poll == Some(id)).last();
        if let Some(served) = waiting {
            served.poll = None;
            served.last_heard = self.now;
            self.answer(id, 200, "");
        }
    }

    /// Takes text of a client.
    fn hear(&mut self, connection: usize, text: &str) {
        for record in text.split_terminator(RS) {
            let served = &mut self.server.served[connection];
            served.last_heard = self.now;
            if !served.shaken {
                served.shaken = true;
                if !record.contains("protocol") {
                    self.broken(format!("no handshake: {record}"));
                }
                self.tell(connection, "{}", false);
                continue;
            }
            match serde_json::from_str(record) {
                Ok(message) => self.take(connection, &message),
                Err(error) => self.broken(format!("{error} in {record}")),
            }
        }
    }

    fn take(&mut self, connection: usize, message: &Value) {
        let kind = message["type"].as_u64().unwrap_or_default();
        let served = &mut self.server.served[connection];
        if served.stateful && (1..=5).contains(&kind) {
            if served.unsure {
                return;
            }
            let number = served.next;
            served.next += 1;
            if number <= served.taken {
                return;
            }
            served.taken = number;
            served.owes_ack = true;
        }
        let sequence = message["sequenceId"].as_u64().unwrap_or_default();
        match kind {
            1 | 4 => self.called(connection, message),
            7 => self.drop_connection(connection),
            8 => served.kept.retain(|one| one.0 > sequence),
            9 => {
                let is_missing = sequence > served.next;
                served.unsure = false;
                served.next = sequence;
                if is_missing {
                    self.broken("the client passes over what it sent");
                }
            }
            _ => {}
        }
    }

    /// A call arrives: its argument is its number, and so is its result.
    fn called(&mut self, connection: usize, message: &Value) {
        let number = message["arguments"][0].as_u64().unwrap_or_default();
        if !self.server.arrived.insert(number) {
            self.broken(format!("call {number} arrives twice"));
        }
        let id = &message["invocationId"];
        if message["target"] == "Never" {
            return;
        }
        if message["type"] == 4 {
            for item in 0..3 {
                let item = json!({ "type": 2, "invocationId": id, "item": item });
                self.tell(connection, &item.to_string(), true);
            }
        }
        if !id.is_null() {
            let completion = if message["type"] == 4 {
                json!({ "type": 3, "invocationId": id })
            } else {
                json!({ "type": 3, "invocationId": id, "result": number })
            };
            self.tell(connection, &completion.to_string(), true);
        }
    }

    /// Tells a client something.
    fn tell(&mut self, connection: usize, record: &str, numbered: bool) {
        let text = format!("{record}{RS}");
        let now = self.now;
        let served = &mut self.server.served[connection];
        served.last_said = now;
        if served.stateful && numbered {
            served.said += 1;
            served.kept.push_back((served.said, text.clone()));
        }
        match (served.transport, served.link) {
            (Some(Transport::LongPolling), _) => {
                served.outbox.push_str(&text);
                self.answer_poll(connection);
            }
            (_, Some(link)) => self.say(link, &text),
            // Told by another socket, or by none.
            (_, None) => {}
        }
    }

    /// The connection that the client has, where it listens.
    fn current(&self) -> Option<usize> {
        let mut served = self.server.served.iter();
        served.rposition(|one| one.is_alive && one.shaken)
    }

    /// Says something that no client asked for.
    pub(crate) fn speak(&mut self, record: &str) {
        if let Some(connection) = self.current() {
            self.tell(connection, record, false);
        }
    }

    /// Ends the client's connection with these words.
    pub(crate) fn send_away(&mut self, goodbye: &str) {
        if let Some(connection) = self.current() {
            self.tell(connection, goodbye, false);
            self.drop_connection(connection);
        }
    }

    fn drop_connection(&mut self, connection: usize) {
        let served = &mut self.server.served[connection];
        served.is_alive = false;
        let (link, poll) = (served.link.take(), served.poll.take());
        let text = std::mem::take(&mut served.outbox);
        if let Some(link) = link {
            self.close(link);
        }
        if let Some(poll) = poll {
            let status = if text.is_empty() { 204 } else { 200 };
            self.answer(poll, status, text);
        }
    }

    /// The server forgets everybody.
    pub(crate) fn restart(&mut self) {
        for connection in 0..self.server.served.len() {
            if self.server.served[connection].is_alive {
                self.drop_connection(connection);
            }
        }
    }

    /// The server looks around.
    pub(crate) fn tick(&mut self) {
        self.plan.add(self.now + 5_000, Happening::Tick);
        for connection in 0..self.server.served.len() {
            let served = &mut self.server.served[connection];
            if !served.is_alive {
                continue;
            }
            let polls = served.poll.is_some();
            if !polls && served.last_heard + CLIENT_TIMEOUT < self.now {
                self.drop_connection(connection);
                continue;
            }
            if !served.shaken {
                continue;
            }
            if std::mem::take(&mut served.owes_ack) {
                let ack = json!({ "type": 8, "sequenceId": served.taken });
                self.tell(connection, &ack.to_string(), false);
            }
            let served = &mut self.server.served[connection];
            // Now and then, and at least every half minute.
            if self.now % 30_000 < 5_000 || self.random.random_ratio(1, 3) {
                served.told += 1;
                let arguments = json!([connection, served.told]);
                let message = json!({ "type": 1, "target": "m", "arguments": arguments });
                self.tell(connection, &message.to_string(), true);
            } else if served.last_said + 15_000 <= self.now && !polls {
                self.tell(connection, "{\"type\":6}", false);
            }
        }
    }
}
