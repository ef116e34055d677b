//! From the start to the end of the handshake.

use super::super::error::{Error, Failure, Step};
use super::super::identity;
use super::super::negotiate::{self, Answer, NEGOTIATE};
use super::super::protocol::handshake::{self, Rejection};
use super::super::timers::Timer;
use super::super::trace::{self, Activity};
use super::super::transport::{Offer, Transport, Unusable, Why};
use super::ending::Trouble;
use super::{
    Action, Authorization, AuthorizeReason, Closure, Command, Connection, Endpoint, Method, Millis,
    Phase, Replay, Request, RequestId, Response, State,
};
use crate::text::contains;

/// The longest server words that an error repeats, in bytes.
const MAX_WORDS: usize = 200;

/// A try to connect, and what it has learned.
#[derive(Default)]
pub(super) struct Try {
    authorization: Authorization,
    /// The server answered 401, and authorisation was renewed.
    pub(super) renewed: bool,
    redirects: u32,
    /// Names that the server does not know.
    unknown_names: usize,
    /// Where this try negotiates and connects; the hub's address at first.
    url: String,
    /// The token of the last redirect, for the host that it leads to.
    redirect_token: Option<String>,
    /// The negotiate request that is under way.
    pub(super) negotiation: Option<RequestId>,
    /// The transport that is taken.
    pub(super) transport: Transport,
    /// The transport that this negotiation is for, if an earlier one chose it.
    chosen: Option<Transport>,
    /// The transports that are left to take.
    offers: std::vec::IntoIter<Offer>,
    unusable: Vec<Unusable>,
    connection_id: Option<String>,
    /// Where the transport connects, without an access token.
    connect_url: String,
    stateful: bool,
}

impl Connection {
    /// Takes that the application wants a connection.
    pub(super) fn start(&mut self, now: Millis) {
        if self.phase != Phase::Idle {
            return;
        }
        self.trouble = Trouble::default();
        self.connect(now);
    }

    /// Begins a try.
    pub(super) fn connect(&mut self, now: Millis) {
        self.timers.stop_all();
        // What an earlier redirect brought was for the host that it led to.
        self.present = Try {
            url: self.options.url.clone(),
            ..Try::default()
        };
        self.report_try(None);
        self.begin(now);
    }

    /// Begins with a transport of this try.
    fn begin(&mut self, now: Millis) {
        self.generation.0 += 1;
        self.authorize(now, AuthorizeReason::Connect);
    }

    fn authorize(&mut self, now: Millis, reason: AuthorizeReason) {
        self.phase = Phase::Authorizing;
        self.timers
            .set(Timer::Negotiate, now + self.options.negotiate_timeout);
        self.commands
            .push_back(Command::Authorize(self.generation, reason));
        self.began(now, Activity::Authorize);
    }

    /// Takes the application's answer.
    pub(super) fn authorized(&mut self, now: Millis, outcome: Result<Authorization, String>) {
        let authorization = match outcome {
            Ok(authorization) => authorization,
            Err(words) => return self.fail(now, Error::NotAuthorized(words), None),
        };
        // Cookies may be new without a sign of it.
        let renewal =
            authorization.include_credentials || authorization != self.present.authorization;
        self.present.authorization = authorization;
        match self.phase {
            Phase::Authorizing if self.options.skip_negotiation => self.skip_negotiation(now),
            Phase::Authorizing if self.present.renewed && !renewal => {
                // The same again would be refused again.
                self.fail_negotiation(now, unauthorized(), None);
            }
            Phase::Authorizing => self.negotiate(now),
            _ => self.reauthorized(now),
        }
    }

    fn skip_negotiation(&mut self, now: Millis) {
        if self.options.transports != [Transport::WebSockets] {
            return self.fail(now, Error::SkipNegotiation, None);
        }
        self.timers.stop(Timer::Negotiate);
        self.present.connect_url = negotiate::connect_url(&self.present.url, None);
        self.open(now, Transport::WebSockets);
    }

    fn negotiate(&mut self, now: Millis) {
        self.phase = Phase::Negotiating;
        self.timers
            .set(Timer::Negotiate, now + self.options.negotiate_timeout);
        let name = match self.step() {
            Step::Negotiate => self.options.negotiate.get(self.name).map(String::as_str),
            // Wherever it leads is a server of the specification.
            Step::NegotiateRedirected => None,
        };
        let url = negotiate::negotiate_url(
            &self.present.url,
            name.unwrap_or(NEGOTIATE),
            self.options.stateful_reconnect,
        );
        let activity = Activity::Negotiate {
            step: self.step(),
            url: trace::bare(&url),
        };
        self.began(now, activity);
        let request = self.request(Method::Post, url, String::new());
        let id = self.name_request();
        self.present.negotiation = Some(id);
        self.act(Action::Request(id, request));
    }

    /// A request with whatever the host that it goes to may see.
    pub(super) fn request(&self, method: Method, url: String, body: String) -> Request {
        let mut headers: Vec<(String, String)> = identity::headers().into();
        let own = [].iter();
        let (token, more, include_credentials) = match &self.present.redirect_token {
            Some(token) => (Some(token), own, false),
            None if self.is_at_home() => {
                let shown = &self.present.authorization;
                (
                    shown.access_token.as_ref(),
                    shown.headers.iter(),
                    shown.include_credentials,
                )
            }
            None => (None, own, false),
        };
        let bearer = token
            .filter(|token| !token.is_empty())
            .map(|token| ("Authorization".to_owned(), ["Bearer ", token].concat()));
        let given = self.options.headers.iter().chain(more).cloned();
        for header in given.chain(bearer) {
            headers.retain(|one| !one.0.eq_ignore_ascii_case(&header.0));
            headers.push(header);
        }
        Request {
            method,
            url,
            headers,
            body,
            include_credentials,
        }
    }

    /// True if this try talks to the host that the application gave.
    pub(super) fn is_at_home(&self) -> bool {
        negotiate::origin(&self.present.url) == negotiate::origin(&self.options.url)
    }

    /// True if the application's authorisation is what the server sees.
    pub(super) fn shows_authorization(&self) -> bool {
        self.present.redirect_token.is_none() && self.is_at_home()
    }

    fn step(&self) -> Step {
        if self.present.redirects == 0 {
            Step::Negotiate
        } else {
            Step::NegotiateRedirected
        }
    }

    pub(super) fn fail_negotiation(
        &mut self,
        now: Millis,
        failure: Failure,
        at_least: Option<Millis>,
    ) {
        let step = self.step();
        self.fail(now, Error::Negotiate { step, failure }, at_least);
    }

    /// Takes a negotiate answer.
    pub(super) fn negotiated(&mut self, now: Millis, outcome: Result<Response, Failure>) {
        self.present.negotiation = None;
        let response = match outcome {
            Ok(response) => response,
            Err(failure) => return self.fail_negotiation(now, failure, None),
        };
        match response.status {
            200 => {}
            401 if self.step() == Step::Negotiate && !self.present.renewed => {
                self.present.renewed = true;
                let failure = unauthorized();
                let step = Step::Negotiate;
                self.ended(now, Err(Error::Negotiate { step, failure }));
                return self.authorize(now, AuthorizeReason::Unauthorized);
            }
            404 if self.step() == Step::Negotiate => {
                self.present.unknown_names += 1;
                let names = self.options.negotiate.len();
                self.name = (self.name + 1) % names.max(1);
                let failure = refusal(response);
                if self.present.unknown_names < names {
                    let step = Step::Negotiate;
                    self.ended(now, Err(Error::Negotiate { step, failure }));
                    return self.negotiate(now);
                }
                return self.fail_negotiation(now, failure, None);
            }
            status @ (201..300 | 600..) => {
                return self.fail(now, Error::UnexpectedStatus(status), None);
            }
            _ => {
                let at_least = response.retry_after;
                return self.fail_negotiation(now, refusal(response), at_least);
            }
        }
        match negotiate::parse(&response.body) {
            None => self.fail_negotiation(now, Failure::Unreadable, None),
            Some(Answer::Refused(words)) => self.fail(now, Error::Refused(words), None),
            Some(Answer::ClassicServer) => self.fail(now, Error::ClassicServer, None),
            Some(Answer::Redirect { url, access_token }) => self.redirect(now, url, access_token),
            Some(Answer::Connect {
                connection_id,
                connection_token,
                transports,
                stateful,
            }) => {
                let url = &self.present.url;
                let asked =
                    negotiate::asks_for_stateful(url).unwrap_or(self.options.stateful_reconnect);
                if stateful && !asked {
                    return self.fail(now, Error::StatefulReconnect, None);
                }
                self.present.connect_url = negotiate::connect_url(url, Some(&connection_token));
                self.present.connection_id = Some(connection_id);
                self.present.stateful = stateful;
                self.timers.stop(Timer::Negotiate);
                // The first answer says what there is to try; later ones are for one transport each.
                let transport = self.present.chosen.take().or_else(|| {
                    self.present.offers = transports.into_iter();
                    self.choose()
                });
                match transport {
                    Some(transport) => self.open(now, transport),
                    None => self.no_transport(now),
                }
            }
        }
    }

    fn redirect(&mut self, now: Millis, url: String, access_token: Option<String>) {
        self.present.redirects += 1;
        if self.present.redirects == negotiate::REDIRECT_LIMIT {
            return self.fail(now, Error::RedirectLimit, None);
        }
        let same_origin = negotiate::origin(&url) == negotiate::origin(&self.present.url);
        if access_token.is_some() || !same_origin {
            self.present.redirect_token = access_token;
        }
        self.present.url = url;
        self.negotiate(now);
    }

    /// The next transport that can be used.
    fn choose(&mut self) -> Option<Transport> {
        for offer in self.present.offers.by_ref() {
            match offer.choose(&self.options.transports) {
                Ok(transport) => return Some(transport),
                Err(unusable) => self.present.unusable.push(unusable),
            }
        }
        None
    }

    fn no_transport(&mut self, now: Millis) {
        let unusable = std::mem::take(&mut self.present.unusable);
        self.fail(now, Error::NoTransport(unusable), None);
    }

    fn open(&mut self, now: Millis, transport: Transport) {
        self.phase = Phase::Opening;
        self.present.transport = transport;
        self.timers
            .set(Timer::Connect, now + self.options.connect_timeout);
        match transport {
            Transport::LongPolling => {
                let url = trace::bare(&self.present.connect_url);
                self.began(now, Activity::Open { transport, url });
                self.poll(now);
            }
            _ => self.open_endpoint(now),
        }
    }

    /// Opens the socket or the event stream.
    pub(super) fn open_endpoint(&mut self, now: Millis) {
        let transport = self.transport();
        let own = self.shows_authorization();
        let authorization = &self.present.authorization;
        let token = match &self.present.redirect_token {
            None if own => authorization.access_token.as_deref(),
            token => token.as_deref(),
        };
        let url = negotiate::with_token(self.present.connect_url.clone(), token);
        let endpoint = Endpoint {
            transport,
            url: match transport {
                Transport::WebSockets => negotiate::socket_url(&url),
                _ => url,
            },
            include_credentials: own && authorization.include_credentials,
        };
        let url = trace::bare(&endpoint.url);
        self.began(now, Activity::Open { transport, url });
        self.act(Action::Open(self.generation, endpoint));
    }

    /// Where polls and sends go.
    pub(super) fn connect_url(&self) -> String {
        self.present.connect_url.clone()
    }

    /// Takes that the transport is open.
    pub(super) fn opened(&mut self, now: Millis) {
        match self.phase {
            Phase::Opening => {
                self.phase = Phase::Handshaking;
                self.began(now, Activity::Handshake);
                self.timers.stop(Timer::Connect);
                self.timers
                    .set(Timer::Handshake, now + self.options.handshake_timeout);
                self.send(
                    now,
                    match self.present.stateful && self.transport() == Transport::WebSockets {
                        true => handshake::REQUEST_STATEFUL,
                        false => handshake::REQUEST,
                    },
                );
            }
            Phase::Resuming => self.resume(now),
            _ => {}
        }
    }

    /// Takes that the transport is closed.
    pub(super) fn closed(&mut self, now: Millis, closure: Closure) {
        match self.phase {
            Phase::Opening if closure == Closure::Refused => self.not_opened(now, Why::Refused),
            Phase::Opening => self.not_opened(now, Why::NotOpened),
            Phase::Connected if self.replay.is_some() => self.suspend_socket(now),
            Phase::Handshaking | Phase::Connected | Phase::Resuming => {
                let handshaking = self.phase == Phase::Handshaking;
                let error = match closure {
                    Closure::Socket { code, reason } if code != 1000 => {
                        Error::Lost { code, reason }
                    }
                    _ if handshaking => Error::HandshakeClosed,
                    _ => Error::Ended,
                };
                self.fail(now, error, None);
            }
            _ => {}
        }
    }

    /// Takes that the transport does not open: the next one is tried, after a new negotiation.
    pub(super) fn not_opened(&mut self, now: Millis, why: Why) {
        if self.phase == Phase::Resuming {
            return self.fail(now, Error::Ended, None);
        }
        let name = self.transport().name().to_owned();
        let unusable = Unusable { name, why };
        self.ended(now, Err(Error::NoTransport(vec![unusable.clone()])));
        self.present.unusable.push(unusable);
        let Some(chosen) = self.choose() else {
            return self.no_transport(now);
        };
        self.abandon();
        self.present = Try {
            url: self.options.url.clone(),
            chosen: Some(chosen),
            offers: std::mem::take(&mut self.present.offers),
            unusable: std::mem::take(&mut self.present.unusable),
            ..Try::default()
        };
        self.begin(now);
    }

    /// Takes the server's first record.
    pub(super) fn shake_hands(&mut self, now: Millis, record: &str) {
        match handshake::accept(record) {
            Ok(()) => {
                self.timers.stop(Timer::Handshake);
                self.phase = Phase::Connected;
                self.began(now, Activity::Connected);
                self.trouble.end();
                if self.present.stateful && self.transport() == Transport::WebSockets {
                    self.replay = Some(Replay::new(self.options.stateful_buffer));
                }
                // At once, so that a server that is gone already shows it.
                self.ping(now);
                let connection_id = self.present.connection_id.clone();
                self.commands
                    .push_back(Command::Report(State::Connected { connection_id }));
            }
            Err(Rejection::Refused(words)) => self.fail(now, Error::HandshakeRefused(words), None),
            Err(Rejection::Malformed(words)) => {
                self.fail(now, Error::HandshakeMalformed(words), None);
            }
        }
    }
}

/// What an answer that is an error says.
pub(super) fn refusal(response: Response) -> Failure {
    let Response {
        status,
        reason,
        body,
        ..
    } = response;
    // A page is no words, and nothing that looks like a token is repeated.
    let is_words = !body.is_empty()
        && body.len() <= MAX_WORDS
        && !body.contains('<')
        && !contains(&body, "eyJ")
        && !contains(&body, "access_token");
    let words = if is_words { body } else { reason };
    Failure::Status { status, words }
}

fn unauthorized() -> Failure {
    Failure::Status {
        status: 401,
        words: "Unauthorized".to_owned(),
    }
}
