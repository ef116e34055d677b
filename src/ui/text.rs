//! The text of a message: links, code, mentions, and text.

use web_sys::HtmlAnchorElement;

use super::part::Part;
use super::words;
use crate::app::Session;
use crate::chat::markup::{Kind, Token, shows_host, tokens};
use crate::chat::name::{exposed, harmless};
use crate::chat::{Measure, Message};

/// Shows the text of a message in its row; what somebody says who is hidden, only on a click.
pub(super) fn show(row: &Part, session: Session, message: &Message) {
    let place = row.at(".message-text");
    let is_hidden = |sender: &str| session.peek(|chat| chat.ignored().has(sender, Measure::Hide));
    if message.own || !is_hidden(&message.sender) {
        row.set_if(message.mention, "data-mention", "");
        write(&place, session, &message.text);
        return;
    }
    let folded = Part::copy("hidden-message");
    let button = folded.at("button");
    let (shown, text) = (folded.clone(), message.text.clone());
    button.clone().on("click", move |_| {
        let content = shown.at(".hidden-text");
        let show = button.get("aria-expanded").as_deref() == Some("false");
        button.set("aria-expanded", if show { "true" } else { "false" });
        button.text(if show { words::HIDE } else { words::SHOW });
        content.clear();
        if show {
            write(&content, session, &text);
        }
    });
    place.add(folded);
}

fn write(place: &Part, session: Session, text: &str) {
    session.peek(|chat| {
        for token in tokens(text, &|name| chat.is_somebody(name)) {
            match token.kind {
                Kind::Text => place.add_text(&harmless(token.shown)),
                Kind::Link => link(place, token),
                Kind::Code => code(place, "code", token),
                Kind::Block => code(place, "code-block", token),
                Kind::Mention => {
                    let mention = Part::copy("mention");
                    mention.text(&harmless(token.shown));
                    if chat.is_me(&token.shown[1..]) {
                        mention.set("class", "mention of-me");
                    }
                    place.add(mention);
                }
            }
        }
    });
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
    let is_mail = !token.shown.contains("://");
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
