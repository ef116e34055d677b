//! The steps that the page has taken to a connection, and what came of each: what to look at, or to
//! hand on, where the chat does not start.

use leptos::prelude::*;
use web_sys::HtmlDialogElement;

use super::notice::button;
use super::part::{Part, follow};
use super::words;
use crate::app::Trail;
use crate::diagnosis::report::{Row, Verdict};
use crate::platform::{clipboard, task};

/// The dialog, which stands on the page unseen while `trail` is not open.
#[component]
pub(crate) fn Details(trail: Trail) -> Part {
    let details = Part::copy("details");
    let (dialog, close) = (details.clone(), details.clone());
    let status = details.at("[role=status]");
    let text = details.at(".details-text");
    let (told, shown) = (status.clone(), text.clone());
    follow(move || {
        if trail.open.get() {
            told.text(words::no_secrets());
            shown.set("hidden", "");
            // Fails where it is open already.
            let _ = dialog.element::<HtmlDialogElement>().show_modal();
        }
    });
    let filled = details.clone();
    follow(move || {
        if trail.open.get() {
            fill(&filled, trail);
        }
    });
    details.at(".close").on("click", move |_| {
        close.element::<HtmlDialogElement>().close()
    });
    // Esc closes it too.
    details.on("close", move |_| trail.open.set(false));
    details.at(".button").on("click", move |_| {
        let (status, shown) = (status.clone(), text.clone());
        let text = trail.text();
        task::spawn(async move {
            if clipboard::copy(&text).await {
                status.text(words::copied());
            } else {
                shown.text(&text);
                shown.set_if(false, "hidden", "");
                clipboard::select(&shown.element());
                status.text(words::selected());
            }
        });
    });
    details
}

fn fill(details: &Part, trail: Trail) {
    let (facts, steps) = (details.at(".facts"), details.at(".steps"));
    facts.show_if(None);
    steps.show_if(None);
    trail.read(|known, log| {
        for (name, value) in known {
            let fact = Part::copy("fact");
            fact.at("dt").text(name);
            fact.at("dd").text(value);
            facts.add(fact);
        }
        for row in log.rows() {
            // The latest first: it is the one that somebody came to see.
            steps.insert(step(row), steps.child().as_ref());
        }
    });
}

fn step(row: &Row) -> Part {
    let step = Part::copy("step");
    step.set(
        "data-verdict",
        match &row.verdict {
            Verdict::UnderWay => "under-way",
            Verdict::Well(_) => "well",
            Verdict::Failed(_) => "failed",
        },
    );
    step.at(".step-name").text(row.step.name());
    step.at(".step-place").text(&row.place);
    step.at(".step-verdict").text(row.words());
    step.at("time").text(&Trail::time(row));
    step.at("time + span").text(&row.duration());
    step
}

/// A button that opens the details.
pub(super) fn details_button(trail: Trail, label: &str) -> Part {
    let open = button(label, move || trail.open.set(true));
    open.set("class", "link");
    open.set("aria-haspopup", "dialog");
    open
}
