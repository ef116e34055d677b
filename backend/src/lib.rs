//! The other side of the wire, in one local process: what the tutorial "Azure SignalR Service
//! authentication with Azure Functions" runs in Azure.
//!
//! | module | stands in for |
//! |---|---|
//! | [`options`] | the portal's settings |
//! | `function_app` | the Function App: `/api/negotiate` and `/api/messages` |
//! | `authentication` | App Service Authentication: `/.auth` and the principal headers |
//! | `signalr_service` | Azure SignalR Service: `/client`, three transports and the JSON hub protocol |
//! | [`connection_string`], `service_client` | what functions need for a SignalR Service elsewhere |
//! | `cors` | the CORS settings of both |
//!
//! It shares no code with the app, so that a mistake on one side does not hide behind the same
//! mistake on the other; the official SignalR client tests it.

mod authentication;
pub mod connection_string;
mod cors;
mod function_app;
pub mod options;
mod service_client;
mod signalr_service;

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tower_http::services::ServeDir;
use tower_http::trace::TraceLayer;

use authentication::Ended;
pub use options::Options;
use service_client::ServiceClient;
use signalr_service::connections::Connections;
use signalr_service::hub::Hub;

/// What all requests share.
struct App {
    options: Options,
    connections: Arc<Connections>,
    hub: Arc<Hub>,
    ended: Ended,
    /// The SignalR Service, if it is not this process.
    service: Option<ServiceClient>,
}

/// A running backend. Dropped, it goes on; [`Backend::stop`] ends it.
pub struct Backend {
    addr: SocketAddr,
    app: Arc<App>,
    stop: watch::Sender<bool>,
    servers: Vec<JoinHandle<io::Result<()>>>,
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
    /// Starts to serve on loopback, on IPv4 and, where there is one, IPv6: browsers take
    /// `localhost` for either.
    ///
    /// # Errors
    /// The port is taken, or loopback cannot be listened on.
    pub async fn start(options: Options) -> Result<Backend, StartError> {
        let port = options.port;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(|error| match error.kind() {
                io::ErrorKind::AddrInUse => StartError::PortInUse(port),
                _ => StartError::Bind(error),
            })?;
        let addr = listener.local_addr().map_err(StartError::Bind)?;
        let mut listeners = vec![listener];
        listeners.extend(TcpListener::bind((Ipv6Addr::LOCALHOST, addr.port())).await);

        let app = Arc::new(App {
            service: options.service.clone().map(ServiceClient::new),
            options,
            connections: Arc::default(),
            hub: Hub::new(),
            ended: Ended::default(),
        });
        let (stop, stopped) = watch::channel(false);
        let serve = |listener: TcpListener| {
            // Small messages must not wait for each other.
            let listener = listener.tap_io(|stream| {
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "no TCP_NODELAY");
                }
            });
            let mut stopped = stopped.clone();
            let server =
                axum::serve(listener, router(app.clone())).with_graceful_shutdown(async move {
                    // An error means that the backend is gone, which is as good a reason to stop.
                    let _ = stopped.wait_for(|stopped| *stopped).await;
                });
            tokio::spawn(server.into_future())
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
    let mut function_app = function_app::router(&app.options.functions);
    if !app.options.anonymous {
        function_app =
            authentication::protect(function_app, app.clone()).merge(authentication::router());
    }
    let function_app = match &app.options.pages {
        Some(folder) => function_app.fallback_service(ServeDir::new(folder)),
        None => function_app.route("/", get(home)).fallback(not_found),
    };
    let function_app = function_app.layer(cors::function_app(&app.options));
    let service = signalr_service::router().layer(cors::signalr_service());
    // First: its paths are none that a router with checks would take.
    signalr_service::rest::router(app.clone())
        .merge(service)
        .merge(function_app)
        .layer(TraceLayer::new_for_http())
        .with_state(app)
}

async fn home() -> Html<&'static str> {
    Html(include_str!("home.html"))
}

async fn not_found() -> axum::http::StatusCode {
    axum::http::StatusCode::NOT_FOUND
}
