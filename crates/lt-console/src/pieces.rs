//! Files that come from the window in pieces, until they are whole.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use lt_model::{attachment::MAX_FILES, id::AttachmentId};
use lt_protocol::code::{Code, WireError};

/// What has come of each.
#[derive(Default)]
pub(crate) struct Pieces(Mutex<HashMap<AttachmentId, Vec<u8>>>);

impl Pieces {
    /// Adds a piece; gives all of the file with the last one. A first piece begins anew.
    pub(crate) fn add(
        &self,
        id: AttachmentId,
        offset: usize,
        total: usize,
        piece: &[u8],
    ) -> Result<Option<Vec<u8>>, WireError> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if offset == 0 {
            all.remove(&id);
            if all.len() >= MAX_FILES {
                return Err(WireError::new(Code::SlowDown, "too many files at once"));
            }
        }
        let have = all.entry(id).or_default();
        if have.len() != offset || offset + piece.len() > total {
            all.remove(&id);
            return Err(WireError::new(Code::BadRequest, "a piece out of its place"));
        }
        have.extend_from_slice(piece);
        if have.len() < total && !piece.is_empty() {
            return Ok(None);
        }
        Ok(all.remove(&id))
    }

    /// It does not go on.
    pub(crate) fn forget(&self, id: AttachmentId) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_in_their_order() {
        let pieces = Pieces::default();
        let id = AttachmentId(uuid::Uuid::from_u128(1));
        assert_eq!(pieces.add(id, 0, 4, b"ab").unwrap(), None);
        assert_eq!(pieces.add(id, 2, 4, b"cd").unwrap(), Some(b"abcd".to_vec()));
        assert!(pieces.add(id, 2, 4, b"cd").is_err());
        assert_eq!(pieces.add(id, 0, 3, b"ab").unwrap(), None);
        assert!(pieces.add(id, 2, 3, b"cd").is_err(), "more than was said");
        assert_eq!(pieces.add(id, 0, 0, b"").unwrap(), Some(Vec::new()));
    }
}
