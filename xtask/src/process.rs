//! Running other programs.

use std::ffi::OsStr;
use std::io;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// Why a command of the project did not succeed: one line that says what to do.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

/// The result of a command of the project.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

/// The project's own folder.
pub(crate) fn root() -> PathBuf {
    let xtask = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().map_or(xtask.clone(), PathBuf::from)
}

/// A program that runs in the project's folder.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

/// The cargo that runs this.
pub(crate) fn cargo() -> Command {
    program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a program to its end, its output shown.
///
/// # Errors
/// It cannot be started, or fails; `advice` says what to do then.
pub(crate) fn run(command: &mut Command, advice: &str) -> Outcome {
    println!("$ {}", shown(command));
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure(format!(
            "`{}` failed ({status}). {advice}",
            shown(command)
        ))),
        Err(error) => Err(Failure(format!(
            "`{}` cannot be run ({error}). {advice}",
            shown(command)
        ))),
    }
}

/// What a program prints; `None` if it cannot be run or fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command
        .stderr(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

/// A command as it would be typed.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

/// A program that runs beside this one, and ends with it: with all that it started itself.
pub(crate) struct Background {
    child: Child,
    name: &'static str,
}

impl Background {
    /// Starts a program.
    ///
    /// # Errors
    /// It cannot be started.
    pub(crate) fn start(name: &'static str, mut command: Command) -> Outcome<Background> {
        // A group of its own: Ctrl-C then reaches this process alone, which ends the others in order.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        println!("$ {}", shown(&command));
        match command.spawn() {
            Ok(child) => Ok(Background { child, name }),
            Err(error) => Err(Failure(format!("The {name} cannot be started: {error}."))),
        }
    }

    /// Fails if the program has ended, which it should not by itself.
    ///
    /// # Errors
    /// It has ended; its own last lines say why.
    pub(crate) fn check(&mut self) -> Outcome {
        match self.child.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => Err(Failure(format!(
                "The {} ended by itself ({status}); see its last lines above.",
                self.name
            ))),
            Err(error) => Err(Failure(format!(
                "The {} cannot be watched: {error}.",
                self.name
            ))),
        }
    }

    #[cfg(unix)]
    fn end(&mut self) -> io::Result<()> {
        use nix::sys::signal::{Signal, killpg};
        use nix::unistd::Pid;
        if let Ok(id) = i32::try_from(self.child.id()) {
            killpg(Pid::from_raw(id), Signal::SIGTERM)?;
        }
        self.child.wait().map(drop)
    }

    #[cfg(not(unix))]
    fn end(&mut self) -> io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(drop)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Err(error) = self.end()
            && self.check().is_ok()
        {
            eprintln!("xtask: the {} may still run: {error}", self.name);
        }
    }
}
