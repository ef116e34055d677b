//! What a person does.

use std::time::Duration;

use super::memory::Memory;
use super::plan::{Aside, Plan};
use super::{Day, NAMES};
use crate::harness::{Person, eventually};

/// What a person has said, and what their page held halfway.
pub(super) struct Talk {
    /// The texts, each another one.
    pub(super) typed: Vec<String>,
    /// Halfway.
    pub(super) memory: Memory,
}

/// Says what there is to say, with all that comes between.
pub(super) async fn talk(person: &Person, number: usize, plan: Plan, day: &Day) -> Talk {
    let asides = plan.asides(number);
    let mut talk = Talk {
        typed: Vec::new(),
        memory: Memory::default(),
    };
    let half = asides.len() / 2;
    for (at, aside) in asides.into_iter().enumerate() {
        if at == half {
            talk.memory = Memory::of(person).await;
        }
        match aside {
            None => {}
            Some(Aside::LookAway) => {
                person.turn_to_tab(1).await;
                day.away.set(day.away.get() + 1);
                day.wait_for(day.typed.get() + 3, Day::is_lively).await;
                day.away.set(day.away.get() - 1);
                person.turn_to_tab(0).await;
            }
            Some(Aside::Offline) => {
                day.blows.set(day.blows.get() + 1);
                person.set_offline(true).await;
                let text = say(person, number, talk.typed.len(), day).await;
                let settled = "return document.querySelector('.message[data-state=sending]') ? '' : 'settled'";
                eventually("an end of sending", async || {
                    (person.text_of_script(settled).await == "settled").then_some(())
                })
                .await;
                talk.typed.push(text);
                person.set_offline(false).await;
            }
            Some(Aside::Retry) => {
                let retry = "document.querySelector('.message[data-state=failed] .retry')?.click()";
                person.text_of_script(retry).await;
            }
            Some(Aside::ReadBack) => {
                let scroll = "document.querySelector('[role=log]').scrollTop -= 2000";
                person.text_of_script(scroll).await;
                let end = "document.querySelector('.to-latest')?.click()";
                person.text_of_script(end).await;
            }
        }
        let text = say(person, number, talk.typed.len(), day).await;
        talk.typed.push(text);
    }
    day.done.set(day.done.get() + 1);
    talk
}

/// Types a text that nobody has typed before.
async fn say(person: &Person, number: usize, count: usize, day: &Day) -> String {
    // What is easy to lose or to break on its way.
    const ENDS: [&str; 6] = [
        "",
        " 🦊",
        " <b>bold</b>",
        " \u{5e9}\u{5dc}\u{5d5}\u{5dd}",
        " e\u{301}\\u0041",
        " \"{}[]",
    ];
    let text = format!("{} {count}{}", NAMES[number], ENDS[count % ENDS.len()]);
    person.say(&text).await;
    day.typed.set(day.typed.get() + 1);
    text
}

/// Waits until the page is connected, and everything typed on it is sent or has failed. A person does
/// not wait for the next try, and signs in again where they are asked to.
pub(super) async fn come_to_rest(person: &Person) {
    let press = "for (const button of document.querySelectorAll('.notice .button'))
        if (button.textContent === 'Try now') button.click();
        const rests = document.documentElement.dataset.connection === 'connected'
            && !document.querySelector('.message:is([data-state=waiting], [data-state=sending])');
        return rests ? 'rest' : ''";
    eventually("rest", async || {
        if person.has(".notice [data-provider]").await {
            let name = person.text_of(".me-name, .sidebar-me").await;
            panic!("{name} has been signed out");
        }
        if person.text_of_script(press).await == "rest" {
            return Some(());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        None
    })
    .await;
}
