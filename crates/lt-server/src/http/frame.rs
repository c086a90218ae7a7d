//! Around every request: a trace id, one log line, and the headers that keep browsers strict.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use lt_seal::{encode::hex_encode, random_bytes};

use super::failure::{self, CarriedError, Page};
use crate::app::Shared;

static TRACE_ID: HeaderName = HeaderName::from_static("x-trace-id");
static PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
static CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// For everything that is no page: nothing in it may run or be shown.
const CLOSED_CSP: &str = "default-src 'none'; frame-ancestors 'none'";

/// The middleware. The log names the route, never the path with what somebody put into it.
pub(crate) async fn around(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let trace_id = random_bytes::<8>().map_or_else(|_| String::new(), |id| hex_encode(&id));
    let started = Instant::now();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unknown".to_owned(), |path| path.as_str().to_owned());

    let mut response = next.run(request).await;
    let status = response.status();
    let error = match response.extensions_mut().remove::<CarriedError>() {
        Some(CarriedError(error)) => Some(error),
        None if response.extensions().get::<Page>().is_some() => None,
        None => failure::of_status(status),
    };
    let took_ms = started.elapsed().as_millis();
    let code = status.as_u16();
    match &error {
        Some(error) if status.is_server_error() => tracing::error!(
            trace = trace_id, %method, route, status = code, took_ms,
            code = ?error.code, why = error.message, cause = error.trace_id, "request failed"
        ),
        Some(error) => tracing::info!(
            trace = trace_id, %method, route, status = code, took_ms,
            code = ?error.code, "request refused"
        ),
        None => {
            tracing::debug!(trace = trace_id, %method, route, status = code, took_ms, "request")
        }
    }
    if let Some(error) = &error {
        response = failure::write(error, &trace_id, response);
    }
    protect(response.headers_mut(), app.tls);
    if let Ok(value) = HeaderValue::from_str(&trace_id) {
        response.headers_mut().insert(&TRACE_ID, value);
    }
    response
}

/// Sets what a handler has not set itself.
fn protect(headers: &mut HeaderMap, tls: bool) {
    let mut default = |name: &HeaderName, value: &'static str| {
        if !headers.contains_key(name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    default(&header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(&header::REFERRER_POLICY, "no-referrer");
    default(&header::CACHE_CONTROL, "no-store");
    default(&header::CONTENT_SECURITY_POLICY, CLOSED_CSP);
    default(&CORP, "same-origin");
    default(
        &PERMISSIONS,
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    );
    if tls {
        default(&header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}
