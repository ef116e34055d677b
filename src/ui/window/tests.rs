//! What a person reads stays where it is, whatever comes.

use proptest::prelude::*;

use super::*;

/// A page as a browser has it: it knows the true heights, and measures what is in it.
struct Page {
    window: Window,
    /// The true heights.
    rows: Vec<f64>,
    viewport: f64,
    layout: Layout,
}

impl Page {
    fn new(rows: Vec<f64>, viewport: f64) -> Page {
        let mut page = Page {
            window: Window::new(rows.len()),
            rows,
            viewport,
            layout: Layout {
                above: 0.0,
                below: 0.0,
                top: 0.0,
            },
        };
        page.draw();
        page
    }

    /// What the browser's part does in a frame.
    fn draw(&mut self) {
        self.window.set_viewport(self.viewport);
        for _ in 0..MAX_ROWS {
            let wanted = self.window.wanted();
            if wanted == self.window.drawn() {
                break;
            }
            self.window.set_drawn(wanted.clone());
            for row in wanted {
                self.window.measured(row, self.rows[row]);
            }
        }
        self.layout = self.window.layout();
        if self.window.place() == Place::End {
            self.layout.top = self.max_top();
        } else if self.layout.top > self.max_top() {
            // A browser goes no further than to the end, and tells of that.
            self.scroll_to(self.max_top());
        }
    }

    fn content(&self) -> f64 {
        let drawn: f64 = self.rows[self.window.drawn()].iter().sum();
        self.layout.above + drawn + self.layout.below
    }

    fn max_top(&self) -> f64 {
        (self.content() - self.viewport).max(0.0)
    }

    fn scroll_to(&mut self, top: f64) {
        let top = top.clamp(0.0, self.max_top());
        self.layout.top = top;
        if self.window.scrolled(top, self.max_top() - top < 1.0) {
            self.draw();
        }
    }

    /// Where a row that is in the page is on the screen.
    fn on_screen(&self, row: usize) -> Option<f64> {
        let drawn = self.window.drawn();
        let above: f64 = self.rows.get(drawn.start..row)?.iter().sum();
        drawn
            .contains(&row)
            .then_some(self.layout.above + above - self.layout.top)
    }

    /// The first row that can be seen, and where.
    fn anchor(&self) -> Option<(usize, f64)> {
        let seen = |&row: &usize| {
            self.on_screen(row)
                .is_some_and(|y| y + self.rows[row] > 0.0)
        };
        let row = self.window.drawn().find(seen)?;
        Some((row, self.on_screen(row)?))
    }

    fn check(&self) {
        let drawn = self.window.drawn();
        assert!(drawn.len() <= MAX_ROWS);
        if self.rows.is_empty() {
            return;
        }
        // All that can be seen is rows, and none is missing.
        let first = self.on_screen(drawn.start).unwrap();
        let last = self.on_screen(drawn.end - 1).unwrap() + self.rows[drawn.end - 1];
        assert!(first <= 0.01 || drawn.start == 0, "{first} {drawn:?}");
        assert!(
            last >= self.viewport - 0.01 || drawn.end == self.rows.len(),
            "{last} {drawn:?}"
        );
        // Both ends can be reached, and are the ends.
        assert_eq!(self.layout.above == 0.0, drawn.start == 0);
        assert_eq!(self.layout.below == 0.0, drawn.end == self.rows.len());
        if self.window.place() == Place::End {
            assert_eq!(drawn.end, self.rows.len());
            assert!((self.layout.top - self.max_top()).abs() < 0.01);
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    /// Messages come.
    Come(Vec<f64>),
    /// The person scrolls.
    Scroll(f64),
    /// They drag the scroll bar.
    Drag(f64),
    /// The oldest go.
    Trim(prop::sample::Index),
    /// The rows turn out to be of another height: the page is wider, or a font came.
    Reflow(f64),
    /// The page is higher or lower.
    Resize(f64),
    /// They go to a row.
    Reveal(prop::sample::Index),
    /// They go to the end.
    Latest,
}

// Whole pixels are exact in both sums.
fn height() -> impl Strategy<Value = f64> {
    prop_oneof![9 => 24_u16..80, 1 => 24_u16..4_000].prop_map(f64::from)
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop::collection::vec(height(), 1..40).prop_map(Step::Come),
        6 => (-900_i16..900).prop_map(|by| Step::Scroll(f64::from(by))),
        1 => (0_u8..=100).prop_map(|to| Step::Drag(f64::from(to) / 100.0)),
        1 => any::<prop::sample::Index>().prop_map(Step::Trim),
        1 => prop_oneof![Just(0.5), Just(2.0)].prop_map(Step::Reflow),
        1 => (100_u16..1_500).prop_map(|to| Step::Resize(f64::from(to))),
        2 => any::<prop::sample::Index>().prop_map(Step::Reveal),
        1 => Just(Step::Latest),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn nothing_that_comes_moves_what_is_read(
        rows in prop::collection::vec(height(), 0..400),
        steps in prop::collection::vec(step(), 0..40),
    ) {
        let mut page = Page::new(rows, 600.0);
        page.check();
        for step in steps {
            let (anchor, place) = (page.anchor(), page.window.place());
            let mut still = false;
            match step {
                Step::Come(heights) => {
                    page.rows.extend(heights);
                    page.window.set_len(page.rows.len());
                    page.draw();
                    still = true;
                }
                Step::Scroll(by) => page.scroll_to(page.layout.top + by),
                Step::Drag(to) => page.scroll_to(page.max_top() * to),
                Step::Trim(count) => {
                    // What is looked at is not among the oldest.
                    let top = anchor.map_or(0, |(row, _)| row);
                    let count = count.index(top + 1);
                    page.rows.drain(..count);
                    page.window.remove_front(count);
                    page.draw();
                    if let (Some((row, y)), Place::At { .. }) = (anchor, place) {
                        let now = page.on_screen(row - count);
                        prop_assert!((now.unwrap() - y).abs() < 0.01);
                    }
                }
                Step::Reflow(factor) => {
                    page.rows.iter_mut().for_each(|height| *height = (*height * factor).round());
                    page.window.set_drawn(0..0);
                    page.draw();
                    if let (Place::At { row, .. }, Place::At { .. }) = (place, page.window.place()) {
                        let y = page.on_screen(row).expect("it is in the page");
                        // Near the end a browser has to move, for want of rows below.
                        let at_end = page.layout.top == page.max_top();
                        prop_assert!(y <= 0.01 || at_end, "{}", y);
                    }
                }
                Step::Resize(height) => {
                    page.viewport = height;
                    page.draw();
                    // Near the end a browser has to move, for want of rows below.
                    still = page.layout.top < page.max_top();
                }
                Step::Reveal(row) if !page.rows.is_empty() => {
                    let row = row.index(page.rows.len());
                    // Once on what is taken for its height, and again when it is measured.
                    for _ in 0..2 {
                        page.window.reveal(row);
                        page.draw();
                    }
                    let y = page.on_screen(row).expect("it is in the page");
                    let fits = page.rows[row] <= page.viewport;
                    prop_assert!(y >= -0.01 || !fits, "{}", y);
                    prop_assert!(y + page.rows[row] <= page.viewport + 0.01 || !fits);
                }
                Step::Reveal(_) => {}
                Step::Latest => {
                    page.window.go(Place::End);
                    page.draw();
                }
            }
            page.check();
            if let (true, Some((row, y)), Place::At { .. }) = (still, anchor, place) {
                let now = page.on_screen(row).expect("it is still in the page");
                prop_assert!((now - y).abs() < 0.01, "{} was at {}, is at {}", row, y, now);
            }
        }
    }

    #[test]
    fn scrolling_up_a_little_at_a_time_comes_to_the_first_row(
        rows in prop::collection::vec(height(), 1..300),
    ) {
        let mut page = Page::new(rows, 600.0);
        let steps = page.rows.iter().sum::<f64>() / 100.0;
        for _ in 0..steps as usize + 1 {
            let before = page.anchor();
            page.scroll_to(page.layout.top - 100.0);
            page.check();
            if let (Some((row, y)), Some(now)) = (before, page.on_screen(before.unwrap().0))
                && page.layout.top > 0.0 && page.window.place() != Place::End {
                prop_assert!((now - y - 100.0).abs() < 0.01, "{} was at {}, is at {}", row, y, now);
            }
        }
        prop_assert_eq!(page.on_screen(0), Some(0.0));
    }
}

#[test]
fn a_scroll_is_never_undone_by_what_is_measured_above() {
    // Every row is thrice as high as it is taken to be.
    let mut page = Page::new(vec![96.0; 10_000], 600.0);
    for _ in 0..200 {
        let top = page.layout.top - 120.0;
        page.scroll_to(top);
        assert_eq!(page.layout.top, top, "the browser's position is left alone");
    }
}

#[test]
fn a_hundred_thousand_rows_higher_than_any_browser_lays_out_can_be_gone_through() {
    let mut page = Page::new(vec![900.0; 100_000], 600.0);
    assert!(page.content() < 2.2 * MAX_SPACE);
    page.scroll_to(page.max_top() / 2.0);
    page.check();
    let middle = page.anchor().unwrap().0;
    assert!((20_000..80_000).contains(&middle), "{middle}");
    page.scroll_to(0.0);
    assert_eq!(page.on_screen(0), Some(0.0));
    page.scroll_to(page.max_top());
    assert_eq!(page.window.place(), Place::End);
}

#[test]
fn one_row_more_is_all_that_is_drawn_anew() {
    let mut page = Page::new(vec![30.0; 100_000], 600.0);
    let before = page.window.drawn();
    page.rows.push(30.0);
    page.window.set_len(page.rows.len());
    page.draw();
    assert_eq!(page.window.drawn(), before.start + 1..before.end + 1);
}

#[test]
fn a_list_that_fits_is_at_its_end() {
    let mut page = Page::new(vec![30.0; 3], 600.0);
    assert_eq!(page.window.place(), Place::End);
    page.scroll_to(0.0);
    assert_eq!(page.window.place(), Place::End);
    assert_eq!(Page::new(Vec::new(), 600.0).window.wanted(), 0..0);
}

#[test]
fn what_the_page_has_above_its_list_is_part_of_the_place() {
    let mut page = Page::new(vec![30.0; 100], 600.0);
    page.scroll_to(0.0);
    assert!(page.window.scrolled(-16.0, false));
    page.window.set_len(page.rows.len());
    assert_eq!(page.window.layout().top, -16.0);
}

#[test]
fn whoever_stays_at_the_end_does_not_follow_it() {
    let mut page = Page::new(vec![30.0; 100], 600.0);
    page.window.stay(page.layout.top);
    let read = page.anchor();
    page.rows.extend([30.0; 50]);
    page.window.set_len(page.rows.len());
    page.draw();
    assert_eq!(page.anchor(), read);
    page.check();
}

#[test]
fn a_page_further_is_nearly_a_page_away() {
    let page = Page::new(vec![30.0; 1_000], 600.0);
    let up = page.window.page_from(500, false);
    let down = page.window.page_from(500, true);
    assert!((480..=485).contains(&up) && (515..=520).contains(&down));
    assert_eq!(page.window.page_from(0, false), 0);
    assert_eq!(page.window.page_from(999, true), 999);
}
