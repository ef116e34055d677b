//! What a person downloads before the first message, and where it comes from.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};

use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

use crate::dist;
use crate::process::{Failure, Outcome, root};
use crate::publish::names;
use crate::setup::Tools;
use crate::split;

/// The most that what is loaded before the first message may have together, in bytes after Brotli. Lower it with what
/// is gained; docs/size.md tells the story.
const BUDGET: usize = 117_000;

/// Builds the app, prints the size of each file, and what each crate has in the module.
///
/// # Errors
/// The build fails, or the app is above its budget.
pub(crate) fn run_report(tools: &Tools) -> Outcome {
    dist::run_build(tools, &dist::Options::default())?;
    for (title, module) in split::with_names(tools)? {
        println!("\n{title}");
        print_parts(&module)
            .map_err(|error| Failure(format!("The module cannot be read: {error}.")))?;
    }
    check()
}

/// Fails if `dist` is above its budget.
///
/// # Errors
/// It is.
pub(crate) fn check() -> Outcome {
    let packed = total(&files()?, File::is_first_load).packed;
    if packed <= BUDGET {
        println!("{packed} of {BUDGET} bytes.");
        return Ok(());
    }
    Err(Failure(format!(
        "The app has {packed} bytes after Brotli, and its budget is {BUDGET}. `cargo xtask size` says what each crate has, docs/size.md what helps."
    )))
}

/// Prints the size of each file of `dist`.
///
/// # Errors
/// A file cannot be read.
pub(crate) fn print_files() -> Outcome {
    let files = files()?;
    println!("{:>10} {:>10}  dist/", "bytes", "brotli");
    for File {
        name,
        bytes,
        packed,
    } in &files
    {
        println!("{bytes:>10} {packed:>10}  {name}");
    }
    for (name, part) in [
        (
            "before the first message",
            total(&files, File::is_first_load),
        ),
        ("the second part", total(&files, File::is_later)),
    ] {
        let Total { bytes, packed } = part;
        println!("{bytes:>10} {packed:>10}  {name}");
    }
    Ok(())
}

/// What some files have together.
struct Total {
    bytes: usize,
    packed: usize,
}

fn total(files: &[File], is_of_it: fn(&File) -> bool) -> Total {
    let files = || files.iter().filter(|file| is_of_it(file));
    Total {
        bytes: files().map(|file| file.bytes).sum(),
        packed: files().map(|file| file.packed).sum(),
    }
}

/// A file of `dist`.
struct File {
    name: String,
    bytes: usize,
    /// Bytes after Brotli.
    packed: usize,
}

impl File {
    /// True if it is loaded before the first message: the page and what its start names, in English. What
    /// makes it work offline comes later, and what is for hosts never.
    fn is_first_load(&self) -> bool {
        let is_app = self.name.starts_with(names::STEM) && !self.name.ends_with(".txt");
        (self.name == "index.html" || is_app) && !self.is_later()
    }

    /// True if it is the second part, which comes when somebody wants something of it.
    fn is_later(&self) -> bool {
        self.name.starts_with(names::LATER_STEM)
    }
}

fn files() -> Outcome<Vec<File>> {
    let read = || -> io::Result<Vec<File>> {
        let mut files = Vec::new();
        for file in fs::read_dir(root().join("dist"))? {
            let file = file?;
            let name = file.file_name().to_string_lossy().into_owned();
            if name.ends_with(".br") || name.ends_with(".gz") {
                continue;
            }
            let bytes = fs::read(file.path())?;
            files.push(File {
                name,
                bytes: bytes.len(),
                packed: brotli(&bytes)?.len(),
            });
        }
        files.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(files)
    };
    read().map_err(|error| {
        Failure(format!(
            "dist cannot be read ({error}). Build it: cargo xtask dist"
        ))
    })
}

/// These bytes after Brotli at its best, as a web host would send them.
pub(crate) fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packer = brotli::CompressorWriter::new(Vec::new(), 4096, 11, 22);
    packer.write_all(bytes)?;
    Ok(packer.into_inner())
}

/// Prints how many bytes and functions each crate has in a module, and what is no code. Before
/// Brotli: afterwards nobody can say whose a byte is.
fn print_parts(module: &[u8]) -> wasmparser::Result<()> {
    let (mut imported, mut bodies, mut names) = (0, Vec::new(), HashMap::new());
    let mut parts: HashMap<String, (u64, usize)> = HashMap::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        match &payload {
            Payload::ImportSection(imports) => {
                for import in imports.clone().into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.range()),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(section) = section.as_known() {
                    for name in section {
                        if let Name::Function(functions) = name? {
                            for function in functions {
                                let function = function?;
                                names.insert(function.index, crate_of(function.name));
                            }
                        }
                    }
                }
                continue;
            }
            Payload::CodeSectionStart { .. } => continue,
            _ => {}
        }
        if let Some((id, range)) = payload.as_section() {
            let name = match id {
                2 => "(imports)",
                9 => "(table of functions)",
                11 => "(data: texts and tables)",
                _ => "(the rest)",
            };
            parts.entry(name.to_owned()).or_default().0 += range.end - range.start;
        }
    }
    for (index, body) in (imported..).zip(bodies) {
        let name = names.get(&index).map_or("(no name)", String::as_str);
        let part = parts.entry(name.to_owned()).or_default();
        *part = (part.0 + (body.end - body.start), part.1 + 1);
    }
    let mut parts: Vec<_> = parts.into_iter().collect();
    parts.sort_by_key(|(_, (bytes, _))| std::cmp::Reverse(*bytes));
    println!("\n{:>10} {:>10}  crate", "bytes", "functions");
    for (name, (bytes, functions)) in parts {
        println!("{bytes:>10} {functions:>10}  {name}");
    }
    Ok(())
}

/// The crate that a function belongs to: the first name of the first path in the function's name.
fn crate_of(function: &str) -> String {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let first = function.split("::").find_map(|part| {
        // A crate may have a hash: core[c5930c85a12de822]. A type stands in brackets: <char>.
        let part = part.split_once('[').map_or(part, |(name, _)| name);
        let part = part.strip_suffix('>').unwrap_or(part);
        let name = part.rsplit(|c| !is_name(c)).next()?;
        (!name.is_empty()).then_some(name)
    });
    match first {
        Some("str" | "char" | "u8" | "u64") => "core".to_owned(),
        Some(name) if function.contains("::") => name.to_owned(),
        _ => "(others)".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_belongs_to_the_crate_of_its_first_path() {
        for (function, expected) in [
            ("serverless_chat::app::start::h01", "serverless_chat"),
            ("core[c5930c85a12de822]::fmt::write", "core"),
            ("<&str as core[c5]::fmt::Debug>::fmt", "core"),
            (
                "<alloc::string::String as core::fmt::Write>::write_str",
                "alloc",
            ),
            ("<T as tachys::view::any_view::IntoAny>::into_any", "tachys"),
            ("<char>::is_whitespace.1654", "core"),
            ("main", "(others)"),
        ] {
            assert_eq!(crate_of(function), expected, "{function}");
        }
    }
}
