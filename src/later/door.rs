//! The one way from the first part of the app into the second.

use super::Owned;

#[cfg(feature = "split")]
#[expect(unsafe_code, reason = "the two parts are two modules")]
mod cut {
    use std::ffi::c_void;

    use super::Owned;

    // `cargo xtask dist` knows the two by their names: what stands between `00` and `00` is the name
    // of the part, and the number behind says which belongs to which.
    #[link(wasm_import_module = "__wasm_split_placeholder__")]
    unsafe extern "C" {
        #[link_name = "__wasm_split_00later00_import_00000000000000000000000000000001"]
        fn go_in(task: *mut c_void);
    }

    #[unsafe(export_name = "__wasm_split_00later00_export_00000000000000000000000000000001")]
    extern "C" fn come_in(task: *mut c_void) {
        // SAFETY: only `pass` gets here, with a task that it has boxed.
        unsafe { Box::from_raw(task.cast::<Owned>()) }.carry_out();
    }

    pub(super) fn pass(task: Owned) {
        let task = Box::into_raw(Box::new(task));
        // SAFETY: it is `come_in` that is called, which takes the same.
        unsafe { go_in(task.cast()) }
    }
}

/// Has the second part carry this out, which has to be there.
pub(super) fn pass(task: Owned) {
    #[cfg(feature = "split")]
    cut::pass(task);
    #[cfg(not(feature = "split"))]
    task.carry_out();
}
