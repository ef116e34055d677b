//! What the person points with.

/// True where the main pointer is a finger: there the keyboard is on the screen, its Enter key
/// breaks the line, and a button sends.
pub(crate) fn is_coarse() -> bool {
    let query = web_sys::window().and_then(|window| window.match_media("(pointer: coarse)").ok());
    query.flatten().is_some_and(|query| query.matches())
}
