//! Before the chat: loading, signing in, and what keeps it from starting.

use leptos::prelude::*;

use super::details::details_button;
use super::notice::{Notice, Tone, button, sign_in};
use super::part::Part;
use super::words;
use crate::app::{Screen, Session, Trail};
use crate::diagnosis::Problem;

/// One card in the middle of the page.
#[component]
pub(super) fn Welcome(session: Session, screen: Screen) -> Part {
    match screen {
        Screen::SignedOut { problem } => {
            let welcome = card(words::welcome(), problem, session.trail);
            welcome.at("p").text(words::welcome_hint());
            for button in sign_in(session) {
                welcome.at(".choices").add(button);
            }
            welcome
        }
        Screen::Broken {
            problem,
            may_sign_in,
        } => {
            let welcome = card(words::app(), Some(problem), session.trail);
            let choices = welcome.at(".choices");
            let retry = button(words::try_again(), move || session.begin());
            retry.set("class", "button primary");
            choices.add(retry);
            if may_sign_in {
                let hint = welcome.at("p");
                hint.text(words::maybe_sign_in());
                // Below what it goes on from.
                welcome.at(".welcome-card").insert(hint, Some(&choices));
                for button in sign_in(session) {
                    button.set("class", "button");
                    choices.add(button);
                }
            } else {
                welcome.at("p").remove();
            }
            welcome
        }
        Screen::Starting | Screen::Chat => Part::copy("starting"),
    }
}

/// The page in place of the chat, where a setting cannot be used.
#[component]
pub(crate) fn Broken(problem: Problem, trail: Trail) -> Part {
    let broken = card(words::app(), Some(problem), trail);
    broken.at("p").remove();
    broken
}

fn card(title: &str, problem: Option<Problem>, trail: Trail) -> Part {
    let card = Part::copy("welcome");
    card.at("h1").text(title);
    let notice = problem.map(|problem| view! { <Notice problem tone=Tone::Failure /> }.into());
    card.at("[data-place=problem]").show_if(notice);
    card.at("[data-place=details]")
        .add(details_button(trail, words::connection_details()));
    card
}
