//! What the SignalR client does with text, for a page that measures it: text comes from JavaScript
//! as it comes from a socket, and goes there as it goes to one.

#![cfg(target_arch = "wasm32")]

use std::hint::black_box;

use serde::{Deserialize, Serialize};
use serverless_chat::signalr::browser;
use serverless_chat::signalr::protocol::message::Message;
use serverless_chat::signalr::protocol::outgoing::{self, Wanted};
use serverless_chat::signalr::protocol::{Framer, framing};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// What a chat sends and receives.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct NewMessage {
    sender: String,
    text: String,
    is_private: bool,
}

/// Reads what came over a socket, down to the values that an application is given. Returns how many
/// messages were in it.
///
/// # Panics
/// It is not what the page sends.
#[wasm_bindgen]
pub fn read(text: &JsValue) -> usize {
    let text = browser::text(text).expect("it is text");
    let mut framer = Framer::default();
    let text = framer
        .push(text)
        .expect("it is short")
        .expect("it is whole");
    let records = framing::records(&text).expect("they are whole");
    let read = |record| match Message::parse(record).expect("it is a message") {
        Message::Invocation(invocation) => {
            let message: NewMessage =
                serde_json::from_str(invocation.arguments[0].get()).expect("it is from a chat");
            black_box(message);
        }
        Message::Completion {
            outcome: Ok(Some(result)),
            ..
        } => {
            let number: u32 = serde_json::from_str(result.get()).expect("it is a number");
            black_box(number);
        }
        other => drop(black_box(other)),
    };
    records.map(read).count()
}

/// What an application wants to say.
#[wasm_bindgen]
pub struct Words(NewMessage);

#[wasm_bindgen]
impl Words {
    /// A message with this text.
    #[wasm_bindgen(constructor)]
    pub fn new(text: String) -> Words {
        Words(NewMessage {
            sender: "alice@example.com".to_owned(),
            text,
            is_private: false,
        })
    }

    /// The call that says it.
    ///
    /// # Panics
    /// Never: what is said can be written.
    pub fn write(&self) -> String {
        let arguments = serde_json::to_string(&(&self.0,)).expect("it can be written");
        outgoing::invocation(Wanted::Result, Some(7), "newMessage", &arguments, 0..0)
    }
}

/// The end of a call, with a number as its result.
#[wasm_bindgen]
pub fn write_completion(id: &str, result: u32) -> String {
    outgoing::completion(id, Ok(Some(&result.to_string())))
}
