//! What a style sheet cannot do in every browser.

use web_sys::HtmlTextAreaElement;

/// Makes a field as high as its text, where the browser does not know `field-sizing`. The style
/// sheet says how high it gets at most.
pub(crate) fn grow(field: &HtmlTextAreaElement) {
    if web_sys::css::supports_with_value("field-sizing", "content").unwrap_or(true) {
        return;
    }
    let style = field.style();
    // Fails for no property's name.
    let _ = style.set_property("height", "auto");
    let height = [&field.scroll_height().to_string(), "px"].concat();
    let _ = style.set_property("height", &height);
}
