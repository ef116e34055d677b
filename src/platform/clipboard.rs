//! The clipboard, and what helps where it is out of reach.

use wasm_bindgen_futures::JsFuture;
use web_sys::Node;

/// Copies a text. False if the browser does not allow it, as on an insecure page.
pub(crate) async fn copy(text: &str) -> bool {
    // An insecure page has no clipboard at all.
    let Some(window) = web_sys::window().filter(|window| window.is_secure_context()) else {
        return false;
    };
    let copied = window.navigator().clipboard().write_text(text);
    JsFuture::from(copied).await.is_ok()
}

/// Selects all text of an element, for the person to copy.
pub(crate) fn select(node: &Node) {
    let selection = web_sys::window().and_then(|window| window.get_selection().ok().flatten());
    if let Some(selection) = selection {
        // Fails for an element that is not on the page.
        let _ = selection.select_all_children(node);
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn the_text_of_an_element_is_selected() {
        let window = web_sys::window().expect("a browser");
        let document = window.document().expect("a page");
        let element = document.create_element("p").expect("an element");
        element.set_text_content(Some("to be copied"));
        let body = document.body().expect("a body");
        body.append_child(&element).expect("it can be added");
        select(&element);
        let selection = window.get_selection().ok().flatten().expect("a selection");
        assert_eq!(String::from(selection.to_string()), "to be copied");
        element.remove();
    }
}
