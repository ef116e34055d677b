//! Anything that may come in over a socket: never a panic, always an answer or an end, nothing left
//! open, and memory within limits.

mod frames;
mod requests;

use std::alloc::System;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::time::Duration;

use backend::{Backend, Options};
use proptest::test_runner::Config;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Longer than anything takes; it only ends tests that have failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// How many tasks of the backend have panicked: its runtime catches them.
static PANICS: AtomicUsize = AtomicUsize::new(0);

/// How much is tried. What fails is printed, as small as it can be, and belongs into a test of its own.
fn config() -> Config {
    Config {
        cases: 192,
        failure_persistence: None,
        ..Config::default()
    }
}

/// A backend of one test, while no other test takes memory.
struct Target {
    runtime: Runtime,
    backend: Backend,
    _alone: MutexGuard<'static, ()>,
}

impl Target {
    fn start() -> Target {
        static ALONE: Mutex<()> = Mutex::new(());
        static COUNT: Once = Once::new();
        COUNT.call_once(|| {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                PANICS.fetch_add(1, Ordering::SeqCst);
                before(panic);
            }));
        });
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        PANICS.store(0, Ordering::SeqCst);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let options = Options {
            port: 0,
            anonymous: true,
            ..Options::default()
        };
        let backend = runtime.block_on(Backend::start(options)).unwrap();
        Target {
            runtime,
            backend,
            _alone: alone,
        }
    }

    /// What comes back when these bytes are sent, in these pieces, and nothing more.
    ///
    /// # Panics
    /// The backend waits for more than will ever come.
    async fn send(&self, pieces: &[Vec<u8>]) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.backend.addr()).await.unwrap();
        let mut answer = Vec::new();
        let exchange = async {
            for piece in pieces {
                // The backend may hang up before it has read all.
                if stream.write_all(piece).await.is_err() {
                    break;
                }
                tokio::task::yield_now().await;
            }
            let _ = stream.shutdown().await;
            let _ = stream.read_to_end(&mut answer).await;
        };
        let ended = tokio::time::timeout(PATIENCE, exchange).await;
        assert!(ended.is_ok(), "neither an answer nor an end");
        answer
    }

    /// Fails if something has broken, or is left over.
    fn check(&self) {
        self.runtime.block_on(async {
            let quiet = async {
                while self.backend.sockets() > 0 {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            };
            let quiet = tokio::time::timeout(PATIENCE, quiet).await;
            assert!(quiet.is_ok(), "{} sockets are left", self.backend.sockets());
            let well = self
                .send(&[b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_vec()])
                .await;
            assert!(well.starts_with(b"HTTP/1.1 200 OK"));
        });
        assert_eq!(PANICS.load(Ordering::SeqCst), 0, "panics");
    }
}
