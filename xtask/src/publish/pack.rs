//! Compressed copies, for hosts that do not compress, or would do it anew for each visitor.
//!
//! There is none of index.html: a host would go on sending it after somebody has edited the
//! settings in the page beside it.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Hashed, unusable, write};
use crate::process::Outcome;
use crate::size;

/// Writes a `.br` and a `.gz` beside each of these files of `dist`.
///
/// # Errors
/// One cannot be read or written.
pub(super) fn pack<'a>(dist: &Path, files: impl Iterator<Item = &'a Hashed>) -> Outcome {
    for Hashed { name, .. } in files {
        let file = dist.join(name);
        let failed = |error| unusable(&file, &error);
        let content = fs::read(&file).map_err(failed)?;
        let brotli = size::brotli(&content).map_err(failed)?;
        write(&dist.join(format!("{name}.br")), &brotli)?;
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&content).map_err(failed)?;
        let gzip = gzip.finish().map_err(failed)?;
        write(&dist.join(format!("{name}.gz")), &gzip)?;
    }
    Ok(())
}
