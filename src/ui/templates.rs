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
    /// What stands there in index.html, with the white space around it.
    english: String,
}

thread_local! {
    static PLACES: RefCell<Vec<Place>> = const { RefCell::new(Vec::new()) };
}

/// Has all templates speak the language of `table`.
pub(crate) fn speak(table: &Table) {
    PLACES.with_borrow_mut(|places| {
        if places.is_empty() {
            find_in_page(places);
        }
        for Place {
            node,
            attribute,
            english,
        } in places
        {
            let text = english.trim();
            let text = english.replace(text, table.of_markup(text));
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
        let english = node.node_value().unwrap_or_default();
        add(node, None, english, places);
    } else if let Some(element) = node.dyn_ref::<Element>() {
        for name in ATTRIBUTES {
            let english = element.get_attribute(name).unwrap_or_default();
            add(node, Some(name), english, places);
        }
    }
    let mut child = node.first_child();
    while let Some(node) = child {
        find(&node, places);
        child = node.next_sibling();
    }
}

fn add(node: &Node, attribute: Option<&'static str>, english: String, places: &mut Vec<Place>) {
    if !english.trim().is_empty() {
        places.push(Place {
            node: node.clone(),
            attribute,
            english,
        });
    }
}
