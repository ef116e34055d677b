//! nginx and Caddy, with the configuration that docs/hosting.md has for them.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::docs::{block, replaced};
use crate::harness::eventually;

/// Which web host.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Nginx,
    Caddy,
}

/// A running web host, for `dist` in the folder `chat` below its root.
pub(crate) struct Server {
    process: Child,
    pub(crate) port: u16,
}

impl Server {
    /// Starts one for a folder, on a free port. It keeps what it needs there, too.
    pub(crate) async fn start(kind: Kind, folder: &Path) -> Server {
        // Between the look for a port and its use, somebody else may take it.
        for _ in 0..5 {
            if let Some(server) = Server::try_on(kind, folder, free_port()).await {
                return server;
            }
        }
        panic!("{kind:?} does not start");
    }

    /// Starts one on the port where one was before.
    pub(crate) async fn again(kind: Kind, folder: &Path, port: u16) -> Server {
        eventually("the port again", async || {
            Server::try_on(kind, folder, port).await
        })
        .await
    }

    async fn try_on(kind: Kind, folder: &Path, port: u16) -> Option<Server> {
        let mut command = match kind {
            Kind::Nginx => nginx(folder, port),
            Kind::Caddy => caddy(folder, port),
        };
        let log = fs::File::create(folder.join("server.log")).expect("a file can be made");
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        let process = command
            .spawn()
            .expect("it is installed: cargo xtask setup --test");
        let mut server = Server { process, port };
        let started = eventually("a web host that listens, or has ended", async || {
            if server
                .process
                .try_wait()
                .expect("it can be asked")
                .is_some()
            {
                return Some(false);
            }
            let stream = tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await;
            stream.is_ok().then_some(true)
        })
        .await;
        if !started {
            let log = fs::read_to_string(folder.join("server.log")).unwrap_or_default();
            assert!(log.contains("in use"), "{kind:?} refuses: {log}");
        }
        started.then_some(server)
    }

    /// The origin of its pages.
    pub(crate) fn origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Where the page is.
    pub(crate) fn page(&self) -> String {
        [&self.origin(), "/chat/"].concat()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing else of it is left: it is one process, and its connections end with it.
        let killed = self.process.kill().and_then(|()| self.process.wait());
        if let Err(error) = killed {
            eprintln!("a web host may still run: {error}");
        }
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("it is bound").port()
}

/// The documented server, within what Debian's nginx.conf has around it.
fn nginx(folder: &Path, port: u16) -> Command {
    let root = folder.display().to_string();
    let server = block("nginx", "nginx");
    let server = replaced(&server, "listen 80;", &format!("listen 127.0.0.1:{port};"));
    let server = replaced(&server, "root /var/www;", &format!("root {root};"));
    let server = replaced(
        &server,
        "server_name chat.example.com;",
        "server_name localhost;",
    );
    let config = format!(
        "load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;
daemon off;
master_process off;
pid {root}/nginx.pid;
error_log stderr;
events {{}}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {root}/body;
    proxy_temp_path {root}/proxy;
    fastcgi_temp_path {root}/fastcgi;
    uwsgi_temp_path {root}/uwsgi;
    scgi_temp_path {root}/scgi;
    {server}
}}
"
    );
    let file = folder.join("nginx.conf");
    fs::write(&file, config).expect("a file can be written");
    let mut command = Command::new("nginx");
    command.args(["-e", "stderr", "-c"]).arg(file);
    command
}

fn caddy(folder: &Path, port: u16) -> Command {
    let site = block("Caddy", "caddyfile");
    let address = format!("http://localhost:{port} {{");
    let site = replaced(&site, "chat.example.com {", &address);
    let root = format!("root * {}", folder.display());
    let site = replaced(&site, "root * /var/www", &root);
    // No network, no certificates, and nothing of the user's own.
    let config = ["{\n\tadmin off\n\tauto_https off\n}\n", &site].concat();
    let file = folder.join("Caddyfile");
    fs::write(&file, config).expect("a file can be written");
    let mut command = Command::new("caddy");
    command
        .args(["run", "--adapter", "caddyfile", "--config"])
        .arg(file);
    command
        .env("HOME", folder)
        .env_remove("XDG_DATA_HOME")
        .env_remove("XDG_CONFIG_HOME");
    command
}
