//! What a person can choose: how the page looks, how it calls, what it keeps.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlInputElement};

use super::part::{Part, follow};
use super::{dialog, help, words};
use crate::app::looks::LOOKS;
use crate::app::{Calls, Session};

/// Opens the settings. Each choice holds at once.
pub(super) fn open(session: Session) {
    dialog::open(
        "settings",
        Box::new(move |settings| fill(settings, session)),
    );
}

fn fill(settings: &Part, session: Session) {
    for look in &LOOKS {
        let selector = ["[name=", look.name, "][value=", session.look(look), "]"];
        let chosen = settings.at(&selector.concat());
        chosen.set("checked", "");
        // The first of them that has this gets the focus.
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
            Calls::Missing => words::NOTIFICATIONS_MISSING,
            Calls::Denied => words::NOTIFICATIONS_DENIED,
            Calls::On | Calls::Off => words::NOTIFICATIONS_HINT,
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
            look => session.set_look(look, &input.value()),
        }
    });
    let dialog: HtmlDialogElement = settings.element();
    settings.at(".to-help").listen("click", move |_| {
        // First: the focus is then to go back to where it was before both.
        dialog.close();
        help::open();
    });
}
