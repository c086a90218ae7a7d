//! The long poll: a session's frames in the bodies of HTTP calls, for desktops behind proxies that
//! cut WebSockets. The session itself is the same; here is the wire that carries it.
//!
//! **Invariant:** a link is as good as a socket: its name is random and known to the two sides only,
//! the session over it begins with the same challenge and proof, and a device has one.

mod link;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{ConnectInfo, DefaultBodyLimit, Query, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use lt_protocol::{
    code::Code,
    sync::{
        MAX_FRAME_BYTES,
        poll::{CLOSED, FIRST, LINK, MAX_PUSH_FRAMES, MAX_WAIT_S, PULL, PUSH},
    },
};
use serde::Deserialize;

pub(super) use link::Links;

use super::serve_wire;
use crate::{
    app::{Shared, now},
    http::Failure,
};
use link::Link;

/// A push waits so long for the session to take its frames.
const TAKE_WITHIN: Duration = Duration::from_secs(20);

/// The two calls.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route(PULL, post(pull))
        .route(PUSH, post(push))
        // One whole frame and a few small ones.
        .layer(DefaultBodyLimit::max(MAX_FRAME_BYTES + 64 * 1024))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pull {
    /// The last frame that arrived.
    #[serde(default)]
    got: u64,
    /// How long to wait for something new, s.
    #[serde(default)]
    wait: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Push {
    /// Number of the first frame in the body.
    first: u64,
}

async fn pull(
    State(app): State<Shared>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Query(pull): Query<Pull>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (name, link) = match headers.get(LINK) {
        Some(name) => (name.clone(), find(&app, name)?),
        None => open(&app, peer)?,
    };
    let wait = Duration::from_secs(pull.wait.min(MAX_WAIT_S));
    let pulled = link
        .pull(pull.got, wait)
        .await
        .ok_or_else(|| Failure::new(Code::BadRequest, "no such frame was sent"))?;
    let mut answer = HeaderMap::new();
    answer.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/x-ndjson"),
    );
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer.insert(HeaderName::from_static(LINK), name);
    answer.insert(HeaderName::from_static(FIRST), pulled.first.into());
    if let Some(code) = pulled.closed {
        answer.insert(HeaderName::from_static(CLOSED), code.into());
    }
    Ok((answer, pulled.frames.join("\n")).into_response())
}

async fn push(
    State(app): State<Shared>,
    Query(push): Query<Push>,
    headers: HeaderMap,
    body: String,
) -> Result<StatusCode, Failure> {
    let name = headers
        .get(LINK)
        .ok_or_else(|| Failure::new(Code::NotFound, "there is no such link"))?;
    let link = find(&app, name)?;
    let frames: Vec<&str> = body.lines().take(MAX_PUSH_FRAMES + 1).collect();
    if frames.len() > MAX_PUSH_FRAMES {
        return Err(Failure::new(Code::TooLarge, "too many frames"));
    }
    let taken = tokio::time::timeout(TAKE_WITHIN, link.push(push.first, &frames)).await;
    match taken {
        Ok(true) => Ok(StatusCode::NO_CONTENT),
        Ok(false) => Err(Failure::new(Code::NotFound, "the link has ended")),
        Err(_) => Err(Failure::new(Code::SlowDown, "the session is busy")),
    }
}

fn find(app: &Shared, name: &HeaderValue) -> Result<Arc<Link>, Failure> {
    app.desks
        .links
        .find(name.as_bytes())
        .ok_or_else(|| Failure::new(Code::NotFound, "there is no such link"))
}

/// A new link, and a session over it.
fn open(app: &Shared, peer: SocketAddr) -> Result<(HeaderValue, Arc<Link>), Failure> {
    if !app.sessions.take(peer.ip(), now()) {
        return Err(Failure::new(
            Code::SlowDown,
            "too many links from one address",
        ));
    }
    let opened = app.desks.links.open();
    let Some((name, wire)) = opened else {
        return Err(Failure::new(Code::Internal, "a link cannot be named"));
    };
    let name = HeaderValue::from_str(&name)
        .map_err(|_| Failure::new(Code::Internal, "a link cannot be named"))?;
    let link = wire.link();
    let (desks, alive) = (Arc::clone(&app.desks), app.alive.clone());
    tokio::spawn(async move {
        let _alive = alive;
        serve_wire(&desks, wire).await;
    });
    Ok((name, link))
}
