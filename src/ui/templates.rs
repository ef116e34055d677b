//! The markup of the components in another language.
//!
//! The templates of index.html are translated once, and not what is copied from them: a row of the
//! timeline then costs the same in every language.

use std::cell::RefCell;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlTemplateElement, Node};

use crate::language::table::Table;

/// The attributes that a person sees or hears.
const ATTRIBUTES: [&str; 3] = ["aria-label", "placeholder", "title"];

/// A place of the markup with a text in it.
struct Place {
    node: Node,
    /// `None` for a text node.
    attribute: Option<&'static str>,
    /// What stands there in index.html.
    english: String,
    /// Whether white space stands before it, and after.
    spaced: (bool, bool),
}

thread_local! {
    static PLACES: RefCell<Vec<Place>> = const { RefCell::new(Vec::new()) };
}

/// Has all templates speak the language of `table`, or English.
pub(crate) fn speak(table: Option<Table>) {
    PLACES.with_borrow_mut(|places| {
        // As long as nothing else was spoken they are in English.
        if places.is_empty() && table.is_some() {
            find_in_page(places);
        }
        for Place {
            node,
            attribute,
            english,
            spaced,
        } in places
        {
            let space = |spaced| if spaced { " " } else { "" };
            let text = table.and_then(|table| table.of_markup(english));
            let text = text.unwrap_or(english);
            let text = [space(spaced.0), text, space(spaced.1)].concat();
            match attribute {
                None => node.set_node_value(Some(&text)),
                Some(name) => {
                    // Fails for what is no attribute's name.
                    let _ = node.unchecked_ref::<Element>().set_attribute(name, &text);
                }
            }
        }
    });
}

fn find_in_page(places: &mut Vec<Place>) {
    let templates = document().get_elements_by_tag_name("template");
    let mut at = 0;
    while let Some(template) = templates.item(at) {
        let template: HtmlTemplateElement = template.unchecked_into();
        find(&template.content(), places);
        at += 1;
    }
}

fn find(node: &Node, places: &mut Vec<Place>) {
    if node.node_type() == Node::TEXT_NODE {
        add(node, None, node.node_value(), places);
    } else if let Some(element) = node.dyn_ref::<Element>() {
        for name in ATTRIBUTES {
            add(node, Some(name), element.get_attribute(name), places);
        }
    }
    let mut child = node.first_child();
    while let Some(node) = child {
        find(&node, places);
        child = node.next_sibling();
    }
}

fn add(
    node: &Node,
    attribute: Option<&'static str>,
    text: Option<String>,
    places: &mut Vec<Place>,
) {
    let text = text.unwrap_or_default();
    let english = text.trim_matches([' ', '\n']);
    if !english.is_empty() {
        places.push(Place {
            node: node.clone(),
            attribute,
            english: english.to_owned(),
            spaced: (!text.starts_with(english), !text.ends_with(english)),
        });
    }
}
