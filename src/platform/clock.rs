//! The device's clock, and its times and numbers as the person's own language writes them.

use std::cell::RefCell;

use js_sys::{Array, Date, Intl::DateTimeFormat, Number, Object, Reflect};
use wasm_bindgen::JsValue;

/// Now, in milliseconds since the Unix epoch.
pub(crate) fn now() -> f64 {
    Date::now()
}

/// The hour and minute of `at`, such as "14:03".
pub(crate) fn time_of_day(at: f64) -> String {
    write(Format::Time, at)
}

/// The hour, minute and second of `at`.
pub(crate) fn to_the_second(at: f64) -> String {
    write(Format::Second, at)
}

/// The day of `at`, such as "Monday, 23 November".
pub(crate) fn day(at: f64) -> String {
    write(Format::Day, at)
}

/// The time of `at` if it is in this day, else the day in short, such as "23 Nov".
pub(crate) fn short(at: f64) -> String {
    if day_number(at) == day_number(now()) {
        time_of_day(at)
    } else {
        write(Format::ShortDay, at)
    }
}

/// Day and time of `at` in full.
pub(crate) fn full(at: f64) -> String {
    write(Format::Full, at)
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

/// Writes times and numbers as `locale` has it from now on.
pub(crate) fn speak(locale: &str) {
    LOCALE.with_borrow_mut(|spoken| locale.clone_into(spoken));
    FORMATS.take();
}

/// A number of tenths.
pub(crate) fn number(tenths: u32) -> String {
    let number = Number::from(f64::from(tenths) / 10.0);
    LOCALE.with_borrow(|locale| number.to_locale_string(locale).into())
}

/// What a time is written for.
#[derive(Clone, Copy)]
enum Format {
    Time,
    Second,
    Day,
    ShortDay,
    Full,
}

thread_local! {
    static LOCALE: RefCell<String> = const { RefCell::new(String::new()) };
    // Making a format costs a hundred times what using it does.
    static FORMATS: RefCell<[Option<DateTimeFormat>; 5]> = const { RefCell::new([const { None }; 5]) };
}

impl Format {
    fn make(self) -> DateTimeFormat {
        let options: &[(&str, &str)] = match self {
            Format::Time => &[("hour", "2-digit"), ("minute", "2-digit")],
            Format::Second => &[("timeStyle", "medium")],
            Format::Day => &[("weekday", "long"), ("day", "numeric"), ("month", "long")],
            Format::ShortDay => &[("day", "numeric"), ("month", "short")],
            Format::Full => &[("dateStyle", "full"), ("timeStyle", "medium")],
        };
        let object = Object::new();
        for (name, value) in options {
            // Setting a property of a plain object cannot fail.
            let _ = Reflect::set(&object, &(*name).into(), &(*value).into());
        }
        // None at all means the browser's own.
        let locales = Array::new();
        LOCALE.with_borrow(|locale| {
            if !locale.is_empty() {
                locales.push(&locale.as_str().into());
            }
        });
        DateTimeFormat::new(&locales, &object)
    }
}

fn write(format: Format, at: f64) -> String {
    FORMATS.with_borrow_mut(|formats| {
        let place = &mut formats[format as usize];
        let format = place.get_or_insert_with(|| format.make());
        let text = format
            .format()
            .call1(&JsValue::UNDEFINED, &JsValue::from_f64(at));
        text.ok()
            .and_then(|text| text.as_string())
            .unwrap_or_default()
    })
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

        speak("nl-NL");
        assert_eq!(day(noon()), "maandag 23 november");
        assert_eq!((number(15), number(12_340)), ("1,5".into(), "1.234".into()));
        speak("en-GB");
        assert_eq!(day(noon()), "Monday 23 November");
        assert_eq!((number(15), number(12_340)), ("1.5".into(), "1,234".into()));
    }
}
