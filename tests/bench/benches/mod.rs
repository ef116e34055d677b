//! What is measured: a file each.

pub(crate) mod backend;
pub(crate) mod bursts;
pub(crate) mod chat;
pub(crate) mod history;
pub(crate) mod idle;
pub(crate) mod protocol;
pub(crate) mod start;
