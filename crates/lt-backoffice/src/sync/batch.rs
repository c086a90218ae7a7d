//! Batches of changes for a desktop.

use std::collections::BTreeMap;

use lt_db::feed;
use lt_protocol::code::WireError;

use super::streams::visible;
use crate::{
    access::{Principal, current_agent},
    backoffice::Backoffice,
};

/// A consistent cut, see [`lt_db::feed::FeedBatch`].
pub type Batch = feed::FeedBatch;

impl Backoffice {
    /// The next changes of what the agent may see now, after the cursors (0 where there is none),
    /// and moves the cursors. Cursors of other streams are dropped. None when nothing is new.
    ///
    /// # Errors
    /// [`lt_protocol::code::Code::SignedOut`], or when the store cannot be read.
    pub fn batch(
        &self,
        principal: &Principal,
        cursors: &mut BTreeMap<u64, u64>,
        max_rows: usize,
    ) -> Result<Option<Batch>, WireError> {
        Ok(self.db.read(|reader| {
            let agent = current_agent(reader, principal, None)?;
            let streams: Vec<u64> = visible(reader, &agent)?
                .into_iter()
                .map(|head| head.stream)
                .collect();
            cursors.retain(|stream, _| streams.contains(stream));
            let batch = feed::batch(reader, &streams, cursors, max_rows)?;
            Ok::<_, crate::Error>(batch)
        })?)
    }
}
