//! Work that goes on while the page does other things.

use std::future::Future;
use std::pin::Pin;

/// Runs `task` from now on, in between whatever else the page does.
pub(crate) fn spawn(task: impl Future<Output = ()> + 'static) {
    let task: Pin<Box<dyn Future<Output = ()>>> = Box::pin(task);
    // Boxed: what runs a task is then compiled once, not once a task.
    wasm_bindgen_futures::spawn_local(task);
}
