//! The local stand-in for Azure.
fn main() {}
