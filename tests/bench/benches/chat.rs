//! Messages, many and few, on this project's page and on others.

use super::{bursts, history, idle};
use crate::harness::chart::bars;
use crate::harness::stage::{Page, Stage};
use crate::harness::table::Table;

/// Measures and writes the table, and the chart that README.md shows.
pub(crate) async fn run() {
    let stage = Stage::new().await;
    let columns = Page::ALL.map(Page::title).to_vec();
    let mut table = Table::new("chat", columns, Page::Dom as usize);
    bursts::measure(&stage, &mut table).await;
    history::measure(&stage, &mut table).await;
    idle::measure(&stage, &mut table).await;
    table.finish();
    let rows = bursts::chart_rows();
    let caption = "Messages at once, each in a frame of its own, until they are shown";
    bars(&table, caption, &rows, "bursts.svg");
}
