//! What is wrong, and what to do about it.

use leptos::prelude::*;

use super::details::details_button;
use super::part::{Part, follow};
use super::words;
use crate::app::{LinkState, Session, SigningIn};
use crate::diagnosis::Problem;
use crate::platform::{clipboard, clock, page, task, timer};

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// It will pass, or can be lived with. Read out politely.
    Warning,
    /// Nothing goes on before somebody acts. Read out at once.
    Failure,
}

/// A problem, in two parts: what happened, and what to do.
#[component]
pub(crate) fn Notice(
    problem: Problem,
    tone: Tone,
    #[prop(default = Vec::new())] actions: Vec<Part>,
) -> Part {
    let notice = Part::copy("notice");
    if tone == Tone::Failure {
        notice.set("class", "notice failure");
        notice.set("role", "alert");
    }
    notice.at("strong").text(&problem.title);
    show_hint(&notice.at(".hint"), &problem);
    for action in actions {
        notice.add(action);
    }
    notice
}

/// Shows what to do. The page's origin, where that has it, is there to be copied.
fn show_hint(hint: &Part, problem: &Problem) {
    let origin = page::origin();
    let Some((before, after)) = problem.around(&origin) else {
        return hint.text(&problem.hint);
    };
    hint.text(before);
    let copyable = Part::copy("copyable");
    let code = copyable.at("code");
    code.text(&origin);
    let copy = copyable.at("button");
    copy.text(words::copy());
    copy.set("aria-label", &words::copy_this(&origin));
    let pressed = copy.clone();
    copy.on("click", move |_| {
        let (origin, code, button) = (origin.clone(), code.clone(), pressed.clone());
        task::spawn(async move {
            let copied = clipboard::copy(&origin).await;
            if !copied {
                clipboard::select(&code.element());
            }
            button.set_if(false, "aria-label", "");
            button.text(if copied {
                words::copied()
            } else {
                words::selected()
            });
        });
    });
    hint.add(copyable);
    hint.add_text(after);
}

/// Shows the notices above the open conversation.
pub(crate) fn show_notices(session: Session, place: &Part) {
    let notices = Part::copy("notices");
    let settings = session
        .settings_warning()
        .map(|problem| view! { <Notice problem tone=Tone::Warning /> }.into());
    notices.at("[data-place=settings]").show_if(settings);
    let connection = notices.at("[data-place=connection]");
    follow(move || connection.show_if(connection_notice(session)));
    let history = notices.at("[data-place=history]");
    follow(move || {
        history.keep(session.history_lost.get(), || {
            let problem = Problem {
                title: words::history_lost().into(),
                hint: words::history_lost_hint().into(),
            };
            let close = button(words::close(), move || session.history_lost.set(false));
            view! { <Notice problem tone=Tone::Warning actions=vec![close] /> }.into()
        });
    });
    let exposed = notices.at("[data-place=exposed]");
    follow(move || {
        exposed.keep(session.read(|chat| chat.private_exposed()), || {
            let problem = Problem {
                title: words::exposed().into(),
                hint: words::exposed_hint().into(),
            };
            view! { <Notice problem tone=Tone::Failure /> }.into()
        });
    });
    place.show(notices);
}

/// Says why there is no connection or no sending, and when the next try is. Nothing while all is
/// well, and nothing about a first try that goes well.
fn connection_notice(session: Session) -> Option<Part> {
    let link = session.link.get();
    let ended = link.state == LinkState::Disconnected && link.signed_out;
    if session.refused.get() || ended {
        return Some(signed_out_notice(session));
    }
    let problem = link.problem?;
    let try_now = || button(words::try_now(), move || session.try_now());
    let (tone, actions) = match link.state {
        LinkState::Connected => return None,
        LinkState::Disconnected => {
            let actions = vec![try_now(), details_button(session.trail, words::details())];
            (Tone::Failure, actions)
        }
        LinkState::Connecting | LinkState::Reconnecting => {
            let countdown = link.next_try.map(countdown);
            (
                Tone::Warning,
                countdown
                    .into_iter()
                    .chain([try_now(), details_button(session.trail, words::details())])
                    .collect(),
            )
        }
    };
    Some(view! { <Notice problem tone actions /> }.into())
}

/// The session is over, while a chat is on the screen.
fn signed_out_notice(session: Session) -> Part {
    let signing_in = session.signing_in.get();
    let problem = signing_in.problem();
    let mut actions = sign_in(session, Session::sign_in);
    if let SigningIn::Ended { provider, .. } = signing_in {
        let here = button(words::sign_in_here(), move || {
            session.sign_in_here(&provider)
        });
        here.set("id", "sign-in-here");
        actions.push(here);
    }
    view! { <Notice problem tone=Tone::Failure actions /> }.into()
}

/// One button for each way to sign in.
pub(super) fn sign_in(session: Session, how: fn(Session, &str)) -> Vec<Part> {
    let mut buttons = Vec::new();
    for provider in session.providers() {
        let label = words::sign_in_by(&provider);
        let hook = provider.clone();
        let button = button(&label, move || how(session, &provider));
        button.set("class", "button primary");
        button.set("data-provider", &hook);
        buttons.push(button);
    }
    buttons
}

/// A button with this label.
pub(super) fn button(label: &str, pressed: impl Fn() + 'static) -> Part {
    let button = Part::copy("button");
    button.text(label);
    button.on("click", move |_| pressed());
    button
}

/// Counts down to the next try. Not read out: a number a second is no news.
fn countdown(next_try: u64) -> Part {
    let countdown = Part::copy("countdown");
    let shown = countdown.clone();
    let show = move || {
        let left = next_try.saturating_sub(clock::now() as u64);
        shown.text(&words::next_try_in(left.div_ceil(1000)));
    };
    show();
    let ticking = StoredValue::new_local(timer::every(1000, show));
    on_cleanup(move || {
        ticking.try_update_value(Option::take);
    });
    countdown
}
