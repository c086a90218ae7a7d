//! Snapshots of streams, page by page.

use lt_db::feed;
use lt_protocol::{
    code::{Code, WireError},
    sync::Row,
};

use super::streams::visible;
use crate::{
    access::{Principal, current_agent},
    backoffice::Backoffice,
    error::Refused,
};

/// A page of a snapshot.
#[derive(Debug)]
pub struct Page {
    /// Live rows, in ascending order of their changes.
    pub rows: Vec<Row>,
    /// Whether it is the last one.
    pub last: bool,
    /// How many rows come after it.
    pub n_left: u64,
}

impl Backoffice {
    /// The live rows of a stream that the agent may see, of changes after `after` and up to `at`:
    /// as many as fit. A single row of more than `max_bytes` (of their bodies) comes alone.
    ///
    /// # Errors
    /// [`Code::SignedOut`], [`Code::NotFound`] for a stream that the agent does not see, or when the
    /// store cannot be read.
    pub fn snapshot_page(
        &self,
        principal: &Principal,
        stream: u64,
        at: u64,
        after: u64,
        max_rows: usize,
        max_bytes: u64,
    ) -> Result<Page, WireError> {
        Ok(self.db.read(|reader| {
            let agent = current_agent(reader, principal, None)?;
            let sees = visible(reader, &agent)?
                .iter()
                .any(|one| one.head.stream == stream);
            if !sees {
                return Err(Refused::new(Code::NotFound, "there is no such stream").into());
            }
            let page = feed::snapshot_page(reader, stream, at, after, max_rows, max_bytes)?;
            let reached = page.rows.last().map_or(at, |row| row.seq);
            let n_left = if page.last {
                0
            } else {
                feed::snapshot_left(reader, stream, at, reached)?
            };
            Ok::<_, crate::Error>(Page {
                rows: page.rows,
                last: page.last,
                n_left,
            })
        })?)
    }
}
