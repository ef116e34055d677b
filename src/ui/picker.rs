//! A dialog with a field, and what was found for what is typed there.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlInputElement, KeyboardEvent};

use super::dialog;
use super::listbox::Listbox;
use super::part::Part;

/// One of the things that were found.
pub(super) struct Choice {
    /// How it looks.
    pub(super) part: Part,
    /// What choosing it does.
    pub(super) choose: Box<dyn FnOnce()>,
}

/// What was found for a text.
pub(super) struct Found {
    /// The choices, the best first.
    pub(super) choices: Vec<Choice>,
    /// What is said about them.
    pub(super) words: String,
}

/// Opens a picker with this label. `find` is asked now and whenever something is typed.
///
/// The focus goes to its field, and back to where it was when nothing is chosen.
pub(super) fn pick(label: &str, find: Box<dyn Fn(&str) -> Found>) {
    let label = label.to_owned();
    dialog::open("picker", Box::new(move |picker| fill(picker, &label, find)));
}

fn fill(picker: &Part, label: &str, find: Box<dyn Fn(&str) -> Found>) {
    let field = picker.at("input");
    for (part, attribute) in [
        (picker, "aria-label"),
        (&field, "aria-label"),
        (&field, "placeholder"),
    ] {
        part.set(attribute, label);
    }
    let dialog: HtmlDialogElement = picker.element();
    let list = Listbox::new(field.clone(), picker.at("[role=listbox]"));
    let choices: Rc<RefCell<Vec<Choice>>> = Rc::default();
    let held = choices.clone();
    let choose: Rc<dyn Fn(usize)> = Rc::new(move |index| {
        let mut choices = held.take();
        if index < choices.len() {
            // The focus goes back first: what was chosen may take it elsewhere.
            dialog.close();
            (choices.swap_remove(index).choose)();
        }
    });
    let clicked = choose.clone();
    list.on_choice(move |index| clicked(index));
    let (shown, status) = (list.clone(), picker.at("[role=status]"));
    let (input, combobox): (HtmlInputElement, _) = (field.element(), field.clone());
    let show = move || {
        let found = find(&input.value());
        status.text(&found.words);
        let any = !found.choices.is_empty();
        combobox.set("aria-expanded", if any { "true" } else { "false" });
        let parts = found.choices.iter().map(|one| one.part.clone()).collect();
        *choices.borrow_mut() = found.choices;
        shown.show(parts);
    };
    show();
    field.listen("input", move |_| show());
    field.listen("keydown", move |event| {
        let event: KeyboardEvent = event.unchecked_into();
        if event.is_composing() || event.key_code() == 229 {
            return;
        }
        if list.step(&event.key()) {
            event.prevent_default();
        } else if event.key() == "Enter" {
            event.prevent_default();
            if let Some(index) = list.marked() {
                choose(index);
            }
        }
    });
}
