//! A session: signed and self-contained, so that nobody is signed out when the backend restarts.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use crate::App;

/// Good for this local stand-in alone, and no secret.
const KEY: &[u8] = b"a development key of the local backend, known to everybody";

/// Somebody who signed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Session {
    /// The name that they gave.
    #[serde(rename = "sub")]
    pub(super) name: String,
    /// The provider that they signed in with.
    #[serde(rename = "idp")]
    pub(super) provider: String,
    /// When, in milliseconds since the Unix epoch.
    issued: u64,
}

impl Session {
    /// A session that begins now.
    pub(super) fn new(name: String, provider: String) -> Session {
        Session {
            name,
            provider,
            issued: now(),
        }
    }

    /// The same person's session, beginning now.
    pub(super) fn renewed(self) -> Session {
        Session {
            issued: now(),
            ..self
        }
    }

    /// Reads what [`Session::token`] wrote. `None` if it is nothing of this backend's.
    pub(super) fn read(token: &str) -> Option<Session> {
        let mut validation = Validation::default();
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        decode(token, &DecodingKey::from_secret(KEY), &validation)
            .ok()
            .map(|data| data.claims)
    }

    /// The session as a token.
    ///
    /// # Errors
    /// The session cannot be written as JSON, which its fields rule out.
    pub(super) fn token(&self) -> jsonwebtoken::errors::Result<String> {
        encode(&Header::default(), self, &EncodingKey::from_secret(KEY))
    }

    /// What the provider knows the person by: nothing that says a name.
    pub(super) fn id(&self) -> String {
        let half = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, &self.provider, &self.name).hash(&mut hasher);
            hasher.finish()
        };
        format!("{:016x}{:016x}", half(0), half(1))
    }

    /// The person's address at the provider.
    pub(super) fn email(&self) -> String {
        match self.name.contains('@') {
            true => self.name.clone(),
            false => format!(
                "{}@example.com",
                self.name.to_lowercase().replace(char::is_whitespace, ".")
            ),
        }
    }

    /// True while the session is good.
    pub(super) fn is_live(&self, app: &App) -> bool {
        self.issued >= app.ended.expired.load(Ordering::Relaxed)
            && self.age() < app.options.session_lifetime
    }

    /// True while the session can be refreshed, which is for some time after its end.
    pub(super) fn is_renewable(&self, app: &App) -> bool {
        self.issued >= app.ended.revoked.load(Ordering::Relaxed)
            && self.age() < app.options.session_lifetime + app.options.session_grace
    }

    fn age(&self) -> Duration {
        Duration::from_millis(now().saturating_sub(self.issued))
    }
}

/// Which sessions are over before their time: those that began before these moments, in
/// milliseconds since the Unix epoch.
#[derive(Default)]
pub(crate) struct Ended {
    expired: AtomicU64,
    revoked: AtomicU64,
}

impl Ended {
    /// All sessions are over, and can be refreshed.
    pub(crate) fn expire(&self) {
        self.expired.store(now(), Ordering::Relaxed);
    }

    /// All sessions are over, and nothing brings them back.
    pub(crate) fn revoke(&self) {
        self.expire();
        self.revoked.store(now(), Ordering::Relaxed);
    }
}

fn now() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
