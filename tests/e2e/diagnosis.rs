//! Each mistake in setting a backend up is named with its step, and with what to change.

use crate::harness::{Person, World, eventually};

/// A backend without sign-in, for stories that begin behind it.
pub(crate) async fn anonymous() -> World {
    World::with(|options| options.anonymous = true).await
}

/// Waits for a notice that says all of this.
pub(crate) async fn is_told(person: &Person, words: &[&str]) {
    let what = format!("a notice with {words:?}");
    eventually(&what, async || {
        let notice = person.text_of(".notice").await;
        words.iter().all(|word| notice.contains(word)).then_some(())
    })
    .await;
}

/// Opens the details from where the mouse finds them first, and returns the steps that failed: names
/// and verdicts.
pub(crate) async fn failed_steps(person: &Person) -> Vec<String> {
    person
        .click("[aria-haspopup=dialog]:not(.to-settings)")
        .await;
    person.wait_for("dialog[open]").await;
    let script = "return [...document.querySelectorAll('.step[data-verdict=failed]')]
        .map(step => step.querySelector('.step-name').textContent
            + ': ' + step.querySelector('.step-verdict').textContent).join('\\n')";
    let steps = person.text_of_script(script).await;
    person.click(".details .close").await;
    person.wait_for_no("dialog[open]").await;
    steps.lines().map(str::to_owned).collect()
}

/// The page's origin is in no list of the backend's: it is ready to be copied to where it belongs.
#[tokio::test]
async fn a_page_that_is_not_allowed_gives_its_origin_to_copy() {
    let world =
        World::with(|options| options.allow_origins = vec!["http://localhost:1".into()]).await;
    let visitor = world.visitor().await;
    let origin = world.page().replace("/some/where/", "");
    let hint = format!("set Host.CORS to {origin}");
    is_told(&visitor, &["does not let this page read it", &hint]).await;
    assert_eq!(visitor.text_of(".copyable code").await, origin);
    visitor.click(".copyable button").await;
    eventually("it says that it copied", async || {
        (visitor.text_of(".copyable button").await == "Copied").then_some(())
    })
    .await;
    assert_eq!(visitor.clipboard().await, origin);
    let hint = visitor.text_of(".welcome-card > p").await;
    assert!(
        hint.contains("signing in is what helps") && visitor.has("[data-provider=aad]").await,
        "something that answers may be a sign-in page: {hint}"
    );
    assert_eq!(failed_steps(&visitor).await, ["Who am I: no answer"]);
    visitor.leave(&["CORS", "ERR_FAILED", "404"]).await;
}

/// The list names the same machine, by its other name.
#[tokio::test]
async fn localhost_and_127_0_0_1_are_told_apart() {
    let world = World::new().await;
    let visitor = Person::new().await;
    let page = world.page().replace("localhost", "127.0.0.1");
    visitor.go_to(&page).await;
    let origin = page.replace("/some/where/", "");
    let other = origin.replace("127.0.0.1", "localhost");
    let ways = [
        format!("open this page at {other}"),
        format!("add {origin}"),
    ];
    is_told(
        &visitor,
        &["localhost and 127.0.0.1 are different", &ways[0], &ways[1]],
    )
    .await;
    visitor.leave(&["CORS", "ERR_FAILED", "404"]).await;
}

#[tokio::test]
async fn a_backend_that_does_not_run_is_said_not_to() {
    let mut world = World::new().await;
    world.stop_backend().await;
    let visitor = world.visitor().await;
    let nothing = format!("nothing answers at {}", world.api());
    is_told(
        &visitor,
        &["Asking who you are", &nothing, "Start the backend"],
    )
    .await;
    visitor.leave(&["ERR_CONNECTION_REFUSED"]).await;
}

#[tokio::test]
async fn a_negotiate_function_of_another_name_is_missed() {
    let world = World::with(|options| {
        options.anonymous = true;
        options.functions.negotiate = vec!["connect".into()];
    })
    .await;
    let visitor = world.visitor().await;
    let place = format!("{}/api/negotiate", world.api());
    is_told(
        &visitor,
        &[
            "no negotiate function",
            &place,
            "SignalRInfo",
            "routePrefix",
        ],
    )
    .await;
    let steps = failed_steps(&visitor).await;
    assert!(
        steps
            .iter()
            .all(|step| step.starts_with("Negotiate at the function: status 404"))
    );
    assert_eq!(steps.len(), 2, "both names were tried: {steps:?}");
    visitor.leave(&["404"]).await;
}
