//! What becomes of a panic: the page is told, and shows what `ui/crashed.html` says.

use std::panic::{PanicHookInfo, set_hook};

use crate::diagnosis::redact::redact;
use crate::platform::page;

/// From now on a panic anywhere in the app is told to the page, before it ends the app. Not by its end
/// alone: a browser says no more of that than that something was unreachable, and of one within a
/// promise nobody hears.
pub(super) fn tell_of_panics() {
    set_hook(Box::new(|panic| page::report_error(&redact(&words(panic)))));
}

/// Nothing of the app is asked: it may be in the middle of anything.
fn words(panic: &PanicHookInfo<'_>) -> String {
    let payload = panic.payload();
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
    let (file, line) = panic
        .location()
        .map_or(("", 0), |place| (place.file(), place.line()));
    [
        text.unwrap_or_default(),
        " (",
        file,
        ":",
        &line.to_string(),
        ", version ",
        env!("CARGO_PKG_VERSION"),
        ")",
    ]
    .concat()
}
