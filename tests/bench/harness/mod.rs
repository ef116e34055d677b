//! What benches need: pages, a browser to look at them with, and a table for what was seen.

pub(crate) mod browser;
pub(crate) mod chart;
#[path = "../../e2e/harness/driver.rs"]
pub(crate) mod driver;
pub(crate) mod host;
pub(crate) mod stage;
pub(crate) mod table;
#[path = "../../e2e/harness/vendor.rs"]
pub(crate) mod vendor;
