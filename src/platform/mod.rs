//! Thin wrappers over web APIs. They decide nothing and use nothing of ours.

pub(crate) mod clipboard;
pub(crate) mod clock;
pub(crate) mod page;
pub(crate) mod pointer;
pub(crate) mod probe;
pub(crate) mod random;
pub(crate) mod storage;
pub(crate) mod style;
pub(crate) mod task;
pub(crate) mod text;
pub(crate) mod timer;
