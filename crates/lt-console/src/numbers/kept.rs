//! The last boards, for as long as the cells that they were summed up from stay as they are: a window
//! asks for the same one again at every change of the store.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use lt_protocol::metrics::{MetricsBoard, MetricsBoardArgs};
use lt_store::{Result, Store};

use super::board::{Names, Source, board};

/// As many as two windows and a wallboard ask for.
const N_KEPT: usize = 8;

/// They, the last one asked for in front.
#[derive(Default)]
pub(crate) struct Kept {
    boards: Mutex<VecDeque<(Source, MetricsBoard)>>,
}

impl Kept {
    /// A board, summed up anew only where something of it is another.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) fn board(
        &self,
        store: &Store,
        args: &MetricsBoardArgs,
        names: &Names,
    ) -> Result<MetricsBoard> {
        let stand = store.metrics(|reader| reader.stand())?;
        let source = Source::new(stand.as_ref(), args, names);
        let as_of = stand.map(|stand| stand.as_of);
        if let Some(board) = self.found(&source) {
            return Ok(MetricsBoard { as_of, ..board });
        }
        let (stand, board) = board(store, args, names)?;
        self.keep(Source::new(stand.as_ref(), args, names), board.clone());
        Ok(board)
    }

    fn found(&self, source: &Source) -> Option<MetricsBoard> {
        let mut boards = self.boards.lock().unwrap_or_else(PoisonError::into_inner);
        let place = boards.iter().position(|(of, _)| of == source)?;
        let kept = boards.remove(place)?;
        let board = kept.1.clone();
        boards.push_front(kept);
        Some(board)
    }

    fn keep(&self, source: Source, board: MetricsBoard) {
        let mut boards = self.boards.lock().unwrap_or_else(PoisonError::into_inner);
        boards.push_front((source, board));
        boards.truncate(N_KEPT);
    }
}
