//! How an error leaves: a fitting status, and a body that the frame around every request fills in
//! with its trace id.

use axum::{
    body::Body,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use lt_protocol::code::{Code, WireError};

/// An error on its way out. It travels in the response's extensions until [`super::frame`] has
/// logged it, once, and given it the request's trace id.
pub(crate) struct Failure(pub(crate) WireError);

impl From<WireError> for Failure {
    fn from(error: WireError) -> Self {
        Self(error)
    }
}

impl Failure {
    pub(crate) fn new(code: Code, message: &str) -> Self {
        Self(WireError::new(code, message))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = status_of(self.0.code).into_response();
        response.extensions_mut().insert(CarriedError(self.0));
        response
    }
}

/// The error inside a response.
#[derive(Clone)]
pub(crate) struct CarriedError(pub(crate) WireError);

/// Marks a response that is a page for people: its body stays, whatever its status.
#[derive(Clone, Copy)]
pub(crate) struct Page;

/// Writes the error's body. What went wrong inside stays inside.
pub(crate) fn write(error: &WireError, trace_id: &str, response: Response) -> Response {
    let inner = matches!(error.code, Code::Internal | Code::Storage);
    let shown = WireError {
        message: if inner {
            "the server could not do it; see its log".to_owned()
        } else {
            error.message.clone()
        },
        // Where a lower layer has logged the cause, its id finds it.
        trace_id: if error.trace_id.is_empty() {
            trace_id.to_owned()
        } else {
            error.trace_id.clone()
        },
        ..error.clone()
    };
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("application/json"),
    );
    let body = serde_json::to_vec(&shown).unwrap_or_default();
    Response::from_parts(parts, Body::from(body))
}

/// What axum and its layers answer by themselves, as an error of ours.
pub(crate) fn of_status(status: StatusCode) -> Option<WireError> {
    let (code, message) = match status {
        StatusCode::REQUEST_TIMEOUT => (Code::SlowDown, "the request took too long"),
        StatusCode::PAYLOAD_TOO_LARGE => (Code::TooLarge, "the body is too long"),
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
            (Code::NotFound, "there is no such call")
        }
        other if other.is_client_error() => (Code::BadRequest, "the request cannot be read"),
        other if other.is_server_error() => (Code::Internal, "the request broke off"),
        _ => return None,
    };
    Some(WireError::new(code, message))
}

/// Answers whatever is no route. It comes before any word about who may call what.
pub(crate) async fn not_found() -> Failure {
    Failure::new(Code::NotFound, "there is no such call")
}

fn status_of(code: Code) -> StatusCode {
    match code {
        Code::BadRequest
        | Code::Empty
        | Code::BadBackup
        | Code::FileType
        | Code::FileDamaged
        | Code::FieldsMissing => StatusCode::BAD_REQUEST,
        Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::SignedOut | Code::LeaseEnded | Code::WrongPassword | Code::WrongPassphrase => {
            StatusCode::UNAUTHORIZED
        }
        Code::Forbidden | Code::SetupCode => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::HeldByOther
        | Code::StaleReply
        | Code::AfterRefused
        | Code::IllegalState
        | Code::ChangedMeanwhile
        | Code::MergedMeanwhile
        | Code::TakenUp
        | Code::NotResolved
        | Code::AlreadyPicked
        | Code::Taken
        | Code::Unsent
        | Code::NoShare
        | Code::InUse => StatusCode::CONFLICT,
        Code::SlowDown | Code::UploadsFull => StatusCode::TOO_MANY_REQUESTS,
        Code::UpgradeRequired => StatusCode::UPGRADE_REQUIRED,
        Code::Locked | Code::NeedsPassphrase => StatusCode::LOCKED,
        Code::Offline | Code::Untrusted => StatusCode::BAD_GATEWAY,
        Code::Storage => StatusCode::INSUFFICIENT_STORAGE,
        Code::StoreDamaged | Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
