//! Choices below a field that keeps the focus: the arrows move a mark through them.

use std::cell::Cell;
use std::rc::Rc;

use web_sys::{Element, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::part::Part;

/// A list whose marked choice is told by the field, as a screen reader expects it.
#[derive(Clone)]
pub(super) struct Listbox {
    field: Part,
    list: Part,
    count: Rc<Cell<usize>>,
    marked: Rc<Cell<usize>>,
}

impl Listbox {
    /// Takes up an empty list, which has an id, below `field`.
    pub(super) fn new(field: Part, list: Part) -> Listbox {
        // The field keeps the focus.
        list.on("mousedown", |event| event.prevent_default());
        Listbox {
            field,
            list,
            count: Rc::default(),
            marked: Rc::default(),
        }
    }

    /// Calls `chosen` with the number of a choice that is clicked, for as long as the component that
    /// asks for it is on the page.
    pub(super) fn on_choice(&self, chosen: impl Fn(usize) + 'static) {
        let list = self.clone();
        self.list.listen("click", move |event| {
            let mut all = 0..list.count.get();
            if let Some(index) = all.find(|index| list.choice(*index).is_around(&event)) {
                chosen(index);
            }
        });
    }

    /// Shows these choices, the first of them marked.
    pub(super) fn show(&self, choices: Vec<Part>) {
        self.list.clear();
        self.count.set(choices.len());
        for (index, choice) in choices.into_iter().enumerate() {
            choice.set("id", &self.name(index));
            self.list.add(choice);
        }
        self.list.set_if(self.count.get() == 0, "hidden", "");
        self.mark(0);
    }

    /// The number of the marked choice, if there is any.
    pub(super) fn marked(&self) -> Option<usize> {
        (self.count.get() > 0).then(|| self.marked.get())
    }

    /// Moves the mark with an arrow key, around the ends too. False if it is no such key, or there
    /// is no choice.
    pub(super) fn step(&self, key: &str) -> bool {
        let count = self.count.get();
        let step = match key {
            "ArrowDown" => 1,
            "ArrowUp" => count.saturating_sub(1),
            _ => return false,
        };
        if count > 0 {
            self.mark((self.marked.get() + step) % count);
        }
        count > 0
    }

    fn mark(&self, index: usize) {
        self.marked.set(index);
        for other in 0..self.count.get() {
            let is_marked = other == index;
            let choice = self.choice(other);
            choice.set("aria-selected", if is_marked { "true" } else { "false" });
            if is_marked {
                let options = ScrollIntoViewOptions::new();
                options.set_block(ScrollLogicalPosition::Nearest);
                choice
                    .element::<Element>()
                    .scroll_into_view_with_scroll_into_view_options(&options);
            }
        }
        let any = self.count.get() > 0;
        self.field
            .set_if(any, "aria-activedescendant", &self.name(index));
    }

    fn choice(&self, index: usize) -> Part {
        self.list.at(&["#", &self.name(index)].concat())
    }

    fn name(&self, index: usize) -> String {
        let list = self.list.get("id").unwrap_or_default();
        [&list, "-", &index.to_string()].concat()
    }
}
