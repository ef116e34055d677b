//! Fetching the second part, once somebody wants something of it.

use std::cell::RefCell;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::{Owned, Task, door};
use crate::platform::task;
use crate::ui::part::Part;

/// What says that the second part did not come.
const NOTICE: &str = ".not-all-here";

thread_local! {
    static STATE: RefCell<State> = const { RefCell::new(State::Away(Vec::new())) };
}

/// Whether the second part is there.
enum State {
    /// Not yet. These are to be done then.
    Away(Vec<Owned>),
    /// Not yet, but on its way.
    Coming(Vec<Owned>),
    /// It is.
    Here,
}

/// Has the second part carry out `task`: now, or as soon as it is there.
pub(crate) fn run(task: Task) {
    let task = Owned::new(task);
    if !cfg!(feature = "split") {
        return door::pass(task);
    }
    let task = STATE.with_borrow_mut(|state| match state {
        State::Here => Some(task),
        State::Away(waiting) | State::Coming(waiting) => {
            waiting.push(task);
            None
        }
    });
    match task {
        Some(task) => door::pass(task),
        // Once it did not come, whoever wants it says so: what happens on the page is no reason.
        None if Part::on_page(NOTICE).is_none() => fetch(),
        None => {}
    }
}

/// True if the second part is there: else what only it would do need not be asked for.
pub(crate) fn is_here() -> bool {
    !cfg!(feature = "split") || STATE.with_borrow(|state| matches!(state, State::Here))
}

/// Fetches the second part, unless it is on its way already.
fn fetch() {
    let begins = STATE.with_borrow_mut(|state| match state {
        State::Away(waiting) => {
            *state = State::Coming(std::mem::take(waiting));
            true
        }
        _ => false,
    });
    if !begins {
        return;
    }
    // What did not fit before may be kept for a year.
    let cache = match Part::on_page(NOTICE) {
        None => "default",
        Some(_) => "reload",
    };
    task::spawn(async move {
        let loaded = load(wasm_bindgen::exports(), cache).await;
        let waiting = STATE.with_borrow_mut(|state| {
            let State::Coming(waiting) = state else {
                return Vec::new();
            };
            let waiting = std::mem::take(waiting);
            if loaded.is_ok() {
                *state = State::Here;
                return waiting;
            }
            *state = State::Away(waiting);
            Vec::new()
        });
        tell(loaded.is_err());
        waiting.into_iter().for_each(door::pass);
    });
}

/// Says that the second part did not come, with a button to try again; or nothing any more.
fn tell(failed: bool) {
    let said = Part::on_page(NOTICE);
    match said {
        Some(said) if !failed => said.remove(),
        None if failed => {
            let said = Part::copy("not-all-here");
            said.at("button").on("click", |_| fetch());
            if let Some(body) = Part::on_page("body") {
                body.add(said);
            }
        }
        _ => {}
    }
}

#[wasm_bindgen]
extern "C" {
    /// Fetches the second part and joins it to the first, whose exports it is given. `cache` is what
    /// becomes of a copy that the browser has. The page has
    /// this function from `cargo xtask dist`, with the name of the file and the hash of its content:
    /// nothing else is run, and nothing of another build.
    #[wasm_bindgen(catch, js_name = later)]
    async fn load(exports: JsValue, cache: &str) -> Result<JsValue, JsValue>;
}
