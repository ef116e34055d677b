//! A long day of four people in bad weather: `cargo xtask soak`.

#[allow(dead_code, reason = "a day needs less of the harness than stories do")]
mod harness;
#[allow(
    dead_code,
    reason = "the test command lives through a shorter day than this"
)]
mod soak;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let seed = std::env::args().nth(1).and_then(|seed| seed.parse().ok());
    let plan = soak::Plan::long(seed.expect("a seed"));
    soak::live_through(plan).await;
}
