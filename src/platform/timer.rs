//! Timers that end with their owner.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// A running timer. It stops when this is dropped.
pub(crate) struct Interval {
    id: i32,
    _callback: Closure<dyn FnMut()>,
}

/// Calls `callback` each `milliseconds`, until the returned timer is dropped.
pub(crate) fn every(milliseconds: i32, callback: impl FnMut() + 'static) -> Option<Interval> {
    let callback = Closure::<dyn FnMut()>::new(callback);
    let function = callback.as_ref().unchecked_ref();
    let id = web_sys::window()?
        .set_interval_with_callback_and_timeout_and_arguments_0(function, milliseconds)
        .ok()?;
    Some(Interval {
        id,
        _callback: callback,
    })
}

impl Drop for Interval {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            window.clear_interval_with_handle(self.id);
        }
    }
}
