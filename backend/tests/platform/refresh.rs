//! How sessions go on, and how they end before their time.

use backend::switches::{Fault, Step};

use crate::{cookie, get, header, json, start, status, token};

#[tokio::test]
async fn a_session_is_renewed_as_it_was_shown() {
    let backend = start(|_| {}).await;
    let (cookie, token) = (
        cookie(&backend, "alice").await,
        token(&backend, "alice").await,
    );
    backend.expire_sessions();
    let me = |name: &'static str, value: String| get(&backend, "/.auth/me").header(name, value);
    assert_eq!(status(me("cookie", cookie.clone())).await, 401);
    let renewed = get(&backend, "/.auth/refresh").header("cookie", cookie.clone());
    let renewed = renewed.send().await.unwrap();
    let renewed = header(&renewed, "set-cookie");
    let renewed = renewed.split(';').next().unwrap();
    assert_eq!(status(me("cookie", renewed.to_owned())).await, 200);
    let renewed = get(&backend, "/.auth/refresh").header("x-zumo-auth", token.clone());
    let renewed = json(renewed).await;
    let renewed = renewed["authenticationToken"].as_str().unwrap().to_owned();
    assert_eq!(status(me("x-zumo-auth", renewed)).await, 200);
    backend.revoke_sessions();
    let revoked = get(&backend, "/.auth/refresh").header("x-zumo-auth", token);
    assert_eq!(status(revoked).await, 401);
    backend.stop().await;
}

#[tokio::test]
async fn a_provider_may_have_its_reasons() {
    let backend = start(|_| {}).await;
    let token = token(&backend, "alice").await;
    for expected in [400, 401, 403, 404] {
        let fault = Fault::status(Step::Refresh, expected).times(1);
        backend.switch(|switches| switches.faults.push(fault));
        for expected in [expected, 200] {
            let refresh = get(&backend, "/.auth/refresh").header("x-zumo-auth", &token);
            assert_eq!(status(refresh).await, expected);
        }
    }
    backend.stop().await;
}
