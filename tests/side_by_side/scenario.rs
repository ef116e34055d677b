//! What a scenario is made of: what the server does, what the application does, and in what the two
//! clients are meant to differ.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use crate::server::Server;
use crate::transcript::{Difference, Part, Transcript};
use crate::{official, ours, transcript};

/// Ends every record.
pub(crate) const RS: &str = "\u{1e}";

/// Far longer than any scenario takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// The answer to a request. `{a}` and `{b}` in its body stand for the addresses of the server's two
/// hosts.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
    /// Answered only when the client has posted a record with these words in it.
    pub(crate) hear: Option<&'static str>,
    /// Answered only when the application has let the server go on.
    pub(crate) released: bool,
    /// Not answered at all: the connection is cut.
    pub(crate) cut: bool,
    /// Only one of the clients asks for it.
    pub(crate) optional: bool,
}

/// An answer with this status and body.
pub(crate) fn answer(status: u16, body: impl Into<String>) -> Answer {
    Answer {
        status,
        body: body.into(),
        hear: None,
        released: false,
        cut: false,
        optional: false,
    }
}

/// No answer: the connection is cut.
pub(crate) fn cut() -> Answer {
    Answer {
        cut: true,
        ..answer(0, "")
    }
}

/// A negotiate answer that offers these transports, under the names "id" and "token".
pub(crate) fn offer(transports: &[&str]) -> Answer {
    offer_as("id", transports)
}

/// As [`offer`], under the names `id` and `id`-token.
pub(crate) fn offer_as(id: &str, transports: &[&str]) -> Answer {
    let transports: Vec<Value> = transports
        .iter()
        .map(|name| serde_json::json!({ "transport": name, "transferFormats": ["Text", "Binary"] }))
        .collect();
    let body = serde_json::json!({
        "negotiateVersion": 1,
        "connectionId": id,
        "connectionToken": format!("{id}-token"),
        "availableTransports": transports,
    });
    answer(200, body.to_string())
}

impl Answer {
    pub(crate) fn when(mut self, heard: &'static str) -> Answer {
        self.hear = Some(heard);
        self
    }

    pub(crate) fn if_asked(mut self) -> Answer {
        self.optional = true;
        self
    }

    pub(crate) fn when_released(mut self) -> Answer {
        self.released = true;
        self
    }
}

/// What a socket or an event stream of the server does. After the last, it listens until the client
/// ends it.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Waits until the client has sent a record with these words in it.
    Hear(&'static str),
    /// Sends this text, as it is.
    Raw(String),
    /// Sends one message, in so many WebSocket frames.
    Fragments(Vec<String>),
    /// Sends one message, in so many TCP segments.
    Segments(Vec<String>),
    /// Is silent for so many milliseconds.
    Rest(u64),
    /// Waits until the application lets the server go on.
    Released,
    /// Says so with this code and reason, and ends; without a code for 0.
    Close(u16, &'static str),
    /// Ends without a word.
    Cut,
}

/// Sends a hub message.
pub(crate) fn say(message: &str) -> Act {
    Act::Raw([message, RS].concat())
}

/// Sends hub messages as one text.
pub(crate) fn say_all(messages: &[&str]) -> Act {
    Act::Raw(messages.iter().map(|one| [one, RS].concat()).collect())
}

/// Agrees to the handshake, and waits for the ping that follows it.
pub(crate) fn shaken() -> Vec<Act> {
    vec![Act::Hear("protocol"), say("{}"), Act::Hear(r#"{"type":6}"#)]
}

/// Agrees to the handshake, and then does this.
pub(crate) fn shaken_then(acts: impl IntoIterator<Item = Act>) -> Vec<Act> {
    shaken().into_iter().chain(acts).collect()
}

/// What a try to open a socket or an event stream meets.
#[derive(Clone, Debug)]
pub(crate) enum Opening {
    /// It opens, and this happens.
    Opens(Vec<Act>),
    /// It does not open.
    Refused(Answer),
}

/// A stream that goes up with a call.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Upload {
    pub(crate) items: Vec<Value>,
    pub(crate) failure: Option<&'static str>,
}

/// A value that may be null.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Given {
    pub(crate) some: Value,
}

/// What the application does next. Where there is a choice, `wait` says whether it waits for what
/// comes of it before the next step.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "do", rename_all = "camelCase")]
pub(crate) enum Step {
    /// Registers a handler, which gives this value, or fails, or does neither.
    On {
        target: &'static str,
        value: Option<Given>,
        failure: Option<&'static str>,
    },
    Off {
        target: &'static str,
    },
    Start {
        wait: bool,
    },
    Stop {
        wait: bool,
    },
    Send {
        target: &'static str,
        arguments: Vec<Value>,
        uploads: Vec<Upload>,
    },
    Invoke {
        target: &'static str,
        arguments: Vec<Value>,
        uploads: Vec<Upload>,
        wait: bool,
    },
    Stream {
        target: &'static str,
        arguments: Vec<Value>,
        uploads: Vec<Upload>,
    },
    /// Ends the stream of this target.
    Dispose {
        target: &'static str,
    },
    /// Waits until the application was told so many lines with this text in them.
    Await {
        text: &'static str,
        times: usize,
    },
    /// Waits until the server has noted so many lines with this text in them.
    Arrived {
        text: &'static str,
        times: usize,
    },
    /// Lets the server go on, and notes so before.
    Release,
    /// Notes the state and the connection id.
    State,
    /// Changes the hub's address.
    Url {
        url: String,
    },
}

/// The steps, in short.
pub(crate) mod steps {
    use serde_json::Value;

    use super::{Given, Step, Upload};

    pub(crate) const START: Step = Step::Start { wait: true };
    pub(crate) const BEGIN_START: Step = Step::Start { wait: false };
    pub(crate) const STOP: Step = Step::Stop { wait: true };
    pub(crate) const BEGIN_STOP: Step = Step::Stop { wait: false };
    pub(crate) const RELEASE: Step = Step::Release;
    pub(crate) const STATE: Step = Step::State;

    pub(crate) fn arrived(text: &'static str) -> Step {
        Step::Arrived { text, times: 1 }
    }

    pub(crate) fn on(target: &'static str) -> Step {
        Step::On {
            target,
            value: None,
            failure: None,
        }
    }

    pub(crate) fn on_giving(target: &'static str, value: Value) -> Step {
        Step::On {
            target,
            value: Some(Given { some: value }),
            failure: None,
        }
    }

    pub(crate) fn on_failing(target: &'static str, words: &'static str) -> Step {
        Step::On {
            target,
            value: None,
            failure: Some(words),
        }
    }

    pub(crate) fn off(target: &'static str) -> Step {
        Step::Off { target }
    }

    pub(crate) fn send(target: &'static str, arguments: Value) -> Step {
        send_with(target, arguments, Vec::new())
    }

    pub(crate) fn send_with(target: &'static str, arguments: Value, uploads: Vec<Upload>) -> Step {
        Step::Send {
            target,
            arguments: list(arguments),
            uploads,
        }
    }

    pub(crate) fn invoke(target: &'static str, arguments: Value) -> Step {
        invoke_with(target, arguments, Vec::new())
    }

    pub(crate) fn invoke_with(
        target: &'static str,
        arguments: Value,
        uploads: Vec<Upload>,
    ) -> Step {
        Step::Invoke {
            target,
            arguments: list(arguments),
            uploads,
            wait: true,
        }
    }

    pub(crate) fn begin_invoke(target: &'static str, arguments: Value) -> Step {
        Step::Invoke {
            target,
            arguments: list(arguments),
            uploads: Vec::new(),
            wait: false,
        }
    }

    pub(crate) fn stream(target: &'static str, arguments: Value) -> Step {
        stream_with(target, arguments, Vec::new())
    }

    pub(crate) fn stream_with(
        target: &'static str,
        arguments: Value,
        uploads: Vec<Upload>,
    ) -> Step {
        Step::Stream {
            target,
            arguments: list(arguments),
            uploads,
        }
    }

    pub(crate) fn dispose(target: &'static str) -> Step {
        Step::Dispose { target }
    }

    pub(crate) fn told(text: &'static str) -> Step {
        told_times(text, 1)
    }

    pub(crate) fn told_times(text: &'static str, times: usize) -> Step {
        Step::Await { text, times }
    }

    pub(crate) fn url(url: &str) -> Step {
        Step::Url {
            url: url.to_owned(),
        }
    }

    pub(crate) fn upload(items: Value, failure: Option<&'static str>) -> Upload {
        Upload {
            items: list(items),
            failure,
        }
    }

    fn list(values: Value) -> Vec<Value> {
        match values {
            Value::Array(values) => values,
            one => vec![one],
        }
    }
}

/// What the application sets.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Settings {
    /// All, if none are named.
    pub(crate) transports: Option<Vec<&'static str>>,
    pub(crate) skip_negotiation: bool,
    pub(crate) headers: Vec<(&'static str, &'static str)>,
    /// The access tokens that it gives, one each time that it is asked; the last one for ever.
    pub(crate) tokens: Vec<&'static str>,
    /// Milliseconds before each try to come back.
    pub(crate) retry: Option<Vec<u64>>,
    pub(crate) keep_alive: Option<u64>,
    pub(crate) server_timeout: Option<u64>,
    /// Only our client has one.
    #[serde(skip)]
    pub(crate) handshake_timeout: Option<u64>,
    pub(crate) stateful: bool,
    /// It stops as soon as it is told that the connection is lost.
    pub(crate) stop_when_reconnecting: bool,
}

/// What the server does, each list in the order in which it is asked. Where a list ends, polls wait
/// for ever, other requests of a connection succeed, and the rest fails.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    pub(crate) negotiations: Vec<Answer>,
    pub(crate) other_negotiations: Option<Answer>,
    pub(crate) sockets: Vec<Opening>,
    pub(crate) streams: Vec<Opening>,
    pub(crate) polls: Vec<Answer>,
    pub(crate) posts: Vec<Answer>,
    pub(crate) deletes: Vec<Answer>,
}

/// A scenario. At its end, the application stops the connection.
#[derive(Default)]
pub(crate) struct Scenario {
    url: String,
    settings: Settings,
    script: Script,
    steps: Vec<Step>,
    differences: Vec<Difference>,
}

impl Scenario {
    /// With the hub at `{a}/hub`.
    pub(crate) fn new() -> Scenario {
        Scenario {
            url: "{a}/hub".to_owned(),
            ..Scenario::default()
        }
    }

    /// With a server that offers WebSockets, whose socket does this.
    pub(crate) fn with_socket(acts: Vec<Act>) -> Scenario {
        Scenario::new()
            .negotiate(offer(&["WebSockets"]))
            .socket(acts)
    }

    pub(crate) fn url(mut self, url: &str) -> Scenario {
        self.url = url.to_owned();
        self
    }

    pub(crate) fn set(mut self, change: impl FnOnce(&mut Settings)) -> Scenario {
        change(&mut self.settings);
        self
    }

    /// Answers every further negotiation so.
    pub(crate) fn negotiate_always(mut self, answer: Answer) -> Scenario {
        self.script.other_negotiations = Some(answer);
        self
    }

    pub(crate) fn negotiate(mut self, answer: Answer) -> Scenario {
        self.script.negotiations.push(answer);
        self
    }

    pub(crate) fn socket(mut self, acts: Vec<Act>) -> Scenario {
        self.script.sockets.push(Opening::Opens(acts));
        self
    }

    pub(crate) fn socket_refused(mut self, answer: Answer) -> Scenario {
        self.script.sockets.push(Opening::Refused(answer));
        self
    }

    pub(crate) fn stream(mut self, acts: Vec<Act>) -> Scenario {
        self.script.streams.push(Opening::Opens(acts));
        self
    }

    pub(crate) fn stream_refused(mut self, answer: Answer) -> Scenario {
        self.script.streams.push(Opening::Refused(answer));
        self
    }

    pub(crate) fn polls(mut self, answers: impl IntoIterator<Item = Answer>) -> Scenario {
        self.script.polls.extend(answers);
        self
    }

    pub(crate) fn posts(mut self, answers: impl IntoIterator<Item = Answer>) -> Scenario {
        self.script.posts.extend(answers);
        self
    }

    pub(crate) fn deletes(mut self, answers: impl IntoIterator<Item = Answer>) -> Scenario {
        self.script.deletes.extend(answers);
        self
    }

    pub(crate) fn steps(mut self, steps: impl IntoIterator<Item = Step>) -> Scenario {
        self.steps.extend(steps);
        self
    }

    /// In this part, where the official client has the first lines, ours has the second, for this
    /// reason. Differences of one part are given in their order.
    pub(crate) fn differs(
        mut self,
        part: Part,
        official: &[&str],
        ours: &[&str],
        reason: &'static str,
    ) -> Scenario {
        self.differences
            .push(Difference::new(part, official, ours, reason));
        self
    }

    /// Plays it with both clients.
    pub(crate) async fn play(self) {
        let official = self.play_once(Client::Official).await;
        let ours = self.play_once(Client::Ours).await;
        // Shown where a test fails, and with --nocapture.
        println!("{official}");
        transcript::compare(&official, &ours, &self.differences);
    }

    async fn play_once(&self, client: Client) -> Transcript {
        let server = Server::start(self.script.clone()).await;
        let steps = self.steps.iter().cloned().map(|step| match step {
            Step::Url { url } => Step::Url {
                url: server.in_full(&url),
            },
            step => step,
        });
        let part = ClientPart {
            url: server.in_full(&self.url),
            control: server.in_full("{a}/-control"),
            options: self.settings.clone(),
            steps: steps.collect(),
        };
        let name = match client {
            Client::Official => "the official client",
            Client::Ours => "our client",
        };
        let heard = transcript::Lines::default();
        let playing = async {
            match client {
                Client::Official => official::play(&part, &heard, server.ended()).await,
                Client::Ours => ours::play(&part, &heard).await,
            }
            server.ended().await;
        };
        let in_time = tokio::time::timeout(PATIENCE, playing).await;
        let transcript = server.transcript(heard.take());
        assert!(
            in_time.is_ok(),
            "{name} does not come to an end:\n{transcript}"
        );
        assert!(
            server.is_played(),
            "{name} leaves a part of the script unplayed:\n{transcript}"
        );
        transcript
    }
}

/// Who plays.
#[derive(Clone, Copy)]
enum Client {
    Official,
    Ours,
}

/// What a client is given.
#[derive(Serialize)]
pub(crate) struct ClientPart {
    /// The hub's address.
    pub(crate) url: String,
    /// Where the server is asked what arrived, and told to go on.
    pub(crate) control: String,
    pub(crate) options: Settings,
    pub(crate) steps: Vec<Step>,
}
