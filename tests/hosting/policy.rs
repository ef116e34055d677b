//! The policy at work: what the page may not do, it does not; and a story that breaks it fails.

use crate::harness::{World, eventually};

/// The page reports each violation here.
const LISTEN: &str = "window.violations = [];
    addEventListener('securitypolicyviolation', event => violations.push(event.effectiveDirective));";

#[tokio::test]
async fn what_the_policy_forbids_does_not_happen() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice.text_of_script(LISTEN).await;
    for (script, directive) in [
        // A script that somebody got into the page.
        (
            "const one = document.createElement('script');
            one.append('window.ran = true');
            document.body.append(one)",
            "require-trusted-types-for",
        ),
        (
            "const button = document.createElement('button');
            try { button.setAttribute('onclick', 'window.ran = true') } catch {}
            document.body.append(button);
            button.click()",
            "",
        ),
        (
            "try { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=ran=true>') } catch {}",
            "require-trusted-types-for",
        ),
        (
            "try { trustedTypes.createPolicy('default', {}) } catch {}",
            "trusted-types",
        ),
        // What would carry something away.
        (
            "document.body.append(Object.assign(new Image(), { src: 'https://example.com/x.png' }))",
            "img-src",
        ),
        (
            "fetch('http://example.com/').catch(() => {})",
            "connect-src",
        ),
        (
            "const form = document.createElement('form');
            form.action = 'https://example.com/';
            document.body.append(form);
            form.submit()",
            "form-action",
        ),
        (
            "const base = document.createElement('base');
            base.href = 'https://example.com/';
            document.head.append(base)",
            "base-uri",
        ),
        (
            "const frame = document.createElement('iframe');
            frame.src = 'https://example.com/';
            document.body.append(frame)",
            "frame-src",
        ),
        (
            "const style = document.createElement('style');
            style.append('* { display: none }');
            document.head.append(style)",
            "style-src-elem",
        ),
    ] {
        alice
            .text_of_script(&["violations.length = 0;", script].concat())
            .await;
        if !directive.is_empty() {
            eventually(&format!("a report of {directive}"), async || {
                let reported = alice.text_of_script("return violations.join(' ')").await;
                reported
                    .split(' ')
                    .any(|one| one == directive)
                    .then_some(())
            })
            .await;
        }
        assert_eq!(
            alice.text_of_script("return String(window.ran)").await,
            "undefined",
            "{script}"
        );
    }
    assert!(
        alice.address().await.starts_with(&world.page()),
        "{}",
        alice.address().await
    );
    // The chat goes on.
    alice.say("still here").await;
    alice.sees("alice", "still here", &["sent"]).await;
    alice.console().await;
    alice.leave(&[]).await;
}

/// No story can pass over a violation, whatever errors it expects.
#[tokio::test]
#[should_panic(expected = "violates the following Content Security Policy directive")]
async fn a_story_that_breaks_the_policy_fails() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    visitor.wait_for("[data-provider]").await;
    visitor.text_of_script(LISTEN).await;
    visitor
        .text_of_script("fetch('http://example.com/').catch(() => {})")
        .await;
    eventually("a report", async || {
        let reported = visitor.text_of_script("return violations.join(' ')").await;
        reported.contains("connect-src").then_some(())
    })
    .await;
    visitor.leave(&["example.com", "http"]).await;
}

/// Nothing is asked of any host but the page's and the backend's.
#[tokio::test]
async fn no_third_party_is_asked_for_anything() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice.say("to nobody else").await;
    alice.sees("alice", "to nobody else", &["sent"]).await;
    alice
        .text_of_script("navigator.serviceWorker.ready.then(() => { window.ready = true })")
        .await;
    eventually("the service worker", async || {
        (alice.text_of_script("return String(window.ready)").await == "true").then_some(())
    })
    .await;
    let hosts = alice
        .text_of_script(
            "return [...new Set(performance.getEntriesByType('resource').map(one => new URL(one.name).origin))].join(' ')",
        )
        .await;
    let page = world.page();
    for host in hosts.split(' ') {
        assert!(page.starts_with(host) || world.api() == host, "{host}");
    }
    assert!(hosts.contains(&world.api()), "something was asked: {hosts}");
    // Each part is loaded once: what asks for it and what checks it are one request.
    let parts = alice
        .text_of_script(
            "const names = performance.getEntriesByType('resource').map(one => one.name);
            const parts = names.filter(one => one.endsWith('.wasm'));
            return [parts.length, new Set(parts).size].join(' ')",
        )
        .await;
    assert_eq!(parts, "2 2");
    alice.leave(&[]).await;
}
