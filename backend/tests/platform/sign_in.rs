//! How a sign-in ends.

use backend::switches::{Completion, SameSite};
use serde_json::{Value, json};

use crate::{PAGE, answer_provider, decode, get, header, json as ask, start};

/// What a popup's page posts to its opener, and to which origin.
fn posted(page: &str) -> (Value, Value) {
    let call = page.split_once("postMessage(").expect("it posts").1;
    let arguments = call.split_once(");").unwrap().0;
    let both = serde_json::from_str::<Value>(&format!("[{arguments}]")).unwrap();
    (both[0].clone(), both[1].clone())
}

#[tokio::test]
async fn a_popup_tells_its_opener() {
    let backend = start(|_| {}).await;
    let query = format!("session_mode=token&completion_type=postMessage&completion_origin={PAGE}");
    for completion in [Completion::Text, Completion::Object] {
        backend.switch(|switches| switches.completion = completion);
        let answer = answer_provider(&backend, &query, "name=alice").await;
        assert_eq!(answer.status(), 200);
        assert_eq!(header(&answer, "set-cookie"), "", "the token is enough");
        let (message, origin) = posted(&answer.text().await.unwrap());
        assert_eq!(origin, PAGE);
        let message = match completion {
            Completion::Object => message,
            Completion::Text => serde_json::from_str(message.as_str().unwrap()).unwrap(),
        };
        assert_eq!(message["type"], "LoginCompleted");
        assert_eq!(message["error"], Value::Null);
        let oauth = &message["oauth"];
        assert!(oauth["user"]["userId"].is_string(), "{oauth}");
        let token = oauth["authenticationToken"].as_str().unwrap();
        let me = ask(get(&backend, "/.auth/me").header("x-zumo-auth", token)).await;
        assert_eq!(me[0]["user_id"], "alice");
    }
    // In cookie mode, the page that is told need not keep what it is told.
    let query = format!("completion_type=postMessage&completion_origin={PAGE}");
    let answer = answer_provider(&backend, &query, "name=alice").await;
    assert!(header(&answer, "set-cookie").starts_with("AppServiceAuthSession="));
    backend.stop().await;
}

#[tokio::test]
async fn a_popup_tells_nobody_else() {
    let backend = start(|_| {}).await;
    for origin in [
        "&completion_origin=https://evil.example",
        "",
        "&completion_origin=*",
    ] {
        let query = format!("session_mode=token&completion_type=postMessage{origin}");
        let answer = answer_provider(&backend, &query, "name=alice").await;
        assert_eq!(answer.status(), 403);
        let words = answer.text().await.unwrap();
        assert!(!words.contains("postMessage"), "{words}");
    }
    backend.stop().await;
}

#[tokio::test]
async fn a_name_cannot_get_out_of_the_script() {
    let backend = start(|_| {}).await;
    let query = format!("completion_type=postMessage&completion_origin={PAGE}");
    let form = "name=%3C%2Fscript%3E%3Cscript%3Ealert(1)";
    let page = answer_provider(&backend, &query, form).await;
    let page = page.text().await.unwrap();
    assert_eq!(page.matches("<script").count(), 1, "{page}");
    backend.stop().await;
}

#[tokio::test]
async fn somebody_can_think_better_of_it() {
    let backend = start(|_| {}).await;
    let query = format!("session_mode=token&post_login_redirect_uri={PAGE}/");
    let answer = answer_provider(&backend, &query, "name=&cancel=true").await;
    let location = decode(&header(&answer, "location"));
    let error = location.strip_prefix(&format!("{PAGE}/#error=")).unwrap();
    assert!(error.starts_with("access_denied"), "{error}");

    let query = format!("session_mode=token&completion_type=postMessage&completion_origin={PAGE}");
    let answer = answer_provider(&backend, &query, "cancel=true").await;
    let (message, _) = posted(&answer.text().await.unwrap());
    let message: Value = serde_json::from_str(message.as_str().unwrap()).unwrap();
    let expected = json!({ "type": "LoginCompleted", "oauth": null, "error": error });
    assert_eq!(message, expected);

    let query = format!("post_login_redirect_uri={PAGE}/");
    let answer = answer_provider(&backend, &query, "name=alice&cancel=true").await;
    assert_eq!(answer.status(), 403, "a page that says so");
    assert_eq!(header(&answer, "set-cookie"), "");
    backend.stop().await;
}

#[tokio::test]
async fn the_cookie_is_as_the_switch_says_and_no_script_sees_it() {
    let backend = start(|_| {}).await;
    for (same_site, words) in [
        (SameSite::Lax, "SameSite=Lax"),
        (SameSite::None, "SameSite=None; Secure"),
        (SameSite::Strict, "SameSite=Strict"),
    ] {
        backend.switch(|switches| switches.same_site = same_site);
        let answer = answer_provider(&backend, "", "name=alice").await;
        let out = get(&backend, "/.auth/logout").send().await.unwrap();
        assert!(header(&out, "set-cookie").contains("Max-Age=0"));
        for cookie in [header(&answer, "set-cookie"), header(&out, "set-cookie")] {
            assert!(
                cookie.contains("HttpOnly") && cookie.ends_with(words),
                "{cookie}"
            );
        }
    }
    backend.stop().await;
}
