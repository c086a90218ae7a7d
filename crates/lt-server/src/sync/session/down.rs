//! What goes down: batches of changes, and which streams have to come as snapshots.

use std::collections::BTreeMap;

use lt_backoffice::{
    Backoffice, Principal,
    sync::{Place, Step},
};
use lt_protocol::{
    code::{Code, WireError},
    sync::{MAX_BATCH_ROWS, MAX_FRAME_BYTES, ServerFrame, StreamHead},
};

use super::{
    super::{
        desks::OnTheWay,
        wire::{Wire, send},
    },
    Session,
};
use crate::socket::End;

/// Where the desktop stands, and what is on its way to it.
pub(super) struct Down {
    place: Place,
    /// The snapshots that it was told to take: up to which change, and from which floor.
    snapshots: BTreeMap<u64, (u64, u64)>,
    /// Whether there may be changes that the desktop does not have.
    pub(super) is_behind: bool,
    in_flight: Option<u64>,
    on_the_way: Option<OnTheWay>,
    last_batch: u64,
}

/// What is sent next, and where the desktop stands after it.
struct Next {
    place: Place,
    by_pages: Vec<StreamHead>,
    /// A batch, as JSON.
    batch: Option<String>,
    /// Whether nothing was left after it. What is committed later is hinted later.
    last: bool,
}

impl Down {
    pub(super) fn new(place: Place) -> Self {
        Self {
            place,
            snapshots: BTreeMap::new(),
            is_behind: true,
            in_flight: None,
            on_the_way: None,
            last_batch: 0,
        }
    }

    /// The batch is committed at the desktop. False: there is no such batch on its way.
    pub(super) fn acknowledge(&mut self, batch: u64) -> bool {
        let is_it = self.in_flight == Some(batch);
        if is_it {
            self.in_flight = None;
            self.on_the_way = None;
        }
        is_it
    }

    /// The desktop has taken the snapshot of a stream: changes after it come by batches. False: it
    /// was not asked to take this one.
    pub(super) fn resume(&mut self, stream: u64, at: u64) -> bool {
        let Some((asked, floor)) = self.snapshots.get(&stream).copied() else {
            return false;
        };
        if at > asked || at < floor {
            return false;
        }
        self.snapshots.remove(&stream);
        self.place.by_pages.remove(&stream);
        self.place.cursors.insert(stream, at);
        self.place.checkpoint = true;
        self.is_behind = true;
        true
    }

    /// Whether these heads are ahead of the desktop.
    pub(super) fn look(&mut self, heads: &[StreamHead]) {
        let has = |stream| self.place.cursors.get(stream).copied().unwrap_or(0);
        let is_behind = heads.iter().any(|head| has(&head.stream) < head.head);
        if is_behind {
            // It should have been told.
            self.place.distrust();
        }
        self.is_behind |= is_behind;
    }
}

impl Session {
    /// Sends the next batch, if there is one and the one before it has arrived.
    pub(super) async fn send_next(&mut self, wire: &mut impl Wire) -> Result<(), End> {
        if !self.down.is_behind || self.down.in_flight.is_some() {
            return Ok(());
        }
        let id = self.down.last_batch + 1;
        let at_once = next_at_once(&self.desks.backoffice, &self.down.place, id);
        let next = match at_once {
            Some(next) => next,
            None => {
                let principal = self.principal.clone();
                let place = self.down.place.clone();
                let found = self
                    .desks
                    .call(move |backoffice| next(backoffice, &principal, &place, id))
                    .await;
                match found {
                    Ok(next) => next,
                    Err(error) => return self.in_trouble(wire, &error).await,
                }
            }
        };
        self.down.place = next.place;
        for head in &next.by_pages {
            self.must_snapshot(wire, head).await?;
        }
        let Some(batch) = next.batch else {
            self.down.is_behind = false;
            return Ok(());
        };
        wire.send(batch).await?;
        self.down.last_batch = id;
        self.down.in_flight = Some(id);
        self.down.on_the_way = Some(self.desks.send_off());
        self.down.is_behind = !next.last;
        Ok(())
    }

    /// The desktop's rows of a stream are not ours: it takes all of them again.
    pub(super) async fn on_resync(&mut self, wire: &mut impl Wire, stream: u64) -> Result<(), End> {
        if self.down.snapshots.contains_key(&stream) {
            return Ok(());
        }
        tracing::warn!(stream, "a desktop has other rows than the server");
        let principal = self.principal.clone();
        let found = self
            .desks
            .call::<_, WireError, _>(move |backoffice| backoffice.streams(&principal))
            .await;
        let heads = match found {
            Ok(heads) => heads,
            // It compares again with the next batch.
            Err(error) => return self.in_trouble(wire, &error).await,
        };
        let Some(head) = heads.iter().find(|head| head.stream == stream) else {
            // It is about to be told that it does not see the stream any more.
            return Ok(());
        };
        self.must_snapshot(wire, head).await
    }

    async fn must_snapshot(&mut self, wire: &mut impl Wire, head: &StreamHead) -> Result<(), End> {
        let StreamHead {
            stream,
            head: at,
            floor,
            ..
        } = *head;
        self.down.place.distrust();
        self.down.place.by_pages.insert(stream);
        self.down.snapshots.insert(stream, (at, floor));
        send(wire, &ServerFrame::MustSnapshot { stream, at, floor }).await
    }
}

/// What is next, where it is known without the database.
fn next_at_once(backoffice: &Backoffice, place: &Place, id: u64) -> Option<Next> {
    let mut after = place.clone();
    let step = backoffice.step_at_once(&mut after, MAX_BATCH_ROWS)?;
    written(step, after, id).ok().flatten()
}

/// Reads and writes down what is next. A batch that would not fit a frame is cut smaller.
fn next(
    backoffice: &Backoffice,
    principal: &Principal,
    place: &Place,
    id: u64,
) -> Result<Next, WireError> {
    let mut max_rows = MAX_BATCH_ROWS;
    loop {
        let mut after = place.clone();
        let step = backoffice.step(principal, &mut after, max_rows)?;
        if let Some(next) = written(step, after, id)? {
            return Ok(next);
        }
        max_rows = (max_rows / 2).max(1);
    }
}

/// The step as a frame; none where it would not fit one.
fn written(step: Step, place: Place, id: u64) -> Result<Option<Next>, WireError> {
    let Some(batch) = step.batch else {
        return Ok(Some(Next {
            place,
            by_pages: step.by_pages,
            batch: None,
            last: true,
        }));
    };
    let last = batch.last;
    let n_rows = batch.rows.len();
    let frame = ServerFrame::Batch {
        batch: id,
        cuts: batch.cuts,
        rows: batch.rows,
        chk: batch.sums,
        last,
    };
    let text = serde_json::to_string(&frame)
        .map_err(|_| WireError::new(Code::Internal, "a batch cannot be written"))?;
    let fits = text.len() <= MAX_FRAME_BYTES || n_rows <= 1;
    Ok(fits.then_some(Next {
        place,
        by_pages: step.by_pages,
        batch: Some(text),
        last,
    }))
}
