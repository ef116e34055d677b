//! Locks that the pages of one origin share. An insecure page has none.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    type Locks;
    #[wasm_bindgen(method, catch)]
    fn request(
        this: &Locks,
        name: &str,
        options: &Object,
        granted: &Function,
    ) -> Result<Promise, JsValue>;
}

/// What to do if another page holds the lock.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum IfHeld {
    /// Nothing.
    GiveUp,
    /// Wait until it goes.
    Wait,
    /// Take it away.
    Take,
}

/// Asks for a lock, and holds it for as long as the page lives. `granted` hears at once, or when it
/// comes, whether it is held. Ends when the lock is lost, or not to be had; with `Err` where there are
/// no locks.
pub(crate) async fn hold(
    name: &str,
    if_held: IfHeld,
    mut granted: impl FnMut(bool) + 'static,
) -> Result<(), JsValue> {
    let window: JsValue = web_sys::window().into();
    let navigator = Reflect::get(&window, &"navigator".into())?;
    let locks = Reflect::get(&navigator, &"locks".into())?;
    if !locks.is_object() {
        return Err(locks);
    }
    let options = Object::new();
    for (option, value) in [("ifAvailable", IfHeld::GiveUp), ("steal", IfHeld::Take)] {
        let _ = Reflect::set(&options, &option.into(), &(if_held == value).into());
    }
    let answered = Rc::new(Cell::new(false));
    let is_answered = answered.clone();
    let callback = Closure::<dyn FnMut(JsValue) -> JsValue>::new(move |lock: JsValue| {
        let held = !lock.is_null();
        is_answered.set(true);
        granted(held);
        match held {
            // Never kept: the lock is held until then.
            true => Promise::new(&mut |_, _| {}).into(),
            false => JsValue::UNDEFINED,
        }
    });
    let locks: Locks = locks.unchecked_into();
    let ended = locks.request(name, &options, callback.as_ref().unchecked_ref())?;
    match JsFuture::from(ended).await {
        // Another page has taken the lock away.
        Err(_) if answered.get() => Ok(()),
        ended => ended.map(drop),
    }
}
