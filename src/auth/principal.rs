//! What an answer of `/.auth/me` says.

use serde::Deserialize;

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

#[derive(Deserialize)]
struct AppService {
    user_id: Option<String>,
    #[serde(default)]
    user_claims: Vec<Claim>,
}

#[derive(Deserialize)]
struct Claim {
    typ: String,
    val: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StaticWebApps {
    client_principal: Option<ClientPrincipal>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientPrincipal {
    user_details: String,
    #[serde(default)]
    user_roles: Vec<String>,
}

fn principal(body: &str) -> Option<Principal> {
    if let Ok(sessions) = serde_json::from_str::<Vec<AppService>>(body) {
        return sessions.into_iter().find_map(AppService::principal);
    }
    let answer: StaticWebApps = serde_json::from_str(body).ok()?;
    let principal = answer.client_principal?;
    let signed_in = principal
        .user_roles
        .iter()
        .any(|role| role == "authenticated");
    let name = principal.user_details;
    (signed_in && !name.is_empty()).then(|| Principal {
        user_id: name.clone(),
        display_name: name,
    })
}

impl AppService {
    fn principal(self) -> Option<Principal> {
        let user_id = self.user_id.clone().filter(|id| !id.is_empty());
        let id_claims: &[&str] = &[
            "preferred_username",
            "emailaddress",
            "email",
            "upn",
            "nameidentifier",
            "sub",
        ];
        let user_id = user_id.or_else(|| self.claim(id_claims))?;
        let display_name = self
            .claim(&["name"])
            .or_else(|| self.claim(&["preferred_username"]))
            .or_else(|| self.claim(&["emailaddress", "email", "upn"]))
            .unwrap_or_else(|| user_id.clone());
        Some(Principal {
            user_id,
            display_name,
        })
    }

    /// The first claim of one of these types, each by its short name or as the end of a URI.
    fn claim(&self, types: &[&str]) -> Option<String> {
        types.iter().find_map(|wanted| {
            let is_it = |claim: &&Claim| {
                let short = claim.typ.rsplit(['/', ':']).next().unwrap_or_default();
                short.eq_ignore_ascii_case(wanted) && !claim.val.is_empty()
            };
            self.user_claims
                .iter()
                .find(is_it)
                .map(|claim| claim.val.clone())
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
