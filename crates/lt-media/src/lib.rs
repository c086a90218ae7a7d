//! Looks at a picture or file that somebody sends: what it is, whether it may be sent, how large it
//! is, and a small picture of it. Desktop and server do the same to the same bytes.
//!
//! **Invariant:** what comes out of [`take`] is of an allowed kind by its bytes, within the limits of
//! [`lt_model::attachment`], and a picture of it could be drawn where it is a picture.
//! **Invariant:** a picture, a moving one too, carries nothing of who took it, where and when: that is
//! cut out without drawing it anew. Taking it again changes nothing.
//! **Invariant:** how much memory a picture takes is bounded before it is unpacked.
//!
//! To add a kind: name it in `lt_model::attachment`, and if it is a picture, say in `strip` what of
//! it is kept and in `draw` how it is read.

mod draw;

mod strip;

use lt_model::{
    attachment::{Attachment, MAX_FILE_BYTES, clean_name, sniff},
    id::AttachmentId,
};

pub use draw::THUMB_SIDE;

/// Why something cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MediaError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is larger than allowed, in bytes or in pixels.
    #[error("the file is too large")]
    TooLarge,
    /// It is of a kind that is not taken.
    #[error("files of this kind are not taken")]
    Type,
    /// It is no whole picture.
    #[error("the picture is damaged")]
    Damaged,
}

/// What may be sent.
#[derive(Clone)]
pub struct Taken {
    /// What it is.
    pub file: Attachment,
    /// Its bytes, without what nobody else is to know.
    pub bytes: Vec<u8>,
    /// A small picture of it, as JPEG or PNG; none of what is no picture.
    pub thumb: Option<Vec<u8>>,
}

/// Looks at bytes that are to be sent under a name.
///
/// # Errors
/// See [`MediaError`].
pub fn take(id: AttachmentId, name: &str, bytes: Vec<u8>) -> Result<Taken, MediaError> {
    if bytes.is_empty() {
        return Err(MediaError::Empty);
    }
    if bytes.len() > MAX_FILE_BYTES {
        return Err(MediaError::TooLarge);
    }
    let kind = sniff(&bytes, name).ok_or(MediaError::Type)?;
    if bytes.len() > kind.max_bytes() {
        return Err(MediaError::TooLarge);
    }
    let mut file = Attachment {
        id,
        name: clean_name(name, kind),
        kind,
        n_bytes: 0,
        width: 0,
        height: 0,
    };
    let (bytes, thumb) = match kind.is_image() {
        true => {
            let stripped = strip::strip(kind, &bytes)?;
            let drawn = draw::draw(kind, &stripped.bytes, stripped.orientation)?;
            (file.width, file.height) = (drawn.width, drawn.height);
            (stripped.bytes, Some(drawn.thumb))
        }
        false => (bytes, None),
    };
    file.n_bytes = u32::try_from(bytes.len()).map_err(|_| MediaError::TooLarge)?;
    Ok(Taken { file, bytes, thumb })
}

/// The media type of a small picture.
#[must_use]
pub fn thumb_mime(bytes: &[u8]) -> &'static str {
    match bytes.starts_with(b"\x89PNG") {
        true => "image/png",
        false => "image/jpeg",
    }
}

#[cfg(test)]
mod tests;
