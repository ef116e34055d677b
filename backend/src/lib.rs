//! The other side of the wire, in one local process: what the tutorial "Azure SignalR Service
//! authentication with Azure Functions" runs in Azure.
//!
//! | module | stands in for |
//! |---|---|
//! | [`options`] | the portal's settings |
//! | [`switches`], `test_endpoint` | what goes otherwise than it should, and how to make it |
//! | `function_app` | the Function App: `/api/negotiate` and `/api/messages` |
//! | `authentication` | App Service Authentication: `/.auth` and the principal headers |
//! | `signalr_service` | Azure SignalR Service: `/client`, three transports and the JSON hub protocol |
//! | [`connection_string`], `service_client` | what functions need for a SignalR Service elsewhere |
//! | `cors` | the CORS settings of both |
//! | `server` | HTTP, within limits |
//!
//! It shares no code with the app, so that a mistake on one side does not hide behind the same
//! mistake on the other; the official SignalR client tests it.

mod authentication;
pub mod connection_string;
mod cors;
mod function_app;
pub mod options;
mod server;
mod service_client;
mod signalr_service;
pub mod switches;
mod test_endpoint;

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Html;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tower_http::services::ServeDir;
use tower_http::trace::TraceLayer;

use authentication::Ended;
pub use options::Options;
use service_client::ServiceClient;
use signalr_service::connections::Connections;
use signalr_service::hub::{Audience, Hub, Parting};
use switches::{Panel, Switches};

/// What all requests share.
struct App {
    options: Options,
    connections: Arc<Connections>,
    hub: Arc<Hub>,
    ended: Ended,
    switches: Panel,
    /// How many sockets more may be opened.
    sockets: Arc<Semaphore>,
    /// The SignalR Service, if it is not this process.
    service: Option<ServiceClient>,
}

/// A running backend. Dropped, it goes on; [`Backend::stop`] ends it.
pub struct Backend {
    addr: SocketAddr,
    app: Arc<App>,
    stop: watch::Sender<bool>,
    servers: Vec<JoinHandle<()>>,
}

/// Why a backend cannot start.
#[derive(Debug)]
pub enum StartError {
    /// Something else listens on the port.
    PortInUse(u16),
    /// The address cannot be listened on.
    Bind(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::PortInUse(port) => {
                write!(
                    formatter,
                    "Port {port} is in use: stop what listens there, or choose another with --port."
                )
            }
            StartError::Bind(error) => write!(formatter, "Cannot listen: {error}."),
        }
    }
}

impl std::error::Error for StartError {}

impl Backend {
    /// Starts to serve: on loopback unless the options say otherwise, on IPv4 and, where there is
    /// one, IPv6, since browsers take `localhost` for either.
    ///
    /// # Errors
    /// The port is taken, or the address cannot be listened on.
    pub async fn start(options: Options) -> Result<Backend, StartError> {
        let port = options.port;
        let address = options.address.unwrap_or(Ipv4Addr::LOCALHOST.into());
        let listener =
            TcpListener::bind((address, port))
                .await
                .map_err(|error| match error.kind() {
                    io::ErrorKind::AddrInUse => StartError::PortInUse(port),
                    _ => StartError::Bind(error),
                })?;
        let addr = listener.local_addr().map_err(StartError::Bind)?;
        let mut listeners = vec![listener];
        if options.address.is_none() {
            listeners.extend(TcpListener::bind((Ipv6Addr::LOCALHOST, addr.port())).await);
        }

        let limits = options.limits;
        let app = Arc::new(App {
            service: options.service.clone().map(ServiceClient::new),
            connections: Arc::default(),
            hub: Hub::new(),
            ended: Ended::default(),
            switches: Panel::new(options.switches.clone()),
            sockets: Arc::new(Semaphore::new(limits.sockets)),
            options,
        });
        let (stop, stopped) = watch::channel(false);
        let serve = |listener| {
            let (router, sockets) = (router(app.clone()), app.sockets.clone());
            let server = server::serve(listener, router, limits, sockets, stopped.clone());
            tokio::spawn(server)
        };
        let servers = listeners.into_iter().map(serve).collect();
        Ok(Backend {
            addr,
            app,
            stop,
            servers,
        })
    }

    /// The address that it listens on, on IPv4.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The value for `apiBaseUrl`, such as `http://localhost:7071`.
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.addr.port())
    }

    /// How many clients are connected to the hub just now.
    pub fn connections(&self) -> usize {
        self.app.hub.connections()
    }

    /// How many sockets are open just now, of any kind.
    pub fn sockets(&self) -> usize {
        self.app.options.limits.sockets - self.app.sockets.available_permits()
    }

    /// How many requests and messages have met chaos since it started.
    pub fn struck(&self) -> usize {
        self.app.switches.struck()
    }

    /// How the switches stand.
    pub fn switches(&self) -> Switches {
        self.app.switches.lock().clone()
    }

    /// Changes switches.
    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        change(&mut self.app.switches.lock());
    }

    /// Closes all connections to the hub, as the service does.
    pub fn close_connections(&self, error: Option<&str>, allow_reconnect: bool) {
        let parting = Parting::Close {
            error,
            allow_reconnect,
        };
        self.app.hub.part(Audience::All, parting);
    }

    /// Ends the transports of all connections to the hub, in the middle of everything.
    pub fn drop_connections(&self) {
        self.app.hub.part(Audience::All, Parting::Drop);
    }

    /// Sends nothing more over the connections that there are, as if the network had gone.
    pub fn silence_connections(&self) {
        self.app.hub.part(Audience::All, Parting::Silence);
    }

    /// Calls `target` on all clients, with arguments in JSON.
    pub fn broadcast(&self, target: &str, arguments: &serde_json::Value) {
        self.app.hub.send(None, target, arguments);
    }

    /// Calls `target` on all clients, once for each of `calls`, all in one text.
    pub fn broadcast_many(&self, target: &str, calls: &[serde_json::Value]) {
        self.app.hub.send_many(target, calls);
    }

    /// Ends all sessions before their time. They can be refreshed.
    pub fn expire_sessions(&self) {
        self.app.ended.expire();
    }

    /// Ends all sessions for good: only a new sign-in helps.
    pub fn revoke_sessions(&self) {
        self.app.ended.revoke();
    }

    /// Closes all connections, inviting their clients to come back, and stops to listen. The port
    /// is free when this returns.
    pub async fn stop(self) {
        self.app.hub.close_all();
        // Whoever is just between two polls comes for the news; nobody is waited for longer.
        let _ = tokio::time::timeout(Duration::from_secs(1), self.app.hub.left()).await;
        self.stop.send_replace(true);
        for mut server in self.servers {
            // A client that does not hang up is hung up on.
            if tokio::time::timeout(Duration::from_secs(3), &mut server)
                .await
                .is_err()
            {
                server.abort();
            }
        }
    }
}

fn router(app: Arc<App>) -> Router {
    let function_app = function_app::router(&app);
    let function_app = match app.options.anonymous {
        true => authentication::strip(function_app),
        false => {
            authentication::protect(function_app, app.clone()).merge(authentication::router(&app))
        }
    };
    let function_app = match &app.options.pages {
        Some(folder) => function_app.fallback_service(ServeDir::new(folder)),
        None => function_app.route("/", get(home)).fallback(not_found),
    };
    let function_app = function_app.layer(cors::function_app(&app.options));
    let service = signalr_service::router(&app).layer(cors::signalr_service(&app));
    // First: its paths are none that a router with checks would take.
    signalr_service::rest::router(app.clone())
        .merge(service)
        .merge(authentication::identity_provider())
        .merge(test_endpoint::router())
        .merge(function_app)
        .layer(DefaultBodyLimit::max(app.options.limits.body))
        .layer(TraceLayer::new_for_http())
        .with_state(app)
}

async fn home() -> Html<&'static str> {
    Html(include_str!("home.html"))
}

async fn not_found() -> axum::http::StatusCode {
    axum::http::StatusCode::NOT_FOUND
}
