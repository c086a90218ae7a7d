//! The built pages, under the same policy as in the shell.

use std::path::{Component, Path, PathBuf};

use anyhow::Context;
use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Response, StatusCode, header},
};
use serde_json::Value;

/// The shell's configuration, whose content security policy holds here too.
const CONFIG: &str = include_str!("../../../tauri.conf.json");

/// The shell's policy, with the one difference that commands go over HTTP to this host.
///
/// # Errors
/// When the configuration has no policy.
pub(crate) fn policy() -> anyhow::Result<HeaderValue> {
    let config: Value = serde_json::from_str(CONFIG).context("reading tauri.conf.json")?;
    let rules = config
        .pointer("/app/security/csp")
        .and_then(Value::as_object)
        .context("tauri.conf.json has no policy")?;
    let rules: Vec<String> = rules
        .iter()
        .map(|(name, sources)| match name.as_str() {
            "connect-src" => "connect-src 'self'".to_owned(),
            _ => format!("{name} {}", sources.as_str().unwrap_or("'none'")),
        })
        .collect();
    HeaderValue::from_str(&rules.join("; ")).context("the policy is no header")
}

/// A file below `folder`; `/` is the page itself.
pub(crate) async fn file(folder: &Path, path: &str) -> Response<Body> {
    let Some(file) = inside(folder, path) else {
        return status(StatusCode::NOT_FOUND);
    };
    match tokio::fs::read(&file).await {
        Ok(bytes) => {
            let kind = mime_guess::from_path(&file).first_or_octet_stream();
            let mut response = Response::new(Body::from(bytes));
            if let Ok(kind) = HeaderValue::from_str(kind.as_ref()) {
                response.headers_mut().insert(header::CONTENT_TYPE, kind);
            }
            let nosniff = HeaderName::from_static("x-content-type-options");
            response
                .headers_mut()
                .insert(nosniff, HeaderValue::from_static("nosniff"));
            response
        }
        Err(_) => status(StatusCode::NOT_FOUND),
    }
}

/// An answer without a body.
pub(crate) fn status(code: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = code;
    response
}

fn inside(folder: &Path, path: &str) -> Option<PathBuf> {
    let name = path.trim_start_matches('/');
    let name = Path::new(if name.is_empty() { "index.html" } else { name });
    let plain = name
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    plain.then(|| folder.join(name))
}
