//! The only ways to add a REST route: `secured` with a permission, or `open` for the four calls
//! that come before any session. A handler never sees a caller that has not been checked.

use std::net::{IpAddr, SocketAddr};

use axum::{
    Router,
    body::Bytes,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, Method, header as http_header, request::Parts},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use lt_backoffice::{Backoffice, Principal, attach::Given};
use lt_model::{Millis, agent::Permission, attachment::FilePart};
use lt_protocol::{
    api::{header, proof_message},
    code::{Code, WireError},
};
use lt_seal::{
    Secret, device,
    encode::{base64url_decode, hex_encode},
    sha256,
};
use serde::{Serialize, de::DeserializeOwned};

use super::Failure;
use crate::app::{Shared, now};

/// How far a caller's clock may be off, ms. A captured call is worthless after it.
const CLOCK_SLACK_MS: Millis = 5 * 60_000;

/// A call by somebody who was checked.
pub(crate) struct Call {
    pub(crate) principal: Principal,
    /// The path that was called and signed.
    pub(crate) path: String,
    /// What stands behind it.
    pub(crate) query: String,
    pub(crate) body: Bytes,
    pub(crate) now: Millis,
}

/// A call by anybody.
pub(crate) struct OpenCall {
    pub(crate) body: Bytes,
    pub(crate) ip: IpAddr,
    pub(crate) now: Millis,
}

/// What a handler answers.
pub(crate) enum Answer {
    /// A JSON body.
    Json(Vec<u8>),
    /// JSON lines, to save as a file.
    Lines(Vec<u8>),
    /// A picture or file, or its small picture.
    File(Box<Given>),
}

/// What a checked call does.
pub(super) type Act = fn(&Backoffice, &Call) -> Result<Answer, WireError>;
type OpenAct = fn(&Backoffice, OpenCall) -> Result<Answer, WireError>;

/// Collects the routes.
pub(crate) struct Routes {
    router: Router<Shared>,
    #[cfg(test)]
    pub(super) list: Vec<(Method, &'static str, Option<Permission>)>,
}

impl Routes {
    pub(super) fn new() -> Self {
        Self {
            router: Router::new(),
            #[cfg(test)]
            list: Vec::new(),
        }
    }

    /// A call that needs a session, the device's proof and a permission. `limit` bounds its body.
    pub(super) fn secured(
        mut self,
        method: &Method,
        path: &'static str,
        permission: Permission,
        limit: usize,
        act: Act,
    ) -> Self {
        let handler = move |State(app): State<Shared>, request: Request| async move {
            let (parts, body) = request.into_parts();
            let now = now();
            let principal = authenticate(&app, &parts, now).await?;
            if !principal.agent.role.may(permission) {
                return Err(Failure::new(Code::Forbidden, "the account may not do this"));
            }
            let body = read(&parts, body, limit).await?;
            let call = Call {
                principal,
                path: parts.uri.path().to_owned(),
                query: parts.uri.query().unwrap_or_default().to_owned(),
                body,
                now,
            };
            Ok(app.call(move |backoffice| act(backoffice, &call)).await?)
        };
        self.note(method, path, Some(permission));
        self.router = self.router.route(path, on_method(method, handler));
        self
    }

    /// A call that needs no session.
    pub(super) fn open(
        mut self,
        method: &Method,
        path: &'static str,
        limit: usize,
        act: OpenAct,
    ) -> Self {
        let counted = *method == Method::POST;
        let handler = move |State(app): State<Shared>,
                            ConnectInfo(peer): ConnectInfo<SocketAddr>,
                            request: Request| async move {
            let (parts, body) = request.into_parts();
            let (ip, now) = (peer.ip(), now());
            if counted && !app.logins.take(ip, now) {
                return Err(Failure::new(
                    Code::SlowDown,
                    "too many tries from one address",
                ));
            }
            let body = read(&parts, body, limit).await?;
            let call = OpenCall { body, ip, now };
            Ok(app.call(move |backoffice| act(backoffice, call)).await?)
        };
        self.note(method, path, None);
        self.router = self.router.route(path, on_method(method, handler));
        self
    }

    pub(super) fn into_router(self) -> Router<Shared> {
        self.router
    }

    #[cfg(test)]
    fn note(&mut self, method: &Method, path: &'static str, permission: Option<Permission>) {
        self.list.push((method.clone(), path, permission));
    }

    #[cfg(not(test))]
    fn note(&mut self, _method: &Method, _path: &'static str, _permission: Option<Permission>) {}
}

fn on_method<H, T>(method: &Method, handler: H) -> MethodRouter<Shared>
where
    H: axum::handler::Handler<T, Shared>,
    T: 'static,
{
    // The methods in use have a filter each; anything else would be a route of its own kind.
    let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::POST);
    on(filter, handler)
}

/// Who calls: the token names a session, and the signature proves that the session's device made
/// this very call just now.
pub(crate) async fn authenticate(
    app: &Shared,
    parts: &Parts,
    now: Millis,
) -> Result<Principal, WireError> {
    let signed_out = |why| WireError::new(Code::SignedOut, why);
    let token = bearer(&parts.headers).ok_or_else(|| signed_out("no token"))?;
    let timestamp: Millis = text_of(&parts.headers, header::TIMESTAMP)
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| signed_out("no timestamp"))?;
    if now.abs_diff(timestamp) > CLOCK_SLACK_MS.unsigned_abs() {
        return Err(signed_out("the timestamp is off"));
    }
    let proof = text_of(&parts.headers, header::PROOF)
        .and_then(|text| base64url_decode(text).ok())
        .ok_or_else(|| signed_out("no proof"))?;
    let token_hash = hex_encode(&sha256(token.expose().as_bytes()));
    let message = proof_message(
        parts.method.as_str(),
        parts.uri.path(),
        timestamp,
        &token_hash,
    );
    let principal = app
        .call(move |backoffice| backoffice.authenticate(token.expose(), now))
        .await?;
    if device::verify(&principal.device_public_key, message.as_bytes(), &proof) {
        Ok(principal)
    } else {
        Err(signed_out("the proof is not by the session's device"))
    }
}

/// The token of an `Authorization: Bearer` header.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<Secret<String>> {
    let value = text_of(headers, http_header::AUTHORIZATION.as_str())?;
    let (scheme, token) = value.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| Secret::from(token))
}

fn text_of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Reads a body of at most `limit` bytes. One that says it is longer is refused unread.
async fn read(parts: &Parts, body: axum::body::Body, limit: usize) -> Result<Bytes, WireError> {
    let too_large = || WireError::new(Code::TooLarge, "the body is too long");
    let said = text_of(&parts.headers, http_header::CONTENT_LENGTH.as_str())
        .and_then(|text| text.parse::<u64>().ok());
    if said.is_some_and(|said| u64::try_from(limit).is_ok_and(|limit| said > limit)) {
        return Err(too_large());
    }
    axum::body::to_bytes(body, limit)
        .await
        .map_err(|_| too_large())
}

/// Reads a JSON body. The message names the place, never the content.
pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, WireError> {
    serde_json::from_slice(body).map_err(|error| {
        WireError::new(
            Code::BadRequest,
            format!(
                "not the expected JSON at line {}, column {}",
                error.line(),
                error.column()
            ),
        )
    })
}

/// Nothing of it is ever run or shown as a page, whatever it says.
pub(crate) fn file(given: Given) -> Response {
    let kind = match given.part {
        FilePart::Whole => given.attachment.kind.mime(),
        FilePart::Thumb => lt_media::thumb_mime(&given.bytes),
    };
    let headers = [
        (http_header::CONTENT_TYPE, kind),
        (http_header::CONTENT_DISPOSITION, "attachment"),
    ];
    (headers, given.bytes).into_response()
}

impl Answer {
    pub(crate) fn json<T: Serialize>(value: &T) -> Result<Self, WireError> {
        serde_json::to_vec(value)
            .map(Self::Json)
            .map_err(|_| WireError::new(Code::Internal, "an answer cannot be written"))
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let (kind, bytes) = match self {
            Self::File(given) => return file(*given),
            Self::Json(bytes) => ("application/json", bytes),
            Self::Lines(bytes) => ("application/x-ndjson", bytes),
        };
        ([(http_header::CONTENT_TYPE, kind)], bytes).into_response()
    }
}
