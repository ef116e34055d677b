//! Thin wrappers over web APIs. They decide nothing and use nothing of ours.

pub(crate) mod clipboard;
pub(crate) mod clock;
pub(crate) mod database;
pub(crate) mod language;
pub(crate) mod lock;
pub(crate) mod looks;
pub(crate) mod notification;
pub(crate) mod page;
pub(crate) mod pointer;
pub(crate) mod probe;
pub(crate) mod random;
pub(crate) mod sound;
pub(crate) mod storage;
pub(crate) mod style;
pub(crate) mod task;
pub(crate) mod text;
pub(crate) mod timer;
