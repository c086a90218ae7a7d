//! The engine's settings and what it makes of a question, on the screen.

use lt_engine::{
    Decision, Understanding, curve,
    explain::{Explanation, Matched},
    parts::Parts,
};
use lt_model::{
    curve::Curve,
    engine::{EngineSettings, TARGET_PERMILLE},
};
use lt_protocol::knowledge::{
    EngineSaving, EngineVersionView, EngineView, ExplanationView, GroundShare, MatchView,
    TargetPoint, TrialCandidate, TrialDecision, TrialSide,
};
use lt_store::{OpState, OutboxEntry};

use crate::view::{assist, mask};

/// Between two targets to choose from, in thousandths.
const TARGET_STEP: usize = 5;

/// The settings with their history, the newest first, and what is on its way.
pub(crate) fn view(history: &[EngineSettings], changes: &[OutboxEntry]) -> EngineView {
    let current = history.first();
    let in_force = curve::in_force(current.and_then(|current| current.curve.as_ref()));
    let shipped = (Parts::shipped().weights().answer_from * 1_000.0).round() as u16;
    let answer_from = current
        .and_then(|current| current.answer_from_permille)
        .unwrap_or(shipped);
    EngineView {
        version: current.map_or(0, |current| current.version),
        draft: current.map_or_else(Default::default, |current| current.draft.clone()),
        history: history.iter().map(version).collect(),
        answer_from,
        now: in_force.point_at(answer_from),
        targets: targets(in_force),
        curve: in_force.clone(),
        saving: saving(changes),
    }
}

fn targets(curve: &Curve) -> Vec<TargetPoint> {
    TARGET_PERMILLE
        .step_by(TARGET_STEP)
        .filter_map(|target| {
            let reached = curve.point_for(target);
            Some(TargetPoint {
                target,
                point: reached.or_else(|| curve.points.last().copied())?,
                is_reached: reached.is_some(),
            })
        })
        .collect()
}

fn saving(changes: &[OutboxEntry]) -> EngineSaving {
    let waits = |entry: &&OutboxEntry| entry.state == OpState::Queued;
    if changes.iter().any(|entry| waits(&entry)) {
        return EngineSaving::Waiting;
    }
    match changes.last().map(|entry| (entry.op.id, entry.state)) {
        Some((op_id, OpState::Refused(code))) => EngineSaving::Refused { op_id, code },
        _ => EngineSaving::Settled,
    }
}

fn version(settings: &EngineSettings) -> EngineVersionView {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    EngineVersionView {
        version: settings.version,
        at: settings.at,
        by: settings.by.clone(),
        restored_from: settings.restored_from,
        n_groups: count(settings.draft.synonyms.len()),
        n_words: count(settings.draft.dictionary.len()),
        target: settings.draft.target_permille,
    }
}

/// What speaks for an entry; the customer's words are masked.
pub(crate) fn explanation(explained: Explanation) -> ExplanationView {
    ExplanationView {
        faq_id: explained.faq_id,
        grounds: explained
            .grounds
            .into_iter()
            .map(|(ground, share)| GroundShare { ground, share })
            .collect(),
        matches: explained
            .matches
            .into_iter()
            .map(|Matched { asked, found, kind }| MatchView {
                asked: mask::text(&asked).0,
                found: mask::text(&found).0,
                kind,
            })
            .collect(),
    }
}

/// What an engine makes of a question.
pub(crate) fn side(
    understood: Understanding,
    explained: Vec<Explanation>,
    answer_from: f32,
) -> TrialSide {
    let mut explained: Vec<ExplanationView> = explained.into_iter().map(explanation).collect();
    TrialSide {
        decision: match understood.decision {
            Decision::Answer => TrialDecision::Answer,
            Decision::Suggest => TrialDecision::Suggest,
            Decision::HandOver(reason) => TrialDecision::HandOver { reason },
        },
        answer_from,
        candidates: understood
            .candidates
            .into_iter()
            .map(|candidate| {
                let at = explained
                    .iter()
                    .position(|one| one.faq_id == candidate.faq_id);
                TrialCandidate {
                    explanation: at.map_or_else(
                        || nothing(&candidate.faq_id),
                        |at| explained.swap_remove(at),
                    ),
                    suggestion: assist::suggestion(candidate),
                }
            })
            .collect(),
    }
}

/// Nothing speaks for the entry any more.
pub(crate) fn nothing(faq_id: &str) -> ExplanationView {
    ExplanationView {
        faq_id: faq_id.to_owned(),
        grounds: Vec::new(),
        matches: Vec::new(),
    }
}
