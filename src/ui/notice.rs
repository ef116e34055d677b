//! What is wrong, and what to do about it.

use leptos::prelude::*;

use super::words;
use crate::app::{LinkState, Session};
use crate::diagnosis::Problem;
use crate::platform::{clock, timer};

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// It will pass, or can be lived with. Read out politely.
    Warning,
    /// Nothing goes on before somebody acts. Read out at once.
    Failure,
}

/// A problem, in two parts: what happened, and what to do.
#[component]
pub(super) fn Notice(
    problem: Problem,
    tone: Tone,
    #[prop(optional)] actions: Option<AnyView>,
) -> impl IntoView {
    let role = if tone == Tone::Failure {
        "alert"
    } else {
        "status"
    };
    view! {
        <div class="notice" class:failure=tone == Tone::Failure role=role>
            <p class="notice-words">
                <strong>{problem.title}</strong>
                <span class="hint">{problem.hint}</span>
            </p>
            {actions}
        </div>
    }
    .into_any()
}

/// The notices above the open conversation.
#[component]
pub(super) fn Notices(session: Session) -> impl IntoView {
    let exposed = move || {
        session.read(|chat| chat.private_exposed()).then(|| {
            let problem = Problem {
                title: words::EXPOSED.into(),
                hint: words::EXPOSED_HINT.into(),
            };
            view! { <Notice problem tone=Tone::Failure /> }
        })
    };
    let settings = session
        .settings_warning()
        .map(|problem| view! { <Notice problem tone=Tone::Warning /> });
    view! {
        <div>
            {settings}
            {move || connection_notice(session)}
            {exposed}
        </div>
    }
    .into_any()
}

/// Says why there is no connection or no sending, and when the next try is. Nothing while all is
/// well, and nothing about a first try that goes well.
fn connection_notice(session: Session) -> Option<AnyView> {
    let link = session.link.get();
    if session.refused.get() && link.state == LinkState::Connected {
        let problem = Problem {
            title: words::SIGNED_OUT.into(),
            hint: words::SIGNED_OUT_HINT.into(),
        };
        return Some(
            view! { <Notice problem tone=Tone::Failure actions=sign_in(session) /> }.into_any(),
        );
    }
    let problem = link.problem?;
    let (tone, actions) = match link.state {
        LinkState::Connected => return None,
        LinkState::Disconnected if link.signed_out => (Tone::Failure, sign_in(session)),
        LinkState::Disconnected => (Tone::Failure, try_now(session)),
        LinkState::Connecting | LinkState::Reconnecting => {
            let actions = view! { {countdown(link.next_try)} {try_now(session)} };
            (Tone::Warning, actions.into_any())
        }
    };
    Some(view! { <Notice problem tone actions /> }.into_any())
}

/// One button for each way to sign in.
pub(super) fn sign_in(session: Session) -> AnyView {
    let button = move |provider: String| {
        let label = words::sign_in_with(&provider);
        view! {
            <button class="button primary" data-provider=provider.clone() on:click=move |_| session.sign_in(&provider)>
                {label}
            </button>
        }
    };
    session
        .providers()
        .into_iter()
        .map(button)
        .collect_view()
        .into_any()
}

fn try_now(session: Session) -> AnyView {
    view! { <button class="button" on:click=move |_| session.try_now()>{words::TRY_NOW}</button> }
        .into_any()
}

/// Counts down to the next try. Not read out: a number a second is no news.
fn countdown(next_try: Option<u64>) -> Option<AnyView> {
    let at = next_try?;
    let left = move || at.saturating_sub(clock::now() as u64).div_ceil(1000);
    let seconds = RwSignal::new(left());
    let ticking = StoredValue::new_local(timer::every(1000, move || seconds.set(left())));
    on_cleanup(move || {
        ticking.try_update_value(Option::take);
    });
    Some(view! { <span aria-live="off">{move || words::next_try(seconds.get())}</span> }.into_any())
}
