//! How the page looks.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// Has the page look like this from now on. `src/app/looks.js`, which begins with what was kept
    /// before anything is drawn.
    #[wasm_bindgen(js_name = look)]
    pub(crate) fn set(name: &str, value: &str);
}

/// How the page looks.
pub(crate) fn get(name: &str) -> Option<String> {
    let root = web_sys::window()?.document()?.document_element()?;
    root.get_attribute(&["data-", name].concat())
}
