//! Text from JavaScript.

use std::cell::RefCell;

use js_sys::{JsString, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    type TextEncoder;

    #[wasm_bindgen(constructor)]
    fn new() -> TextEncoder;

    // As web-sys has it, but for a text that is JavaScript's own.
    #[wasm_bindgen(method, js_name = encodeInto)]
    fn encode_into(this: &TextEncoder, text: &JsString, bytes: &Uint8Array) -> JsValue;
}

/// From this length on, in UTF-16 units, a text is encoded by the browser.
const LONG: u32 = 512;

/// The most bytes that are kept for the next text.
const KEPT: u32 = 1024 * 1024;

/// The browser's encoder, and room for what it writes. Both cost more to make than most texts to
/// encode.
#[derive(Default)]
struct Encoder {
    encoder: Option<TextEncoder>,
    room: Option<Uint8Array>,
}

thread_local! {
    static ENCODER: RefCell<Encoder> = RefCell::default();
}

/// The text of a value; `None` if it is none.
///
/// wasm-bindgen copies a text character by character as long as it is ASCII, which takes many times
/// as long as the browser's own encoder; but for a short one it is quicker.
///
/// ```
/// use serverless_chat::signalr::browser::text;
///
/// assert_eq!(text(&"hello".into()).as_deref(), Some("hello"));
/// ```
pub fn text(value: &JsValue) -> Option<String> {
    // The length of what is no text is 0, and it is looked at again.
    let text = value.unchecked_ref::<JsString>();
    match text.length() {
        LONG.. if value.is_string() => ENCODER.with_borrow_mut(|encoder| encoder.encode(text)),
        _ => value.as_string(),
    }
}

impl Encoder {
    fn encode(&mut self, text: &JsString) -> Option<String> {
        // No unit becomes more than three bytes.
        let needed = text.length() * 3;
        let room = match self.room.take() {
            Some(room) if room.length() >= needed => room,
            _ => Uint8Array::new_with_length(needed),
        };
        let encoder = self.encoder.get_or_insert_with(TextEncoder::new);
        let done = encoder.encode_into(text, &room);
        let written = Reflect::get(&done, &JsValue::from_str("written")).ok()?;
        let bytes = room.subarray(0, written.as_f64()? as u32).to_vec();
        self.room = (room.length() <= KEPT).then_some(room);
        String::from_utf8(bytes).ok()
    }
}
