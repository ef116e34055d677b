//! The headers that tell the functions who calls.

use axum::http::header::InvalidHeaderValue;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::me;
use super::session::Session;
use crate::switches::Host;

const NAME: HeaderName = HeaderName::from_static("x-ms-client-principal-name");
const ID: HeaderName = HeaderName::from_static("x-ms-client-principal-id");
const PROVIDER: HeaderName = HeaderName::from_static("x-ms-client-principal-idp");
const PRINCIPAL: HeaderName = HeaderName::from_static("x-ms-client-principal");

/// Takes off what a caller claims to be.
pub(super) fn strip(headers: &mut HeaderMap) {
    let claimed: Vec<_> = headers
        .keys()
        .filter(|name| {
            let name = name.as_str();
            name.starts_with("x-ms-client-principal") || name.starts_with("x-ms-token-")
        })
        .cloned()
        .collect();
    for name in claimed {
        headers.remove(name);
    }
}

/// Says who calls.
///
/// # Errors
/// A name cannot stand in a header.
pub(super) fn inject(
    headers: &mut HeaderMap,
    session: &Session,
    host: Host,
    emails: bool,
) -> Result<(), InvalidHeaderValue> {
    let mut insert = |name: HeaderName, value: &str| {
        let value = HeaderValue::from_bytes(value.as_bytes())?;
        headers.insert(name, value);
        Ok(())
    };
    let principal = match host {
        Host::AppService => {
            insert(NAME, &me::user_id(session, emails))?;
            insert(ID, &session.id())?;
            insert(PROVIDER, &session.provider)?;
            json!({
                "auth_typ": session.provider,
                "claims": me::claims(session),
                "name_typ": me::EMAIL,
                "role_typ": "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
            })
        }
        Host::StaticWebApps => me::client_principal(session, emails),
    };
    insert(PRINCIPAL, &STANDARD.encode(principal.to_string()))
}

/// The name of whoever calls a function; `None` if nobody is signed in.
pub(crate) fn name(headers: &HeaderMap) -> Option<String> {
    let name = match headers.get(NAME) {
        Some(name) => String::from_utf8(name.as_bytes().to_vec()).ok()?,
        None => {
            let principal = STANDARD.decode(headers.get(PRINCIPAL)?).ok()?;
            let principal: Value = serde_json::from_slice(&principal).ok()?;
            principal["userDetails"].as_str()?.to_owned()
        }
    };
    Some(name).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_learn_who_calls_from_the_platform_alone() {
        let session = Session::new("Jürgen".into(), "aad".into());
        for (host, has_name) in [(Host::AppService, true), (Host::StaticWebApps, false)] {
            let mut headers = HeaderMap::new();
            for claimed in [NAME, ID, PRINCIPAL] {
                headers.insert(claimed, HeaderValue::from_static("admin"));
            }
            headers.insert(
                "x-ms-token-aad-id-token",
                HeaderValue::from_static("forged"),
            );
            strip(&mut headers);
            assert!(headers.is_empty(), "{headers:?}");
            assert_eq!(name(&headers), None);
            inject(&mut headers, &session, host, false).unwrap();
            assert_eq!(headers.contains_key(NAME), has_name);
            assert_eq!(name(&headers).as_deref(), Some("Jürgen"));
            inject(&mut headers, &session, host, true).unwrap();
            assert_eq!(name(&headers).as_deref(), Some("jürgen@example.com"));
        }
    }
}
