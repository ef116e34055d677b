//! An event stream that ends with its owner.
//!
//! The format is that of "Server-sent events" of the HTML standard, as far as SignalR servers use
//! it.

use serverless_chat::signalr::client::Sink;
use serverless_chat::signalr::connection::{Closure, Event, Generation};
use tokio::task::{AbortHandle, spawn_local};

use super::Work;

/// An open event stream, or one that opens. Dropped, it closes.
pub(super) struct EventStream(AbortHandle);

impl EventStream {
    pub(super) fn open(
        http: reqwest::Client,
        generation: Generation,
        url: String,
        sink: Sink,
        work: Work,
    ) -> EventStream {
        let task = spawn_local(async move {
            // Why it ended is nothing that a browser tells.
            let _ = read(&http, generation, &url, &sink).await;
            sink.event(Event::Closed(generation, Closure::EventStream));
            drop(work);
        });
        EventStream(task.abort_handle())
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn read(
    http: &reqwest::Client,
    generation: Generation,
    url: &str,
    sink: &Sink,
) -> reqwest::Result<()> {
    let request = http.get(url).header("accept", "text/event-stream");
    let mut response = request.send().await?.error_for_status()?;
    sink.event(Event::Opened(generation));
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        bytes.extend_from_slice(&chunk);
        while let Some(end) = bytes.windows(2).position(|two| two == b"\n\n") {
            let event: Vec<u8> = bytes.drain(..end + 2).collect();
            let event = String::from_utf8_lossy(&event);
            let data = event.lines().filter_map(|line| line.strip_prefix("data:"));
            let data: Vec<&str> = data
                .map(|data| data.strip_prefix(' ').unwrap_or(data))
                .collect();
            if !data.is_empty() {
                sink.event(Event::Text(generation, data.join("\n")));
            }
        }
    }
    Ok(())
}
