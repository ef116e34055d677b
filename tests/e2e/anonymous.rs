//! A backend without sign-in, as the tutorial's is on a developer's machine.

use crate::harness::World;

#[tokio::test]
async fn everybody_is_anonymous_and_nobody_can_be_written_to_alone() {
    let world = World::with(|options| options.anonymous = true).await;
    let (one, other) = tokio::join!(world.visitor(), world.visitor());
    one.wait_for_connection("connected").await;
    other.wait_for_connection("connected").await;
    assert_eq!(one.text_of("#me").await, "Anonymous");
    assert!(!one.has("#sign-out").await);
    one.say("who is there?").await;
    one.sees("Anonymous", "who is there?", &["sent"]).await;
    other
        .sees("Anonymous", "who is there?", &["received"])
        .await;
    assert!(
        !other.has("button.message-sender").await,
        "there is nobody to write to"
    );
    other.say("who is there?").await;
    one.sees("Anonymous", "who is there?", &["received"]).await;
    assert_eq!(
        one.texts().await,
        ["who is there?", "who is there?"],
        "equal texts stay two"
    );
    // The backend has no /.auth: asking is answered with 404, which is how that is known.
    one.leave(&["404"]).await;
    other.leave(&["404"]).await;
}
