//! Access tokens for the hub, as a function's negotiate binding signs them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::errors::Result;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

/// The access key of the local service. Known to everybody, like that of Microsoft's emulator.
const ACCESS_KEY: &[u8] = b"the access key of the local hub, known to everybody";

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

/// Signs a token for the hub at `url`.
///
/// # Errors
/// The token cannot be written, which its claims rule out.
pub(crate) fn issue(url: &str, user: Option<&str>, lifetime: Duration) -> Result<String> {
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
        &EncodingKey::from_secret(ACCESS_KEY),
    )
}

/// Checks a token's signature, its end, and that it is for `hub`. Returns the user.
///
/// # Errors
/// The token is not good.
pub(super) fn verify(token: &str, hub: &str) -> Result<Option<String>> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.leeway = 0;
    // A token that ends this second has ended.
    validation.reject_tokens_expiring_in_less_than = 1;
    // The audience holds the host that the caller knows this process by, which may be any.
    validation.validate_aud = false;
    let claims =
        decode::<Claims>(token, &DecodingKey::from_secret(ACCESS_KEY), &validation)?.claims;
    match claims.aud.ends_with(&format!("/client/?hub={hub}")) {
        true => Ok(claims.user),
        false => Err(jsonwebtoken::errors::ErrorKind::InvalidAudience.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "http://localhost:7071/client/?hub=chat";

    #[test]
    fn a_token_is_good_for_its_hub_and_its_time() {
        let hour = Duration::from_secs(3600);
        let token = issue(URL, Some("alice"), hour).unwrap();
        assert_eq!(verify(&token, "chat").unwrap().as_deref(), Some("alice"));
        assert_eq!(
            verify(&issue(URL, None, hour).unwrap(), "chat").unwrap(),
            None
        );
        assert!(verify(&token, "other").is_err());
        assert!(
            verify(&issue(URL, None, Duration::ZERO).unwrap(), "chat").is_err(),
            "over"
        );
        let (signed, _) = token.rsplit_once('.').unwrap();
        assert!(
            verify(&format!("{signed}.AAAA"), "chat").is_err(),
            "somebody else's signature"
        );
    }
}
