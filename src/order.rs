//! Putting a list in order.
//!
//! The standard library's sorts are compiled anew for each type of item, and people would download
//! four kilobytes for each. Here is one, of places in a list, for all of them.

use std::collections::BinaryHeap;

/// What comes first: the smaller one, and of two with the same first number the one with the smaller
/// second.
pub type Key = (u64, u64);

/// The items in the order of their keys. Those with the same key stay as they stood.
///
/// ```
/// use serverless_chat::order::by_key;
///
/// let words = by_key(vec!["to", "be", "or", "not"], |word| (word.len() as u64, 0));
/// assert_eq!(words, ["to", "be", "or", "not"]);
/// let newest_first = by_key(vec![1_u64, 3, 2], |time| (!time, 0));
/// assert_eq!(newest_first, [3, 2, 1]);
/// ```
pub fn by_key<T>(items: Vec<T>, key: impl Fn(&T) -> Key) -> Vec<T> {
    let places = order(items.iter().map(key).collect());
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    let item = |(_, place): (Key, usize)| items.get_mut(place)?.take();
    places.into_iter().filter_map(item).collect()
}

/// The keys in order, each with the place that it had.
fn order(keys: Vec<Key>) -> Vec<(Key, usize)> {
    let keys = keys.into_iter().enumerate();
    let heap: BinaryHeap<_> = keys.map(|(place, key)| (key, place)).collect();
    heap.into_sorted_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_that_of_a_stable_sort() {
        // Numbers that look random, many of them the same.
        let items: Vec<(u64, usize)> = (0..1000_u64)
            .map(|at| (at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58, at as usize))
            .collect();
        let mut expected = items.clone();
        expected.sort_by_key(|item| item.0);
        assert_eq!(by_key(items, |item| (item.0, 0)), expected);
        assert!(by_key(Vec::<u8>::new(), |_| (0, 0)).is_empty());
    }

    #[test]
    fn the_second_number_decides_where_the_first_does_not() {
        let items = vec![(2, 1), (1, 2), (1, 1), (u64::MAX, 0)];
        let expected = [(1, 1), (1, 2), (2, 1), (u64::MAX, 0)];
        assert_eq!(by_key(items, |item| *item), expected);
    }
}
