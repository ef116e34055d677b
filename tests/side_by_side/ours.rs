//! This project's client, run natively.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use serde_json::Value;
use serverless_chat::signalr::client::{Call, Connection};
use serverless_chat::signalr::{Authorization, Options, Retry, State, Transport};
use tokio::sync::Notify;
use tokio::task::{AbortHandle, LocalSet, spawn_local};

use crate::native_io::NativeIo;
use crate::scenario::{ClientPart, Settings, Step, Upload};
use crate::transcript::Lines;

/// Plays the client's part of a scenario.
pub(crate) async fn play(part: &ClientPart, heard: &Lines) {
    LocalSet::new().run_until(act(part, heard)).await;
}

async fn act(part: &ClientPart, heard: &Lines) {
    let io = NativeIo::new();
    let application = Rc::new(Application {
        heard: heard.clone(),
        changed: Notify::new(),
    });
    let mut player = Player {
        connection: connect(io.clone(), part, &application),
        application,
        control: part.control.clone(),
        streams: HashMap::new(),
    };
    for step in &part.steps {
        player.take(step).await;
    }
    player.connection.stop();
    io.idle().await;
}

/// What the application is told.
struct Application {
    heard: Lines,
    changed: Notify,
}

impl Application {
    fn say(&self, line: impl Into<String>) {
        self.heard.push(line.into());
        self.changed.notify_waiters();
    }

    async fn told(&self, text: &str, times: usize) {
        loop {
            let changed = self.changed.notified();
            if self.heard.count(text) >= times {
                return;
            }
            changed.await;
        }
    }
}

fn options(url: &str, settings: &Settings) -> Options {
    let mut options = Options::new(url);
    if let Some(names) = &settings.transports {
        let is_named = |one: &Transport| names.contains(&one.name());
        options.transports = Transport::ALL.into_iter().filter(is_named).collect();
    }
    options.skip_negotiation = settings.skip_negotiation;
    let header = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    options.headers = settings.headers.iter().map(header).collect();
    options.retry = match &settings.retry {
        Some(delays) => Retry::Delays(delays.as_slice().into()),
        None => Retry::Never,
    };
    // The official client gives a first start one try.
    options.retry_start = false;
    options.keep_alive = settings.keep_alive.unwrap_or(options.keep_alive);
    options.server_timeout = settings.server_timeout.unwrap_or(options.server_timeout);
    let handshake_timeout = settings.handshake_timeout;
    options.handshake_timeout = handshake_timeout.unwrap_or(options.handshake_timeout);
    options.stateful_reconnect = settings.stateful;
    options
}

fn connect(io: NativeIo, part: &ClientPart, application: &Rc<Application>) -> Connection {
    let tokens = part.options.tokens.clone();
    let asked = Cell::new(0);
    let told = application.clone();
    let connection = Connection::new(io, options(&part.url, &part.options), move |_| {
        let token = tokens.get(asked.get()).or(tokens.last());
        if token.is_some() {
            told.say("token asked");
        }
        asked.set(asked.get() + 1);
        let authorization = Authorization {
            access_token: token.map(|token| (*token).to_owned()),
            ..Authorization::default()
        };
        Box::pin(async { Ok(authorization) })
    });
    let told = application.clone();
    connection.on_warning(move |words| {
        if words.starts_with("No client method") {
            told.say(["warning: ", words].concat());
        }
    });
    follow_state(
        &connection,
        application,
        part.options.stop_when_reconnecting,
    );
    connection
}

/// Tells changes of the state as the official client's callbacks tell them.
fn follow_state(connection: &Connection, application: &Rc<Application>, stops: bool) {
    let told = application.clone();
    let before = RefCell::new(State::Disconnected { reason: None });
    let weak = connection.clone();
    connection.on_state(move |state| {
        let before = before.replace(state.clone());
        match (before, state) {
            (State::Connected { .. }, State::Reconnecting(tries)) => {
                told.say(["reconnecting:", &words(tries.reason.as_ref())].concat());
                if stops {
                    weak.stop();
                }
            }
            (State::Reconnecting(_), State::Connected { connection_id }) => {
                told.say(["reconnected: ", name(connection_id.as_deref())].concat());
            }
            (State::Connected { .. } | State::Reconnecting(_), State::Disconnected { reason }) => {
                told.say(["closed:", &words(reason.as_ref())].concat())
            }
            _ => {}
        }
    });
}

fn name(connection_id: Option<&str>) -> &str {
    connection_id.unwrap_or("no id")
}

fn words(error: Option<&impl ToString>) -> String {
    error.map_or(String::new(), |error| format!(" {}", error.to_string()))
}

struct Player {
    connection: Connection,
    application: Rc<Application>,
    control: String,
    streams: HashMap<&'static str, AbortHandle>,
}

impl Player {
    async fn take(&mut self, step: &Step) {
        let told = self.application.clone();
        match step.clone() {
            Step::On {
                target,
                value,
                failure,
            } => self.listen(target, value.map(|one| one.some), failure),
            Step::Off { target } => self.connection.off(target),
            Step::Start { wait } => {
                let starting = self.connection.start();
                let started = async move {
                    match starting.await {
                        Ok(()) => told.say("start: done"),
                        Err(error) => told.say(format!("start failed: {error}")),
                    }
                };
                run(started, wait).await;
            }
            Step::Stop { .. } => {
                self.connection.stop();
                // Whoever waits for a start or a call is told first.
                for _ in 0..10 {
                    tokio::task::yield_now().await;
                }
                told.say("stop: done");
            }
            Step::Send {
                target,
                arguments,
                uploads,
            } => {
                let sent = self.call(target, &arguments, uploads).send().await;
                match sent {
                    Ok(()) => told.say(format!("send {target}: done")),
                    Err(error) => told.say(format!("send {target} failed: {error}")),
                }
            }
            Step::Invoke {
                target,
                arguments,
                uploads,
                wait,
            } => {
                let invoking = self.call(target, &arguments, uploads).invoke::<Value>();
                let invoked = async move {
                    match invoking.await {
                        Ok(value) => told.say(format!("invoke {target}: {value}")),
                        Err(error) => told.say(format!("invoke {target} failed: {error}")),
                    }
                };
                run(invoked, wait).await;
            }
            Step::Stream {
                target,
                arguments,
                uploads,
            } => {
                let mut items = self.call(target, &arguments, uploads).stream::<Value>();
                let task = spawn_local(async move {
                    while let Some(item) = items.next().await {
                        match item {
                            Ok(item) => told.say(format!("stream {target} item: {item}")),
                            Err(error) => {
                                return told.say(format!("stream {target} failed: {error}"));
                            }
                        }
                    }
                    told.say(format!("stream {target}: end"));
                });
                self.streams.insert(target, task.abort_handle());
            }
            Step::Dispose { target } => {
                // Its items go with the task that waits for them.
                if let Some(task) = self.streams.remove(target) {
                    task.abort();
                    tokio::task::yield_now().await;
                }
            }
            Step::Await { text, times } => told.told(text, times).await,
            Step::Arrived { text, times } => self.control(format!("{times} {text}")).await,
            Step::Release => {
                told.say("the server goes on");
                self.control(String::new()).await;
            }
            Step::State => {
                let state = self.connection.state();
                let (state, id) = match &state {
                    State::Disconnected { .. } => ("Disconnected", None),
                    State::Connecting(_) => ("Connecting", None),
                    State::Connected { connection_id } => ("Connected", connection_id.as_deref()),
                    State::Reconnecting(_) => ("Reconnecting", None),
                };
                told.say(format!("state: {state}, {}", name(id)));
            }
            Step::Url { url } => match self.connection.set_url(&url) {
                Ok(()) => told.say("url: done"),
                Err(error) => told.say(format!("url failed: {error}")),
            },
        }
    }

    async fn control(&self, words: String) {
        let asking = reqwest::Client::builder().no_proxy().build();
        let asking = asking.map(|http| http.post(&self.control).body(words).send());
        asking
            .expect("a client without TLS can always be built")
            .await
            .expect("the server answers");
    }

    fn listen(&self, target: &'static str, value: Option<Value>, failure: Option<&'static str>) {
        let told = self.application.clone();
        let answer = match (value, failure) {
            (Some(value), None) => Ok(value),
            (_, Some(words)) => Err(words.to_owned()),
            (None, None) => {
                self.connection.on_json(target, move |arguments| {
                    // Written anew, as the official client's player has to.
                    let arguments: Result<Vec<Value>, _> = arguments
                        .iter()
                        .map(|one| serde_json::from_str(one.get()))
                        .collect();
                    let arguments = arguments.expect("arguments are JSON");
                    told.say(format!("called {target} {}", Value::Array(arguments)));
                });
                return;
            }
        };
        self.connection.answer(target, move |()| {
            told.say(format!("called {target}"));
            let answer = answer.clone();
            async { answer }
        });
    }

    fn call(&self, target: &str, arguments: &[Value], uploads: Vec<Upload>) -> Call<'_> {
        let call = self.connection.call(target).arguments(arguments);
        uploads.into_iter().fold(call, |call, upload| {
            let failure = upload.failure.map(|words| Err(words.to_owned()));
            let items = upload.items.into_iter().map(Ok).chain(failure);
            call.upload(futures_util::stream::iter(items))
        })
    }
}

/// Runs to the end, or by and by.
async fn run(task: impl Future<Output = ()> + 'static, wait: bool) {
    if wait {
        task.await;
    } else {
        spawn_local(task);
    }
}
