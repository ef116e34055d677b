//! [`Heights`]: how high many rows are, and where each begins.

/// A browser lays out in 64ths of a pixel. In whole ones of these, sums never drift.
const UNITS: f64 = 64.0;

/// The heights of rows, in pixels, with the sum of those before any of them.
///
/// Sums are kept in a Fenwick tree, so that every question and every change costs the logarithm of
/// the number of rows.
///
/// ```
/// use serverless_chat::ui::heights::Heights;
///
/// let mut heights = Heights::default();
/// for height in [10.0, 20.0, 30.0] {
///     heights.push(height);
/// }
/// assert_eq!(heights.before(2), 30.0);
/// assert_eq!(heights.at(29.0), 1, "the row that lies there");
/// heights.set(0, 15.0);
/// assert_eq!(heights.total(), 65.0);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Heights {
    rows: Vec<u32>,
    /// Each node holds the sum of the rows that end with its own; how many is the lowest bit of its
    /// number, counted from 1. Nodes look back only, so the end can grow and be cut.
    tree: Vec<u64>,
}

impl Heights {
    /// The number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True without rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Puts a row at the end.
    pub fn push(&mut self, height: f64) {
        let units = units(height);
        let number = self.rows.len() + 1;
        let mut sum = u64::from(units);
        let mut child = number - 1;
        while child > number - lowest_bit(number) {
            sum += self.tree[child - 1];
            child -= lowest_bit(child);
        }
        self.rows.push(units);
        self.tree.push(sum);
    }

    /// Keeps the first `count` rows.
    pub fn truncate(&mut self, count: usize) {
        self.rows.truncate(count);
        self.tree.truncate(count);
    }

    /// Takes the first `count` rows away.
    pub fn remove_front(&mut self, count: usize) {
        let rows = self.rows.split_off(count.min(self.rows.len()));
        *self = Heights::default();
        for units in rows {
            self.push(f64::from(units) / UNITS);
        }
    }

    /// Changes a row's height. False if it was that already.
    pub fn set(&mut self, row: usize, height: f64) -> bool {
        let Some(known) = self.rows.get_mut(row) else {
            return false;
        };
        let before = std::mem::replace(known, units(height));
        let change = i64::from(*known) - i64::from(before);
        let mut number = row + 1;
        while number <= self.tree.len() {
            self.tree[number - 1] = self.tree[number - 1].wrapping_add_signed(change);
            number += lowest_bit(number);
        }
        change != 0
    }

    /// A row's height; 0 for a row that is not there.
    pub fn get(&self, row: usize) -> f64 {
        self.rows.get(row).map_or(0.0, |&units| f64::from(units)) / UNITS
    }

    /// Where a row begins: the sum of the first `row` heights.
    pub fn before(&self, row: usize) -> f64 {
        let mut number = row.min(self.tree.len());
        let mut sum = 0;
        while number > 0 {
            sum += self.tree[number - 1];
            number -= lowest_bit(number);
        }
        sum as f64 / UNITS
    }

    /// The height of all of them.
    pub fn total(&self) -> f64 {
        self.before(self.len())
    }

    /// The row in which `y` lies; the first or the last for what lies outside.
    pub fn at(&self, y: f64) -> usize {
        // Casting takes what is below 0 for 0.
        let mut rest = (y * UNITS) as u64;
        let mut row = 0;
        let mut step = self.len().checked_ilog2().map_or(0, |bit| 1 << bit);
        while step > 0 {
            if let Some(&sum) = self.tree.get(row + step - 1)
                && sum <= rest
            {
                rest -= sum;
                row += step;
            }
            step /= 2;
        }
        row.min(self.len().saturating_sub(1))
    }
}

fn units(height: f64) -> u32 {
    (height * UNITS).round() as u32
}

fn lowest_bit(number: usize) -> usize {
    number & number.wrapping_neg()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug)]
    enum Change {
        Push(u16),
        Set(prop::sample::Index, u16),
        Truncate(prop::sample::Index),
        RemoveFront(prop::sample::Index),
    }

    fn change() -> impl Strategy<Value = Change> {
        prop_oneof![
            6 => any::<u16>().prop_map(Change::Push),
            3 => (any::<prop::sample::Index>(), any::<u16>()).prop_map(|(at, to)| Change::Set(at, to)),
            1 => any::<prop::sample::Index>().prop_map(Change::Truncate),
            1 => any::<prop::sample::Index>().prop_map(Change::RemoveFront),
        ]
    }

    proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn sums_are_what_adding_up_gives(changes in prop::collection::vec(change(), 0..200), y: u32) {
            let (mut heights, mut plain) = (Heights::default(), Vec::<f64>::new());
            for change in changes {
                match change {
                    Change::Push(height) => {
                        heights.push(f64::from(height));
                        plain.push(f64::from(height));
                    }
                    Change::Set(at, height) if !plain.is_empty() => {
                        let (row, height) = (at.index(plain.len()), f64::from(height));
                        prop_assert_eq!(heights.set(row, height), plain[row] != height);
                        plain[row] = height;
                    }
                    Change::Set(..) => {}
                    Change::Truncate(count) => {
                        let count = count.index(plain.len() + 1);
                        heights.truncate(count);
                        plain.truncate(count);
                    }
                    Change::RemoveFront(count) => {
                        let count = count.index(plain.len() + 1);
                        heights.remove_front(count);
                        plain.drain(..count);
                    }
                }
            }
            prop_assert_eq!(heights.len(), plain.len());
            for row in 0..=plain.len() {
                prop_assert_eq!(heights.before(row), plain[..row].iter().sum::<f64>());
                prop_assert_eq!(heights.get(row), plain.get(row).copied().unwrap_or(0.0));
            }
            let y = f64::from(y % 0x0020_0000);
            let passed = (1..plain.len()).take_while(|&row| heights.before(row) <= y).count();
            prop_assert_eq!(heights.at(y), passed);
        }
    }

    #[test]
    fn what_lies_outside_is_the_first_or_the_last() {
        let mut heights = Heights::default();
        assert_eq!((heights.at(-1.0), heights.at(5.0)), (0, 0), "without rows");
        heights.push(10.0);
        heights.push(10.5);
        assert_eq!(
            (heights.at(-1.0), heights.at(20.4), heights.at(99.0)),
            (0, 1, 1)
        );
        assert!(!heights.set(7, 1.0));
    }
}
