//! The engine's settings: new versions of them, and the engine that follows.
//!
//! A new version is durable first; then a thread builds the engine beside the one that answers, and
//! swaps it in. What is published meanwhile waits for the thread, so that the engine is of the
//! newest settings and the newest knowledge.

use std::{
    sync::{Arc, PoisonError},
    thread::{self, JoinHandle},
};

use lt_db::{
    Tx,
    table::{engine_settings, faq_entry},
};
use lt_engine::{Doc, Engine, curve, parts::Parts, tailoring};
use lt_model::{
    Millis,
    agent::Agent,
    curve::Curve,
    engine::{EngineDraft, EngineSettings, LearnedWeights},
};
use lt_protocol::{
    code::{Code, WireError},
    sync::Action,
};

use crate::{
    audit,
    backoffice::Backoffice,
    cluster::Knowledge,
    error::{Error, Refused},
};

impl Backoffice {
    /// The engine's settings that count; none while it is as shipped.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn engine_settings(&self) -> Result<Option<EngineSettings>, WireError> {
        Ok(self.read(engine_settings::current)?)
    }

    /// The curve was measured anew on what agents confirmed: a new version of the settings keeps
    /// what the administrator wrote, and answers from where the target stands now. Nothing is done
    /// while the curve is as it was.
    ///
    /// # Errors
    /// When the store fails.
    pub fn curve_measured(&self, measured: &Curve, now: Millis) -> Result<(), WireError> {
        let is_new = self
            .act(|tx| {
                let before = engine_settings::current(tx)?;
                if before.as_ref().and_then(|last| last.curve.as_ref()) == Some(measured) {
                    return Ok(lt_db::Acted::nothing(Ok(false)));
                }
                let draft = before.as_ref().map(|last| last.draft.clone());
                let next = next(before.as_ref(), draft.unwrap_or_default(), now);
                let next = with_curve(next, Some(measured.clone()));
                engine_settings::insert(tx, &next, None)?;
                let object = audit::object("engine_settings", next.version);
                let actor = lt_model::audit::Actor::System;
                let entry = audit::allowed(now, actor, "engine.measure", object);
                Ok(lt_db::Acted::logged(Ok(true), entry))
            })
            .map_err(WireError::from)?;
        if is_new {
            self.rebuild_engine();
        }
        Ok(())
    }

    /// Waits until the engine has followed the last change of its settings.
    pub fn settle_engine(&self) {
        let thread = self.lock_building().take();
        if let Some(thread) = thread {
            // A panic in it was logged; the engine stays as it was.
            let _ = thread.join();
        }
    }

    /// Begins to build the engine anew, in the background.
    pub(crate) fn rebuild_engine(&self) {
        let Some(me) = self.me.upgrade() else { return };
        let mut building = self.lock_building();
        let earlier = building.take();
        let thread = thread::Builder::new()
            .name("engine".to_owned())
            .spawn(move || {
                if let Some(earlier) = earlier {
                    let _ = earlier.join();
                }
                if let Err(error) = me.build_engine() {
                    tracing::error!(%error, "the engine stays as it was");
                }
            });
        match thread {
            Ok(thread) => *building = Some(thread),
            Err(error) => tracing::error!(%error, "no thread for the engine"),
        }
    }

    fn build_engine(&self) -> Result<(), Error> {
        let mut built_from = self
            .publishing
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (docs, parts, knowledge) = self.db.read(|reader| {
            let docs: Vec<Doc> = faq_entry::published(reader)?
                .into_iter()
                .map(Doc::from)
                .collect();
            let settings = engine_settings::current(reader)?;
            let parts = self.config.parts(settings.as_ref());
            Ok::<_, Error>((docs, parts, Knowledge::read(reader)?))
        })?;
        let engine = Engine::build_with(docs, parts)?;
        self.engine.store(Arc::new(engine));
        *built_from = knowledge;
        tracing::info!("the engine follows its settings");
        Ok(())
    }

    /// The parts that an engine is built from now.
    pub(crate) fn engine_parts(&self) -> Result<Arc<Parts>, Error> {
        let settings = self.read(engine_settings::current)?;
        Ok(self.config.parts(settings.as_ref()))
    }

    fn lock_building(&self) -> std::sync::MutexGuard<'_, Option<JoinHandle<()>>> {
        self.building.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the engine must follow an operation.
pub(crate) fn concerns_engine(action: &Action) -> bool {
    matches!(
        action,
        Action::SetEngineSettings { .. } | Action::RestoreEngineSettings { .. }
    )
}

/// Makes a new version of the settings.
pub(crate) fn set(
    tx: &Tx<'_>,
    me: &Agent,
    base: u32,
    draft: &EngineDraft,
    now: Millis,
) -> Result<(), Error> {
    let draft = tailoring::tidied(draft);
    if !tailoring::check(&draft).is_empty() {
        return Err(Refused::new(Code::BadRequest, "the settings have problems").into());
    }
    let before = looked_at(tx, base)?;
    let next = next(before.as_ref(), draft, now);
    insert(tx, me, before, next)
}

/// Makes a new version with the content of an earlier one; 0 for the engine as shipped.
pub(crate) fn restore(
    tx: &Tx<'_>,
    me: &Agent,
    base: u32,
    version: u32,
    now: Millis,
) -> Result<(), Error> {
    let before = looked_at(tx, base)?;
    let draft = if version == 0 {
        EngineDraft::default()
    } else {
        engine_settings::get(tx, version)?
            .ok_or(Refused::new(Code::NotFound, "no such version"))?
            .draft
    };
    let next = EngineSettings {
        restored_from: Some(version),
        ..next(before.as_ref(), draft, now)
    };
    insert(tx, me, before, next)
}

/// The version that counts, if it is the one that was looked at.
fn looked_at(tx: &Tx<'_>, base: u32) -> Result<Option<EngineSettings>, Error> {
    let current = engine_settings::current(tx)?;
    if current.as_ref().map_or(0, |current| current.version) == base {
        Ok(current)
    } else {
        Err(Refused::new(Code::ChangedMeanwhile, "another version counts now").into())
    }
}

/// A new version with other learned weights and everything else as it was.
pub(crate) fn with_learned(
    before: Option<&EngineSettings>,
    learned: Option<LearnedWeights>,
    now: Millis,
) -> EngineSettings {
    let draft = before.map(|last| last.draft.clone()).unwrap_or_default();
    EngineSettings {
        learned,
        answer_from_permille: before.and_then(|last| last.answer_from_permille),
        curve: before.and_then(|last| last.curve.clone()),
        ..next(before, draft, now)
    }
}

fn next(before: Option<&EngineSettings>, draft: EngineDraft, now: Millis) -> EngineSettings {
    EngineSettings {
        version: before.map_or(1, |before| before.version + 1),
        draft,
        answer_from_permille: None,
        curve: None,
        learned: before.and_then(|before| before.learned.clone()),
        at: now,
        by: String::new(),
        restored_from: None,
    }
}

/// With the threshold that follows from the target and the curve in force.
fn with_curve(settings: EngineSettings, measured: Option<Curve>) -> EngineSettings {
    let target = settings.draft.target_permille;
    let in_force = curve::in_force(measured.as_ref());
    EngineSettings {
        answer_from_permille: target.and_then(|target| curve::threshold_for(in_force, target)),
        curve: measured,
        ..settings
    }
}

fn insert(
    tx: &Tx<'_>,
    me: &Agent,
    before: Option<EngineSettings>,
    next: EngineSettings,
) -> Result<(), Error> {
    let next = with_curve(
        EngineSettings {
            by: me.display_name.clone(),
            ..next
        },
        before.and_then(|before| before.curve),
    );
    Ok(engine_settings::insert(tx, &next, Some(me.id))?)
}
