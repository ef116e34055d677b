//! Names that nobody else has.

/// A fresh name of 16 letters and digits, which nobody can guess.
pub(crate) fn name() -> String {
    const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut bytes = [0; 16];
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    crypto
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).ok())
        .expect("a browser has random numbers");
    let digit = |byte: u8| char::from(DIGITS[usize::from(byte % 32)]);
    bytes.into_iter().map(digit).collect()
}
