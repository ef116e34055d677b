//! Stands in for [wasm-streams](https://docs.rs/wasm-streams) 0.5, as much of it as compiles with
//! `server_fn`.
//!
//! Leptos always brings `server_fn`, and that brings wasm-streams, for bodies of server functions
//! that are streamed. This app has no server functions. But wasm-streams defines classes for JS,
//! and since JS could call them, no linker can leave them out: together with the machinery that
//! runs their promises they are 4.6 kB of what everybody downloads, a twentieth of the app.
//!
//! Should Leptos come to need another version, Cargo says that this one is unused, and the budget
//! of bytes fails.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use wasm_bindgen::JsValue;

/// A stream of a server function's body. There are none: nothing makes one.
#[derive(Debug)]
pub struct ReadableStream(Infallible);

impl ReadableStream {
    /// Would take up a stream of the browser's.
    ///
    /// # Panics
    /// Always: this app has no server functions.
    pub fn from_raw(_raw: web_sys::ReadableStream) -> ReadableStream {
        panic!("{NO_SERVER_FUNCTIONS}")
    }

    /// Would give `stream` to the browser.
    ///
    /// # Panics
    /// Always: this app has no server functions.
    pub fn from_stream<S>(_stream: S) -> ReadableStream
    where
        S: Stream<Item = Result<JsValue, JsValue>> + 'static,
    {
        panic!("{NO_SERVER_FUNCTIONS}")
    }

    /// The stream of the browser's.
    pub fn into_raw(self) -> web_sys::ReadableStream {
        match self.0 {}
    }

    /// What comes out of the stream.
    pub fn into_stream(self) -> IntoStream {
        IntoStream(self.0)
    }
}

const NO_SERVER_FUNCTIONS: &str = "this app has no server functions";

/// What comes out of a stream.
#[derive(Debug)]
pub struct IntoStream(Infallible);

impl Stream for IntoStream {
    type Item = Result<JsValue, JsValue>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.0 {}
    }
}
