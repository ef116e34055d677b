//! Answers that come late or never.

use std::time::{Duration, Instant};

use backend::options::MessagePolicy;
use backend::switches::{Fault, Outcome, Step};
use backend::{Backend, Options};
use serde_json::json;

use crate::{get, post, status};

async fn start() -> Backend {
    let options = Options {
        port: 0,
        anonymous: true,
        ..Options::default()
    };
    Backend::start(options).await.unwrap()
}

#[tokio::test]
async fn an_answer_waits_as_long_as_the_fault_says() {
    let backend = start().await;
    let delay = Duration::from_millis(80);
    for (step, path) in [
        (Step::Negotiate, "/api/negotiate"),
        (Step::Messages, "/api/messages"),
    ] {
        backend.switch(|switches| switches.faults = vec![Fault::delay(step, delay).times(1)]);
        let began = Instant::now();
        let answer = post(&backend, path).json(&json!({ "text": "hi" }));
        assert_eq!(status(answer).await, 200);
        assert!(began.elapsed() >= delay, "{path}");
        assert_eq!(backend.switches().faults[0].times, Some(0));
    }
    backend.stop().await;
}

#[tokio::test]
async fn a_request_can_lose_its_connection() {
    let backend = start().await;
    for outcome in [Outcome::DropBefore, Outcome::DropAfter] {
        let fault = Fault::then(Step::Messages, outcome).times(1);
        backend.switch(|switches| switches.faults = vec![fault]);
        let lost = post(&backend, "/api/messages").json(&json!({ "text": "hi" }));
        let error = lost.send().await.unwrap_err();
        assert!(error.is_request(), "{error:?}");
    }
    let next = post(&backend, "/api/messages").json(&json!({ "text": "hi" }));
    assert_eq!(status(next).await, 200);
    backend.stop().await;
}

#[tokio::test]
async fn the_functions_fail_for_one_step_alone() {
    let backend = start().await;
    backend.switch(|switches| {
        switches.faults = vec![Fault::status(Step::Messages, 503)];
        switches.messages = Some(MessagePolicy::Echo);
    });
    for _ in 0..3 {
        let message = post(&backend, "/api/messages").json(&json!({ "text": "hi" }));
        assert_eq!(status(message).await, 503, "until it is taken out");
        assert_eq!(status(post(&backend, "/api/negotiate")).await, 200);
        assert_eq!(status(get(&backend, "/")).await, 200);
    }
    backend.stop().await;
}
