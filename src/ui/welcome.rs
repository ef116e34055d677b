//! Before the chat: loading, signing in, and what keeps it from starting.

use leptos::prelude::*;

use super::details::details_button;
use super::notice::{Notice, Tone, button, sign_in};
use super::part::{Part, mount};
use super::words;
use crate::app::{Screen, Session, Trail};
use crate::diagnosis::Problem;
use crate::later::{self, Task};

/// One card in the middle of the page.
#[component]
pub(super) fn Welcome(session: Session, screen: Screen) -> Part {
    match screen {
        Screen::SignedOut { problem } => {
            let welcome = card(words::welcome(), session.trail);
            welcome.at("p").text(words::welcome_hint());
            for button in sign_in(session, Session::sign_in_here) {
                welcome.at(".choices").add(button);
            }
            if let Some(problem) = problem {
                later::run(Task::Why(welcome.at("[data-place=problem]"), problem));
            }
            welcome
        }
        Screen::Broken { .. } => {
            let place = Part::copy("root");
            later::run(Task::Broken(session, place.clone(), screen));
            place
        }
        Screen::Starting | Screen::Chat => Part::copy("starting"),
    }
}

/// Shows in `place` why.
pub(crate) fn show_why(place: &Part, problem: Problem) {
    place.show(view! { <Notice problem tone=Tone::Failure /> });
}

/// Shows in `place` why there is no chat, and what may help.
pub(crate) fn show_broken(session: Session, place: &Part, screen: Screen) {
    if let Screen::Broken {
        problem,
        may_sign_in,
    } = screen
    {
        let welcome = broken(problem, session.trail);
        let choices = welcome.at(".choices");
        let retry = button(words::try_again(), move || session.begin());
        retry.set("class", "button primary");
        choices.add(retry);
        if may_sign_in {
            let hint = welcome.at("p");
            hint.text(words::maybe_sign_in());
            // Below what it goes on from.
            welcome.at(".welcome-card").insert(hint, Some(&choices));
            for button in sign_in(session, Session::sign_in_here) {
                button.set("class", "button");
                choices.add(button);
            }
        } else {
            welcome.at("p").remove();
        }
        place.show(welcome);
    }
}

/// Shows the page in place of the chat, where a setting cannot be used.
pub(crate) fn misconfigured(problem: Problem, trail: Trail) {
    mount(move || {
        let broken = broken(problem, trail);
        broken.at("p").remove();
        broken
    });
}

fn broken(problem: Problem, trail: Trail) -> Part {
    let broken = card(words::app(), trail);
    show_why(&broken.at("[data-place=problem]"), problem);
    broken
}

fn card(title: &str, trail: Trail) -> Part {
    let card = Part::copy("welcome");
    card.at("h1").text(title);
    card.at("[data-place=details]")
        .add(details_button(trail, words::connection_details()));
    card
}
