//! [`Part`]: a piece of the page, copied from a `<template>`.
//!
//! The markup of a component stands in the HTML file beside it, which Trunk puts into index.html:
//! in HTML a tag costs the person who downloads it a tenth of what code that builds it costs. The
//! component copies the template, fills its places, and follows what it shows.

use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, Event, FocusOptions, HtmlElement, HtmlFormElement, HtmlTemplateElement, Node,
};

/// An element with all that is in it. Cheap to clone; the clones are one element.
#[derive(Clone, PartialEq)]
pub(crate) struct Part(Element);

impl Part {
    /// A copy of the template called `template`.
    ///
    /// # Panics
    /// If index.html has no such template: then page and code are not of one build.
    pub(crate) fn copy(template: &str) -> Part {
        let template = document()
            .get_element_by_id(template)
            .map(JsCast::unchecked_into::<HtmlTemplateElement>);
        let element = template.and_then(|template| template.content().first_element_child());
        let copy = element.and_then(|element| element.clone_node_with_deep(true).ok());
        Part(copy.expect("a template of the page").unchecked_into())
    }

    /// The first element in this one that `selector` finds.
    ///
    /// # Panics
    /// If there is none: markup and code of a component do not fit each other.
    pub(crate) fn at(&self, selector: &str) -> Part {
        let found = self.0.query_selector(selector);
        Part(found.ok().flatten().expect("a place of the template"))
    }

    /// The element itself, for what only this kind of element can.
    pub(super) fn element<T: JsCast>(&self) -> T {
        self.0.clone().unchecked_into()
    }

    /// Shows `text`, always as text. What is shown already stays as it is, with whatever is
    /// selected in it, and is not read out again.
    pub(super) fn text(&self, text: &str) {
        if self.0.text_content().as_deref() != Some(text) {
            self.0.set_text_content(Some(text));
        }
    }

    /// Gives an attribute this value.
    pub(super) fn set(&self, attribute: &str, value: &str) {
        // Fails for what is no attribute's name.
        let _ = self.0.set_attribute(attribute, value);
    }

    /// Gives an attribute this value, or takes it away.
    pub(super) fn set_if(&self, wanted: bool, attribute: &str, value: &str) {
        if wanted {
            self.set(attribute, value);
        } else {
            let _ = self.0.remove_attribute(attribute);
        }
    }

    /// The value of an attribute.
    pub(super) fn get(&self, attribute: &str) -> Option<String> {
        self.0.get_attribute(attribute)
    }

    /// The whole page.
    pub(super) fn page() -> Option<Part> {
        document().document_element().map(Part)
    }

    /// What `selector` finds first on the page.
    pub(crate) fn on_page(selector: &str) -> Option<Part> {
        let found = document().query_selector(selector);
        found.ok().flatten().map(Part)
    }

    /// Takes the element off the page.
    pub(crate) fn remove(&self) {
        self.0.remove();
    }

    /// Puts a part at the end of this one.
    pub(crate) fn add(&self, part: impl Into<Part>) {
        self.insert(part, None);
    }

    /// Puts text at the end of this one.
    pub(super) fn add_text(&self, text: &str) {
        let _ = self.0.append_with_str_1(text);
    }

    /// Puts a part into this one, before another that is in it, or at the end.
    pub(super) fn insert(&self, part: impl Into<Part>, before: Option<&Part>) {
        let before = before.map(|before| -> &Node { &before.0 });
        // Fails only if `before` is elsewhere.
        let _ = self.0.insert_before(&part.into().0, before);
    }

    /// Empties this part.
    pub(super) fn clear(&self) {
        self.0.set_text_content(None);
    }

    /// The part in this one, if there is any.
    pub(super) fn child(&self) -> Option<Part> {
        self.0.first_element_child().map(Part)
    }

    /// Shows `part` in place of what is in this one.
    pub(super) fn show(&self, part: impl Into<Part>) {
        self.clear();
        self.add(part);
    }

    /// Shows `part`, if there is one, in place of what is in this one.
    pub(super) fn show_if(&self, part: Option<Part>) {
        self.clear();
        if let Some(part) = part {
            self.add(part);
        }
    }

    /// Has one part in this one while `wanted`, drawn when it comes. Returns it.
    pub(super) fn keep(&self, wanted: bool, draw: impl FnOnce() -> Part) -> Option<Part> {
        match self.child() {
            None if wanted => self.add(draw()),
            Some(_) if !wanted => self.clear(),
            _ => {}
        }
        self.child()
    }

    /// Submits this form, as its button would.
    pub(super) fn submit(&self) {
        let _ = self.element::<HtmlFormElement>().request_submit();
    }

    /// Gives the element the focus.
    pub(super) fn focus(&self) {
        let _ = self.element::<HtmlElement>().focus();
    }

    /// Gives the element the focus, without scrolling to it.
    pub(super) fn focus_in_place(&self) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = self.element::<HtmlElement>().focus_with_options(&options);
    }

    /// True if the element that has the focus is in this one, or is this one.
    pub(super) fn has_focus(&self) -> bool {
        let focused = document().active_element();
        self.0.contains(focused.as_ref().map(AsRef::as_ref))
    }

    /// True if this is where an event happened, or around it.
    pub(super) fn is_around(&self, event: &Event) -> bool {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Node>().ok());
        self.0.contains(target.as_ref())
    }

    /// Where the upper edge is on the screen, in pixels.
    pub(super) fn top(&self) -> f64 {
        self.0.get_bounding_client_rect().top()
    }

    /// How high the element is, in pixels.
    pub(super) fn height(&self) -> f64 {
        self.0.get_bounding_client_rect().height()
    }

    /// Makes the element this high, in pixels.
    pub(super) fn set_height(&self, pixels: f64) {
        // The browser's own digits: a number with a fraction is a long story in Rust, and here.
        let pixels = js_sys::Number::from(pixels).to_string_with_radix(10);
        let height = pixels.map_or_else(|_| String::new(), String::from);
        // Fails for no property's name.
        let _ = self
            .element::<HtmlElement>()
            .style()
            .set_property("height", &[&height, "px"].concat());
    }

    /// Calls `handler` at each event of this name. The browser drops it together with the element,
    /// unless the handler holds the element or what is around it: then [`Part::listen`].
    pub(crate) fn on(&self, event: &str, handler: impl FnMut(Event) + 'static) {
        let callback: JsValue = closure(Box::new(handler)).into_js_value();
        // Fails for no event's name.
        let _ = self
            .0
            .add_event_listener_with_callback(event, callback.unchecked_ref());
    }

    /// Calls `handler` at each event of this name, for as long as the component that asks for it is
    /// on the page.
    pub(super) fn listen(&self, event: &'static str, handler: impl FnMut(Event) + 'static) {
        self.listen_boxed(event, Box::new(handler));
    }

    fn listen_boxed(&self, event: &'static str, handler: Box<dyn FnMut(Event)>) {
        let callback = closure(handler);
        let function = callback.as_ref().unchecked_ref();
        let _ = self.0.add_event_listener_with_callback(event, function);
        let listening = StoredValue::new_local(Some((self.0.clone(), callback)));
        on_cleanup(move || {
            if let Some((element, callback)) = listening.try_update_value(Option::take).flatten() {
                let function = callback.as_ref().unchecked_ref();
                let _ = element.remove_event_listener_with_callback(event, function);
            }
        });
    }
}

fn closure(handler: Box<dyn FnMut(Event)>) -> Closure<dyn FnMut(Event)> {
    Closure::wrap(handler)
}

impl From<Element> for Part {
    fn from(element: Element) -> Part {
        Part(element)
    }
}

/// What `view!` makes of a component that returns a part.
impl From<View<Part>> for Part {
    fn from(view: View<Part>) -> Part {
        view.into_inner()
    }
}

impl Render for Part {
    type State = Element;

    fn build(self) -> Element {
        self.0
    }

    fn rebuild(self, state: &mut Element) {
        let _ = state.replace_with_with_node_1(&self.0);
        *state = self.0;
    }
}

/// Calls `draw` now, and again after each change of what it has read, for as long as the component
/// that asks for it is on the page.
pub(crate) fn follow(draw: impl FnMut() + 'static) {
    follow_boxed(Box::new(draw));
}

// One kind of effect for the whole page, since each is compiled anew.
fn follow_boxed(mut draw: Box<dyn FnMut()>) {
    Effect::new(move |_: Option<()>| draw());
}

/// Puts what `root` draws at the end of the page, for good.
pub(crate) fn mount(root: impl FnOnce() -> Part + 'static) {
    if let Some(body) = document().body() {
        // Whoever asks for it may go: it stays.
        let page = Owner::new_root(None);
        page.with(|| leptos::mount::mount_to_renderer(&body, root).forget());
        std::mem::forget(page);
    }
}
