//! The text of a message: links, code, mentions, and text.

use web_sys::{Element, HtmlAnchorElement};

use super::part::Part;
use super::words;
use crate::app::Session;
use crate::chat::markup::{Kind, Token, shows_host, tokens};
use crate::chat::name::{exposed, harmless, start};
use crate::chat::{Chat, MAX_TEXT_BYTES, Measure, Message};
use crate::text::from;

/// Shows the text of a message in its row; what somebody says who is hidden, only when it is
/// unfolded.
pub(super) fn show(row: &Part, chat: &Chat, message: &Message) {
    let place = row.at(".message-text");
    if !message.own && chat.ignored().has(&message.sender, Measure::Hide) {
        place.add(Part::copy("hidden-message"));
    } else {
        row.set_if(message.mention, "data-mention", "");
        write(&place, chat, &message.text);
    }
}

/// Shows what is hidden below the `button` that was pressed, or folds it away again.
pub(super) fn unfold(session: Session, message: &Message, button: &Element) {
    let Some(place) = button.next_element_sibling().map(Part::from) else {
        return;
    };
    let button = Part::from(button.clone());
    let show = button.get("aria-expanded").as_deref() == Some("false");
    button.set("aria-expanded", if show { "true" } else { "false" });
    button.text(if show { words::hide() } else { words::show() });
    place.clear();
    if show {
        session.peek(|chat| write(&place, chat, &message.text));
    }
}

/// What is longer than any page like this one sends is cut off: a browser would lay it out for seconds.
fn write(place: &Part, chat: &Chat, text: &str) {
    let shown = start(text, MAX_TEXT_BYTES);
    write_all(place, chat, shown);
    let rest = text.len() - shown.len();
    if rest > 0 {
        place.add_text(&words::not_shown(rest.div_ceil(1024)));
    }
}

fn write_all(place: &Part, chat: &Chat, text: &str) {
    for token in tokens(text, &|name| chat.is_somebody(name)) {
        match token.kind {
            Kind::Text => place.add_text(&harmless(token.shown)),
            Kind::Link => link(place, token),
            Kind::Code => code(place, "code", token),
            Kind::Block => code(place, "code-block", token),
            Kind::Mention => {
                let mention = Part::copy("mention");
                mention.text(&harmless(token.shown));
                if chat.is_me(from(token.shown, 1)) {
                    mention.set("class", "mention of-me");
                }
                place.add(mention);
            }
        }
    }
}

fn code(place: &Part, template: &str, token: Token<'_>) {
    let code = Part::copy(template);
    code.text(&exposed(token.shown));
    place.add(code);
}

/// Shows an address. The browser says where it leads; where the address looks as if it led elsewhere,
/// that stands beside it.
fn link(place: &Part, token: Token<'_>) {
    let link = Part::copy("link");
    link.text(token.shown);
    link.set("href", token.shown);
    let host = link.element::<HtmlAnchorElement>().hostname();
    let is_mail = token.shown.starts_with(['m', 'M']);
    if host.is_empty() && !is_mail {
        // No address to a browser.
        place.add_text(token.shown);
        return;
    }
    if !is_mail {
        link.set("title", &words::leads_to(&host));
    }
    place.add(link);
    if !is_mail && !shows_host(token.shown, &host) {
        let aside = Part::copy("link-host");
        aside.text(&words::leads_to(&host));
        place.add(aside);
    }
}
