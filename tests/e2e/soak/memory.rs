//! What a page holds in memory.

use serde_json::json;

use crate::harness::Person;

/// What a page holds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Memory {
    /// Bytes of JavaScript's own; the app's are WebAssembly's.
    pub(super) heap: u64,
    nodes: u64,
    listeners: u64,
}

impl Memory {
    /// What the page of this person holds, once the browser has collected what nobody needs.
    pub(super) async fn of(person: &Person) -> Memory {
        person.devtools("Performance.enable", json!({})).await;
        person
            .devtools("HeapProfiler.collectGarbage", json!({}))
            .await;
        let metrics = person.devtools("Performance.getMetrics", json!({})).await;
        let metrics = metrics["metrics"].as_array().cloned().unwrap_or_default();
        let value = |name: &str| {
            let metric = metrics.iter().find(|one| one["name"] == name);
            metric.and_then(|one| one["value"].as_f64()).expect(name) as u64
        };
        Memory {
            heap: value("JSHeapUsedSize"),
            nodes: value("Nodes"),
            listeners: value("JSEventListeners"),
        }
    }

    /// True if the page holds no more than at the earlier time, but for what is on the screen: a leak
    /// of one row a message would be many times that.
    pub(super) fn is_level_with(self, earlier: Memory) -> bool {
        self.heap < earlier.heap + 4_000_000
            && self.nodes < earlier.nodes + 1_500
            && self.listeners < earlier.listeners + 150
    }
}
