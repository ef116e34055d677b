//! Which keys do what.

use super::dialog;

/// Opens the help sheet.
pub(crate) fn open() {
    dialog::open("help", Box::new(|_| {}));
}
