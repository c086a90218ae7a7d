//! Pictures and files of the chat page. The token travels in a header, so that no address ever opens
//! one.

use axum::{
    Json, Router,
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, header},
    response::Response,
    routing::get,
};
use lt_model::{
    attachment::{Attachment, FilePart},
    id::AttachmentId,
};
use lt_protocol::{api::file::MAX_UPLOAD_BYTES, code::Code};
use serde::Deserialize;

use super::poll::visitor;
use crate::{
    app::{Shared, now},
    http::{Failure, file},
};

/// The calls.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/widget/v1/files/{id}", get(whole).put(upload))
        .route("/widget/v1/files/{id}/thumb", get(thumb))
}

/// What stands behind the path of an upload.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    #[serde(default)]
    name: String,
}

/// `PUT /widget/v1/files/{id}?name=…`
async fn upload(
    State(app): State<Shared>,
    Path(id): Path<AttachmentId>,
    Query(Named { name }): Query<Named>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Attachment>, Failure> {
    let visitor = visitor(&app, &headers).await?;
    let too_large = || Failure::new(Code::TooLarge, "the file is too large");
    let said = headers.get(header::CONTENT_LENGTH);
    let said = said.and_then(|said| said.to_str().ok()?.parse::<usize>().ok());
    if said.is_some_and(|said| said > MAX_UPLOAD_BYTES) {
        return Err(too_large());
    }
    if !app.visitor_uploads.take(visitor.contact_id, now()) {
        return Err(Failure::new(Code::SlowDown, "too many files"));
    }
    let _turn = app.uploads.acquire().await;
    let bytes = axum::body::to_bytes(body, MAX_UPLOAD_BYTES).await;
    let bytes = bytes.map_err(|_| too_large())?.to_vec();
    let kept = app
        .call(move |backoffice| backoffice.visitor_upload(&visitor, id, &name, bytes, now()))
        .await?;
    Ok(Json(kept))
}

/// `GET /widget/v1/files/{id}`
async fn whole(
    state: State<Shared>,
    id: Path<AttachmentId>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    given(state, id, headers, FilePart::Whole).await
}

/// `GET /widget/v1/files/{id}/thumb`
async fn thumb(
    state: State<Shared>,
    id: Path<AttachmentId>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    given(state, id, headers, FilePart::Thumb).await
}

async fn given(
    State(app): State<Shared>,
    Path(id): Path<AttachmentId>,
    headers: HeaderMap,
    part: FilePart,
) -> Result<Response, Failure> {
    let visitor = visitor(&app, &headers).await?;
    let given = app
        .call(move |backoffice| backoffice.file_for_visitor(&visitor, id, part))
        .await?;
    Ok(file(given))
}
