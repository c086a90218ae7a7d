//! What the host answers.

use std::{convert::Infallible, path::PathBuf, sync::Arc};

use axum::{
    Json, Router,
    body::Body,
    extract::{DefaultBodyLimit, Path, Query, Request, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
    routing::{get, post},
};
use futures_util::{Stream, stream};
use lt_console::Console;
use lt_protocol::{code::WireError, command::Window};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};
use tokio::sync::broadcast::error::RecvError;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::{
    page,
    recorder::{Recorder, Shown},
};

/// Largest body of a command, in bytes.
const MAX_BODY_BYTES: usize = 1024 * 1024;

struct Desk {
    console: Arc<Console>,
    recorder: Recorder,
    ui: PathBuf,
    own_hosts: [String; 2],
}

/// The whole host: pages, `POST /ipc/rpc`, `GET /ipc/events`, and what tests need under `/dev`.
///
/// # Errors
/// When the shell's configuration holds no content security policy.
pub(crate) fn router(
    console: Arc<Console>,
    recorder: Recorder,
    ui: PathBuf,
    port: u16,
) -> anyhow::Result<Router> {
    let own_hosts = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let desk = Arc::new(Desk {
        console,
        recorder,
        ui,
        own_hosts,
    });
    let policy = page::policy()?;
    Ok(Router::new()
        .route("/ipc/rpc", post(rpc))
        .route("/ipc/events", get(events))
        .route("/dev/notifications", get(notifications))
        .route("/dev/notifications/{n}/click", post(click))
        .route("/dev/focused", post(focused))
        .fallback(pages)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&desk),
            own_pages_only,
        ))
        .layer(SetResponseHeaderLayer::overriding(
            header::CONTENT_SECURITY_POLICY,
            policy,
        ))
        .with_state(desk))
}

/// Refuses requests that reached this port by another name (a rebound DNS entry) and requests of
/// pages from elsewhere.
async fn own_pages_only(
    State(desk): State<Arc<Desk>>,
    request: Request,
    next: Next,
) -> Response<Body> {
    if is_own(request.headers(), &desk.own_hosts) {
        next.run(request).await
    } else {
        page::status(StatusCode::FORBIDDEN)
    }
}

fn is_own(headers: &HeaderMap, own_hosts: &[String]) -> bool {
    let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let host = headers.get(header::HOST).map(text).unwrap_or_default();
    let origin = headers.get(header::ORIGIN).map(text);
    own_hosts.contains(&host) && origin.is_none_or(|origin| origin == format!("http://{host}"))
}

/// Which window asks: the agent's, unless the page says that it is another one.
#[derive(Deserialize)]
struct Asking {
    #[serde(default = "main_window")]
    window: Window,
}

const fn main_window() -> Window {
    Window::Main
}

async fn rpc(
    State(desk): State<Arc<Desk>>,
    Query(Asking { window }): Query<Asking>,
    Json(command): Json<Value>,
) -> Result<Json<Box<RawValue>>, (StatusCode, Json<WireError>)> {
    let answer = desk.console.handle_json(window, command).await;
    answer
        .map(Json)
        .map_err(|error| (StatusCode::UNPROCESSABLE_ENTITY, Json(error)))
}

async fn events(
    State(desk): State<Arc<Desk>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = stream::unfold(desk.recorder.events(), |mut events| async {
        loop {
            match events.recv().await {
                Ok(event) => {
                    let event = Event::default().json_data(&event).unwrap_or_default();
                    return Some((Ok(event), events));
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

async fn notifications(State(desk): State<Arc<Desk>>) -> Json<Vec<Shown>> {
    Json(desk.recorder.shown())
}

async fn click(State(desk): State<Arc<Desk>>, Path(n): Path<usize>) -> StatusCode {
    match desk.recorder.notifications().get(n) {
        Some(notification) => {
            desk.console.notification_clicked(notification.opens);
            StatusCode::NO_CONTENT
        }
        None => StatusCode::NOT_FOUND,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Focused {
    focused: bool,
}

async fn focused(State(desk): State<Arc<Desk>>, Json(body): Json<Focused>) -> StatusCode {
    desk.recorder.set_focused(body.focused);
    StatusCode::NO_CONTENT
}

async fn pages(State(desk): State<Arc<Desk>>, uri: Uri) -> impl IntoResponse {
    page::file(&desk.ui, uri.path()).await
}

#[cfg(test)]
mod tests;
