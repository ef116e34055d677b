//! What Trunk built, with less in it that only people read.
//!
//! wasm-bindgen gives each function that crosses the border between JS and WASM a name of some
//! thirty letters, half of them a hash, which does not compress; both files have them all. And
//! neither its JS nor index.html is for reading once it is built, but for the settings: a comment
//! that begins with `<!--!` stays.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use wasm_encoder::{EntityType, ExportKind, ExportSection, ImportSection, Module, RawSection};
use wasmparser::{ExternalKind, Parser, Payload, TypeRef};

use crate::process::{Failure, Outcome};

/// What names that wasm-bindgen makes begin with.
const GENERATED: [&str; 2] = ["__wb", "wasm_bindgen__"];

/// A function of the glue that has its name for others, though nobody calls it here.
const EXPORTED: &str = "initSync";

/// Shrinks the page, its JS and its WASM in `dist`, in place.
///
/// # Errors
/// A file is not there or cannot be written, or is not what wasm-bindgen makes.
pub(crate) fn shrink(dist: &Path) -> Outcome {
    let page = dist.join("index.html");
    write(&page, shrink_page(&read_text(&page)?).as_bytes())?;
    let glue = only_file(dist, "js")?;
    let text = read_text(&glue)?;
    let names = short_names(&text);
    write(&glue, shrink_glue(&text, &names).as_bytes())?;
    let module = only_file(dist, "wasm")?;
    let bytes = fs::read(&module).map_err(|error| unusable(&module, &error))?;
    let bytes = rename(&bytes, &names).map_err(|error| unusable(&module, &error))?;
    write(&module, &bytes)
}

fn only_file(dist: &Path, extension: &str) -> Outcome<PathBuf> {
    let files = fs::read_dir(dist).map_err(|error| unusable(dist, &error))?;
    let mut found = files
        .filter_map(|file| Some(file.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|one| one == extension));
    match (found.next(), found.next()) {
        (Some(file), None) => Ok(file),
        _ => Err(unusable(dist, &format!("not one .{extension} file"))),
    }
}

fn read_text(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| unusable(path, &error))
}

fn write(path: &Path, bytes: &[u8]) -> Outcome {
    fs::write(path, bytes).map_err(|error| unusable(path, &error))
}

fn unusable(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure(format!(
        "{} cannot be shrunk: {error}. Build it anew: cargo xtask dist",
        path.display()
    ))
}

/// The lines of `text` without the spaces around them, and none that are empty.
fn without_indentation(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// `text` without the lines from one that begins with `open` to one that ends with `close`, but for
/// those that begin with `keep`.
fn without_comments(text: &str, open: &str, close: &str, keep: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut in_comment = false;
    for line in text.lines() {
        in_comment |= line.starts_with(open) && !line.starts_with(keep);
        if !in_comment {
            kept.extend([line, "\n"]);
        }
        in_comment &= !line.ends_with(close);
    }
    kept
}

/// The page without indentation, and without comments in its markup and in its styles.
fn shrink_page(page: &str) -> String {
    // Trunk begins a file behind the tag, in the same line.
    let begun = ["<style>", "<script>"].map(|tag| ([tag, "/*"].concat(), [tag, "\n/*"].concat()));
    let page = begun.iter().fold(page.to_owned(), |page, (found, broken)| {
        page.replace(found, broken)
    });
    let page = without_indentation(&page);
    let page = without_comments(&page, "<!--", "-->", "<!--!");
    without_comments(&page, "/*", "*/", "/*!")
}

/// A short name for each generated one in `glue`, and for each function that it has for itself.
fn short_names(glue: &str) -> HashMap<String, String> {
    let words: Vec<&str> = words(glue).collect();
    let generated = words.iter().copied().filter(|word| {
        let mut beginnings = GENERATED.iter();
        beginnings.any(|beginning| word.starts_with(beginning))
    });
    let declared = words
        .windows(3)
        .filter(|three| three[..2] == ["function", " "]);
    let declared = declared
        .map(|three| three[2])
        .filter(|name| *name != EXPORTED);
    let mut names = HashMap::new();
    for word in generated.chain(declared) {
        let number = names.len();
        // No other name in the glue begins like this.
        names
            .entry(word.to_owned())
            .or_insert_with(|| format!("${number:x}"));
    }
    names
}

/// The glue with short names, and without comments and indentation.
fn shrink_glue(glue: &str, names: &HashMap<String, String>) -> String {
    let code = without_comments(&without_indentation(glue), "/*", "*/", "/*!");
    let code: String = code
        .lines()
        .filter(|line| !line.starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let short = |word| names.get(word).map_or(word, String::as_str);
    words(&code).map(short).collect()
}

/// The identifiers of a text, and what is between them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = is_name(rest.chars().next()?);
        let end = rest.find(|c| is_name(c) != first).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

/// Gives the imports and exports of a module their short names, and drops what only tools read.
fn rename(module: &[u8], names: &HashMap<String, String>) -> Result<Vec<u8>, String> {
    let short = |name: &str| names.get(name).map_or(name.to_owned(), String::clone);
    let broken = |error: wasmparser::BinaryReaderError| error.to_string();
    let mut renamed = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.map_err(broken)?;
        match &payload {
            Payload::CustomSection(_) => {}
            Payload::ImportSection(imports) => {
                let mut section = ImportSection::new();
                for import in imports.clone().into_imports() {
                    let import = import.map_err(broken)?;
                    let TypeRef::Func(kind) = import.ty else {
                        return Err(format!("{} is imported and no function", import.name));
                    };
                    let name = short(import.name);
                    section.import(import.module, &name, EntityType::Function(kind));
                }
                renamed.section(&section);
            }
            Payload::ExportSection(exports) => {
                let mut section = ExportSection::new();
                for export in exports.clone() {
                    let export = export.map_err(broken)?;
                    let kind = match export.kind {
                        ExternalKind::Func => ExportKind::Func,
                        ExternalKind::Table => ExportKind::Table,
                        ExternalKind::Memory => ExportKind::Memory,
                        ExternalKind::Global => ExportKind::Global,
                        kind => return Err(format!("{} is exported as {kind:?}", export.name)),
                    };
                    section.export(&short(export.name), kind, export.index);
                }
                renamed.section(&section);
            }
            other => {
                if let Some((id, range)) = other.as_section() {
                    let start = usize::try_from(range.start).unwrap_or(usize::MAX);
                    let end = usize::try_from(range.end).unwrap_or(usize::MAX);
                    let data = module.get(start..end).ok_or("it is cut off")?;
                    renamed.section(&RawSection { id, data });
                }
            }
        }
    }
    Ok(renamed.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "\
/**
 * For people.
 */
function __wbg_get_imports() {
    // For people, too.
    const import0 = {
        __wbg_close_5ee9c5fe4e8754a4: function(arg0) {
            getObject(arg0).close(wasm.__wbindgen_malloc, `${wasm.memory}`);
        },
    };
    return { \"./app_bg.js\": import0 };
}
function getObject(idx) { return heap[idx]; }
function initSync(module) {}
export { initSync };
";

    #[test]
    fn a_page_keeps_what_is_for_people() {
        let page = "\
<!--!
  Settings.
-->
<style>
  /* What
     it is. */
  a { b: c }

</style>
<script>/* What
  it does. */
f()</script>
<!-- Why. -->
  <p>It is 2 /* 3 </p>
";
        let shrunk = "<!--!\nSettings.\n-->\n<style>\na { b: c }\n</style>\n<script>\nf()</script>\n<p>It is 2 /* 3 </p>\n";
        assert_eq!(shrink_page(page), shrunk);
    }

    #[test]
    fn glue_keeps_its_code_under_shorter_names() {
        let names = short_names(GLUE);
        assert_eq!(
            shrink_glue(GLUE, &names),
            "\
function $0() {
const import0 = {
$1: function(arg0) {
$3(arg0).close(wasm.$2, `${wasm.memory}`);
},
};
return { \"./app_bg.js\": import0 };
}
function $3(idx) { return heap[idx]; }
function initSync(module) {}
export { initSync };
"
        );
    }

    #[test]
    fn a_module_is_renamed_as_its_glue_is() {
        let mut module = Module::new();
        let mut types = wasm_encoder::TypeSection::new();
        types.ty().function([], []);
        module.section(&types);
        let mut imports = ImportSection::new();
        let close = "__wbg_close_5ee9c5fe4e8754a4";
        imports.import("./app_bg.js", close, EntityType::Function(0));
        module.section(&imports);
        let mut exports = ExportSection::new();
        exports.export("__wbindgen_malloc", ExportKind::Func, 0);
        exports.export("main", ExportKind::Func, 0);
        module.section(&exports);
        let renamed = rename(&module.finish(), &short_names(GLUE)).unwrap();
        let mut names = Vec::new();
        for payload in Parser::new(0).parse_all(&renamed) {
            match payload.unwrap() {
                Payload::ImportSection(imports) => names.extend(
                    imports
                        .into_imports()
                        .map(|one| one.unwrap().name.to_owned()),
                ),
                Payload::ExportSection(exports) => {
                    names.extend(exports.into_iter().map(|one| one.unwrap().name.to_owned()));
                }
                _ => {}
            }
        }
        assert_eq!(names, ["$1", "$2", "main"]);
    }
}
