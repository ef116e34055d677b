//! Sign-in as in Azure Static Web Apps.

use backend::switches::{Host, Unauthenticated};
use serde_json::json;

use crate::{BROWSER, PAGE, answer_provider, get, header, json, post, status, switched};

#[tokio::test]
async fn they_have_ways_of_their_own() {
    let backend = switched(|switches| {
        switches.host = Host::StaticWebApps;
        switches.unauthenticated = Unauthenticated::Allow;
    })
    .await;
    let me = || get(&backend, "/.auth/me");
    assert_eq!(json(me()).await, json!({ "clientPrincipal": null }));

    // There are no session tokens, nor popups that tell.
    for query in ["session_mode=token", "completion_type=postMessage"] {
        let query = format!("{query}&post_login_redirect_uri={PAGE}/");
        let answer = answer_provider(&backend, &query, "name=alice").await;
        assert_eq!(header(&answer, "location"), format!("{PAGE}/"));
        assert!(header(&answer, "set-cookie").starts_with("StaticWebAppsAuthCookie="));
    }
    let cookie = crate::cookie(&backend, "alice").await;
    let principal = json(me().header("cookie", &cookie)).await;
    let principal = &principal["clientPrincipal"];
    assert_eq!(principal["identityProvider"], "aad");
    assert_eq!(principal["userDetails"], "alice");
    assert_eq!(
        principal["userRoles"],
        json!(["anonymous", "authenticated"])
    );
    let token = cookie.split_once('=').unwrap().1;
    let by_header = json(me().header("x-zumo-auth", token)).await;
    assert_eq!(by_header, json!({ "clientPrincipal": null }));

    // No rule about origins either.
    let negotiate = post(&backend, "/api/negotiate")
        .header("user-agent", BROWSER)
        .header("cookie", &cookie);
    assert_eq!(status(negotiate).await, 200);
    let refresh = get(&backend, "/.auth/refresh").header("cookie", &cookie);
    assert_eq!(status(refresh).await, 404);
    for way in ["logout", "purge/aad"] {
        let path = format!("/.auth/{way}?post_logout_redirect_uri={PAGE}/");
        let out = get(&backend, &path).send().await.unwrap();
        assert!(header(&out, "set-cookie").starts_with("StaticWebAppsAuthCookie=;"));
        assert_eq!(header(&out, "location"), format!("{PAGE}/"));
    }
    backend.stop().await;
}
