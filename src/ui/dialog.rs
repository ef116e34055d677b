//! A dialog over the page.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement};

use super::part::Part;
use crate::platform::pointer;

/// True while a dialog is open.
pub(super) fn is_open() -> bool {
    Part::on_page("dialog[open]").is_some()
}

/// Opens a copy of this template, which is a dialog, and calls `fill` with it. It is gone from the
/// page, with whatever listens to it, once it is closed: by Escape, by what has the class `close`, or
/// by a click beside it.
///
/// The focus goes into it, and back to where it was; or to the composer, where that is gone.
pub(super) fn open(template: &str, fill: Box<dyn FnOnce(&Part)>) {
    let Some(body) = Part::on_page("body") else {
        return;
    };
    // What listens to the dialog goes with it.
    let owner = Owner::new();
    owner.with(|| {
        let part = Part::copy(template);
        body.add(part.clone());
        fill(&part);
        let dialog: HtmlDialogElement = part.element();
        // Fails for a dialog that is open already.
        let _ = dialog.show_modal();
        let shown = part.clone();
        part.listen("click", move |event| {
            let target = event.target().map(JsCast::unchecked_into::<Element>);
            // The dialog itself is only hit beside what is in it.
            let closes = |target: Element| {
                target == *AsRef::<Element>::as_ref(&dialog)
                    || target.closest(".close").is_ok_and(|close| close.is_some())
            };
            if target.is_some_and(closes) {
                dialog.close();
            }
        });
        let owner = owner.clone();
        part.listen("close", move |_| {
            shown.remove();
            // A phone's keyboard would come with it.
            if !pointer::is_coarse()
                && Part::on_page(":focus").is_none()
                && let Some(field) = Part::on_page("#message-box")
            {
                field.focus();
            }
            owner.cleanup();
        });
    });
}
