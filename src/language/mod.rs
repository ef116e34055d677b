//! The languages of the page: which one is chosen, and its texts.
//!
//! | module | is for |
//! |---|---|
//! | [`choice`] | which language, by what the person has set and what their browser asks for |
//! | [`words`] | every text that code shows, in English; a text that never changes stands in its markup |
//! | [`table`] | the texts of the language that is spoken, and how gaps and numbers come into them |
//!
//! English is part of the page. Every other language is a file of `languages/`, which is loaded where
//! somebody reads it: the texts of [`words`] by their names and in their order, then those of the
//! markup by what they are in English.

pub mod choice;
pub mod table;
#[cfg(test)]
mod tests;
pub mod words;

pub use choice::{Choice, Language};
