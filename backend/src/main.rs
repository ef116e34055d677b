//! Runs the backend until Ctrl-C.

use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use backend::connection_string::ConnectionString;
use backend::options::{Functions, MessagePolicy, Transport};
use backend::switches::{Host, Switches, Unauthenticated};
use backend::{Backend, Options};
use clap::Parser;
use tracing_subscriber::EnvFilter;

/// A local stand-in for Azure: Function App, App Service Authentication and SignalR Service.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The port.
    #[arg(long, default_value_t = 7071)]
    port: u16,
    /// The address to listen on. Without it: loopback, so that only this machine gets in.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<IpAddr>,
    /// An origin that may call the functions, such as http://localhost:8080; may be given several
    /// times. Without it: localhost and 127.0.0.1 on port 8080.
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,
    /// A page that a sign-in may lead back to; may be given several times. Without it: every page
    /// of the origins.
    #[arg(long, value_name = "URL")]
    allow_redirect: Vec<String>,
    /// No sign-in: everybody is anonymous, as in the tutorial on a developer's machine.
    #[arg(long)]
    anonymous: bool,
    /// A SignalR Service for clients to connect to and for the functions to send through, such as a
    /// real one or Microsoft's emulator. Without it: the hub of this process.
    #[arg(
        long,
        value_name = "CONNECTION STRING",
        env = "AzureSignalRConnectionString",
        hide_env_values = true
    )]
    azure_signalr_connection_string: Option<String>,
    /// A folder of static files to serve beside the functions, such as dist.
    #[arg(long, value_name = "FOLDER")]
    pages: Option<PathBuf>,
    /// What stands before the functions' names in their addresses.
    #[arg(long, value_name = "PREFIX", default_value = "api")]
    route_prefix: String,
    /// What the messages function does with the sender and the recipient that a body names.
    #[arg(long, value_name = "POLICY", value_enum, default_value_t = MessagePolicy::Principal)]
    messages: MessagePolicy,
    /// Clients may call broadcast(text) and sendToUser(user, text) over the hub.
    #[arg(long)]
    bidirectional: bool,
    /// The transports that the hub offers, in this order.
    #[arg(long, value_name = "TRANSPORTS", value_enum, value_delimiter = ',', default_values_t = Transport::ALL)]
    transports: Vec<Transport>,
    /// What those get who are not signed in.
    #[arg(long, value_name = "ACTION", value_enum)]
    unauthenticated: Option<Unauthenticated>,
    /// Sign-in as in Azure Static Web Apps, instead of App Service Authentication.
    #[arg(long)]
    static_web_apps: bool,
    /// How long a session is good for.
    #[arg(long, value_name = "SECONDS", default_value_t = 8 * 60 * 60)]
    session_lifetime: u64,
    /// How long after its end a session can still be refreshed.
    #[arg(long, value_name = "SECONDS", default_value_t = 72 * 60 * 60)]
    session_grace: u64,
    /// How long an access token for the hub is good for.
    #[arg(long, value_name = "SECONDS", default_value_t = 60 * 60)]
    token_lifetime: u64,
    /// How many clients the hub takes; the free tier's takes 20.
    #[arg(long, value_name = "COUNT")]
    max_connections: Option<usize>,
    /// Any of the switches of docs/backend.md, as a JSON object. The flags above come after it.
    #[arg(long, value_name = "JSON", default_value = "{}", value_parser = switches)]
    switches: Switches,
}

fn switches(json: &str) -> Result<Switches, serde_json::Error> {
    serde_json::from_str(json)
}

impl Arguments {
    /// The switches, as all flags together say.
    fn switches(&self) -> Switches {
        let mut switches = self.switches.clone();
        if let Some(action) = self.unauthenticated {
            switches.unauthenticated = action;
        }
        if self.static_web_apps {
            switches.host = Host::StaticWebApps;
        }
        switches.max_connections = self.max_connections.or(switches.max_connections);
        switches
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).init();
    let arguments = Arguments::parse();
    let switches = arguments.switches();
    // Not by clap, which would show the value, and the key in it, with the error.
    let service = arguments.azure_signalr_connection_string;
    let service = match service
        .map(|text| text.parse::<ConnectionString>())
        .transpose()
    {
        Ok(service) => service,
        Err(error) => {
            eprintln!("AzureSignalRConnectionString cannot be used: {error}");
            return ExitCode::FAILURE;
        }
    };
    let defaults = Options::default();
    let options = Options {
        address: arguments.listen,
        port: arguments.port,
        allow_origins: match arguments.allow_origin.is_empty() {
            true => defaults.allow_origins,
            false => arguments.allow_origin,
        },
        allow_redirects: Some(arguments.allow_redirect).filter(|urls| !urls.is_empty()),
        anonymous: arguments.anonymous,
        functions: Functions {
            route_prefix: arguments.route_prefix.trim_matches('/').to_owned(),
            policy: arguments.messages,
            bidirectional: arguments.bidirectional,
            ..Functions::default()
        },
        service,
        pages: arguments.pages,
        transports: arguments.transports,
        session_lifetime: Duration::from_secs(arguments.session_lifetime),
        session_grace: Duration::from_secs(arguments.session_grace),
        token_lifetime: Duration::from_secs(arguments.token_lifetime),
        switches,
        ..defaults
    };
    let backend = match Backend::start(options).await {
        Ok(backend) => backend,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    tracing::info!("listening on {}", backend.url());
    if let Err(error) = interrupted().await {
        eprintln!("Cannot wait for Ctrl-C: {error}.");
    }
    tracing::info!("stopping");
    backend.stop().await;
    ExitCode::SUCCESS
}

/// Returns at Ctrl-C, or when the process is asked to end.
async fn interrupted() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => pressed,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
