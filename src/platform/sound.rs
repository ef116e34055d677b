//! A short sound, made by the browser.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = js_sys::Object)]
    type AudioContext;
    #[wasm_bindgen(constructor, catch)]
    fn new() -> Result<AudioContext, JsValue>;
    #[wasm_bindgen(method, catch, js_name = createOscillator)]
    fn create_oscillator(this: &AudioContext) -> Result<Node, JsValue>;
    #[wasm_bindgen(method, catch, js_name = createGain)]
    fn create_gain(this: &AudioContext) -> Result<Node, JsValue>;

    type Node;
    #[wasm_bindgen(method, catch)]
    fn connect(this: &Node, to: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn start(this: &Node) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn stop(this: &Node, at: f64) -> Result<(), JsValue>;
}

/// Seconds that it lasts.
const LENGTH: f64 = 0.15;

/// Makes a sound, where the browser lets a page do so.
pub(crate) fn beep() {
    let _ = try_beep();
}

fn try_beep() -> Result<(), JsValue> {
    let context = AudioContext::new()?;
    let (tone, volume) = (context.create_oscillator()?, context.create_gain()?);
    let gain = Reflect::get(&volume, &"gain".into())?;
    Reflect::set(&gain, &"value".into(), &JsValue::from_f64(0.1))?;
    tone.connect(&volume)?;
    volume.connect(&Reflect::get(&context, &"destination".into())?)?;
    tone.start()?;
    tone.stop(LENGTH)
}
