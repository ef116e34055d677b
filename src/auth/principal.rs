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
    SignedOut(Reason),
    /// The backend has no sign-in, as on a developer's machine: everybody is the same nobody.
    Anonymous,
    /// No way to tell: the server answered with this status.
    Failed(u16),
    /// No way to tell: no answer came that this page may read.
    Unreachable,
}

/// Why an answer means that nobody is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// There is no session, or it is over: a refresh may bring it back.
    Unauthorized,
    /// Status 403: consent was taken back, or this backend answers so to whoever is not signed in.
    Forbidden,
    /// The backend sends whoever is not signed in to a sign-in page.
    Redirected,
    /// There is a session, and App Service does not know any more whose it is.
    Lost,
    /// The answer says so: of Static Web Apps, or of a session without a name.
    Nobody,
    /// The answer is no answer of `/.auth/me`, but a web page, for one.
    SomethingElse,
}

impl WhoAmI {
    /// Reads an HTTP answer; a redirect that was not followed has the status 0.
    ///
    /// A status of 200 alone says nothing: App Service answers `[]` when its token store has lost
    /// the session, Static Web Apps answer `{"clientPrincipal":null}`, and a proxy may answer with
    /// its own page.
    pub fn from_answer(status: u16, body: &str) -> WhoAmI {
        match status {
            200..300 => principal(body).map_or_else(WhoAmI::SignedOut, WhoAmI::SignedIn),
            0 | 300..=399 => WhoAmI::SignedOut(Reason::Redirected),
            401 => WhoAmI::SignedOut(Reason::Unauthorized),
            403 => WhoAmI::SignedOut(Reason::Forbidden),
            404 => WhoAmI::Anonymous,
            other => WhoAmI::Failed(other),
        }
    }
}

/// An answer of Azure App Service is a list of sessions, one of Azure Static Web Apps an object.
fn principal(body: &str) -> Result<Principal, Reason> {
    let answer = Json::parse(body).map_err(|_| Reason::SomethingElse)?;
    if let Some(sessions) = answer.items() {
        let empty = sessions.is_empty();
        let principal = sessions.into_iter().find_map(app_service);
        return principal.ok_or(if empty { Reason::Lost } else { Reason::Nobody });
    }
    let answer = answer.fields().ok_or(Reason::SomethingElse)?;
    let principal = answer.get("clientPrincipal").ok_or(Reason::SomethingElse)?;
    let principal = principal.fields().ok_or(Reason::Nobody)?;
    static_web_apps(&principal).ok_or(Reason::Nobody)
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

    fn claim(typ: &str, val: &str) -> String {
        format!(r#"{{"typ":"{typ}","val":"{val}"}}"#)
    }

    /// An answer of App Service.
    fn session(claims: &[String]) -> String {
        let claims = claims.join(",");
        format!(r#"[{{"provider_name":"aad","user_id":"a@b.c","user_claims":[{claims}]}}]"#)
    }

    /// An answer of Static Web Apps.
    fn static_web_app(user_details: &str, roles: &str) -> String {
        format!(
            r#"{{"clientPrincipal":{{"identityProvider":"github","userId":"7","userDetails":"{user_details}","userRoles":{roles}}}}}"#
        )
    }

    #[test]
    fn a_person_is_greeted_by_the_best_name_there_is() {
        let uri = |name: &str| {
            let claims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";
            [claims, name].concat()
        };
        let name = claim("name", "Alice");
        let preferred = claim("Preferred_Username", "alice");
        let email = claim(&uri("emailaddress"), "al@b.c");
        let upn = claim(&uri("upn"), "upn@b.c");
        let id = claim(&uri("nameidentifier"), "7");
        for (claims, expected) in [
            (vec![&id, &upn, &email, &preferred, &name], "Alice"),
            (vec![&id, &upn, &email, &preferred], "alice"),
            (vec![&id, &upn, &email], "al@b.c"),
            (vec![&id, &upn], "upn@b.c"),
            (vec![&id], "a@b.c"),
            (vec![], "a@b.c"),
            (vec![&claim("urn:github:name", "Octo")], "Octo"),
            (
                vec![&claim("NAME", "Alice"), &claim("name", "Other")],
                "Alice",
            ),
            (vec![&claim("name", ""), &email], "al@b.c"),
        ] {
            let claims: Vec<String> = claims.into_iter().cloned().collect();
            let answer = WhoAmI::from_answer(200, &session(&claims));
            assert_eq!(answer, signed_in("a@b.c", expected), "{claims:?}");
        }
    }

    /// Every answer that a client can meet, and what it means.
    #[test]
    fn every_answer_is_understood() {
        use Reason::*;
        let out = WhoAmI::SignedOut;
        let authenticated = r#"["anonymous","authenticated"]"#;
        for (status, body, expected) in [
            (200, session(&[]), signed_in("a@b.c", "a@b.c")),
            (
                200,
                r#"[{"user_id":"a"},{"user_id":"b"}]"#.into(),
                signed_in("a", "a"),
            ),
            (
                200,
                r#"[{"user_id":null},{"user_id":"b"}]"#.into(),
                signed_in("b", "b"),
            ),
            (
                200,
                r#"[{"user_claims":[{"typ":"sub","val":"7"}]}]"#.into(),
                signed_in("7", "7"),
            ),
            (
                200,
                r#"[{"user_id":"a","user_claims":"none","new":{}}]"#.into(),
                signed_in("a", "a"),
            ),
            (
                200,
                static_web_app("alice", authenticated),
                signed_in("alice", "alice"),
            ),
            (
                200,
                static_web_app("alice", r#"["anonymous"]"#),
                out(Nobody),
            ),
            (200, static_web_app("", authenticated), out(Nobody)),
            (200, r#"{"clientPrincipal":null}"#.into(), out(Nobody)),
            (200, r#"{"clientPrincipal":{}}"#.into(), out(Nobody)),
            (200, "[]".into(), out(Lost)),
            (200, "[{}]".into(), out(Nobody)),
            (200, r#"[{"user_id":""}]"#.into(), out(Nobody)),
            (
                200,
                "<!doctype html><title>Chat</title>".into(),
                out(SomethingElse),
            ),
            (200, String::new(), out(SomethingElse)),
            (200, "{}".into(), out(SomethingElse)),
            (200, "null".into(), out(SomethingElse)),
            (204, String::new(), out(SomethingElse)),
            (0, String::new(), out(Redirected)),
            (302, String::new(), out(Redirected)),
            (401, "You do not have permission".into(), out(Unauthorized)),
            (401, session(&[]), out(Unauthorized)),
            (403, String::new(), out(Forbidden)),
            (404, String::new(), WhoAmI::Anonymous),
            (404, session(&[]), WhoAmI::Anonymous),
            (429, String::new(), WhoAmI::Failed(429)),
            (500, String::new(), WhoAmI::Failed(500)),
            (503, "[]".into(), WhoAmI::Failed(503)),
        ] {
            assert_eq!(
                WhoAmI::from_answer(status, &body),
                expected,
                "{status} {body}"
            );
        }
    }

    /// Microsoft's own example of an answer, with every kind of token that there is.
    #[test]
    fn the_providers_tokens_are_not_kept() {
        let body = r#"[{"provider_name":"aad","user_id":"alice@contoso.com",
            "access_token":"secret-1","expires_on":"2026-01-01T00:00:00.0000000Z","id_token":"secret-2",
            "refresh_token":"secret-3","access_token_secret":"secret-4","authentication_token":"secret-5",
            "user_claims":[{"typ":"name","val":"Alice"}]}]"#;
        let answer = WhoAmI::from_answer(200, body);
        assert_eq!(answer, signed_in("alice@contoso.com", "Alice"));
        let all = format!("{answer:?}");
        assert!(!all.contains("secret") && !all.contains("2026"), "{all}");
        let unusual = body.replace("\"2026-01-01T00:00:00.0000000Z\"", "1767225600");
        assert_eq!(WhoAmI::from_answer(200, &unusual), answer);
    }
}
