//! What a person can choose: how the page looks, how it calls, what it keeps.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlInputElement};

use super::part::{Part, follow};
use super::{dialog, help, words};
use crate::app::looks::LOOKS;
use crate::app::{Calls, Session, speaking};
use crate::language::Choice;
use crate::platform::task;

const LANGUAGE: &str = "language";
const SYSTEM: &str = "system";

/// Opens the settings. Each choice holds at once.
pub(crate) fn open(session: Session) {
    dialog::open(
        "settings",
        Box::new(move |settings| fill(settings, session)),
    );
}

fn fill(settings: &Part, session: Session) {
    let language = speaking::choice().kept().unwrap_or(SYSTEM);
    let looks = LOOKS.iter().map(|look| (look.name, session.look(look)));
    for (name, value) in looks.chain([(LANGUAGE, language)]) {
        let chosen = settings.at(&["[name=", name, "][value=", value, "]"].concat());
        chosen.set("checked", "");
        // The first of them in the markup gets the focus.
        chosen.set("autofocus", "");
    }
    for (hook, on) in [
        ("[name=sound]", session.has_sound()),
        ("[name=history]", session.has_history()),
    ] {
        settings.at(hook).set_if(on, "checked", "");
    }
    let (calls, hint) = (settings.at("[name=calls]"), settings.at(".calls-hint"));
    follow(move || {
        let state = session.calls.get();
        let input: HtmlInputElement = calls.element();
        input.set_checked(state == Calls::On);
        calls.set_if(state == Calls::Missing, "disabled", "");
        hint.text(match state {
            Calls::Missing => words::notifications_missing(),
            Calls::Denied => words::notifications_denied(),
            Calls::On | Calls::Off => words::notifications_hint(),
        });
    });
    settings.listen("change", move |event| {
        let Some(input) = event
            .target()
            .map(JsCast::unchecked_into::<HtmlInputElement>)
        else {
            return;
        };
        match input.name().as_str() {
            "calls" => session.toggle_calls(),
            "sound" => session.set_sound(input.checked()),
            "history" => session.set_history(input.checked()),
            LANGUAGE => session.set_language(Choice::of(Some(&input.value()))),
            look => session.set_look(look, &input.value()),
        }
    });
    let dialog: HtmlDialogElement = settings.element();
    let (closing, spoken) = (dialog.clone(), session.language.get_untracked());
    follow(move || {
        if session.language.get() != spoken {
            // The page is drawn anew, and so is this: not as a part of what goes.
            closing.close();
            task::spawn(async move { open(session) });
        }
    });
    settings.at(".to-help").listen("click", move |_| {
        // First: the focus is then to go back to where it was before both.
        dialog.close();
        help::open();
    });
}
