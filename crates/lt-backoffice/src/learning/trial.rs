//! Trying what would be learned on picks that were held back.

use std::{collections::BTreeSet, sync::Arc};

use lt_engine::{
    Engine, Query, curve,
    learn::{
        Wording, half as half_of, is_held_back, key,
        weights::{self, Score},
    },
    parts::{Parts, Weights},
    train::Case,
};
use lt_model::{
    Millis,
    curve::{Curve, CurveSource},
};

use super::picks::{Audited, Input};
use crate::error::Error;

/// What a run would do.
pub(super) struct Outcome {
    pub(super) learned: Vec<Wording>,
    /// Weights that have moved, with the number of picks; none where they are as set.
    pub(super) moved: Option<(Weights, u32)>,
}

/// What the trial found.
pub(super) struct Trial {
    pub(super) outcome: Outcome,
    pub(super) before: Score,
    pub(super) after: Score,
    pub(super) reverted: bool,
    pub(super) n_audited: usize,
    /// How precision and coverage trade off on the held-back picks, where they are enough to say.
    pub(super) curve: Option<Curve>,
}

/// Learns without the held-back picks, and compares on them: what is learned now, what was learned
/// before, and nothing learned at all. What loses is not taken.
pub(super) fn run(
    input: &Input,
    wanted: &Outcome,
    current: &Outcome,
    audited: &[Audited],
    now: Millis,
) -> Result<Trial, Error> {
    let held: Vec<&Audited> = audited
        .iter()
        .filter(|one| is_held_back(&one.text))
        .collect();
    let held_keys: BTreeSet<String> = held.iter().map(|one| key(&one.text)).collect();
    // What stands among the wordings letter by letter would be no trial.
    let fair = |learned: &[Wording]| -> Vec<Wording> {
        learned
            .iter()
            .filter(|wording| !held_keys.contains(&key(&wording.text)))
            .cloned()
            .collect()
    };
    let was = fair(&current.learned);
    let without_held = input.decide(&was, now, |text| !is_held_back(text));
    let tried = fair(&without_held.learned);
    let parts_of = |outcome: &Outcome| match &outcome.moved {
        Some((weights, _)) => input.unmoved().with_weights(weights.clone()),
        None => input.unmoved(),
    };
    let score = |learned: &[Wording], parts: Arc<Parts>| -> Result<Score, Error> {
        let engine = Engine::build_with(input.docs(learned.iter()), parts)?;
        Ok(measure(&engine, &held))
    };
    let before = score(&was, parts_of(current))?;
    let nothing = score(&[], input.unmoved())?;
    let holds = |after: Score| !before.is_lost_by(after) && !nothing.is_lost_by(after);
    let found = |outcome: Outcome, after: Score, reverted: bool| Trial {
        outcome,
        before,
        after,
        reverted,
        n_audited: audited.len(),
        curve: None,
    };
    let after = score(&tried, parts_of(wanted))?;
    if holds(after) {
        let moved = wanted.moved.clone();
        let learned = wanted.learned.clone();
        let engine = Engine::build_with(input.docs(tried.iter()), parts_of(wanted))?;
        return Ok(Trial {
            curve: curve_of(&engine, &held, parts_of(wanted).weights())?,
            ..found(Outcome { learned, moved }, after, false)
        });
    }
    if wanted.moved.is_some() {
        // The wordings may be right where the weights are not.
        let after = score(&tried, input.unmoved())?;
        if holds(after) {
            let learned = wanted.learned.clone();
            let outcome = Outcome {
                learned,
                moved: None,
            };
            return Ok(found(outcome, after, true));
        }
    }
    let is_approved = |wording: &&Wording| {
        let place = (wording.faq_id.clone(), key(&wording.text));
        let ruling = input.rulings.get(&place).map(|(ruling, _)| *ruling);
        ruling == Some(lt_engine::learn::Ruling::Approved)
    };
    let is_wanted = |wording: &&Wording| wanted.learned.contains(wording);
    let outcome = if nothing.is_lost_by(before) {
        Outcome {
            learned: wanted.learned.iter().filter(is_approved).cloned().collect(),
            moved: None,
        }
    } else {
        // What a lead has taken out stays out.
        let mut learned: Vec<Wording> = current.learned.iter().filter(is_wanted).cloned().collect();
        let approved = wanted.learned.iter().filter(is_approved);
        learned.extend(
            approved
                .filter(|one| !current.learned.contains(one))
                .cloned(),
        );
        learned.sort();
        Outcome {
            learned,
            moved: current.moved.clone(),
        }
    };
    Ok(found(outcome, after, true))
}

/// The weights after the picks that are not held back.
pub(super) fn moved(
    input: &Input,
    audited: &[Audited],
    learned: &[Wording],
) -> Result<Option<(Weights, u32)>, Error> {
    let parts = input.unmoved();
    let taught: Vec<&Audited> = audited
        .iter()
        .filter(|one| !is_held_back(&one.text))
        .collect();
    if taught.len() < weights::LEAST_PICKS {
        return Ok(None);
    }
    // Each half is ranked by an engine that has learned the other one: a question that stands there
    // letter by letter teaches nothing.
    let mut cases = Vec::with_capacity(taught.len());
    for half in [false, true] {
        let others = learned
            .iter()
            .filter(|one| !is_held_back(&one.text) && half_of(&one.text) != half);
        let engine = Engine::build_with(input.docs(others), Arc::clone(&parts))?;
        let own = taught.iter().filter(|one| half_of(&one.text) == half);
        cases.extend(self::cases(&engine, &own.copied().collect::<Vec<_>>())?);
    }
    let n = u32::try_from(cases.len()).unwrap_or(u32::MAX);
    let moved = weights::move_weights(parts.weights(), &cases.iter().collect::<Vec<_>>());
    Ok(moved.map(|weights| (weights, n)))
}

/// The curve on questions that the engine has not learned from.
fn curve_of(engine: &Engine, held: &[&Audited], weights: &Weights) -> Result<Option<Curve>, Error> {
    if held.len() < curve::LEAST_AUDITED {
        return Ok(None);
    }
    let cases = cases(engine, held)?;
    let cases: Vec<&Case> = cases.iter().collect();
    Ok(Some(curve::curve(&cases, weights, CurveSource::Audited)))
}

fn cases(engine: &Engine, audited: &[&Audited]) -> Result<Vec<Case>, Error> {
    let mut cases = Vec::with_capacity(audited.len());
    for one in audited {
        cases.push(Case {
            ranking: engine.ranking(&Query::plain(&one.text)),
            gold: place(engine, &one.faq_id),
            weight: 1.0,
            decided_before: false,
        });
    }
    Ok(cases)
}

fn measure(engine: &Engine, held: &[&Audited]) -> Score {
    let is_right = |one: &&&Audited| {
        let ranking = engine.ranking(&Query::plain(&one.text));
        let first = ranking.rows.first().map(|row| row.place);
        first.is_some() && first == place(engine, &one.faq_id)
    };
    let n_right = held.iter().filter(is_right).count();
    Score {
        right: u32::try_from(n_right).unwrap_or(u32::MAX),
        n: u32::try_from(held.len()).unwrap_or(u32::MAX),
    }
}

fn place(engine: &Engine, faq_id: &str) -> Option<usize> {
    engine.docs().iter().position(|doc| doc.faq_id == faq_id)
}
