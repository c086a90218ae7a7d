//! The engine's settings of the organisation: looked at, tried, saved.

use lt_engine::{Doc, Engine, Query, curve, tailoring};
use lt_model::{agent::Permission, engine::EngineDraft};
use lt_protocol::{
    code::{Code, WireError},
    command::{EngineRestoreArgs, EngineSaveArgs, EngineTryArgs, NoArgs},
    knowledge::{EngineCheck, EngineTrial, EngineView, TrialSide},
    sync::Action,
};
use lt_store::OpState;

use crate::{desk::Desk, error::wire, view::engine};

/// Longest question that is tried, in characters.
const MAX_TRIED_CHARS: usize = 2_000;

/// `engine.get`
pub(super) fn get(desk: &Desk, _: NoArgs) -> Result<EngineView, WireError> {
    desk.permit(Permission::EngineManage)?;
    let history = desk.store.engine_history().map_err(wire)?;
    let changes = desk.store.engine_changes().map_err(wire)?;
    Ok(engine::view(&history, &changes))
}

/// `engine.check`
pub(super) fn check(desk: &Desk, draft: &EngineDraft) -> Result<EngineCheck, WireError> {
    desk.permit(Permission::EngineManage)?;
    Ok(EngineCheck {
        problems: tailoring::check(draft),
    })
}

/// `engine.try`
pub(super) fn trial(desk: &Desk, args: &EngineTryArgs) -> Result<EngineTrial, WireError> {
    desk.permit(Permission::EngineManage)?;
    if args.text.chars().nth(MAX_TRIED_CHARS).is_some() {
        return Err(WireError::new(Code::TooLarge, "the question is too long"));
    }
    let current = desk.store.engine_settings().map_err(wire)?;
    let Some(now) = desk.brain.engine() else {
        return Err(WireError::new(
            Code::IllegalState,
            "the engine is being built",
        ));
    };
    let draft = tailoring::tidied(&args.draft);
    let holds = current.as_ref().map(|current| &current.draft);
    if holds.unwrap_or(&EngineDraft::default()) == &draft {
        return Ok(EngineTrial {
            now: side(&now, &args.text),
            draft: None,
        });
    }
    if !tailoring::check(&draft).is_empty() {
        return Err(WireError::new(Code::BadRequest, "the draft has problems"));
    }
    let measured = current.as_ref().and_then(|current| current.curve.as_ref());
    let in_force = curve::in_force(measured);
    let target = draft.target_permille;
    let from = target.and_then(|target| curve::threshold_for(in_force, target));
    let docs: Vec<Doc> = desk
        .store
        .faq()
        .map_err(wire)?
        .into_iter()
        .map(Doc::from)
        .collect();
    let learned = current
        .as_ref()
        .and_then(|current| current.learned.as_ref());
    let encoder = desk.brain.encoder();
    let tried = desk.trial.engine(&draft, from, learned, &docs, encoder);
    let tried = tried.map_err(|_| WireError::new(Code::Internal, "no engine for the draft"))?;
    Ok(EngineTrial {
        now: side(&now, &args.text),
        draft: Some(side(&tried, &args.text)),
    })
}

fn side(engine: &Engine, text: &str) -> TrialSide {
    let query = Query::plain(text);
    engine::side(
        engine.understand(&query),
        engine.explain(&query),
        engine.answer_from(),
    )
}

/// `engine.save`
pub(super) fn save(desk: &Desk, args: &EngineSaveArgs) -> Result<EngineView, WireError> {
    desk.permit(Permission::EngineManage)?;
    let draft = tailoring::tidied(&args.draft);
    if !tailoring::check(&draft).is_empty() {
        return Err(WireError::new(Code::BadRequest, "the draft has problems"));
    }
    let base = args.base;
    send(desk, Action::SetEngineSettings { base, draft })
}

/// `engine.restore`
pub(super) fn restore(desk: &Desk, args: &EngineRestoreArgs) -> Result<EngineView, WireError> {
    desk.permit(Permission::EngineManage)?;
    let EngineRestoreArgs { base, version } = *args;
    send(desk, Action::RestoreEngineSettings { base, version })
}

/// Only while the server is there: what everybody's bot answers is not changed by a desk that
/// comes back a day later.
fn send(desk: &Desk, action: Action) -> Result<EngineView, WireError> {
    if desk.link.reached_since().is_none() {
        return Err(WireError::new(Code::Offline, "the server is not there"));
    }
    for change in desk.store.engine_changes().map_err(wire)? {
        if matches!(change.state, OpState::Refused(_)) {
            let discarded = desk.store.discard(change.op.id, desk.now());
            discarded.map_err(wire)?;
        }
    }
    desk.enqueue(action)?;
    get(desk, NoArgs {})
}
