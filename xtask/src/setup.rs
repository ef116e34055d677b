//! What has to be there before anything can be built or tested.
//!
//! Tools are installed in a pinned version into a cache of the user's own, beside whatever else
//! they have installed; a second run finds them there.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{Failure, Outcome, cargo, output, program, root, run};

const TRUNK_VERSION: &str = "0.21.14";

const GECKODRIVER_VERSION: &str = "0.37.1";

const TARGET: &str = "wasm32-unknown-unknown";

/// What has to be set when WebAssembly is built that wasm-opt will read.
///
/// wasm-opt of Debian 12 (binaryen 108) writes a module with a second table, as wasm-bindgen adds for
/// reference types, such that no browser can start it. The app measures the same without: 431,194
/// bytes against 433,361.
pub(crate) const WASM_FLAGS: (&str, &str) = (
    "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
    "-Ctarget-feature=-reference-types",
);

/// What nginx needs to send files that are compressed with Brotli already.
const NGINX_BROTLI: &str = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so";

/// Where the installed tools are.
pub(crate) struct Tools {
    folders: Vec<PathBuf>,
}

impl Tools {
    /// A program that finds the tools. Trunk looks for wasm-bindgen on the path, and would load
    /// another one from elsewhere if it found none.
    pub(crate) fn program(&self, name: &str) -> Command {
        // Looked up here: a new process is searched for on the old path.
        let file = self.find(name);
        let mut command =
            program(file.map_or_else(|| OsString::from(name), PathBuf::into_os_string));
        // Trunk takes the value of NO_COLOR for a switch, and knows only true and false.
        command.env("PATH", self.path()).env_remove("NO_COLOR");
        command
    }

    /// The path with the tools before everything else.
    pub(crate) fn path(&self) -> OsString {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = self.folders.iter().cloned().chain(env::split_paths(&path));
        env::join_paths(folders).unwrap_or(path)
    }

    /// Where an installed tool is; `None` if the one on the path is used.
    pub(crate) fn find(&self, name: &str) -> Option<PathBuf> {
        let name = format!("{name}{}", env::consts::EXE_SUFFIX);
        let files = self.folders.iter().map(|folder| folder.join(&name));
        files.into_iter().find(|file| file.is_file())
    }

    /// Trunk, building the app as it is published.
    pub(crate) fn release_trunk(&self, command: &str) -> Command {
        let mut trunk = self.program("trunk");
        trunk.args([command, "--release"]);
        trunk.env(WASM_FLAGS.0, WASM_FLAGS.1);
        trunk
    }
}

/// Sets up what building and running the app needs.
///
/// # Errors
/// Something is missing and cannot be installed.
pub(crate) fn for_app() -> Outcome<Tools> {
    compiler()?;
    target()?;
    let bindgen = locked_version("wasm-bindgen")?;
    let trunk = tool("trunk", "trunk", TRUNK_VERSION, &["--locked"])?;
    let bindgen = tool("wasm-bindgen-cli", "wasm-bindgen", &bindgen, &[])?;
    Ok(Tools {
        folders: [trunk, bindgen].into_iter().flatten().collect(),
    })
}

/// Sets up what the tests need, too.
///
/// # Errors
/// Something is missing and cannot be installed.
pub(crate) fn for_tests() -> Outcome<Tools> {
    let mut tools = for_app()?;
    let wanted = [
        ("chromium", "chromium"),
        ("chromedriver", "chromium-driver"),
        ("wasm-opt", "binaryen"),
        ("node", "nodejs"),
        ("npm", "npm"),
        ("nginx", "nginx-light"),
        ("caddy", "caddy"),
    ];
    let mut missing: Vec<&str> = wanted
        .iter()
        .filter(|(name, _)| find(name).is_none())
        .map(|(_, package)| *package)
        .collect();
    if !Path::new(NGINX_BROTLI).is_file() {
        missing.push("libnginx-mod-http-brotli-static");
    }
    if can_install() {
        let engines = Engine::ALL.iter().flat_map(|engine| engine.packages());
        missing
            .extend(engines.filter_map(|(name, package)| find(name).is_none().then_some(package)));
    }
    if !missing.is_empty() {
        install_packages(&missing)?;
    }
    if find("firefox").is_some() {
        let driver = tool(
            "geckodriver",
            "geckodriver",
            GECKODRIVER_VERSION,
            &["--locked"],
        )?;
        tools.folders.extend(driver);
    }
    Ok(tools)
}

/// An engine beside Chromium's, which is tried where it is installed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Engine {
    Firefox,
    WebKit,
}

impl Engine {
    pub(crate) const ALL: [Engine; 2] = [Engine::Firefox, Engine::WebKit];

    /// The programs that it needs, and the Debian packages that bring them.
    fn packages(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Engine::Firefox => &[("firefox", "firefox-esr")],
            Engine::WebKit => &[("WebKitWebDriver", "webkit2gtk-driver"), ("Xvfb", "xvfb")],
        }
    }

    /// The first program that it needs and that is not there.
    pub(crate) fn missing(self) -> Option<&'static str> {
        let mut programs = self.packages().iter().map(|(name, _)| *name);
        programs.find(|name| find(name).is_none())
    }
}

/// True on Debian and what comes from it, as root.
fn can_install() -> bool {
    let is_root = output(program("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    is_root && find("apt-get").is_some()
}

fn install_packages(packages: &[&str]) -> Outcome {
    let names = packages.join(", ");
    if !can_install() {
        return Err(Failure(format!(
            "The tests need these, by their Debian names: {names}. Install them and run this again; on Debian or Ubuntu: sudo apt-get install {}",
            packages.join(" ")
        )));
    }
    println!("Installing {names}.");
    let advice = "Check that the package sources can be reached.";
    run(program("apt-get").args(["-qq", "update"]), advice)?;
    let install = ["-qq", "install", "--yes", "--no-install-recommends"];
    run(
        program("apt-get")
            .args(install)
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive"),
        advice,
    )
}

/// Building the tools needs a C compiler, and cargo's own words for its lack are hard to read.
fn compiler() -> Outcome {
    match find("cc").or_else(|| find("clang")).or_else(|| find("cl")) {
        Some(_) => Ok(()),
        None => Err(Failure(
            "There is no C compiler. Install one and run this again; on Debian or Ubuntu: sudo apt-get install gcc libc6-dev"
                .to_owned(),
        )),
    }
}

fn target() -> Outcome {
    let sysroot = output(program("rustc").args(["--print", "sysroot"])).unwrap_or_default();
    if Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(TARGET)
        .is_dir()
    {
        return Ok(());
    }
    if find("rustup").is_none() {
        return Err(Failure(format!(
            "Rust cannot compile for {TARGET} yet, and rustup is not there to add it. Install Rust by https://rustup.rs"
        )));
    }
    let advice = "Check that the network can be reached, and run this again.";
    run(program("rustup").args(["target", "add", TARGET]), advice)
}

/// Finds a tool of exactly this version, or installs it. Returns the folder to look in; `None` if
/// it is on the path.
fn tool(package: &str, name: &str, version: &str, arguments: &[&str]) -> Outcome<Option<PathBuf>> {
    if has_version(name.as_ref(), version) {
        return Ok(None);
    }
    let home = cache()?.join(format!("{name}-{version}"));
    let folder = home.join("bin");
    if has_version(folder.join(name).as_os_str(), version) {
        return Ok(Some(folder));
    }
    println!(
        "Installing {package} {version} into {}. This takes some minutes, once.",
        home.display()
    );
    let mut install = cargo();
    install
        .args(["install", package, "--version", version, "--root"])
        .arg(&home)
        .args(arguments);
    // Not in this project's folder: what is built here is of no use there.
    install.current_dir(env::temp_dir());
    run(
        &mut install,
        "Check that crates.io can be reached, and run this again.",
    )?;
    Ok(Some(folder))
}

fn has_version(name: &std::ffi::OsStr, version: &str) -> bool {
    let printed = output(Command::new(name).arg("--version"));
    printed.is_some_and(|printed| printed.split_whitespace().any(|word| word == version))
}

/// The version of a package in Cargo.lock.
fn locked_version(package: &str) -> Outcome<String> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap_or_default();
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines
        .nth(1)
        .and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    version.map(str::to_owned).ok_or_else(|| {
        Failure(format!(
            "Cargo.lock does not name {package}. Restore it: git checkout Cargo.lock"
        ))
    })
}

fn cache() -> Outcome<PathBuf> {
    let home = || {
        env::var_os("HOME")
            .or_else(|| env::var_os("USERPROFILE"))
            .map(PathBuf::from)
    };
    let base = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(home()?.join(".cache")));
    match base {
        Some(base) => Ok(base.join("serverless-chat").join("tools")),
        None => Err(Failure(
            "Set HOME, or XDG_CACHE_HOME, to say where tools are kept.".to_owned(),
        )),
    }
}

/// Where a program is, on the path.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&path)
        .map(|folder| folder.join(&file))
        .find(|file| file.is_file())
}
