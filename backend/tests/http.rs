//! What the backend answers over HTTP.

use backend::{Backend, Options};
use reqwest::{Client, RequestBuilder, StatusCode, redirect};
use serde_json::{Value, json};

async fn start(change: impl FnOnce(&mut Options)) -> Backend {
    let mut options = Options {
        port: 0,
        ..Options::default()
    };
    change(&mut options);
    Backend::start(options).await.unwrap()
}

/// A client that shows where it is led instead of going there.
fn http() -> Client {
    Client::builder()
        .redirect(redirect::Policy::none())
        .build()
        .unwrap()
}

fn sign_in(backend: &Backend, query: &str, name: &str) -> RequestBuilder {
    let url = format!("{}/.auth/login/aad/callback?{query}", backend.url());
    http()
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("name={name}"))
}

async fn location(request: RequestBuilder) -> String {
    request.send().await.unwrap().headers()["location"]
        .to_str()
        .unwrap()
        .to_owned()
}

async fn session(backend: &Backend, name: &str) -> String {
    let location = location(sign_in(backend, "session_mode=token", name)).await;
    let json = location.split_once("#token=").unwrap().1;
    let json = percent_encoding::percent_decode_str(json)
        .decode_utf8()
        .unwrap();
    serde_json::from_str::<Value>(&json).unwrap()["authenticationToken"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn negotiation_leads_to_the_hub_with_a_token() {
    let backend = start(|_| {}).await;
    let token = session(&backend, "alice").await;
    for route in ["negotiate?negotiateVersion=1", "SignalRInfo"] {
        let request = http()
            .post(format!("{}/api/{route}", backend.url()))
            .header("x-zumo-auth", &token);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["url"], format!("{}/client/?hub=chat", backend.url()));
        let access = answer["accessToken"].as_str().unwrap();
        let hub = format!("{}/client/negotiate?hub=chat", backend.url());
        for (version, has_token) in [("", false), ("&negotiateVersion=1", true)] {
            let request = http().post(format!("{hub}{version}")).bearer_auth(access);
            let answer: Value = request.send().await.unwrap().json().await.unwrap();
            assert!(answer["connectionId"].is_string());
            assert_eq!(answer["connectionToken"].is_string(), has_token);
        }
    }
    backend.stop().await;
}

#[tokio::test]
async fn the_hub_refuses_what_it_should() {
    let backend = start(|_| {}).await;
    let negotiate = async |query: &str, token: &str| {
        let url = format!("{}/client/negotiate{query}", backend.url());
        http()
            .post(url)
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
            .status()
    };
    assert_eq!(
        negotiate("?hub=chat", "rubbish").await,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        negotiate("?hub=other", "rubbish").await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(negotiate("", "rubbish").await, StatusCode::BAD_REQUEST);
    backend.stop().await;
}

#[tokio::test]
async fn functions_want_a_session_unless_there_is_no_sign_in() {
    let backend = start(|_| {}).await;
    let negotiate = |backend: &Backend| {
        http()
            .post(format!("{}/api/negotiate", backend.url()))
            .send()
    };
    assert_eq!(
        negotiate(&backend).await.unwrap().status(),
        StatusCode::UNAUTHORIZED
    );
    let claimed = http()
        .post(format!("{}/api/negotiate", backend.url()))
        .header("x-ms-client-principal-name", "admin");
    assert_eq!(
        claimed.send().await.unwrap().status(),
        StatusCode::UNAUTHORIZED,
        "nobody can claim to be anybody"
    );
    backend.stop().await;

    let backend = start(|options| options.anonymous = true).await;
    assert_eq!(negotiate(&backend).await.unwrap().status(), StatusCode::OK);
    let me = http()
        .get(format!("{}/.auth/me", backend.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(me.status(), StatusCode::NOT_FOUND);
    backend.stop().await;
}

#[tokio::test]
async fn a_cookie_or_a_token_says_who_calls() {
    let backend = start(|_| {}).await;
    let me = |request: RequestBuilder| async move {
        request.send().await.unwrap().json::<Value>().await.unwrap()
    };
    let url = format!("{}/.auth/me", backend.url());

    let answer = sign_in(&backend, "post_login_redirect_url=/", "J%C3%BCrgen")
        .send()
        .await
        .unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite"),
        "{cookie}"
    );
    let by_cookie = me(http()
        .get(&url)
        .header("cookie", cookie.split(';').next().unwrap()))
    .await;
    assert_eq!(by_cookie[0]["user_id"], "Jürgen");

    let token = session(&backend, "alice").await;
    let by_token = me(http().get(&url).header("x-zumo-auth", &token)).await;
    assert_eq!(by_token[0]["user_id"], "alice");
    assert_eq!(by_token[0]["provider_name"], "aad");
    let nobody = http()
        .get(&url)
        .header("x-zumo-auth", "rubbish")
        .send()
        .await
        .unwrap();
    assert_eq!(nobody.status(), StatusCode::UNAUTHORIZED);
    backend.stop().await;
}

#[tokio::test]
async fn sessions_end_and_can_be_renewed_for_a_while() {
    for (grace, renewable) in [(3600, StatusCode::OK), (0, StatusCode::UNAUTHORIZED)] {
        let backend = start(|options| {
            options.session_lifetime = std::time::Duration::ZERO;
            options.session_grace = std::time::Duration::from_secs(grace);
        })
        .await;
        let token = session(&backend, "alice").await;
        let get = |path: &str| {
            http()
                .get(format!("{}{path}", backend.url()))
                .header("x-zumo-auth", &token)
                .send()
        };
        assert_eq!(
            get("/.auth/me").await.unwrap().status(),
            StatusCode::UNAUTHORIZED
        );
        let renewed = get("/.auth/refresh").await.unwrap();
        assert_eq!(renewed.status(), renewable);
        if renewable == StatusCode::OK {
            assert!(renewed.json::<Value>().await.unwrap()["authenticationToken"].is_string());
        }
        backend.stop().await;
    }
}

#[tokio::test]
async fn a_sign_in_leads_back_only_where_it_may() {
    let backend = start(|_| {}).await;
    for (target, leads_to) in [
        (
            "http://localhost:8080/chat/",
            "http://localhost:8080/chat/#token=",
        ),
        ("https://evil.example/", "/.auth/login/done#token="),
    ] {
        for spelling in ["post_login_redirect_url", "post_login_redirect_uri"] {
            let query = format!("{spelling}={target}&session_mode=token");
            let location = location(sign_in(&backend, &query, "alice")).await;
            assert!(location.starts_with(leads_to), "{location}");
        }
    }
    let logout = format!(
        "{}/.auth/logout?post_logout_redirect_uri=https://evil.example/",
        backend.url()
    );
    assert_eq!(location(http().get(logout)).await, "/.auth/logout/done");
    let unnamed = sign_in(&backend, "", "%20").send().await.unwrap();
    assert_eq!(unnamed.status(), StatusCode::BAD_REQUEST);
    backend.stop().await;
}

#[tokio::test]
async fn cors_names_the_listed_origins_alone() {
    let backend = start(|_| {}).await;
    let preflight = async |path: &str, origin: &str| {
        let url = format!("{}{path}", backend.url());
        let request = http()
            .request(reqwest::Method::OPTIONS, url)
            .header("origin", origin);
        let request = request
            .header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "authorization,content-type,x-zumo-auth",
            );
        let answer = request.send().await.unwrap();
        answer
            .headers()
            .get("access-control-allow-origin")
            .map(|value| value.to_str().unwrap().to_owned())
    };
    let page = "http://localhost:8080";
    assert_eq!(
        preflight("/api/messages", page).await.as_deref(),
        Some(page)
    );
    assert_eq!(
        preflight("/api/messages", "http://localhost:8081").await,
        None
    );
    assert_eq!(
        preflight("/client/negotiate?hub=chat", "http://a.b")
            .await
            .as_deref(),
        Some("http://a.b")
    );
    let preflight = http()
        .request(
            reqwest::Method::OPTIONS,
            format!("{}/client/?hub=chat", backend.url()),
        )
        .header("origin", page)
        .header("access-control-request-method", "DELETE")
        .send()
        .await
        .unwrap();
    let allows = |name: &str, value: &str| {
        let list = preflight.headers()[name].to_str().unwrap();
        list.split(',')
            .any(|one| one.trim().eq_ignore_ascii_case(value))
    };
    for method in ["GET", "POST", "DELETE"] {
        assert!(allows("access-control-allow-methods", method), "{method}");
    }
    for header in [
        "authorization",
        "cache-control",
        "content-type",
        "x-requested-with",
        "x-signalr-user-agent",
        "x-zumo-auth",
    ] {
        assert!(allows("access-control-allow-headers", header), "{header}");
    }
    assert!(allows("access-control-allow-credentials", "true"));
    let refused = http()
        .post(format!("{}/api/messages", backend.url()))
        .header("origin", page)
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(
        refused.headers()["access-control-allow-origin"],
        page,
        "the page may read that it is signed out"
    );
    backend.stop().await;
}

#[tokio::test]
async fn bodies_that_are_no_message_are_refused() {
    let backend = start(|options| options.anonymous = true).await;
    let post = async |body: String| {
        http()
            .post(format!("{}/api/messages", backend.url()))
            .body(body)
            .send()
            .await
            .unwrap()
            .status()
    };
    assert_eq!(post("{".into()).await, StatusCode::BAD_REQUEST);
    assert_eq!(post("[]".into()).await, StatusCode::BAD_REQUEST);
    let huge = json!({ "text": "x".repeat(1024 * 1024) }).to_string();
    assert_eq!(post(huge).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        post(json!({ "text": "hi" }).to_string()).await,
        StatusCode::OK
    );
    backend.stop().await;
}

#[tokio::test]
async fn a_port_that_is_taken_is_said_to_be_so() {
    let backend = start(|_| {}).await;
    let port = backend.addr().port();
    let again = Backend::start(Options {
        port,
        ..Options::default()
    })
    .await;
    let words = again.err().expect("the port is taken").to_string();
    assert!(
        words.contains(&port.to_string()) && words.contains("--port"),
        "{words}"
    );
    backend.stop().await;
}
