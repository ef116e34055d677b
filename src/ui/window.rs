//! [`Window`]: which rows of a long list are in the page, and where it is scrolled to.
//!
//! What a person reads is kept by an anchor: the row at the upper edge, and how much of it is above
//! that edge. Rows that come above or below, heights that turn out otherwise, a page of another
//! width: none of them moves it. The scroll position follows from the anchor, never the other way
//! round, but for when the person scrolls.

use std::ops::Range;

use super::heights::Heights;

/// How far beyond what can be seen rows are in the page, in pixels: as far as anybody scrolls before
/// the next frame.
const MARGIN: f64 = 600.0;

/// The most rows that are in the page, however low they and however high the page are.
const MAX_ROWS: usize = 160;

/// Browsers lay nothing out beyond some 17 million pixels, and no scroll bar is that fine.
const MAX_SPACE: f64 = 6_000_000.0;

/// How high a row is taken to be before any was measured.
const ESTIMATE: f64 = 32.0;

/// Where the list is scrolled to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// At the end, and there it stays when rows come.
    End,
    /// Somewhere else.
    At {
        /// The row at the upper edge.
        row: usize,
        /// How much of it is above the edge, in pixels. Below 0 it is so far below the edge: the first
        /// row, with what the page has above its list, or one that is to be held there.
        offset: f64,
    },
}

/// What the page is to look like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// The height of the empty space above the rows.
    pub above: f64,
    /// The height of the empty space below them.
    pub below: f64,
    /// The scroll position, measured from the beginning of the space above.
    pub top: f64,
}

/// A window on a list of rows.
///
/// It is used in turns: tell it what changed, put the rows of [`Window::wanted`] into the page,
/// [`Window::measured`] them, until it wants no others; then give the page the [`Window::layout`].
///
/// ```
/// use serverless_chat::ui::window::{Place, Window};
///
/// let mut window = Window::new(100_000);
/// window.set_viewport(600.0);
/// assert_eq!(window.place(), Place::End);
/// let rows = window.wanted();
/// assert_eq!(rows.end, 100_000);
/// assert!(rows.len() < 100, "and no others are in the page");
/// ```
#[derive(Clone, Debug)]
pub struct Window {
    heights: Heights,
    place: Place,
    viewport: f64,
    drawn: Range<usize>,
    layout: Layout,
    /// The place was chosen anew: the scroll position may change.
    jumped: bool,
    estimate: f64,
}

impl Window {
    /// A window at the end of a list of `count` rows.
    pub fn new(count: usize) -> Window {
        let mut window = Window {
            heights: Heights::default(),
            place: Place::End,
            viewport: 0.0,
            drawn: 0..0,
            layout: Layout {
                above: 0.0,
                below: 0.0,
                top: 0.0,
            },
            jumped: true,
            estimate: ESTIMATE,
        };
        window.set_len(count);
        window
    }

    /// The number of rows of the list.
    pub fn len(&self) -> usize {
        self.heights.len()
    }

    /// True for a list without rows.
    pub fn is_empty(&self) -> bool {
        self.heights.is_empty()
    }

    /// Where the list is scrolled to.
    pub fn place(&self) -> Place {
        self.place
    }

    /// The rows that are in the page.
    pub fn drawn(&self) -> Range<usize> {
        self.drawn.clone()
    }

    /// How high the part is that can be seen.
    pub fn set_viewport(&mut self, height: f64) {
        self.viewport = height;
    }

    /// The rows from `row` on are others than before.
    pub fn cut(&mut self, row: usize) {
        self.heights.truncate(row);
    }

    /// The list has `count` rows: others come at its end.
    pub fn set_len(&mut self, count: usize) {
        self.heights.truncate(count);
        while self.heights.len() < count {
            self.heights.push(self.estimate);
        }
        self.drawn = self.drawn.start.min(count)..self.drawn.end.min(count);
    }

    /// The first `count` rows are gone.
    pub fn remove_front(&mut self, count: usize) {
        if count == 0 {
            return;
        }
        self.heights.remove_front(count);
        self.drawn = self.drawn.start.saturating_sub(count)..self.drawn.end.saturating_sub(count);
        if let Place::At { row, offset } = &mut self.place {
            if *row < count {
                *offset = 0.0;
            }
            *row = row.saturating_sub(count);
        }
    }

    /// The row at the upper edge has this number now.
    pub fn renumber(&mut self, number: usize) {
        if let Place::At { row, .. } = &mut self.place {
            *row = number;
        }
    }

    /// Goes somewhere else.
    pub fn go(&mut self, place: Place) {
        self.place = place;
        self.jumped = true;
    }

    /// Goes as far as it takes to have all of a row in sight.
    pub fn reveal(&mut self, row: usize) {
        let (top, y, height) = (self.top(), self.heights.before(row), self.heights.get(row));
        if y < top {
            self.go(Place::At { row, offset: 0.0 });
        } else if row + 1 == self.len() {
            self.go(Place::End);
        } else if y + height > top + self.viewport {
            let offset = (height - self.viewport).min(0.0);
            self.go(Place::At { row, offset });
        }
    }

    /// Stays where it is, at `top` in the page, whatever comes at the end. A list that fits has
    /// nowhere else to be.
    pub fn stay(&mut self, top: f64) {
        if self.place == Place::End && self.heights.total() > self.viewport {
            self.layout.top = top;
            self.place = self.place_at(self.row_position(top).max(0.0));
        }
    }

    /// Goes to where a row is the first in sight, or to the end if that can be seen from there.
    pub fn begin_at(&mut self, row: usize) {
        let rest = self.heights.total() - self.heights.before(row);
        self.go(if rest > self.viewport {
            Place::At { row, offset: 0.0 }
        } else {
            Place::End
        });
    }

    fn place_at(&self, top: f64) -> Place {
        let row = self.heights.at(top);
        let offset = top - self.heights.before(row);
        Place::At { row, offset }
    }

    /// The rows that can be seen, wholly or in part.
    pub fn in_sight(&self) -> Range<usize> {
        let top = self.top();
        self.between(top, top + self.viewport)
    }

    /// The row that is one page above or below `row`.
    pub fn page_from(&self, row: usize, down: bool) -> usize {
        let y = self.heights.before(row);
        // What was at one edge can still be seen at the other.
        let page = (self.viewport - 2.0 * self.estimate).max(self.estimate);
        self.heights.at(if down { y + page } else { y - page })
    }

    /// The rows that belong into the page.
    pub fn wanted(&self) -> Range<usize> {
        let top = self.top();
        let rows = self.between(top - MARGIN, top + self.viewport + MARGIN);
        match self.place {
            Place::End => rows.start.max(rows.end.saturating_sub(MAX_ROWS))..rows.end,
            Place::At { .. } => {
                // Where rows are so low that not all may be in the page, those in sight come first.
                let sight = self.in_sight();
                let spare = MAX_ROWS.saturating_sub(sight.len());
                let start = rows.start.max(sight.start.saturating_sub(spare / 2));
                start..rows.end.min(start + MAX_ROWS)
            }
        }
    }

    fn between(&self, from: f64, to: f64) -> Range<usize> {
        if self.is_empty() {
            return 0..0;
        }
        self.heights.at(from)..self.heights.at(to) + 1
    }

    /// These rows are in the page.
    pub fn set_drawn(&mut self, rows: Range<usize>) {
        self.drawn = rows;
    }

    /// A row in the page is this high. Returns false if it was taken for that already.
    pub fn measured(&mut self, row: usize, height: f64) -> bool {
        self.estimate += (height - self.estimate) / 64.0;
        if let Place::At { row: top, offset } = &mut self.place
            && *top == row
        {
            *offset = offset.min(height);
        }
        self.heights.set(row, height)
    }

    /// How high the rows in the page are, all together.
    pub fn drawn_height(&self) -> f64 {
        self.heights.before(self.drawn.end) - self.heights.before(self.drawn.start)
    }

    /// What the page is to look like, with the rows that are in it.
    ///
    /// While somebody scrolls, the position is left as it is wherever that can be: a browser ends
    /// its smooth scrolling when the position is set. What was measured above goes into the space
    /// there, until the first row is reached.
    pub fn layout(&mut self) -> Layout {
        if let Place::At { row, offset } = self.place
            && offset < 0.0
            && row > 0
        {
            self.place = self.place_at(self.top().max(0.0));
        }
        let before = self.heights.before(self.drawn.start);
        let into = self.top() - before;
        let kept = self.layout.top - into;
        let above = if self.jumped || self.place == Place::End || self.drawn.start == 0 {
            before.min(MAX_SPACE)
        } else {
            // As much as takes one to the rows that will be drawn next.
            kept.clamp(before.min(MARGIN), MAX_SPACE)
        };
        self.jumped = false;
        let after = self.heights.total() - self.heights.before(self.drawn.end);
        self.layout = Layout {
            above,
            below: after.min(MAX_SPACE),
            top: above + into,
        };
        self.layout
    }

    /// The person has scrolled to `top`, in the page as the last [`Window::layout`] has it; `at_end`
    /// if the page goes no further. Returns false if that is where it was.
    pub fn scrolled(&mut self, top: f64, at_end: bool) -> bool {
        let moved = (top - self.layout.top).abs() >= 1.0;
        if at_end == (self.place == Place::End) && (at_end || !moved) {
            self.layout.top = top;
            return false;
        }
        self.layout.top = top;
        self.place = if at_end {
            Place::End
        } else {
            self.place_at(self.row_position(top))
        };
        true
    }

    /// Where in the list the position `top` of the page is.
    fn row_position(&self, top: f64) -> f64 {
        let Layout { above, below, .. } = self.layout;
        let before = self.heights.before(self.drawn.start);
        let drawn = self.drawn_height();
        let y = top - above;
        let near = 2.0 * self.viewport + MARGIN;
        if y < -near || before + y < 0.0 && self.drawn.start > 0 {
            // Far into the space, which may be of another height than the rows that belong there.
            before * (top / above).clamp(0.0, 1.0)
        } else if y > drawn + near && below > 0.0 {
            let after = self.heights.total() - before - drawn;
            before + drawn + after * (y - drawn) / below
        } else {
            before + y
        }
    }

    /// Where the upper edge is, in the whole list.
    fn top(&self) -> f64 {
        match self.place {
            Place::End => (self.heights.total() - self.viewport).max(0.0),
            Place::At { row, offset } => self.heights.before(row) + offset,
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
