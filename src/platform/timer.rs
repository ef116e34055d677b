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

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use js_sys::Promise;
    use wasm_bindgen_futures::JsFuture;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// Ends when the callback has been called once.
    #[wasm_bindgen_test]
    async fn a_timer_runs_until_it_is_dropped() {
        let calls = Rc::new(Cell::new(0));
        let slot: Rc<Cell<Option<Interval>>> = Rc::default();
        let called = Promise::new(&mut |resolve, _| {
            let (calls, own) = (calls.clone(), slot.clone());
            slot.set(every(1, move || {
                calls.set(calls.get() + 1);
                // Dropped by its own callback, as a component that goes with its timer does.
                own.take();
                let _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
            }));
        });
        JsFuture::from(called).await.expect("it is called");
        // A later timer of the browser comes after whatever the dropped one would still do.
        let later = Promise::new(&mut |resolve, _| {
            let window = web_sys::window().expect("a browser");
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, 20);
        });
        JsFuture::from(later).await.expect("it comes");
        assert_eq!(calls.get(), 1);
    }
}
