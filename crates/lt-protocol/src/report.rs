//! Pictures of numbers and charts, which the window draws and the desk saves.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::id::AttachmentId;

/// Largest picture, bytes.
pub const MAX_PICTURE_BYTES: usize = 8 * 1024 * 1024;
/// Most characters of the name that is asked for.
pub const MAX_NAME_CHARS: usize = 60;

/// A piece of a PNG picture; the first one begins it, the one that makes it whole saves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReportSaveArgs {
    /// A new id, the same for all pieces of one picture.
    pub file_id: AttachmentId,
    /// What it shows; its file is called by it and by the time.
    pub name: String,
    /// Bytes before this piece.
    pub offset: u32,
    /// Bytes of the whole picture.
    pub total: u32,
    /// The piece, base64url; at most [`crate::file::PIECE_BYTES`].
    pub data: String,
}

/// What has come of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReportSaved {
    /// Where the file is; none while it is not whole.
    pub path: Option<String>,
}
