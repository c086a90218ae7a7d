//! Reviews as the server sends them, and what the bell says of them.

use lt_model::{
    id::AgentId,
    quality::review::{QaReview, QaState},
};
use lt_protocol::bell::{BellNews, ReviewNews};
use rusqlite::Transaction;

use crate::{Result, bell, change::Touched, store::require_account, table::quality};

/// A review comes. What the bell says of it is kept with it: once, whatever breaks off.
pub(crate) fn arrive(
    tx: &Transaction<'_>,
    review: &QaReview,
    rev: u64,
    is_live: bool,
    touched: &mut Touched,
) -> Result<()> {
    let before = quality::review(tx, review.id)?;
    quality::put_review(tx, review, rev)?;
    let me = require_account(tx)?.agent.id;
    if let Some(news) = told(before.as_ref(), review, me).filter(|_| is_live) {
        let what = BellNews::Review {
            review_id: review.id,
            number: format!("C-{}", review.number),
            news,
        };
        touched.bell |= bell::ring_once(tx, what, review.in_state_since())?;
    }
    Ok(())
}

/// What happened to it, if that concerns whoever sits here.
fn told(before: Option<&QaReview>, after: &QaReview, me: AgentId) -> Option<ReviewNews> {
    if before.is_some_and(|before| before.state() >= after.state()) {
        return None;
    }
    let is_own = after.agent == me;
    let reviewer = after.scored.as_ref().map(|scored| scored.by.agent);
    match after.state() {
        QaState::Done if is_own => Some(ReviewNews::Scored),
        QaState::Appealed if reviewer == Some(me) => Some(ReviewNews::Appealed),
        QaState::Decided if is_own => {
            let decision = after.appeal.as_ref()?.decision.as_ref()?;
            Some(match decision.changed {
                Some(_) => ReviewNews::Changed,
                None => ReviewNews::Upheld,
            })
        }
        QaState::Open | QaState::Done | QaState::Appealed | QaState::Decided => None,
    }
}
