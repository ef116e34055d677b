//! The device's clock, and its times as the person's own locale writes them.

use js_sys::{Date, Intl::DateTimeFormat, Object, Reflect};
use wasm_bindgen::JsValue;

/// Now, in milliseconds since the Unix epoch.
pub(crate) fn now() -> f64 {
    Date::now()
}

/// The hour and minute of `at`, such as "14:03".
pub(crate) fn time_of_day(at: f64) -> String {
    TIME.with(|format| write(format, at))
}

/// The day of `at`, such as "Monday, 23 November".
pub(crate) fn day(at: f64) -> String {
    DAY.with(|format| write(format, at))
}

/// Day and time of `at` in full.
pub(crate) fn full(at: f64) -> String {
    FULL.with(|format| write(format, at))
}

/// `at` as ISO 8601 in UTC, for `<time datetime>`.
pub(crate) fn iso(at: f64) -> String {
    Date::new(&JsValue::from_f64(at)).to_iso_string().into()
}

/// Numbers the days of the person's time zone.
pub(crate) fn day_number(at: f64) -> i64 {
    let offset_minutes = Date::new(&JsValue::from_f64(at)).get_timezone_offset();
    ((at - offset_minutes * 60_000.0) / 86_400_000.0).floor() as i64
}

// Making a format costs a hundred times what using it does.
thread_local! {
    static TIME: DateTimeFormat = format(&[("hour", "2-digit"), ("minute", "2-digit")]);
    static DAY: DateTimeFormat = format(&[("weekday", "long"), ("day", "numeric"), ("month", "long")]);
    static FULL: DateTimeFormat = format(&[("dateStyle", "full"), ("timeStyle", "medium")]);
}

fn format(options: &[(&str, &str)]) -> DateTimeFormat {
    let object = Object::new();
    for (name, value) in options {
        // Setting a property of a plain object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), &(*value).into());
    }
    DateTimeFormat::new(&js_sys::Array::new(), &object)
}

fn write(format: &DateTimeFormat, at: f64) -> String {
    let text = format
        .format()
        .call1(&JsValue::UNDEFINED, &JsValue::from_f64(at));
    text.ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}
