//! Reviews on the screen. What people wrote is masked.

use std::collections::BTreeSet;

use lt_model::{
    id::AgentId,
    quality::{
        form::{FULL, ItemKind, ItemMark, Mark},
        review::{Appeal, QaReview, Scored, apart},
    },
};
use lt_protocol::quality::{QaCalibrationView, QaLoss, QaMonthsRow, QaRow, QaSum};
use lt_store::{QaCounts, StoredReview};

use crate::view::{self, Viewer, mask};

/// A review in a list. For its agent it says nothing of calibrations.
pub(crate) fn row(stored: &StoredReview, viewer: &Viewer) -> QaRow {
    let review = &stored.review;
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let n_calibrations = match review.agent == viewer.me {
        true => 0,
        false => count(stored.calibration.scored.len()),
    };
    QaRow {
        id: review.id,
        conversation_id: review.conversation_id,
        number: view::number(review.number),
        agent_id: review.agent,
        agent: viewer.agent_name(review.agent),
        group: viewer.group_name(review.group_id),
        reasons: review.reasons.clone(),
        mark: review.mark,
        state: review.state(),
        form: review.form.draft.name.clone(),
        pre: review.pre.score,
        n_findings: count(review.pre.findings.len()),
        score: review.result().map(|(_, score)| score),
        reviewer: review
            .scored
            .as_ref()
            .map(|scored| scored.by.name.clone())
            .unwrap_or_default(),
        sampled_at: review.sampled_at,
        ended_at: review.ended_at,
        scored_at: review.scored.as_ref().map(|scored| scored.by.at),
        n_calibrations,
        is_pending: stored.is_pending,
    }
}

/// What a reviewer found.
pub(crate) fn scored(scored: &Scored) -> Scored {
    Scored {
        marks: marks(&scored.marks),
        comment: masked(&scored.comment),
        ..scored.clone()
    }
}

/// What the agent has against it.
pub(crate) fn appeal(appeal: &Appeal) -> Appeal {
    let mut shown = appeal.clone();
    shown.text = masked(&shown.text);
    if let Some(decision) = &mut shown.decision {
        decision.reason = masked(&decision.reason);
        if let Some(changed) = &mut decision.changed {
            changed.marks = marks(&changed.marks);
        }
    }
    shown
}

/// What further reviewers found, beside the first one.
pub(crate) fn calibrations(stored: &StoredReview) -> Vec<QaCalibrationView> {
    let StoredReview {
        review,
        calibration,
        ..
    } = stored;
    let Some(first) = &review.scored else {
        return Vec::new();
    };
    calibration
        .scored
        .iter()
        .map(|other| {
            let items = apart(&review.form.draft, &first.marks, &other.marks);
            let n_same = review.form.draft.items.len().saturating_sub(items.len());
            QaCalibrationView {
                scored: scored(other),
                apart_tenths: i32::from(other.score.tenths) - i32::from(first.score.tenths),
                items,
                n_same: u32::try_from(n_same).unwrap_or(u32::MAX),
            }
        })
        .collect()
}

/// How reviews came out.
pub(crate) fn sum(counts: QaCounts) -> QaSum {
    let n = u64::from(counts.n);
    let mean = (n > 0).then(|| (2 * counts.tenths + n) / (2 * n.max(1)));
    QaSum {
        n: counts.n,
        n_passed: counts.n_passed,
        n_vetoed: counts.n_vetoed,
        mean_tenths: mean.map(|mean| u16::try_from(mean).unwrap_or(FULL)),
    }
}

/// How each agent's reviews came out in each month, by name.
pub(crate) fn by_month(months: &[Vec<(AgentId, QaCounts)>], viewer: &Viewer) -> Vec<QaMonthsRow> {
    let agents: BTreeSet<AgentId> = months.iter().flatten().map(|(agent, _)| *agent).collect();
    let rows = agents.into_iter().map(|agent| {
        let in_month = |month: &Vec<(AgentId, QaCounts)>| {
            let found = month.iter().find(|(other, _)| *other == agent);
            found.map(|(_, counts)| *counts).unwrap_or_default()
        };
        QaMonthsRow {
            agent,
            name: viewer.agent_name(agent),
            months: months.iter().map(|month| sum(in_month(month))).collect(),
            sum: sum(months.iter().map(in_month).sum()),
        }
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by(|a, b| (&a.name, a.agent).cmp(&(&b.name, b.agent)));
    rows
}

/// Where points were lost, by the name of the item, the most first.
pub(crate) fn losses<'a>(reviews: impl Iterator<Item = &'a QaReview>) -> Vec<QaLoss> {
    let mut losses: Vec<QaLoss> = Vec::new();
    for review in reviews {
        let Some((marks, _)) = review.result() else {
            continue;
        };
        for mark in marks {
            let Some(item) = review.form.draft.item(&mark.item) else {
                continue;
            };
            let lost = match (item.kind, mark.mark) {
                (ItemKind::Points { weight }, Mark::Points { points }) => {
                    u32::from(weight.saturating_sub(points))
                }
                (_, Mark::Veto { hit: true }) => 0,
                _ => continue,
            };
            if lost == 0 && item.weight() > 0 {
                continue;
            }
            match losses.iter_mut().find(|known| known.item == item.name) {
                Some(known) => (known.n, known.points) = (known.n + 1, known.points + lost),
                None => losses.push(QaLoss {
                    item: item.name.clone(),
                    n: 1,
                    points: lost,
                }),
            }
        }
    }
    // An item that alone decides stands before all points.
    losses.sort_by_key(|loss| (loss.points > 0, std::cmp::Reverse((loss.points, loss.n))));
    losses
}

fn marks(marks: &[ItemMark]) -> Vec<ItemMark> {
    marks
        .iter()
        .map(|mark| ItemMark {
            comment: masked(&mark.comment),
            ..mark.clone()
        })
        .collect()
}

fn masked(text: &str) -> String {
    mask::text(text).0
}
