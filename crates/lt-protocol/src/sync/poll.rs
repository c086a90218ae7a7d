//! The long poll: the frames of a session in the bodies of two calls, where proxies cut WebSockets.
//!
//! `POST /sync/v1/pull?wait=…` without [`LINK`] opens a link and brings the challenge; the hello that
//! answers it goes up by `POST /sync/v1/push?first=1` with the link's name, and everything else as
//! over a WebSocket. A body is one frame a line. A link is what a socket is: its name is a secret of
//! the two sides, it serves one desktop that has proved itself, and it ends when nobody calls.
//!
//! Frames are numbered from 1 in each direction, so that a call whose answer was lost is made again:
//! [`FIRST`] is the number of the first frame in an answer, `first` of a push that in its body, and
//! `got` of a pull the last one that arrived.

/// Path of the call that brings frames down.
pub const PULL: &str = "/sync/v1/pull";
/// Path of the call that brings frames up.
pub const PUSH: &str = "/sync/v1/push";
/// Header: name of the link.
pub const LINK: &str = "x-lingtai-link";
/// Header: number of the first frame in the answer.
pub const FIRST: &str = "x-lingtai-first";
/// Header: the link has ended after these frames, with this close code.
pub const CLOSED: &str = "x-lingtai-closed";
/// The longest that a pull is held open, s.
pub const MAX_WAIT_S: u64 = 25;
/// Most frames in one push.
pub const MAX_PUSH_FRAMES: usize = 64;
