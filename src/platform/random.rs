//! Names that nobody else has.

/// A fresh name of 12 letters and digits. Not a secret: `Math.random` is no source of those.
pub(crate) fn name() -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    (0..12)
        .map(|_| char::from(DIGITS[(js_sys::Math::random() * 36.0) as usize % 36]))
        .collect()
}
