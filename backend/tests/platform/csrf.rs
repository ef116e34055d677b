//! Which POSTs are refused although somebody is signed in.

use crate::{BROWSER, PAGE, cookie, get, post, start, status, token};

#[tokio::test]
async fn a_browsers_post_with_a_cookie_must_come_from_a_known_origin() {
    let backend = start(|options| {
        options.allow_redirects = Some(vec!["https://allowed.example/chat/".into()]);
    })
    .await;
    let own = backend.url();
    let cookie = cookie(&backend, "alice").await;
    let token = token(&backend, "alice").await;
    for (agent, origin, expected) in [
        (BROWSER, "https://evil.example", 403),
        (BROWSER, "null", 403),
        (BROWSER, "", 403),
        (BROWSER, PAGE, 200),
        (BROWSER, "https://allowed.example", 200),
        (BROWSER, &own, 200),
        ("curl/8", "https://evil.example", 200),
    ] {
        for path in ["/api/negotiate", "/.auth/me"] {
            let with_origin = |request: reqwest::RequestBuilder| match origin {
                "" => request,
                origin => request.header("origin", origin),
            };
            let request = post(&backend, path).header("user-agent", agent);
            let by_cookie = with_origin(request).header("cookie", &cookie);
            let what = format!("{path} {agent} {origin:?}");
            assert_eq!(status(by_cookie).await, expected, "{what}");
            let request = post(&backend, path).header("user-agent", agent);
            let by_token = with_origin(request).header("x-zumo-auth", &token);
            assert_eq!(status(by_token).await, 200, "{what}");
        }
    }
    let reading = get(&backend, "/.auth/me")
        .header("user-agent", BROWSER)
        .header("origin", "https://evil.example")
        .header("cookie", &cookie);
    assert_eq!(status(reading).await, 200, "it is about POST alone");
    let referred = post(&backend, "/api/negotiate")
        .header("user-agent", BROWSER)
        .header("referer", format!("{PAGE}/some/where"))
        .header("cookie", &cookie);
    assert_eq!(status(referred).await, 200);
    backend.switch(|switches| switches.csrf = false);
    let unchecked = post(&backend, "/api/negotiate")
        .header("user-agent", BROWSER)
        .header("cookie", &cookie);
    assert_eq!(status(unchecked).await, 200);
    backend.stop().await;
}
