//! What can be done about a person: not to hear of them, or not even to see what they say.

use web_sys::HtmlInputElement;

use super::part::{Part, follow};
use super::sidebar::{face, shown_name};
use super::switcher::look_alike;
use super::words;
use crate::app::Session;
use crate::chat::{ConversationId, Measure};

/// Shows the button in the head of the conversation with somebody, and what it opens.
pub(crate) fn show_menu(session: Session, place: &Part, id: &ConversationId) {
    let person = Part::copy("person");
    let name = id.recipient().unwrap_or_default().to_owned();
    let label = words::about(&shown_name(&name));
    person.at(".person-button").set("aria-label", &label);
    person.at(".person-menu").set("aria-label", &label);
    face(&person.at(".avatar"), &name);
    person.at("bdi").text(&shown_name(&name));
    person
        .at(".person-note")
        .text(&session.peek(|chat| look_alike(chat, &name)));
    for (hook, measure) in [("#mute", Measure::Mute), ("#hide", Measure::Hide)] {
        let field = person.at(hook);
        let (input, named): (HtmlInputElement, _) = (field.element(), name.clone());
        let (shown, of) = (input.clone(), name.clone());
        follow(move || shown.set_checked(session.read(|chat| chat.ignored().has(&of, measure))));
        field.on("change", move |_| {
            session.ignore(&named, measure, input.checked())
        });
    }
    place.show(person);
}
