//! A session: signed and self-contained, so that nobody is signed out when the backend restarts.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use crate::Options;

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
    /// When, in seconds since the Unix epoch.
    #[serde(rename = "iat")]
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

    /// What the provider knows the person by.
    pub(super) fn id(&self) -> String {
        format!("{}|{}", self.provider, self.name)
    }

    /// True while the session is good.
    pub(super) fn is_live(&self, options: &Options) -> bool {
        self.age() < options.session_lifetime
    }

    /// True while the session can be refreshed, which is for some time after its end.
    pub(super) fn is_renewable(&self, options: &Options) -> bool {
        self.age() < options.session_lifetime + options.session_grace
    }

    fn age(&self) -> Duration {
        Duration::from_secs(now().saturating_sub(self.issued))
    }
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
