//! Pages of snapshots: all rows of a stream as they were at one of its changes, for desktops that are
//! new or were away for too long.

use axum::{
    extract::{Path, Query, Request, State},
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use lt_protocol::{
    api::snapshot::{LAST, MAX_PAGE_BYTES, MAX_PAGE_ROWS, ROWS_LEFT},
    code::{Code, WireError},
    sync::Row,
};
use serde::Deserialize;

use crate::{
    app::{Shared, now},
    http::{Failure, authenticate},
};

/// Level of compression: the first one takes a tenth of the time of the usual third for pages that
/// are a few percent larger.
const LEVEL: i32 = 1;

/// Most bytes of bodies in a page; the rest of it is what stands around them.
const MAX_BODIES: u64 = (MAX_PAGE_BYTES - MAX_PAGE_ROWS * 200) as u64;

/// Which page.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageQuery {
    /// The change of the stream up to which the snapshot goes.
    at: u64,
    /// The page begins after this change.
    #[serde(default)]
    after: u64,
}

/// `GET /sync/v1/snapshot/{stream}`.
pub(crate) async fn page(
    State(app): State<Shared>,
    Path(stream): Path<u64>,
    Query(query): Query<PageQuery>,
    request: Request,
) -> Result<Response, Failure> {
    let (parts, _) = request.into_parts();
    let principal = authenticate(&app, &parts, now()).await?;
    let act = move |backoffice: &lt_backoffice::Backoffice| {
        let page = backoffice.snapshot_page(
            &principal,
            stream,
            query.at,
            query.after,
            MAX_PAGE_ROWS,
            MAX_BODIES,
        )?;
        let lines = lines(&page.rows)?;
        let packed = zstd::bulk::compress(&lines, LEVEL)
            .map_err(|_| WireError::new(Code::Internal, "a page cannot be compressed"))?;
        Ok::<_, WireError>((packed, page.last, page.n_left))
    };
    let (packed, last, n_left) = app.call(act).await?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/x-ndjson+zstd"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (HeaderName::from_static(LAST), u64::from(last).into()),
        (HeaderName::from_static(ROWS_LEFT), n_left.into()),
    ];
    Ok((headers, packed).into_response())
}

fn lines(rows: &[Row]) -> Result<Vec<u8>, WireError> {
    let mut lines = Vec::new();
    for row in rows {
        serde_json::to_writer(&mut lines, row)
            .map_err(|_| WireError::new(Code::Internal, "a row cannot be written"))?;
        lines.push(b'\n');
    }
    Ok(lines)
}
