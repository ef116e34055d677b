//! What an answer of `/.auth/me` says.

use crate::json::{Fields, Json};

/// Somebody who is signed in. The answer also holds tokens of the identity provider; they are not
/// even read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The name at the provider, which the backend usually puts on messages as `sender`.
    pub user_id: String,
    /// The name to greet the person by.
    pub display_name: String,
}

/// Who is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhoAmI {
    /// Somebody who is signed in.
    SignedIn(Principal),
    /// Nobody yet: signing in is possible.
    SignedOut,
    /// The backend has no sign-in, as on a developer's machine: everybody is the same nobody.
    Anonymous,
    /// No way to tell: the server answered with this status.
    Failed(u16),
    /// No way to tell: no answer came that this page may read.
    Unreachable,
}

impl WhoAmI {
    /// Reads an HTTP answer.
    ///
    /// A status of 200 alone says nothing: App Service answers `[]` when its token store has lost
    /// the session, Static Web Apps answer `{"clientPrincipal":null}`, and a proxy may answer with
    /// its own page.
    pub fn from_answer(status: u16, body: &str) -> WhoAmI {
        match status {
            200..300 => principal(body).map_or(WhoAmI::SignedOut, WhoAmI::SignedIn),
            401 | 403 => WhoAmI::SignedOut,
            404 => WhoAmI::Anonymous,
            other => WhoAmI::Failed(other),
        }
    }
}

/// An answer of Azure App Service is a list of sessions, one of Azure Static Web Apps an object.
fn principal(body: &str) -> Option<Principal> {
    let answer = Json::parse(body).ok()?;
    match answer.items() {
        Some(sessions) => sessions.into_iter().find_map(app_service),
        None => static_web_apps(&answer.fields()?.get("clientPrincipal")?.fields()?),
    }
}

fn static_web_apps(principal: &Fields<'_>) -> Option<Principal> {
    let roles = principal.get("userRoles")?.items()?;
    let is_authenticated = |role: &&Json<'_>| role.string().as_deref() == Some("authenticated");
    roles.iter().find(|role| is_authenticated(role))?;
    let name = principal
        .string("userDetails")
        .filter(|name| !name.is_empty())?;
    Some(Principal {
        user_id: name.clone(),
        display_name: name,
    })
}

fn app_service(session: Json<'_>) -> Option<Principal> {
    let session = session.fields()?;
    let claims = Claims::read(&session);
    let id_claims = [
        "preferred_username",
        "emailaddress",
        "email",
        "upn",
        "nameidentifier",
        "sub",
    ];
    let user_id = session.string("user_id").filter(|name| !name.is_empty());
    let user_id = user_id.or_else(|| claims.first(&id_claims))?;
    let display_name = claims
        .first(&["name", "preferred_username", "emailaddress", "email", "upn"])
        .unwrap_or_else(|| user_id.clone());
    Some(Principal {
        user_id,
        display_name,
    })
}

/// What the identity provider says of somebody: types and values.
struct Claims(Vec<(String, String)>);

impl Claims {
    fn read(session: &Fields<'_>) -> Claims {
        let claims = session.get("user_claims").and_then(Json::items);
        let claims = claims.unwrap_or_default();
        let claim = |claim: Json<'_>| {
            let claim = claim.fields()?;
            Some((claim.string("typ")?, claim.string("val")?))
        };
        Claims(claims.into_iter().filter_map(claim).collect())
    }

    /// The first claim of one of these types, each by its short name or as the end of a URI.
    fn first(&self, types: &[&str]) -> Option<String> {
        types.iter().find_map(|wanted| {
            let is_it = |claim: &&(String, String)| {
                let short = claim.0.rsplit(['/', ':']).next().unwrap_or_default();
                short.eq_ignore_ascii_case(wanted) && !claim.1.is_empty()
            };
            self.0.iter().find(is_it).map(|claim| claim.1.clone())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed_in(user_id: &str, display_name: &str) -> WhoAmI {
        WhoAmI::SignedIn(Principal {
            user_id: user_id.into(),
            display_name: display_name.into(),
        })
    }

    #[test]
    fn every_answer_is_understood() {
        let claims = |claims: &str| format!(r#"[{{"user_id":"a@b.c","user_claims":[{claims}]}}]"#);
        let name = r#"{"typ":"name","val":"Alice"}"#;
        let preferred = r#"{"typ":"Preferred_Username","val":"alice"}"#;
        let email = r#"{"typ":"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress","val":"al@b.c"}"#;
        for (status, body, expected) in [
            (200, claims(&[email, preferred, name].join(",")), signed_in("a@b.c", "Alice")),
            (200, claims(&[email, preferred].join(",")), signed_in("a@b.c", "alice")),
            (200, claims(email), signed_in("a@b.c", "al@b.c")),
            (200, claims(""), signed_in("a@b.c", "a@b.c")),
            (200, r#"[{"provider_name":"aad","user_id":"a","access_token":"x"}]"#.into(), signed_in("a", "a")),
            (200, r#"[{"user_claims":[{"typ":"sub","val":"7"}]}]"#.into(), signed_in("7", "7")),
            (200, "[]".into(), WhoAmI::SignedOut),
            (200, "[{}]".into(), WhoAmI::SignedOut),
            (200, "<!doctype html>".into(), WhoAmI::SignedOut),
            (200, String::new(), WhoAmI::SignedOut),
            (200, r#"{"clientPrincipal":null}"#.into(), WhoAmI::SignedOut),
            (
                200,
                r#"{"clientPrincipal":{"userDetails":"alice","userRoles":["anonymous","authenticated"]}}"#.into(),
                signed_in("alice", "alice"),
            ),
            (
                200,
                r#"{"clientPrincipal":{"userDetails":"alice","userRoles":["anonymous"]}}"#.into(),
                WhoAmI::SignedOut,
            ),
            (401, String::new(), WhoAmI::SignedOut),
            (403, String::new(), WhoAmI::SignedOut),
            (404, String::new(), WhoAmI::Anonymous),
            (500, String::new(), WhoAmI::Failed(500)),
        ] {
            assert_eq!(WhoAmI::from_answer(status, &body), expected, "{status} {body}");
        }
    }
}
