//! Requests that can be aborted.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, AbortSignal};

use super::fetch::Ask;
use crate::signalr::client::Sink;
use crate::signalr::connection::{Event, Method, Request, RequestId, Response};
use crate::signalr::{Failure, Millis};

/// The requests that are under way.
#[derive(Default)]
pub(super) struct Requests(RefCell<Vec<(RequestId, AbortController)>>);

impl Requests {
    /// Sends a request. Its answer is told, unless it is aborted before.
    pub(super) fn send(requests: &Rc<Requests>, id: RequestId, request: Request, sink: &Sink) {
        let controller = AbortController::new().ok();
        let signal = controller.as_ref().map(AbortController::signal);
        requests
            .0
            .borrow_mut()
            .extend(controller.map(|one| (id, one)));
        let (requests, sink) = (requests.clone(), sink.clone());
        spawn_local(async move {
            let outcome = fetch(request, signal).await;
            if requests.take(id).is_some() {
                sink.event(Event::Answered(id, outcome));
            }
        });
    }

    /// Aborts a request, if it is under way.
    pub(super) fn abort(&self, id: RequestId) {
        if let Some(controller) = self.take(id) {
            controller.abort();
        }
    }

    /// Aborts all requests.
    pub(super) fn abort_all(&self) {
        for (_, controller) in self.0.take() {
            controller.abort();
        }
    }

    fn take(&self, id: RequestId) -> Option<AbortController> {
        let mut requests = self.0.borrow_mut();
        let at = requests.iter().position(|one| one.0 == id)?;
        Some(requests.swap_remove(at).1)
    }
}

async fn fetch(request: Request, signal: Option<AbortSignal>) -> Result<Response, Failure> {
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Delete => "DELETE",
    };
    let mut asking = Ask::new(method, &request.url, request.include_credentials);
    for (name, value) in &request.headers {
        asking = asking.header(name, value);
    }
    if !request.body.is_empty() {
        asking = asking.body(&request.body);
    }
    let response = asking.until(signal.as_ref()).send().await;
    let response = response.map_err(|_| Failure::Network)?;
    let seconds = response.header("retry-after");
    Ok(Response {
        status: response.status(),
        reason: response.reason(),
        retry_after: seconds
            .and_then(|seconds| seconds.parse::<Millis>().ok())
            .map(|one| one * 1000),
        // A body that breaks off is as good as none.
        body: response.text().await.map_err(|_| Failure::Network)?,
    })
}
