//! The steps with their times and verdicts, as rows and as text.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use super::redact::redact;
use crate::language::table::{number, tenths};
use crate::language::words;
use crate::signalr::trace::{Activity, Trace};
use crate::signalr::transport::Why;
use crate::signalr::{Error, Failure, Millis, Step as Negotiation};

/// How many steps are kept.
pub const KEPT: usize = 60;

/// A step of the way from the settings to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The settings are read.
    Settings,
    /// The backend is asked who is here.
    WhoAmI,
    /// The session is renewed, or found to be over.
    Session,
    /// The function is asked where the service is.
    Function,
    /// The service is asked for a connection.
    Service,
    /// A way to carry messages opens.
    Transport,
    /// Both sides agree on a protocol.
    Handshake,
    /// Messages come.
    Connected,
    /// A message goes to the backend.
    Send,
}

impl Step {
    /// In a person's words.
    pub fn name(self) -> &'static str {
        match self {
            Step::Settings => words::step_settings(),
            Step::WhoAmI => words::step_who_am_i(),
            Step::Session => words::step_session(),
            Step::Function => words::step_function(),
            Step::Service => words::step_service(),
            Step::Transport => words::step_transport(),
            Step::Handshake => words::step_handshake(),
            Step::Connected => words::step_connected(),
            Step::Send => words::step_send(),
        }
    }
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing yet.
    UnderWay,
    /// It went well, in these words.
    Well(&'static str),
    /// It did not; these words have no secret in them.
    Failed(String),
}

/// A step that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub step: Step,
    /// Where, or by what; empty if there is nothing to say.
    pub place: String,
    /// When it began, in milliseconds since the Unix epoch.
    pub began: Millis,
    /// How long it took, once it is over.
    pub took: Option<Millis>,
    /// What came of it.
    pub verdict: Verdict,
}

impl Row {
    /// What came of it, in words.
    pub fn words(&self) -> &str {
        match &self.verdict {
            Verdict::UnderWay if self.step == Step::Connected => words::verdict_now(),
            Verdict::UnderWay => words::verdict_under_way(),
            Verdict::Well(words) => words,
            Verdict::Failed(words) => words,
        }
    }

    /// How long it took; nothing while it goes on.
    pub fn duration(&self) -> String {
        match self.took {
            None => String::new(),
            Some(took @ ..1_000) => words::milliseconds(&number(took as usize)),
            Some(took @ ..60_000) => words::seconds(&tenths((took / 100) as u32)),
            Some(took) => words::minutes(&number((took / 60_000) as usize)),
        }
    }
}

/// Something that is true of the page: its name, and what it is.
pub type Fact = (&'static str, String);

/// The last steps, oldest first.
#[derive(Default)]
pub struct Log(VecDeque<Row>);

impl Log {
    /// The steps.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.0.iter()
    }

    /// The transport that opened last.
    pub fn transport(&self) -> Option<&str> {
        let opened =
            |row: &&Row| row.step == Step::Transport && matches!(row.verdict, Verdict::Well(_));
        let row = self.0.iter().rfind(opened)?;
        row.place.split(' ').next()
    }

    /// Where the service was asked for a connection last.
    pub fn service(&self) -> Option<&str> {
        let row = self.0.iter().rfind(|row| row.step == Step::Service)?;
        Some(&row.place)
    }

    /// A step begins.
    pub fn begin(&mut self, at: Millis, step: Step, place: &str) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(Row {
            step,
            place: redact(place),
            began: at,
            took: None,
            verdict: Verdict::UnderWay,
        });
    }

    /// The step is over, well or not, in these words. A step that is not under way cannot end.
    pub fn end(&mut self, at: Millis, step: Step, outcome: Result<&'static str, &str>) {
        self.end_last(at, outcome, |row| row.step == step);
    }

    /// Takes what the connection does.
    pub fn trace(&mut self, at: Millis, trace: &Trace) {
        match trace {
            Trace::Began(activity) => {
                let (step, place) = match activity {
                    Activity::Authorize => (Step::Session, String::new()),
                    Activity::Negotiate { step, url } => (
                        match step {
                            Negotiation::Negotiate => Step::Function,
                            Negotiation::NegotiateRedirected => Step::Service,
                        },
                        url.clone(),
                    ),
                    Activity::Open { transport, url } => {
                        (Step::Transport, [transport.name(), " ", url].concat())
                    }
                    Activity::Handshake => (Step::Handshake, String::new()),
                    Activity::Connected => (Step::Connected, String::new()),
                };
                self.begin(at, step, &place);
            }
            Trace::Ended(outcome) => {
                let failure = outcome.as_ref().err().map(verdict);
                self.end_last(
                    at,
                    failure.as_deref().map_or(Ok(words::verdict_ok()), Err),
                    |row| !matches!(row.step, Step::WhoAmI | Step::Send),
                );
            }
        }
    }

    fn end_last(
        &mut self,
        at: Millis,
        outcome: Result<&'static str, &str>,
        is_it: impl Fn(&Row) -> bool,
    ) {
        let mut open = self.0.iter_mut().enumerate().rev();
        let found = open.find(|(_, row)| row.verdict == Verdict::UnderWay && is_it(row));
        let Some((index, row)) = found else {
            return;
        };
        row.took = Some(at.saturating_sub(row.began));
        row.verdict = match outcome {
            Ok(_) if row.step == Step::Connected => Verdict::Well(words::verdict_ended()),
            Ok(words) => Verdict::Well(words),
            Err(words) => Verdict::Failed(redact(words)),
        };
        if outcome.is_err() {
            return;
        }
        match row.step {
            // That there was nothing to renew is no news.
            Step::Session => {
                self.0.remove(index);
            }
            // Of messages that went well the last is enough: many would push out what matters.
            Step::Send => {
                let before =
                    |row: &Row| row.step == Step::Send && matches!(row.verdict, Verdict::Well(_));
                if let Some(before) = self.0.range(..index).position(before) {
                    self.0.remove(before);
                }
            }
            _ => {}
        }
    }

    /// Everything as text, to be handed on. `time` writes a moment.
    pub fn text(&self, facts: &[Fact], time: &dyn Fn(Millis) -> String) -> String {
        let mut text = [words::connection_details(), "\n"].concat();
        for (name, value) in facts {
            text.extend([*name, ": ", &redact(value), "\n"]);
        }
        for row in &self.0 {
            text.extend(["\n", &time(row.began), "  ", row.step.name()]);
            if !row.place.is_empty() {
                text.extend([" (", &row.place, ")"]);
            }
            text.extend([": ", row.words()]);
            if row.took.is_some() {
                text.extend([", ", &row.duration()]);
            }
        }
        text.push('\n');
        text
    }
}

/// What went wrong, in few words: the title and the hint of a problem have more.
fn verdict(error: &Error) -> String {
    match error {
        Error::Negotiate { failure, .. } | Error::Poll(failure) | Error::Send(failure) => {
            failed(failure)
        }
        Error::NoTransport(unusable) => match unusable.last().map(|one| &one.why) {
            None => words::verdict_none_offered().to_owned(),
            Some(Why::Failed(failure)) => failed(failure),
            Some(Why::NotOpened) => words::verdict_not_opened().to_owned(),
            Some(Why::Refused) => words::verdict_browser_refused().to_owned(),
            Some(Why::Timeout) => words::verdict_timeout().to_owned(),
            Some(_) => words::verdict_unusable().to_owned(),
        },
        Error::Refused(words) | Error::HandshakeRefused(words) => words::verdict_refused(words),
        Error::HandshakeTimeout => words::verdict_timeout().to_owned(),
        Error::ServerTimeout => words::verdict_silent().to_owned(),
        Error::Lost { code, reason } => {
            with_words(words::verdict_closed_with(&code.to_string()), reason)
        }
        Error::ClosedByServer { error, .. } => with_words(
            words::verdict_closed_by_service().to_owned(),
            error.as_deref().unwrap_or_default(),
        ),
        Error::Stopped(_) => words::verdict_stopped().to_owned(),
        other => other.to_string(),
    }
}

fn failed(failure: &Failure) -> String {
    match failure {
        Failure::Status { status, words } => status_words(*status, words),
        Failure::Network => words::verdict_no_answer().to_owned(),
        Failure::Timeout => words::verdict_timeout().to_owned(),
        Failure::Unreadable => words::verdict_unreadable().to_owned(),
    }
}

/// The verdict of a request that was answered with this status, and these words of the server's.
pub fn status_words(status: u16, words: &str) -> String {
    with_words(words::verdict_status(&status.to_string()), words)
}

fn with_words(verdict: String, words: &str) -> String {
    match words {
        "" => verdict,
        words => [&verdict, ": ", words].concat(),
    }
}
