//! Access tokens for the hub, as a function's negotiate binding signs them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::errors::Result;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Claims {
    aud: String,
    iat: u64,
    nbf: u64,
    exp: u64,
    /// The user, under the name that the service's SDK gives it.
    #[serde(rename = "asrs.s.uid", skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    /// "true" if the service closes a connection when the token ends that it was opened with.
    #[serde(rename = "asrs.s.coae", skip_serializing_if = "Option::is_none")]
    closes: Option<String>,
    /// When it does.
    #[serde(rename = "asrs.s.aeo", skip_serializing_if = "Option::is_none")]
    closes_at: Option<String>,
}

/// Who connects, as their token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    /// `None` for somebody anonymous.
    pub(super) user: Option<String>,
    /// When the connection is to end, in seconds since the Unix epoch; `None` if that is no matter
    /// of the token.
    pub(super) until: Option<u64>,
}

/// Signs a token for what is at `url`. If it `closes_connection`, that ends with it.
///
/// # Errors
/// The token cannot be written, which its claims rule out.
pub(crate) fn issue(
    url: &str,
    user: Option<&str>,
    lifetime: Duration,
    closes_connection: bool,
    access_key: &str,
) -> Result<String> {
    let now = now();
    let end = now + lifetime.as_secs();
    let claims = Claims {
        aud: url.to_owned(),
        iat: now,
        nbf: now,
        exp: end,
        user: user.map(str::to_owned),
        closes: closes_connection.then(|| "true".to_owned()),
        closes_at: closes_connection.then(|| end.to_string()),
    };
    encode(
        &Header::default(),
        &claims,
        &EncodingKey::from_secret(access_key.as_bytes()),
    )
}

/// Checks a token's signature, its end, and that it is for whoever asks. Returns who
/// shows it.
///
/// # Errors
/// The token is not good.
pub(super) fn verify(
    token: &str,
    access_key: &str,
    is_for: impl Fn(&str) -> bool,
) -> Result<Holder> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.leeway = 0;
    // A token that ends this second has ended.
    validation.reject_tokens_expiring_in_less_than = 1;
    // The audience holds the host that the caller knows this process by, which may be any.
    validation.validate_aud = false;
    let key = DecodingKey::from_secret(access_key.as_bytes());
    let claims = decode::<Claims>(token, &key, &validation)?.claims;
    match is_for(&claims.aud) {
        true => Ok(Holder {
            user: claims.user,
            until: claims
                .closes_at
                .filter(|_| claims.closes.as_deref() == Some("true"))
                .and_then(|end| end.parse().ok()),
        }),
        false => Err(jsonwebtoken::errors::ErrorKind::InvalidAudience.into()),
    }
}

/// How long it is until then, which is in seconds since the Unix epoch.
pub(super) fn until(then: u64) -> Duration {
    Duration::from_secs(then.saturating_sub(now()))
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "http://localhost:7071/client/?hub=chat";

    fn issue(lifetime: Duration) -> String {
        super::issue(URL, Some("alice"), lifetime, false, "key").unwrap()
    }

    fn verify(token: &str, key: &str, audience: &str) -> Option<Option<String>> {
        let holder = super::verify(token, key, |shown| shown == audience).ok()?;
        assert_eq!(holder.until, None);
        Some(holder.user)
    }

    #[test]
    fn a_token_is_good_for_its_audience_and_its_time() {
        let token = issue(Duration::from_secs(3600));
        assert_eq!(verify(&token, "key", URL), Some(Some("alice".into())));
        assert_eq!(verify(&token, "key", "elsewhere"), None);
        assert_eq!(verify(&token, "another", URL), None);
        assert_eq!(verify(&issue(Duration::ZERO), "key", URL), None, "over");
        let (signed, _) = token.rsplit_once('.').unwrap();
        let forged = format!("{signed}.AAAA");
        assert_eq!(
            verify(&forged, "key", URL),
            None,
            "somebody else's signature"
        );
        let nobody = super::issue(URL, None, Duration::from_secs(9), false, "key").unwrap();
        assert_eq!(verify(&nobody, "key", URL), Some(None));
    }

    #[test]
    fn a_token_can_take_the_connection_along() {
        let token = super::issue(URL, None, Duration::from_secs(9), true, "key").unwrap();
        let holder = super::verify(&token, "key", |_| true).unwrap();
        let left = until(holder.until.expect("an end"));
        assert!(left > Duration::from_secs(7) && left <= Duration::from_secs(9));
    }
}
