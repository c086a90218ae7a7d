//! Bodies of the server's REST calls. Paths stand beside them; all answer JSON, errors are
//! [`crate::code::WireError`] with a fitting HTTP status.

use serde::{Deserialize, Serialize};

use lt_model::{
    Millis,
    agent::{Agent, Role, SkillGroup},
    id::{DeviceId, GroupId, SessionId},
    routing::Assign,
};

/// Largest body of a call that is not an import, in bytes.
pub const MAX_BODY_BYTES: usize = 64 * 1024;
/// Largest body of an import, in bytes.
pub const MAX_IMPORT_BYTES: usize = 16 * 1024 * 1024;

/// `POST /api/v1/setup`: makes the organisation and its first administrator, once.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetupRequest {
    /// The one-time code that the server printed at its first start.
    pub code: String,
    /// Name of the organisation, shown to customers.
    pub organisation: String,
    /// Login name of the administrator.
    pub username: String,
    /// Shown name.
    pub display_name: String,
    /// At least 12 characters.
    pub password: String,
    /// How the first groups begin; as new groups do when left out.
    #[serde(default)]
    pub assign: Option<Assign>,
}

/// Answer to [`SetupRequest`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetupResponse {
    /// The administrator.
    pub agent: Agent,
    /// The first groups.
    pub groups: Vec<SkillGroup>,
    /// Key of the first web inbox: `/chat/{key}`.
    pub inbox_key: String,
}

/// `POST /api/v1/login`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginRequest {
    /// Login name.
    pub username: String,
    /// Password.
    pub password: String,
    /// The installation that the session is bound to.
    pub device: DeviceInfo,
}

/// An installation.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceInfo {
    /// Made by the installation, once.
    pub id: DeviceId,
    /// Name of the machine, for the list of devices.
    pub name: String,
    /// `linux`, `macos`, `windows` or `cli`.
    pub os: String,
    /// Ed25519 public key, base64url.
    pub public_key: String,
}

/// Answer to [`LoginRequest`].
#[derive(Clone, Serialize, Deserialize)]
pub struct LoginResponse {
    /// Session.
    pub session: SessionId,
    /// Opaque token; only its hash is kept by the server.
    pub token: String,
    /// When it ends.
    pub expires_at: Millis,
    /// Who signed in.
    pub agent: Agent,
    /// Name of the organisation.
    pub organisation: String,
}

/// Headers of an authenticated call: the token, and a proof by the device key over
/// `method ‖ LF ‖ path ‖ LF ‖ timestamp ‖ LF ‖ hex(SHA-256(token))`.
pub mod header {
    /// `Bearer …`.
    pub const AUTHORIZATION: &str = "authorization";
    /// Milliseconds; refused when more than five minutes off.
    pub const TIMESTAMP: &str = "x-lingtai-timestamp";
    /// Ed25519 signature, base64url.
    pub const PROOF: &str = "x-lingtai-proof";
}

/// The server's share of a desk's store (服务器份额): with it and the desk's key file the store opens.
pub mod share {
    use lt_model::id::DeviceId;
    use serde::{Deserialize, Serialize};

    /// `POST`, signed like every call: the share of the caller's device, made where there is none.
    pub const OWN_PATH: &str = "/api/v1/device/share";
    /// `POST` of [`ShareRequest`], before any session: the desk of which all else is lost has none.
    pub const OPEN_PATH: &str = "/api/v1/device/unlock";

    /// Who asks, and of which device.
    #[derive(Clone, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct ShareRequest {
        /// Login name.
        pub username: String,
        /// Password.
        pub password: String,
        /// The installation, as its key file names it.
        pub device: DeviceId,
    }

    /// Answer to both.
    #[derive(Clone, Serialize, Deserialize)]
    pub struct DeviceShare {
        /// 32 bytes, base64url.
        pub share: String,
    }
}

/// A page of a snapshot: `GET /sync/v1/snapshot/{stream}?at=…&after=…`, signed like every call.
///
/// The answer is JSON lines, each a [`crate::sync::Row`], compressed by zstd: live rows of the stream
/// with `after < seq ≤ at`, in ascending order.
pub mod snapshot {
    /// Largest page, in bytes before compression. A single larger row goes alone.
    pub const MAX_PAGE_BYTES: usize = 4 * 1024 * 1024;
    /// Most rows of a page: so much is one transaction on the desk.
    pub const MAX_PAGE_ROWS: usize = 4_000;
    /// Header: `1` on the last page, else `0`.
    pub const LAST: &str = "x-lingtai-last";
    /// Header: how many rows of the snapshot come after this page.
    pub const ROWS_LEFT: &str = "x-lingtai-rows-left";

    /// Path of the pages of a stream.
    #[must_use]
    pub fn path(stream: u64) -> String {
        format!("/sync/v1/snapshot/{stream}")
    }
}

/// Bytes of pictures and files: `PUT /api/v1/files/{id}?name=…` uploads one, as often as it takes;
/// `GET` gives it, and `GET …/thumb` its small picture. The chat page has the same calls under
/// `/widget/v1/files`, with its visitor token alone.
pub mod file {
    use lt_model::{attachment::FilePart, id::AttachmentId};

    /// Largest body of an upload, in bytes.
    pub const MAX_UPLOAD_BYTES: usize = lt_model::attachment::MAX_FILE_BYTES;

    /// Path of an upload or a download.
    #[must_use]
    pub fn path(id: AttachmentId, part: FilePart) -> String {
        match part {
            FilePart::Whole => format!("/api/v1/files/{id}"),
            FilePart::Thumb => format!("/api/v1/files/{id}/thumb"),
        }
    }
}

/// What an authenticated call signs.
#[must_use]
pub fn proof_message(method: &str, path: &str, timestamp: Millis, token_hash_hex: &str) -> String {
    format!("{method}\n{path}\n{timestamp}\n{token_hash_hex}")
}

/// `POST /api/v1/agents` (admin).
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAgent {
    /// Login name.
    pub username: String,
    /// Shown name.
    pub display_name: String,
    /// First password, at least 12 characters.
    pub password: String,
    /// Role.
    pub role: Role,
    /// Groups it works in.
    pub groups: Vec<GroupId>,
    /// Conversations held at most.
    pub capacity: u16,
}

/// `PUT /api/v1/agents/{id or login name}/groups` (admin): the groups that the account works in from
/// now on, and no others. Answers the account.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentGroups {
    /// They.
    pub groups: Vec<GroupId>,
}

/// `POST /api/v1/groups` (admin).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewGroup {
    /// Shown name.
    pub name: String,
    /// Top categories routed here.
    pub categories: Vec<String>,
    /// How it begins; with offers when left out.
    #[serde(default)]
    pub assign: Option<Assign>,
}

/// One line of `POST /api/v1/faq/import` (admin): JSON lines, published at once as a new version
/// where anything differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaqLine {
    /// Stable id.
    pub id: String,
    /// Business line.
    pub business_line: String,
    /// Category.
    pub category: String,
    /// Standard question.
    pub question: String,
    /// Similar questions.
    #[serde(default)]
    pub similar: Vec<String>,
    /// Answer.
    pub answer: String,
}

/// Answer to an import. Nothing is published unless every line is right.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// New entries.
    pub added: u32,
    /// Entries with a new version.
    pub changed: u32,
    /// Entries that were so already.
    pub unchanged: u32,
    /// Lines that are wrong.
    pub errors: Vec<LineError>,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineError {
    /// Line number, from 1.
    pub line: u32,
    /// What is wrong.
    pub message: String,
}

/// `GET /healthz`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Version of the server.
    pub version: String,
    /// Whether the first administrator exists.
    pub set_up: bool,
    /// Published FAQ entries that the engine answers from.
    pub faq_entries: u32,
}
