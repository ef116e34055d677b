//! The app's module, cut in two: what is loaded at once, and what is loaded when somebody wants it.
//!
//! What is called across the cut says so by its name (`src/later/door.rs`). From there, and from what
//! is called otherwise, `wasm_split_cli_support` follows the linker's relocations, and takes out what
//! only the second part reaches. That has to be done between cargo and wasm-bindgen, which Trunk runs
//! in one go; so this program stands in for wasm-bindgen, cuts, and has the real one go on with the
//! first part.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use wasm_encoder::{Module, RawSection};
use wasm_split_cli_support::{Options, transform};
use wasmparser::{Parser, Payload};

use crate::process::{Failure, Outcome, program, root, run};
use crate::setup::{self, Tools};

/// The program that this one stands in for.
const BINDGEN: &str = "wasm-bindgen";

/// Where the real one is.
const REAL: &str = "SERVERLESS_CHAT_WASM_BINDGEN";

/// What `src/later/door.rs` calls the second part.
const PART: &str = "split_later.wasm";

/// What cargo calls the module, and the first part is called.
const FIRST: &str = "serverless-chat.wasm";

/// What the second part is called in `dist`, until it is named by what is in it.
pub(crate) const LATER: &str = "later.wasm";

/// Trunk, building the app as it is published: in two parts.
///
/// # Errors
/// The stand-in cannot be put in its place.
pub(crate) fn trunk(tools: &Tools) -> Outcome<Command> {
    let stand_in = folder().join(format!("{BINDGEN}{}", env::consts::EXE_SUFFIX));
    let this = env::current_exe().map_err(|error| unusable(&stand_in, &error))?;
    let put = || {
        fs::create_dir_all(folder())?;
        let _ = fs::remove_file(&stand_in);
        fs::hard_link(&this, &stand_in).or_else(|_| fs::copy(&this, &stand_in).map(drop))
    };
    put().map_err(|error| unusable(&stand_in, &error))?;
    let mut trunk = tools.release_trunk("build");
    trunk.args(["--features", "split"]);
    // The linker's relocations say what needs what, and names what they are about.
    let flags = [setup::WASM_FLAGS.1, "-Clink-arg=--emit-relocs"].into_iter();
    let flags: Vec<String> = flags.map(str::to_owned).chain(nameless_places()).collect();
    trunk.env(setup::WASM_FLAGS.0, flags.join(" "));
    trunk.env("CARGO_PROFILE_RELEASE_STRIP", "none");
    let real = tools.find(BINDGEN).unwrap_or_else(|| BINDGEN.into());
    trunk.env(REAL, real);
    let path = tools.path();
    let path = std::iter::once(folder()).chain(env::split_paths(&path));
    let path = env::join_paths(path).map_err(|error| unusable(&stand_in, &error))?;
    trunk.env("PATH", path);
    Ok(trunk)
}

/// What leaves out where cargo keeps the sources of packages: a module says where it panicked, by the
/// path of a file, and nobody is to download somebody's home folder.
fn nameless_places() -> Vec<String> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    let registries = home.and_then(|home| fs::read_dir(home.join("registry/src")).ok());
    let folders = registries.into_iter().flatten().flatten();
    let flag = |folder: fs::DirEntry| format!("--remap-path-prefix={}/=", folder.path().display());
    folders
        .map(flag)
        // The flags are separated by blanks.
        .filter(|flag| !flag.contains(' '))
        .collect()
}

/// Puts the second part into `dist`, made as small as the first one.
///
/// # Errors
/// There is none, or it cannot be made smaller.
pub(crate) fn finish(dist: &Path) -> Outcome {
    let mut optimise = program("wasm-opt");
    optimise.args(wasm_opt_arguments()?);
    optimise
        .arg("-o")
        .arg(dist.join(LATER))
        .arg(folder().join(PART));
    run(&mut optimise, "Build it anew: cargo xtask dist")
}

/// Both parts as they were cut last, made small but with the names of their functions, each with what
/// it is called.
///
/// # Errors
/// There are none, or they cannot be made small.
pub(crate) fn with_names(tools: &Tools) -> Outcome<[(&'static str, Vec<u8>); 2]> {
    let advice = "Build it anew: cargo xtask dist";
    let folder = folder();
    let bound = folder.join("bound");
    let mut bindgen = tools.program(BINDGEN);
    bindgen.args(["--target", "web", "--no-typescript", "--out-dir"]);
    bindgen.arg(&bound).arg(folder.join(FIRST));
    run(&mut bindgen, advice)?;
    let small = |module: PathBuf| {
        let named = bound.join("named.wasm");
        let mut optimise = program("wasm-opt");
        optimise.args(["-Oz", "-g", "--all-features", "-o"]);
        run(optimise.arg(&named).arg(&module), advice)?;
        fs::read(&named).map_err(|error| unusable(&named, &error))
    };
    Ok([
        (
            "The first part",
            small(bound.join("serverless-chat_bg.wasm"))?,
        ),
        ("The second part", small(folder.join(PART))?),
    ])
}

/// What index.html has Trunk call wasm-opt with.
fn wasm_opt_arguments() -> Outcome<Vec<String>> {
    let page = root().join("index.html");
    let text = fs::read_to_string(&page).map_err(|error| unusable(&page, &error))?;
    let value = |name: &str| {
        let (_, rest) = text.split_once(&format!(" {name}=\""))?;
        Some(rest.split_once('"')?.0)
    };
    let level = value("data-wasm-opt").map(|level| format!("-O{level}"));
    let parameters = value("data-wasm-opt-params").unwrap_or_default();
    let parameters = parameters.split_whitespace().map(str::to_owned);
    Ok(level.into_iter().chain(parameters).collect())
}

/// Stands in for wasm-bindgen, if that is what this program was called as.
pub(crate) fn stand_in() -> Option<ExitCode> {
    let mut arguments = env::args_os();
    let name = PathBuf::from(arguments.next()?);
    let real = env::var_os(REAL)?;
    if name.file_stem()? != BINDGEN {
        return None;
    }
    let outcome = cut_and_go_on(&real, arguments.collect());
    Some(outcome.unwrap_or_else(|Failure(line)| {
        eprintln!("{line}");
        ExitCode::FAILURE
    }))
}

fn cut_and_go_on(real: &OsString, mut arguments: Vec<OsString>) -> Outcome<ExitCode> {
    let is_module = |one: &OsString| Path::new(one).extension().is_some_and(|one| one == "wasm");
    if let Some(module) = arguments.iter_mut().find(|one| is_module(one)) {
        let first = cut(Path::new(&module))?;
        *module = first.into_os_string();
        // The parts share the table of functions, which the linker exports.
        arguments.push("--keep-lld-exports".into());
    }
    let status = Command::new(real).args(arguments).status();
    let status = status.map_err(|error| unusable(Path::new(real), &error))?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Cuts a linked module in two. Returns where the first part is.
fn cut(module: &Path) -> Outcome<PathBuf> {
    let bytes = fs::read(module).map_err(|error| unusable(module, &error))?;
    let folder = folder();
    let first = folder.join(FIRST);
    let mut options = Options::new(&bytes);
    options.output_dir = &folder;
    options.main_out_path = &first;
    let cut = transform(options).map_err(|error| unusable(module, &error))?;
    let is_ours = |file: &PathBuf| file.ends_with(PART);
    match cut.split_modules.as_slice() {
        [one] if is_ours(one) => {
            forget_features(&first)?;
            forget_features(one)?;
            Ok(first)
        }
        parts => Err(unusable(module, &format!("its parts are {parts:?}"))),
    }
}

/// Takes the list of what a browser must know out of a module, in place. It names reference types,
/// since the standard library was built with them; wasm-bindgen would then use them too.
fn forget_features(file: &Path) -> Outcome {
    let bytes = fs::read(file).map_err(|error| unusable(file, &error))?;
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(&bytes) {
        let payload = payload.map_err(|error| unusable(file, &error))?;
        let is_list =
            matches!(&payload, Payload::CustomSection(one) if one.name() == "target_features");
        if let Some((id, range)) = payload.as_section().filter(|_| !is_list) {
            let start = usize::try_from(range.start).unwrap_or(usize::MAX);
            let end = usize::try_from(range.end).unwrap_or(usize::MAX);
            let data = bytes.get(start..end);
            let data = data.ok_or_else(|| unusable(file, &"it is cut off"))?;
            module.section(&RawSection { id, data });
        }
    }
    fs::write(file, module.finish()).map_err(|error| unusable(file, &error))
}

/// Where the parts are, before they are made smaller.
fn folder() -> PathBuf {
    root().join("target/split")
}

fn unusable(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure(format!("{} cannot be cut in two: {error}.", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_are_made_small_by_the_same_means() {
        let arguments = wasm_opt_arguments().unwrap();
        assert_eq!(arguments[0], "-Oz");
        assert!(arguments.contains(&"--low-memory-unused".to_owned()));
    }
}
