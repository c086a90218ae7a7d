//! The chat page and its parts, built into the program.
//!
//! The page may stand in a frame on any site (`frame-ancestors *`) because a shop's address is not
//! known to the server yet; once an inbox carries a list of origins, this header is where it goes.
//! The page keeps nothing but a visitor token, and every act in it is the visitor's own.

use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use lt_protocol::code::Code;
use lt_seal::{encode::hex_encode, sha256};

use super::Failure;
use crate::app::Shared;

/// The page's own files and calls, and nothing from anywhere else; no inline style or script.
const PAGE_CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *";
/// Files are asked for again each time, and answered 304 unless the program was replaced.
const REVALIDATE: &str = "no-cache";

struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

macro_rules! assets {
    ($($folder:literal / $name:literal => $kind:expr),* $(,)?) => {
        &[$(Asset {
            name: $name,
            kind: $kind,
            bytes: include_bytes!(concat!("../../", $folder, "/", $name)),
        }),*]
    };
}

const JS: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";

/// The colours, sizes and type are those of the console.
const ASSETS: &[Asset] = assets! {
    "widget" / "chat.html" => HTML,
    "widget" / "chat.css" => CSS,
    "../../ui/src/styles" / "tokens.css" => CSS,
    "widget" / "chat.js" => JS,
    "widget" / "file.js" => JS,
    "widget" / "link.js" => JS,
    "widget" / "keep.js" => JS,
    "widget" / "view.js" => JS,
    "widget" / "words.js" => JS,
    "widget" / "survey.js" => JS,
    "widget" / "survey.css" => CSS,
    "widget" / "widget.js" => JS,
    "widget" / "icon.svg" => "image/svg+xml",
};

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/chat/{inbox}", get(page))
        .route("/widget.js", get(embed))
        .route("/widget/app/{name}", get(part))
}

/// The page is the same for every inbox; it reads the key from its own address.
async fn page(headers: HeaderMap) -> Response {
    let mut response = serve("chat.html", &headers);
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        header::HeaderValue::from_static(PAGE_CSP),
    );
    response
}

/// The tag that a shop puts on its pages: it may be loaded from anywhere.
async fn embed(headers: HeaderMap) -> Response {
    let mut response = serve("widget.js", &headers);
    response.headers_mut().insert(
        "cross-origin-resource-policy",
        header::HeaderValue::from_static("cross-origin"),
    );
    response
}

async fn part(Path(name): Path<String>, headers: HeaderMap) -> Response {
    serve(&name, &headers)
}

fn serve(name: &str, headers: &HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return Failure::new(Code::NotFound, "there is no such file").into_response();
    };
    let digest = sha256(asset.bytes);
    let tag = format!(
        "\"{}\"",
        hex_encode(digest.first_chunk::<8>().unwrap_or(&[0; 8]))
    );
    let known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let fixed = [
        (header::CONTENT_TYPE, asset.kind.to_owned()),
        (header::CACHE_CONTROL, REVALIDATE.to_owned()),
        (header::ETAG, tag),
    ];
    if known {
        (StatusCode::NOT_MODIFIED, fixed).into_response()
    } else {
        (fixed, asset.bytes).into_response()
    }
}
