//! The rule that keeps other pages from posting with a person's cookie.
//!
//! As in "Authentication and authorization in Azure App Service", on cross-site request forgery.

use axum::http::{HeaderMap, HeaderName, Method, header};

use super::Caller;
use crate::App;
use crate::options::origin_of;
use crate::signalr_service::own_origin;
use crate::switches::Host;

/// True for a POST of a browser that shows a cookie and comes from an origin that is on no list.
pub(super) fn forbids(app: &App, method: &Method, headers: &HeaderMap, caller: &Caller) -> bool {
    let applies = {
        let switches = app.switches.lock();
        switches.csrf && switches.host == Host::AppService
    };
    if !applies || method != Method::POST || !caller.by_cookie {
        return false;
    }
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let is_browser = text(header::USER_AGENT).is_some_and(|agent| agent.contains("Mozilla/"));
    let origin = text(header::ORIGIN).or_else(|| text(header::REFERER).and_then(origin_of));
    let is_known =
        origin.is_some_and(|origin| app.options.knows_origin(origin, &own_origin(headers)));
    is_browser && !is_known
}
