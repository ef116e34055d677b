//! A dialog with a field, and what was found for what is typed there.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlInputElement, KeyboardEvent, Node};

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

/// True while a dialog is open.
pub(super) fn is_open() -> bool {
    Part::on_page("dialog[open]").is_some()
}

/// Opens a picker with this label. `find` is asked now and whenever something is typed.
///
/// The focus goes to its field, and back to where it was when nothing is chosen.
pub(super) fn pick(label: &str, find: Box<dyn Fn(&str) -> Found>) {
    // What listens to the picker goes with it.
    let owner = Owner::new();
    owner.with(|| open(label, find, &owner));
}

fn open(label: &str, find: Box<dyn Fn(&str) -> Found>, owner: &Owner) {
    let Some(body) = Part::on_page("body") else {
        return;
    };
    let picker = Part::copy("picker");
    let field = picker.at("input");
    for (part, attribute) in [
        (&picker, "aria-label"),
        (&field, "aria-label"),
        (&field, "placeholder"),
    ] {
        part.set(attribute, label);
    }
    let dialog: HtmlDialogElement = picker.element();
    body.add(picker.clone());
    // Fails for a dialog that is open already.
    let _ = dialog.show_modal();

    let list = Listbox::new(field.clone(), picker.at("[role=listbox]"));
    let choices: Rc<RefCell<Vec<Choice>>> = Rc::default();
    let (held, closing) = (choices.clone(), dialog.clone());
    let choose: Rc<dyn Fn(usize)> = Rc::new(move |index| {
        let mut choices = held.take();
        if index < choices.len() {
            // The focus goes back first: what was chosen may take it elsewhere.
            closing.close();
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
    let closing = dialog.clone();
    picker
        .at(".close")
        .listen("click", move |_| closing.close());
    let (gone, owner) = (picker.clone(), owner.clone());
    picker.listen("close", move |_| {
        gone.remove();
        owner.cleanup();
    });
    picker.listen("click", move |event| {
        // The dialog itself is only hit beside what is in it.
        let target = event.target().map(JsCast::unchecked_into::<Node>);
        if target.is_some_and(|target| target == *AsRef::<Node>::as_ref(&dialog)) {
            dialog.close();
        }
    });
}
