//! Starts the app, nothing else.

#[cfg(target_arch = "wasm32")]
fn main() {
    serverless_chat::app::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("This is a web page: `cargo xtask start` builds and serves it.");
}
