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
}

/// Signs a token for what is at `url`.
///
/// # Errors
/// The token cannot be written, which its claims rule out.
pub(crate) fn issue(
    url: &str,
    user: Option<&str>,
    lifetime: Duration,
    access_key: &str,
) -> Result<String> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let claims = Claims {
        aud: url.to_owned(),
        iat: now,
        nbf: now,
        exp: now + lifetime.as_secs(),
        user: user.map(str::to_owned),
    };
    encode(
        &Header::default(),
        &claims,
        &EncodingKey::from_secret(access_key.as_bytes()),
    )
}

/// Checks a token's signature, its end, and that it is for whoever asks. Returns the user.
///
/// # Errors
/// The token is not good.
pub(super) fn verify(
    token: &str,
    access_key: &str,
    is_for: impl Fn(&str) -> bool,
) -> Result<Option<String>> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.leeway = 0;
    // A token that ends this second has ended.
    validation.reject_tokens_expiring_in_less_than = 1;
    // The audience holds the host that the caller knows this process by, which may be any.
    validation.validate_aud = false;
    let key = DecodingKey::from_secret(access_key.as_bytes());
    let claims = decode::<Claims>(token, &key, &validation)?.claims;
    match is_for(&claims.aud) {
        true => Ok(claims.user),
        false => Err(jsonwebtoken::errors::ErrorKind::InvalidAudience.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "http://localhost:7071/client/?hub=chat";

    fn issue(lifetime: Duration) -> String {
        super::issue(URL, Some("alice"), lifetime, "key").unwrap()
    }

    fn verify(token: &str, key: &str, audience: &str) -> Option<Option<String>> {
        super::verify(token, key, |shown| shown == audience).ok()
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
        let nobody = super::issue(URL, None, Duration::from_secs(9), "key").unwrap();
        assert_eq!(verify(&nobody, "key", URL), Some(None));
    }
}
