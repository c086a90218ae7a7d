//! Batches of changes for a desktop.

use std::collections::BTreeMap;

use lt_db::{Reader, feed};
use lt_protocol::{
    code::WireError,
    sync::{Cut, Row, StreamSum},
};

use super::streams::visible;
use crate::{
    access::{Principal, current_agent},
    backoffice::Backoffice,
};

/// A consistent cut, see [`lt_db::feed::FeedBatch`].
#[derive(Debug, Default)]
pub struct Batch {
    /// The part of each stream.
    pub cuts: Vec<Cut>,
    /// The rows, in the order in which they came to be.
    pub rows: Vec<Row>,
    /// Checksums of the streams that it brings to their heads.
    pub sums: Vec<StreamSum>,
    /// Whether nothing is left after it.
    pub last: bool,
}

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
            let Some(batch) = feed::batch(reader, &streams, cursors, max_rows)? else {
                return Ok(None);
            };
            let cut: Vec<u64> = batch.cuts.iter().map(|cut| cut.stream).collect();
            Ok::<_, crate::Error>(Some(Batch {
                sums: sums(reader, &cut, cursors)?,
                cuts: batch.cuts,
                rows: batch.rows,
                last: batch.last,
            }))
        })?)
    }

    /// A batch without changes: the checksums of the streams that are at their heads, to see whether
    /// the desktop has what it should.
    ///
    /// # Errors
    /// As for [`Backoffice::batch`].
    pub fn checkpoint(
        &self,
        principal: &Principal,
        cursors: &BTreeMap<u64, u64>,
    ) -> Result<Batch, WireError> {
        Ok(self.db.read(|reader| {
            let agent = current_agent(reader, principal, None)?;
            let heads = visible(reader, &agent)?;
            let streams: Vec<u64> = heads.iter().map(|head| head.stream).collect();
            let at = |stream| cursors.get(&stream).copied().unwrap_or(0);
            Ok::<_, crate::Error>(Batch {
                sums: sums(reader, &streams, cursors)?,
                last: heads.iter().all(|head| at(head.stream) >= head.head),
                ..Batch::default()
            })
        })?)
    }
}

/// Checksums of those of the streams whose cursors are at their heads.
fn sums(
    reader: &Reader<'_>,
    streams: &[u64],
    cursors: &BTreeMap<u64, u64>,
) -> Result<Vec<StreamSum>, crate::Error> {
    let found = feed::checksums(reader, streams)?;
    let at_head = found
        .into_iter()
        .filter(|(stream, head, _)| cursors.get(stream) == Some(head));
    Ok(at_head
        .map(|(stream, _, chk)| StreamSum { stream, chk })
        .collect())
}
