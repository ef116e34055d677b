//! What is on a person's screen, from the first row to the last, and what their sockets delivered.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::verdict::{Row, Said, Shown};
use crate::harness::{Person, eventually};

/// Scrolls to a place, waits until it is drawn, and says what is there.
const LOOK: &str = "
    const log = document.querySelector('[role=log]');
    if (arguments[0] === 'top') log.scrollTop = 0; else log.scrollTop += log.clientHeight * 0.7;
    const drawn = () => new Promise(requestAnimationFrame);
    return drawn().then(drawn).then(drawn).then(() => ({
        total: +log.dataset.messageCount,
        end: log.scrollTop + log.clientHeight >= log.scrollHeight - 2,
        rows: [...log.querySelectorAll('.gap, article')].map(one => one.className === 'gap' ? null : [
            +one.getAttribute('aria-posinset'),
            one.dataset.state,
            one.querySelector('.message-sender').textContent,
            one.querySelector('.message-text').textContent,
        ]),
    }))";

/// All rows of the open conversation, in order. The end is shown again afterwards.
pub(super) async fn all(person: &Person) -> Vec<Row> {
    let rows = eventually("all rows", async || read(person).await).await;
    let end = "const log = document.querySelector('[role=log]'); log.scrollTop = log.scrollHeight";
    person.text_of_script(end).await;
    rows
}

/// `None` if rows were moved while they were read.
async fn read(person: &Person) -> Option<Vec<Row>> {
    // By the number of the message, and of the message above for a gap.
    let mut rows = BTreeMap::new();
    let mut seen = person.run(LOOK, json!("top")).await;
    loop {
        let mut above = None;
        for row in seen["rows"].as_array()? {
            match (row, above) {
                (Value::Array(row), _) => {
                    let number = row[0].as_u64()?;
                    let field = |index: usize| row[index].as_str().map(str::to_owned);
                    let message = Shown {
                        state: field(1)?,
                        sender: field(2)?,
                        text: field(3)?,
                    };
                    rows.insert((number, false), Row::Message(message));
                    above = Some(number);
                }
                (_, Some(above)) => {
                    rows.insert((above, true), Row::Gap);
                }
                // Seen again with what is above it.
                (_, None) => {}
            }
        }
        let total = seen["total"].as_u64()?;
        if seen["end"] == true {
            let messages = rows.values().filter(|row| **row != Row::Gap).count() as u64;
            let last = rows.last_key_value().map_or(0, |((number, _), _)| *number);
            return (messages == total && last == total).then(|| rows.into_values().collect());
        }
        seen = person.run(LOOK, json!("on")).await;
    }
}

/// What each connection of the page delivered, in order. A socket over which no handshake came was
/// none.
pub(super) async fn delivered(person: &Person) -> Vec<Vec<Said>> {
    let sockets = person.run("return delivered.map(texts => texts.join(''))", Value::Null);
    let sockets = sockets.await;
    let sockets = sockets.as_array().expect("a list").iter();
    let texts = sockets.filter_map(|texts| texts.as_str().filter(|text| text.contains('\u{1e}')));
    texts.map(messages).collect()
}

/// The messages in what a connection delivered. What was cut off at the end is none.
fn messages(text: &str) -> Vec<Said> {
    let (records, _) = text.rsplit_once('\u{1e}').expect("a whole record");
    let records = records
        .split('\u{1e}')
        .map(|record| serde_json::from_str::<Value>(record).expect("JSON"));
    records
        .filter(|record| record["target"] == "newMessage")
        .map(|record| {
            let message = &record["arguments"][0];
            let field = |name: &str| message[name].as_str().expect(name).to_owned();
            Said {
                sender: field("sender"),
                text: field("text"),
                name: field("clientMessageId"),
            }
        })
        .collect()
}
