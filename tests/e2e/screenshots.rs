//! Takes pictures of the app's states: `cargo xtask screenshots`.

#[allow(
    dead_code,
    reason = "pictures need less of the harness than stories do"
)]
mod harness;

#[tokio::main]
async fn main() {
    use harness::World;

    let folder = std::path::PathBuf::from(std::env::args().nth(1).expect("a folder to write to"));
    std::fs::create_dir_all(&folder).expect("a folder that can be made");
    let mut world = World::new().await;
    let visitor = world.visitor().await;
    visitor.wait_for("[data-provider]").await;
    pictures(&visitor, &folder, "signed-out").await;

    let (alice, bob, carol) = tokio::join!(
        world.person("alice"),
        world.person("bob@contoso.com"),
        world.person("Mia Finch")
    );
    pictures(&alice, &folder, "empty").await;
    for (person, text) in [
        (&bob, "Good morning! The build is green again."),
        (
            &bob,
            "I merged the negotiate fix, and the soak test ran all night without a gap.",
        ),
        (
            &carol,
            "Nice. Does it also come back after the laptop slept?",
        ),
        (
            &bob,
            "It does: it notices that the clock has jumped, and tries at once. No more reloading the page after lunch.",
        ),
        (&alice, "Thanks, both. I will try it on the train."),
        (&carol, "Let us know how it goes in the tunnel :)"),
    ] {
        person.say(text).await;
        alice.wait_for_text(text).await;
    }
    bob.click("button.message-sender").await;
    bob.wait_for("[data-conversation^='user:'][aria-current=true]")
        .await;
    carol.open("room").await;
    alice
        .click(".message:nth-of-type(3) button.message-sender, button.message-sender")
        .await;
    alice.say("Do you have the numbers for the review?").await;
    alice
        .wait_for_text("Do you have the numbers for the review?")
        .await;
    pictures(&alice, &folder, "private").await;
    alice.open("room").await;
    pictures(&alice, &folder, "room").await;
    alice.picture(390, 844, false).await;
    alice.click(".drawer-button").await;
    pictures(&alice, &folder, "drawer").await;
    alice.open("room").await;
    world.stop_backend().await;
    alice.wait_for_connection("reconnecting").await;
    alice.say("Is it only me?").await;
    alice.wait_for_text("Is it only me?").await;
    pictures(&alice, &folder, "reconnecting").await;
    alice.click("button.connection").await;
    alice.wait_for("dialog[open]").await;
    pictures(&alice, &folder, "details").await;
    // Markup that does not fit its code, at the next step that is drawn.
    alice
        .text_of_script("document.getElementById('step').content.querySelector('time').remove()")
        .await;
    alice.wait_for(".welcome-card[role=alert]").await;
    pictures(&alice, &folder, "stopped").await;

    let elsewhere = |options: &mut backend::Options| {
        options.allow_origins = vec!["http://localhost:1".into()];
    };
    let unfriendly = World::with(elsewhere).await;
    let visitor = unfriendly.visitor().await;
    visitor.wait_for(".copyable").await;
    pictures(&visitor, &folder, "not-allowed").await;
}

async fn pictures(person: &harness::Person, folder: &std::path::Path, state: &str) {
    // Wide last: the story goes on in that size.
    for (size, width, height) in [("phone", 390, 844), ("wide", 1280, 800)] {
        for (scheme, dark) in [("light", false), ("dark", true)] {
            let picture = person.picture(width, height, dark).await;
            let file = folder.join(format!("{state}-{size}-{scheme}.png"));
            std::fs::write(&file, picture).expect("a file that can be written");
        }
    }
}
