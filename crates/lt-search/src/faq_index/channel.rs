//! One scored way of asking: any of the query's pieces in one field.

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, EnableScoring, Query, TermQuery, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocSet, Score, Searcher, SegmentReader, Term};

use crate::tokenizer::{Piece, distinct};

pub(super) struct Channel {
    /// A disjunction of the terms.
    query: BooleanQuery,
    /// Each term by itself.
    weights: Vec<Box<dyn Weight>>,
}

impl Channel {
    /// Asks for any of the distinct pieces.
    pub(super) fn new(
        searcher: &Searcher,
        field: Field,
        pieces: &[Piece<'_>],
    ) -> tantivy::Result<Self> {
        let terms: Vec<TermQuery> = distinct(pieces)
            .into_iter()
            .map(|piece| Term::from_field_text(field, piece))
            .map(|term| TermQuery::new(term, IndexRecordOption::WithFreqs))
            .collect();
        let scoring = EnableScoring::enabled_from_searcher(searcher);
        let weights = terms
            .iter()
            .map(|term| term.weight(scoring))
            .collect::<Result<_, _>>()?;
        let boxed = terms
            .into_iter()
            .map(|term| Box::new(term) as Box<dyn Query>)
            .collect();
        Ok(Self {
            query: BooleanQuery::union(boxed),
            weights,
        })
    }

    /// The best rows.
    pub(super) fn best(
        &self,
        searcher: &Searcher,
        limit: usize,
    ) -> tantivy::Result<Vec<DocAddress>> {
        // The library's collector does not take a limit of nothing.
        if self.weights.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let best = searcher.search(&self.query, &TopDocs::with_limit(limit).order_by_score())?;
        Ok(best.into_iter().map(|(_, address)| address).collect())
    }

    /// The score of each row, 0 for one without any piece, in the order of `addresses`.
    ///
    /// Jumping to a few rows term by term is several times cheaper than walking the union of the
    /// terms, which scores all rows on the way.
    pub(super) fn scores(
        &self,
        searcher: &Searcher,
        addresses: &[DocAddress],
    ) -> tantivy::Result<Vec<Score>> {
        let mut scores = vec![0.0; addresses.len()];
        let mut rows: Vec<(DocAddress, &mut Score)> =
            addresses.iter().copied().zip(scores.iter_mut()).collect();
        rows.sort_unstable_by_key(|(address, _)| *address);
        for rows in rows.chunk_by_mut(|left, right| left.0.segment_ord == right.0.segment_ord) {
            if let Some((first, _)) = rows.first() {
                let reader = searcher.segment_reader(first.segment_ord);
                self.add_scores(reader, rows)?;
            }
        }
        Ok(scores)
    }

    /// Rows of one segment, ascending.
    fn add_scores(
        &self,
        reader: &SegmentReader,
        rows: &mut [(DocAddress, &mut Score)],
    ) -> tantivy::Result<()> {
        for weight in &self.weights {
            let mut scorer = weight.scorer(reader, 1.0)?;
            for (address, score) in rows.iter_mut() {
                if scorer.doc() < address.doc_id {
                    scorer.seek(address.doc_id);
                }
                if scorer.doc() == address.doc_id {
                    **score += scorer.score();
                }
            }
        }
        Ok(())
    }
}
