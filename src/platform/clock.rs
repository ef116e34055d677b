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

/// The hour, minute and second of `at`.
pub(crate) fn to_the_second(at: f64) -> String {
    SECOND.with(|format| write(format, at))
}

/// The day of `at`, such as "Monday, 23 November".
pub(crate) fn day(at: f64) -> String {
    DAY.with(|format| write(format, at))
}

/// The time of `at` if it is in this day, else the day in short, such as "23 Nov".
pub(crate) fn short(at: f64) -> String {
    if day_number(at) == day_number(now()) {
        time_of_day(at)
    } else {
        SHORT_DAY.with(|format| write(format, at))
    }
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
    static SECOND: DateTimeFormat = format(&[("timeStyle", "medium")]);
    static DAY: DateTimeFormat = format(&[("weekday", "long"), ("day", "numeric"), ("month", "long")]);
    static SHORT_DAY: DateTimeFormat = format(&[("day", "numeric"), ("month", "short")]);
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

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// Noon of 23 November 2026, in the browser's own time zone.
    fn noon() -> f64 {
        Date::new_with_year_month_day_hr(2026, 10, 23, 12).get_time()
    }

    #[wasm_bindgen_test]
    fn days_change_at_the_persons_own_midnight() {
        let hour = 3_600_000.0;
        let today = day_number(noon());
        assert_eq!(day_number(noon() - 12.0 * hour), today);
        assert_eq!(day_number(noon() - 12.0 * hour - 1.0), today - 1);
        assert_eq!(day_number(noon() + 12.0 * hour - 1.0), today);
        assert_eq!(day_number(noon() + 12.0 * hour), today + 1);
    }

    #[wasm_bindgen_test]
    fn times_are_written_by_the_browser() {
        assert!(
            time_of_day(noon()).contains("12"),
            "{}",
            time_of_day(noon())
        );
        assert!(
            to_the_second(noon()).contains("00:00"),
            "{}",
            to_the_second(noon())
        );
        assert!(day(noon()).contains("23"), "{}", day(noon()));
        let (short_day, today) = (short(noon() - 400.0 * 86_400_000.0), now());
        assert!(
            short_day.contains("Oct") && short_day.len() < 12,
            "{short_day}"
        );
        assert_eq!(short(today), time_of_day(today));
        assert!(full(noon()).contains("2026"), "{}", full(noon()));
        assert_eq!(iso(0.0), "1970-01-01T00:00:00.000Z");
    }
}
