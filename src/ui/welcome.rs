//! Before the chat: loading, signing in, and what keeps it from starting.

use leptos::prelude::*;

use super::notice::{Notice, Tone, sign_in};
use super::words;
use crate::app::{Screen, Session};
use crate::diagnosis::Problem;

/// The mark of the page.
pub(super) fn mark() -> AnyView {
    view! {
        <svg viewBox="0 0 24 24" aria-hidden="true">
            <path
                fill="currentColor"
                d="M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-7l-6 5v-5H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z"
            />
        </svg>
    }
    .into_any()
}

/// One card in the middle of the page.
#[component]
pub(super) fn Welcome(session: Session, screen: Screen) -> impl IntoView {
    let body = match screen {
        Screen::SignedOut { problem } => view! {
            <h1>{words::WELCOME}</h1>
            <p>{words::WELCOME_HINT}</p>
            {problem.map(|problem| view! { <Notice problem tone=Tone::Failure /> })}
            <div class="choices">
                {sign_in(session)}
            </div>
        }
        .into_any(),
        Screen::Broken { problem } => view! {
            <h1>{words::APP}</h1>
            <Notice problem tone=Tone::Failure />
            <button class="button primary" on:click=move |_| session.begin()>{words::RETRY}</button>
        }
        .into_any(),
        Screen::Starting | Screen::Chat => view! {
            <h1>{words::APP}</h1>
            <p role="status">{words::STARTING}</p>
            <div class="loading-bar"></div>
        }
        .into_any(),
    };
    card(body)
}

/// The page in place of the chat, where a setting cannot be used.
#[component]
pub(crate) fn Broken(problem: Problem) -> impl IntoView {
    card(view! { <h1>{words::APP}</h1> <Notice problem tone=Tone::Failure /> }.into_any())
}

fn card(body: AnyView) -> AnyView {
    view! {
        <main class="welcome">
            <div class="welcome-card">{mark()} {body}</div>
        </main>
    }
    .into_any()
}
