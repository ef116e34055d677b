//! What a browser knows of the world's scripts.

use js_sys::JsString;

/// `text` in the compatibility form NFKC, in which one letter is written in one way.
pub(crate) fn normal(text: &str) -> String {
    // Fails only for a form that does not exist.
    JsString::from(text).normalize("NFKC").into()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_letter_is_written_in_one_way() {
        assert_eq!(normal("ａｌｉｃｅ ﬁ e\u{301}"), "alice fi é");
    }
}
