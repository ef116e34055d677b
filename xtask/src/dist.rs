//! The app as static files.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::process::{Failure, Outcome, root, run};
use crate::setup::{Tools, find};

/// Builds `dist` and prints what a visitor loads.
///
/// # Errors
/// wasm-opt is not there, or the build fails.
pub(crate) fn run_build(tools: &Tools) -> Outcome {
    wasm_opt()?;
    run(
        &mut tools.release_trunk("build"),
        "The words above say what is wrong.",
    )?;
    print_sizes(&root().join("dist"))
        .map_err(|error| Failure(format!("dist cannot be read ({error}). Run this again.")))
}

/// A release build needs wasm-opt, which comes with binaryen.
///
/// # Errors
/// It is not there.
pub(crate) fn wasm_opt() -> Outcome {
    match find("wasm-opt") {
        Some(_) => Ok(()),
        None => Err(Failure(
            "wasm-opt is not there; a release build needs it. On Debian or Ubuntu: sudo apt-get install binaryen"
                .to_owned(),
        )),
    }
}

fn print_sizes(dist: &Path) -> std::io::Result<()> {
    let mut files: Vec<_> = fs::read_dir(dist)?.collect::<Result<_, _>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    println!("{:>10} {:>10}  dist/", "bytes", "brotli");
    let (mut all, mut all_packed) = (0, 0);
    for file in files {
        let bytes = fs::read(file.path())?;
        let packed = brotli_size(&bytes)?;
        println!(
            "{:>10} {packed:>10}  {}",
            bytes.len(),
            file.file_name().to_string_lossy()
        );
        all += bytes.len();
        all_packed += packed;
    }
    println!("{all:>10} {all_packed:>10}  in all");
    Ok(())
}

/// The size after Brotli at its best, as a web host would send it.
fn brotli_size(bytes: &[u8]) -> std::io::Result<usize> {
    let mut packer = brotli::CompressorWriter::new(Vec::new(), 4096, 11, 22);
    packer.write_all(bytes)?;
    Ok(packer.into_inner().len())
}
