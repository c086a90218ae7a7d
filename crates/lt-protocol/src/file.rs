//! Pictures and files at the window: chosen, sent, looked at, saved. Bytes cross in pieces, so that
//! no single command is large.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{
    attachment::{Attachment, FileKind, FilePart},
    id::{AttachmentId, ConversationId, MessageId},
};

/// Most bytes of one piece.
pub const PIECE_BYTES: usize = 512 * 1024;

/// Most bytes of one that the window reads.
pub const READ_BYTES: usize = 2 * 1024 * 1024;

/// A piece of a file that the agent chose, in order from the beginning. With the last one the file is
/// looked at, and kept sealed until it is sent or dropped.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FileStageArgs {
    /// Made by the window.
    pub file_id: AttachmentId,
    /// Where it is to be sent; none of one that a canned reply is to hold, which goes to the server
    /// at once.
    pub conversation_id: Option<ConversationId>,
    /// What it is called.
    pub name: String,
    /// Where the piece begins.
    pub offset: u32,
    /// How large the file is.
    pub total: u32,
    /// The piece, base64url; at most [`PIECE_BYTES`].
    pub data: String,
}

// What somebody sends is in no log.
impl std::fmt::Debug for FileStageArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileStageArgs")
            .field("file_id", &self.file_id)
            .field("offset", &self.offset)
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}

/// Answer to a piece.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct FileStaged {
    /// The file, once it is whole.
    pub file: Option<FileView>,
    /// The same as a canned reply holds it.
    pub held: Option<Attachment>,
}

/// Files that wait beside the reply being written.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct FileList {
    /// In the order in which they were chosen.
    pub files: Vec<FileView>,
}

/// A picture or file, as the window shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FileView {
    /// Its id.
    pub id: AttachmentId,
    /// Its name, masked.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// Whether it is shown as a picture.
    pub is_image: bool,
    /// How large it is, in bytes.
    pub n_bytes: u32,
    /// Width of a picture; 0 of anything else.
    pub width: u32,
    /// Its height likewise.
    pub height: u32,
}

/// Names a file.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FileArgs {
    /// Which.
    pub file_id: AttachmentId,
}

/// Sends a file that was chosen.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FileSendArgs {
    /// Which.
    pub file_id: AttachmentId,
    /// Where.
    pub conversation_id: ConversationId,
    /// Made by the window.
    pub message_id: MessageId,
    /// The last `seq` that the agent has seen.
    pub seen_seq: u64,
}

/// Asks for a piece of a file, or to save all of it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FileReadArgs {
    /// Which.
    pub file_id: AttachmentId,
    /// The message that it is; none of one that waits beside a reply.
    pub message_id: Option<MessageId>,
    /// Of all of it, or of its small picture.
    pub part: FilePart,
    /// Where the piece begins.
    pub offset: u32,
}

/// A piece of a file.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct FilePiece {
    /// Media type of the whole.
    pub mime: String,
    /// The piece, base64url.
    pub data: String,
    /// Where the next one begins; none after the last.
    pub next: Option<u32>,
}

/// Where a file was saved.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct FileSaved {
    /// The place.
    pub path: String,
}
