//! The app and the backend, until Ctrl-C.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use crate::process::{Background, Failure, Outcome, cargo, program, root, run};
use crate::{dist, setup};

const BACKEND_PORT: u16 = 7071;
const APP_PORT: u16 = 8080;

/// How to run.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// No sign-in: everybody is anonymous, as in the tutorial on a developer's machine.
    #[arg(long)]
    anonymous: bool,
    /// Build the app as it is for publishing: smaller and faster, but slower to build.
    #[arg(long)]
    release: bool,
}

/// Runs both until Ctrl-C, or until one of them ends.
///
/// # Errors
/// Something is missing, a port is taken, or a program does not run.
pub(crate) fn run_until_interrupted(options: &Options) -> Outcome {
    let tools = setup::for_app()?;
    if options.release {
        dist::wasm_opt()?;
    }
    port_is_free(BACKEND_PORT)?;
    port_is_free(APP_PORT)?;

    let (interrupt, interrupted) = channel();
    ctrlc::set_handler(move || {
        // A second Ctrl-C finds nobody who listens, which is fine: the first one is being served.
        let _ = interrupt.send(());
    })
    .map_err(|error| Failure(format!("Ctrl-C cannot be listened for: {error}.")))?;

    run(
        cargo().args(["build", "--package", "backend"]),
        "The compiler's words above say what is wrong.",
    )?;
    let mut backend = program(target_folder().join("debug").join("backend"));
    if options.anonymous {
        backend.arg("--anonymous");
    }
    let backend = Background::start("backend", backend)?;

    let mut trunk = if options.release {
        tools.release_trunk("serve")
    } else {
        let mut trunk = tools.program("trunk");
        trunk.arg("serve");
        trunk
    };
    // Not into dist: that is for what is published.
    trunk.arg("--dist").arg(target_folder().join("serve"));
    let app = Background::start("app's server", trunk)?;

    let mut programs = [backend, app];
    let mut announced = false;
    loop {
        match interrupted.recv_timeout(Duration::from_millis(200)) {
            Ok(()) | Err(RecvTimeoutError::Disconnected) => {
                println!("\nStopping.");
                return Ok(());
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        for one in &mut programs {
            one.check()?;
        }
        if !announced && answers(BACKEND_PORT) && answers(APP_PORT) {
            announced = true;
            println!(
                "\n  Open http://localhost:{APP_PORT} in two tabs and sign in under two names."
            );
            println!("  The backend is on http://localhost:{BACKEND_PORT}. Ctrl-C stops both.\n");
        }
    }
}

fn target_folder() -> std::path::PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into)
}

fn port_is_free(port: u16) -> Outcome {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure(format!(
            "Port {port} cannot be used ({error}). Stop what listens there and run this again."
        ))),
    }
}

fn answers(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_ok()
}
