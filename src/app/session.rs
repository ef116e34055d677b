//! [`Session`]: one person's visit, from the settings to signing out.

mod attending;
mod drafts;
mod ignoring;
mod keeping;
mod looking;
mod sending;
mod signing_in;

use leptos::prelude::*;

pub(crate) use attending::Calls;
use keeping::Keeping;

use super::Trail;
use super::attention::Attention;
use super::link::{self, Link, LinkState};
use super::signing_in::{Doubt, SigningIn, cookie_warning, still_signed_in, why_signed_out};
use super::trail::Note;
use crate::auth::{Auth, Principal, WhoAmI};
use crate::chat::{Chat, ConversationId, Incoming, Me, MessageId, Timestamp};
use crate::config::{AuthMode, Config};
use crate::diagnosis::report;
use crate::diagnosis::{self, Place, Problem, Reach};
use crate::json::Json;
use crate::language::Language;
use crate::later::{self, Task};
use crate::platform::{clock, page, probe, random, task, text};
use crate::signalr::browser::{self, Browser};
use crate::signalr::client::Connection;
use crate::signalr::{AuthorizeReason, Options, State, Step};
use crate::ui::words;

/// What the function is called that says where the hub is: in the tutorial, and in older samples.
const NEGOTIATE: [&str; 2] = ["negotiate", "SignalRInfo"];

/// Which screen the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Screen {
    /// Who is here is not known yet.
    Starting,
    /// Nobody is signed in; the problem is what a sign-in that was tried ended with.
    SignedOut {
        /// Why the last try failed.
        problem: Option<Problem>,
    },
    /// The chat cannot start.
    Broken {
        /// Why not; trying again may help.
        problem: Problem,
        /// True if signing in may help, too.
        may_sign_in: bool,
    },
    /// The chat, with or without a connection.
    Chat,
}

/// The handle that components hold. Reading follows changes; intents change.
#[derive(Clone, Copy)]
pub(crate) struct Session {
    /// Which screen to show.
    pub(crate) screen: RwSignal<Screen>,
    /// The state of the connection.
    pub(crate) link: RwSignal<Link>,
    /// True once the backend has said that the session is over.
    pub(crate) refused: RwSignal<bool>,
    /// A message that is to be brought into view; whoever does so takes it out.
    pub(crate) revealed: RwSignal<Option<MessageId>>,
    /// The steps that were taken.
    pub(crate) trail: Trail,
    /// How far a sign-in beside the page has come.
    pub(crate) signing_in: RwSignal<SigningIn>,
    /// True once the browser keeps nothing of what is said, until the person has read so.
    pub(crate) history_lost: RwSignal<bool>,
    /// Whether the person is called by notifications.
    pub(crate) calls: RwSignal<Calls>,
    /// The language that the page speaks.
    pub(crate) language: RwSignal<Language>,
    /// The open conversation.
    open: RwSignal<ConversationId>,
    /// Counts the frames in which something of the chat changed.
    revision: RwSignal<u32>,
    parts: StoredValue<Parts, LocalStorage>,
}

/// What a session is made of. None of it is reactive: [`Session::revision`] is, once a frame.
struct Parts {
    config: Config,
    place: Place,
    /// The step that [`Place::reach`] is about.
    probed: Option<Step>,
    auth: Auth,
    /// The id that the sign-in gave; empty for nobody.
    user_id: String,
    display_name: String,
    chat: Chat,
    /// Counts the chats: what was asked for one says nothing of the next.
    chats: u32,
    connection: Option<Connection>,
    doubt: Doubt,
    /// `None` while nothing is kept on this device.
    keeping: Option<Keeping>,
    attention: Attention,
    /// Drafts that the browser did not keep, by key.
    unkept_drafts: Vec<(String, String)>,
    frame_requested: bool,
}

impl Session {
    /// Opens a session with these settings. Nothing is asked of the network yet.
    pub(super) fn new(config: Config, auth: Auth, language: Language) -> Session {
        let place = Place {
            origin: page::origin(),
            api_base_url: config.api_base_url.clone(),
            functions_url: config.functions_url(),
            with_cookie: config.auth_mode == AuthMode::Cookie,
            online: true,
            reach: Reach::Unknown,
        };
        let trail = Trail::new(Ok(&config));
        let parts = Parts {
            config,
            place,
            probed: None,
            auth,
            user_id: String::new(),
            display_name: String::new(),
            chat: Chat::new(Me::Anonymous, random::name),
            chats: 0,
            connection: None,
            doubt: Doubt::default(),
            keeping: None,
            attention: Attention::default(),
            unkept_drafts: Vec::new(),
            frame_requested: false,
        };
        Session {
            screen: RwSignal::new(Screen::Starting),
            link: RwSignal::new(Link::default()),
            refused: RwSignal::new(false),
            revealed: RwSignal::new(None),
            trail,
            signing_in: RwSignal::new(SigningIn::NotYet),
            history_lost: RwSignal::new(false),
            calls: RwSignal::new(attending::calls()),
            language: RwSignal::new(language),
            open: RwSignal::new(ConversationId::Room),
            revision: RwSignal::new(0),
            parts: StoredValue::new_local(parts),
        }
    }

    /// Asks who is here and shows the screen that follows.
    pub(crate) fn begin(self) {
        self.screen.set(Screen::Starting);
        let auth = self.parts.with_value(|parts| parts.auth.clone());
        task::spawn(async move {
            match self.who_am_i(&auth).await {
                WhoAmI::SignedIn(principal) if !auth.signed_out() => {
                    self.enter_as(principal);
                    self.screen.set(Screen::Chat);
                }
                WhoAmI::Anonymous => {
                    self.enter(Me::Anonymous);
                    self.screen.set(Screen::Chat);
                }
                other => {
                    // Who may sign in can do so before there are words for why.
                    if let WhoAmI::SignedOut(_) = other {
                        self.screen.set(Screen::SignedOut { problem: None });
                    }
                    later::run(Task::CannotBegin(self, other));
                }
            }
        });
    }

    /// Shows why there is no chat.
    pub(crate) fn cannot_begin(self, answer: WhoAmI) {
        task::spawn(async move {
            if answer == WhoAmI::Unreachable {
                let api = self.place().api_base_url;
                self.probe(Step::Negotiate, &api).await;
            }
            self.show_why(answer);
        });
    }

    fn show_why(self, answer: WhoAmI) {
        let (auth, place) = (self.auth(), self.place());
        let screen = match answer {
            WhoAmI::SignedIn(principal) => Screen::SignedOut {
                problem: Some(still_signed_in(&principal.display_name, &place)),
            },
            WhoAmI::SignedOut(reason) => {
                let failed = auth.take_error().as_deref().map(diagnosis::sign_in);
                let problem = failed.or_else(|| why_signed_out(reason, &place));
                Screen::SignedOut { problem }
            }
            WhoAmI::Failed(status) => Screen::Broken {
                problem: place.who_am_i_failed(status),
                may_sign_in: false,
            },
            WhoAmI::Unreachable => Screen::Broken {
                problem: place.who_am_i_unreachable(),
                // Where nothing answers, no sign-in page does either.
                may_sign_in: place.reach != Reach::Silent,
            },
            WhoAmI::Anonymous => return,
        };
        if let Screen::Broken { problem, .. } = &screen {
            self.trail.problem(Some(problem.clone()));
        }
        // What is there already keeps the focus.
        if self.screen.with_untracked(|shown| *shown != screen) {
            self.screen.set(screen);
        }
    }

    async fn who_am_i(self, auth: &Auth) -> WhoAmI {
        let api = self
            .parts
            .with_value(|parts| parts.config.api_base_url.clone());
        self.trail.problem(None);
        let url = [&api, "/.auth/me"].concat();
        self.trail.note(Note::Began(report::Step::WhoAmI, url));
        let answer = auth.who_am_i().await;
        self.trail.note(Note::Asked(answer.clone()));
        answer
    }

    /// Finds out whether anything answers where the request of `step` brought no answer.
    async fn probe(self, step: Step, url: &str) {
        let reach = match probe::answers(url).await {
            true => Reach::Answers,
            false => Reach::Silent,
        };
        self.parts.update_value(|parts| {
            parts.place.reach = reach;
            parts.probed = Some(step);
        });
    }

    /// Takes how the connection is.
    fn connection_changed(self, state: &State) {
        let step = link::unanswered(state);
        self.parts.update_value(|parts| {
            if parts.probed != step {
                parts.place.reach = Reach::Unknown;
            }
        });
        self.follow(Link::of(state));
        if link::reason(state).is_some() {
            later::run(Task::Explain(self, state.clone()));
        }
    }

    /// Says in words what went wrong on the way to `state`, and finds out more where the browser says
    /// too little.
    pub(crate) fn explain(self, state: State) {
        self.say_why(&state);
        let (step, url) = match link::unanswered(&state) {
            None => return,
            Some(step @ Step::Negotiate) => (step, Some(self.place().api_base_url)),
            Some(step @ Step::NegotiateRedirected) => (step, self.trail.service()),
        };
        if let Some(url) = url {
            task::spawn(async move {
                self.probe(step, &url).await;
                let state = self.connection().map(|connection| connection.state());
                if let Some(state) = state.filter(|state| link::unanswered(state) == Some(step)) {
                    self.say_why(&state);
                }
            });
        }
    }

    /// Says in words what went wrong on the way to `state`, while that is how the connection is.
    fn say_why(self, state: &State) {
        let link = Link::explained(state, &self.place());
        let is_so = self
            .link
            .with_untracked(|shown| (shown.state, shown.next_try) == (link.state, link.next_try));
        if is_so {
            self.trail.link(&link);
            self.link.set(link);
        }
    }

    fn auth(self) -> Auth {
        self.parts.with_value(|parts| parts.auth.clone())
    }

    pub(super) fn place(self) -> Place {
        let place = self.parts.with_value(|parts| parts.place.clone());
        let online = page::is_online();
        Place { online, ..place }
    }

    fn enter_as(self, principal: Principal) {
        let me = Me::User(principal.user_id.as_str().into());
        self.parts.update_value(|parts| {
            parts.user_id = principal.user_id;
            parts.display_name = principal.display_name;
        });
        self.enter(me);
    }

    /// Begins a chat.
    fn enter(self, me: Me) {
        let (auth, config) = self
            .parts
            .with_value(|parts| (parts.auth.clone(), parts.config.clone()));
        let options = Options {
            seed: browser::seed(),
            // Whoever goes away is told so; whoever is still here wants to come back.
            reconnect_on_every_close: true,
            negotiate: NEGOTIATE.map(str::to_owned).into(),
            ..Options::new(config.functions_url())
        };
        let connection = Connection::new(Browser::default(), options, move |reason| {
            let auth = auth.clone();
            Box::pin(async move {
                let renew = reason == AuthorizeReason::Unauthorized;
                auth.authorization(renew)
                    .await
                    .map_err(|_| words::signed_out().to_owned())
            })
        });
        connection.on_json(&config.target, move |arguments: &[Json<'_>]| {
            let incoming = Incoming::decode(arguments);
            self.change(|chat, now| chat.receive(incoming, now));
            self.came();
        });
        connection.on_state(move |state| self.connection_changed(state));
        let trail = self.trail;
        connection.on_trace(move |at, trace| trail.note_at(at, Note::Trace(trace.clone())));
        self.parts.update_value(|parts| {
            parts.chat = Chat::new(me, random::name);
            parts.chat.normalize_names_with(text::normal);
            parts.chats += 1;
            parts.connection = Some(connection.clone());
        });
        self.take_up_ignored();
        self.begin_to_keep();
        later::run(Task::Lead(self));
        // How it goes is told to whoever follows the state.
        drop(connection.start());
    }

    fn follow(self, link: Link) {
        match link.state {
            LinkState::Connected => {
                // A function that lets in says that the session is good.
                self.refused.set(false);
                self.worked();
                self.change(Chat::connected);
            }
            LinkState::Reconnecting | LinkState::Disconnected => {
                // Before the first connection there is nothing to lose.
                if self
                    .link
                    .with_untracked(|before| before.state == LinkState::Connected)
                {
                    self.change(Chat::disconnected);
                }
            }
            LinkState::Connecting => {}
        }
        self.trail.link(&link);
        if link.unanswered {
            self.unanswered();
        }
        self.link.set(link);
        self.send_next();
    }

    fn worked(self) {
        self.parts.update_value(|parts| parts.doubt.worked());
    }

    /// A function brought no answer: asks once whether the reason is that the session is over.
    fn unanswered(self) {
        let asks = self.parts.try_update_value(|parts| {
            let signed_in = !parts.user_id.is_empty();
            (parts.doubt.unanswered() && signed_in).then(|| parts.auth.clone())
        });
        let Some(auth) = asks.flatten() else {
            return;
        };
        task::spawn(async move {
            if matches!(auth.who_am_i().await, WhoAmI::SignedOut(_)) {
                self.refused.set(true);
            }
        });
    }

    /// Reads the chat, and again after each change.
    pub(crate) fn read<T>(self, read: impl FnOnce(&Chat) -> T) -> T {
        self.revision.track();
        self.peek(read)
    }

    /// Reads the chat once.
    pub(crate) fn peek<T>(self, read: impl FnOnce(&Chat) -> T) -> T {
        self.parts.with_value(|parts| read(&parts.chat))
    }

    /// Changes the chat. However many changes come in one frame, the page is drawn once.
    fn change<T>(self, change: impl FnOnce(&mut Chat, Timestamp) -> T) -> T {
        let now = Timestamp(clock::now() as u64);
        let (result, first) = self
            .parts
            .try_update_value(|parts| {
                let first = !std::mem::replace(&mut parts.frame_requested, true);
                (change(&mut parts.chat, now), first)
            })
            .expect("the session lives as long as the page");
        if first {
            request_animation_frame(move || {
                self.parts
                    .update_value(|parts| parts.frame_requested = false);
                self.revision
                    .update(|revision| *revision = revision.wrapping_add(1));
            });
        }
        self.keep_soon();
        result
    }

    /// Takes something out of the chat. Nothing is drawn anew for that.
    pub(crate) fn take<T>(self, take: impl FnOnce(&mut Chat) -> T) -> T {
        self.parts
            .try_update_value(|parts| take(&mut parts.chat))
            .expect("the session lives as long as the page")
    }

    /// The person looks at the end of the open conversation, or does not.
    pub(crate) fn watch(self, watched: bool) {
        self.change(|chat, _| chat.watch(watched));
    }

    /// The open conversation, followed.
    pub(crate) fn open_id(self) -> ConversationId {
        self.open.get()
    }

    /// The name to greet the person by; empty for nobody.
    pub(crate) fn display_name(self) -> String {
        self.parts.with_value(|parts| parts.display_name.clone())
    }

    /// The sign-ins that the settings offer.
    pub(crate) fn providers(self) -> Vec<String> {
        self.parts
            .with_value(|parts| parts.config.auth_providers.clone())
    }

    /// What the settings have in them that means nothing here, or that does not work here.
    pub(crate) fn settings_warning(self) -> Option<Problem> {
        self.parts.with_value(|parts| {
            diagnosis::unknown_settings(&parts.config.unknown_keys)
                .or_else(|| cookie_warning(&parts.place))
        })
    }

    /// Tries to connect now, whatever the next try's time is.
    pub(crate) fn try_now(self) {
        if let Some(connection) = self.connection() {
            connection.try_now();
        }
    }

    /// The connection, taken out of the parts: it reports back while it is being told something.
    pub(super) fn connection(self) -> Option<Connection> {
        self.parts.with_value(|parts| parts.connection.clone())
    }

    /// Opens a conversation.
    pub(crate) fn open(self, id: ConversationId) {
        self.change(|chat, _| chat.open_conversation(id.clone()));
        self.open.set(id);
    }

    /// Opens the conversation that holds a message, and has it brought into view.
    pub(crate) fn reveal(self, id: MessageId) {
        if let Some(place) = self.peek(|chat| chat.place_of(id)) {
            // Before: the conversation that opens then knows what it opens for.
            self.revealed.set(Some(id));
            if self.open.with_untracked(|open| *open != place) {
                self.open(place);
            }
        }
    }
}
