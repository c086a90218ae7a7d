//! One run: reads, decides, tries, publishes.

use std::sync::{Arc, PoisonError};

use lt_db::{
    Acted,
    table::{
        engine_settings, faq_entry,
        learning_run::{self, Run},
    },
};
use lt_engine::{Doc, Engine, learn::Wording, parts::Weights};
use lt_model::{
    Millis,
    audit::Actor,
    curve::Curve,
    engine::{EngineSettings, LearnedWeights},
    faq::PublishedFaq,
};
use lt_protocol::learning::{LearningReport, LearningStage};

use super::{
    picks::{Input, NOBODY},
    trial::{self, Outcome, Trial},
};
use crate::{audit, backoffice::Backoffice, engine, error::Error};

pub(super) fn run(
    backoffice: &Backoffice,
    now: Millis,
) -> Result<(LearningReport, Option<Curve>), Error> {
    let stage = |stage| backoffice.learning.enter(stage);
    // Nothing is published meanwhile: the engine is of the newest knowledge afterwards.
    let _publishing = backoffice
        .publishing
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    stage(LearningStage::Reading);
    let mut input = backoffice.db.read(Input::read)?;
    input.encoder.clone_from(&backoffice.config.encoder);
    let current = Outcome {
        learned: input.learned(),
        moved: moved_before(input.settings.as_ref()),
    };
    let audited = input.audited();
    stage(LearningStage::Deciding);
    let decided = input.decide(&current.learned, now, |_| true);
    stage(LearningStage::Weighing);
    let moved = trial::moved(&input, &audited, &decided.learned)?;
    let wanted = Outcome {
        learned: decided.learned,
        moved,
    };
    stage(LearningStage::Auditing);
    let trial = trial::run(&input, &wanted, &current, &audited, now)?;
    stage(LearningStage::Publishing);
    let waiting = decided.waiting.len();
    let report = report(&input, &current, &trial, waiting, now);
    publish(backoffice, &input, &trial, &report, now)?;
    Ok((report, trial.curve))
}

/// The weights that an earlier run has moved.
fn moved_before(settings: Option<&EngineSettings>) -> Option<(Weights, u32)> {
    let learned = settings?.learned.as_ref()?;
    Some((Weights::from_json(&learned.json)?, learned.picks))
}

fn report(
    input: &Input,
    current: &Outcome,
    trial: &Trial,
    n_waiting: usize,
    now: Millis,
) -> LearningReport {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let not_in = |some: &[Wording], others: &[Wording]| {
        let is_new = |one: &&Wording| {
            let same = |other: &Wording| other.faq_id == one.faq_id && other.text == one.text;
            !others.iter().any(same)
        };
        count(some.iter().filter(is_new).count())
    };
    let learned = &trial.outcome.learned;
    LearningReport {
        at: now,
        picks: count(input.judgements.len()),
        audited: count(trial.n_audited),
        held_back: trial.before.n,
        right_before: trial.before.right,
        right_after: trial.after.right,
        learned: count(learned.len()),
        added: not_in(learned, &current.learned),
        removed: not_in(&current.learned, learned),
        waiting: count(n_waiting),
        moved_by: trial.outcome.moved.as_ref().map_or(0, |(_, n)| *n),
        reverted: trial.reverted,
    }
}

/// New versions, new weights and what came of the run, in one act; then the engine.
fn publish(
    backoffice: &Backoffice,
    input: &Input,
    trial: &Trial,
    report: &LearningReport,
    now: Millis,
) -> Result<(), Error> {
    let versions = input.versions(&trial.outcome.learned, now);
    let learned = trial
        .outcome
        .moved
        .as_ref()
        .map(|(weights, picks)| LearnedWeights {
            picks: *picks,
            json: weights.to_json(),
        });
    let was = input
        .settings
        .as_ref()
        .and_then(|last| last.learned.clone());
    let settings = (learned != was)
        .then(|| engine::with_learned(input.settings.as_ref(), learned.clone(), now));
    let is_changed = !versions.is_empty() || settings.is_some();
    let engine = if is_changed {
        // Built before anything is published: what is published can be answered from.
        let docs = docs_with(input, &versions);
        let settings = settings.as_ref().or(input.settings.as_ref());
        let parts = backoffice.config.parts(settings);
        Some(Arc::new(Engine::build_with(docs, parts)?))
    } else {
        None
    };
    backoffice.act(|tx| {
        for version in &versions {
            faq_entry::publish(tx, version, NOBODY)?;
        }
        if let Some(settings) = &settings {
            engine_settings::insert(tx, settings, None)?;
        }
        let run = Run {
            at: now,
            last_pick: input.last_pick,
            report: report.clone(),
        };
        learning_run::insert(tx, &run)?;
        let action = if report.reverted {
            "learning.revert"
        } else {
            "learning.run"
        };
        let object = audit::object("pick", input.last_pick);
        let entry = audit::allowed(now, Actor::System, action, object);
        Ok(Acted::logged(Ok(()), entry))
    })?;
    if let Some(engine) = engine {
        backoffice.engine.store(engine);
    }
    Ok(())
}

fn docs_with(input: &Input, versions: &[PublishedFaq]) -> Vec<Doc> {
    input
        .published
        .iter()
        .map(|faq| {
            let newer = versions.iter().find(|version| version.id == faq.id);
            Doc::from(newer.unwrap_or(faq).clone())
        })
        .collect()
}
