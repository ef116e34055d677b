//! The button that asks for notifications.

use leptos::prelude::*;

use super::part::{Part, follow};
use super::words;
use crate::app::{Calls, Session};

/// Has `button` switch notifications on and off; takes it away where there are none.
pub(crate) fn bell(button: &Part, session: Session) {
    button.set_if(false, "disabled", "");
    let shown = button.clone();
    button.on("click", move |_| session.toggle_calls());
    follow(move || {
        let calls = session.calls.get();
        if calls == Calls::Missing {
            shown.remove();
        }
        let on = calls == Calls::On;
        shown.set("aria-pressed", if on { "true" } else { "false" });
        let label = match calls {
            Calls::Denied => words::notifications_denied(),
            _ => words::notifications(),
        };
        shown.set("title", label);
        shown.set("aria-label", label);
    });
}
