//! The engine's settings: who changes them, what a version is, and that the bot follows.

use lt_backoffice::Backoffice;
use lt_model::{
    agent::Role,
    curve::{Curve, CurvePoint, CurveSource},
    engine::{EngineDraft, EngineSettings},
};
use lt_protocol::{
    code::Code,
    sync::{Action, Entity, OpOutcome, RowChange},
    widget::SessionRequest,
};

use crate::{
    back_end::is_postgres,
    world::{Desk, T0, World, id, refused},
};

fn draft(synonyms: &[&[&str]], target: Option<u16>) -> EngineDraft {
    EngineDraft {
        synonyms: synonyms
            .iter()
            .map(|group| group.iter().map(|text| (*text).to_owned()).collect())
            .collect(),
        dictionary: Vec::new(),
        target_permille: target,
    }
}

fn set(base: u32, draft: EngineDraft) -> Action {
    Action::SetEngineSettings { base, draft }
}

/// The versions that somebody receives.
fn received(world: &World, desk: &Desk) -> Vec<EngineSettings> {
    let rows = world.rows(&desk.principal).into_iter();
    rows.filter_map(|row| match row.change {
        RowChange::Put {
            entity: Entity::EngineSettings(settings),
        } => Some(*settings),
        _ => None,
    })
    .collect()
}

#[test]
fn an_admin_makes_versions_and_every_desk_receives_them() {
    let world = World::new();
    let mut admin = world.agent("boss", Role::Admin, &[]);
    let agent = world.agent("li", Role::Agent, &[]);
    let first = draft(&[&[" 鲜卡 ", "提货卡"]], Some(900));
    let done = admin.act(&world, set(0, first), T0);
    assert_eq!(done, OpOutcome::Done { at: T0 });
    assert_eq!(world.last_audit(), ["engine.set", "allowed", ""]);
    let second = draft(&[&["鲜卡", "提货卡", "礼品卡"]], None);
    admin.act(&world, set(1, second), T0 + 1);
    let restore = Action::RestoreEngineSettings {
        base: 2,
        version: 1,
    };
    admin.act(&world, restore, T0 + 2);
    assert_eq!(world.last_audit(), ["engine.restore", "allowed", ""]);
    let all = received(&world, &agent);
    let versions: Vec<u32> = all.iter().map(|one| one.version).collect();
    assert_eq!(versions, [1, 2, 3]);
    // Blanks are tidied, the threshold follows from the target.
    assert_eq!(all[0].draft, draft(&[&["鲜卡", "提货卡"]], Some(900)));
    let expected = lt_engine::curve::threshold_for(lt_engine::curve::shipped(), 900);
    assert_eq!(all[0].answer_from_permille, expected);
    assert_eq!(all[1].answer_from_permille, None);
    assert_eq!(
        (all[2].restored_from, &all[2].draft, all[2].by.as_str()),
        (Some(1), &all[0].draft, "客服boss")
    );
    assert_eq!(world.bo.engine_settings().unwrap().as_ref(), all.last());
    world.bo.settle_engine();
}

#[test]
fn what_is_refused_leaves_no_version() {
    let world = World::new();
    let mut admin = world.agent("boss", Role::Admin, &[]);
    let mut lead = world.agent("lead", Role::TeamLead, &[]);
    let good = || draft(&[&["鲜卡", "提货卡"]], None);
    let two = draft(&[&["鲜卡", "提货卡"], &["提貨卡", "礼品卡"]], None);
    assert_eq!(
        lead.act(&world, set(0, good()), T0),
        refused(Code::Forbidden)
    );
    assert_eq!(world.last_audit(), ["engine.set", "denied", "forbidden"]);
    assert_eq!(
        admin.act(&world, set(0, two), T0),
        refused(Code::BadRequest)
    );
    assert_eq!(
        admin.act(&world, set(3, good()), T0),
        refused(Code::ChangedMeanwhile)
    );
    let missing = Action::RestoreEngineSettings {
        base: 0,
        version: 9,
    };
    assert_eq!(admin.act(&world, missing, T0), refused(Code::NotFound));
    assert_eq!(world.bo.engine_settings().unwrap(), None);
    // The second of two who looked at the same version is told.
    admin.act(&world, set(0, good()), T0);
    assert_eq!(
        admin.act(&world, set(0, draft(&[&["甲券", "乙券"]], None)), T0),
        refused(Code::ChangedMeanwhile)
    );
    world.bo.settle_engine();
    assert_eq!(received(&world, &admin).len(), 1);
}

#[test]
fn the_bot_answers_by_the_new_settings_and_after_a_restart() {
    let world = World::with_faq();
    let mut admin = world.agent("boss", Role::Admin, &[]);
    let said = |bo: &Backoffice| -> String {
        let request = SessionRequest {
            inbox: world.made.inbox.public_key.clone(),
            token: None,
            name: String::new(),
            known: Default::default(),
        };
        let session = bo.visitor_session(request, T0).unwrap();
        let visitor = bo.visitor(&session.token).unwrap();
        let text = "绿纸票几天到账";
        let before = bo.visitor_send(&visitor, id(), text, T0).unwrap();
        let history = bo.visitor_messages(&visitor, before).unwrap();
        history.into_iter().map(|one| one.source).collect()
    };
    let before = said(&world.bo);
    // In this shop 绿纸票 is what others call 退款, and the bot may be wrong one time in five.
    let own = draft(&[&["退款", "绿纸票"]], Some(800));
    admin.act(&world, set(0, own), T0);
    world.bo.settle_engine();
    let after = said(&world.bo);
    assert_ne!(before, after);
    let text = &lt_engine::Query::plain("退款几天到账");
    let expected = shop_engine().understand(text).candidates[0].faq_id.clone();
    assert!(after.starts_with(&expected), "{before} {after} {expected}");
    // The same data, opened anew beside.
    if is_postgres() {
        return;
    }
    let path = world.path();
    let folder = tempfile::tempdir().unwrap();
    let World { bo, .. } = world;
    drop(bo);
    for name in ["lingtai.db", "lingtai.db-wal"] {
        let from = path.with_file_name(name);
        if from.exists() {
            std::fs::copy(from, folder.path().join(name)).unwrap();
        }
    }
    let reopened = crate::world::open(&folder.path().join("lingtai.db"));
    let settings = reopened.engine_settings().unwrap().unwrap();
    assert_eq!(settings.draft.target_permille, Some(800));
}

fn shop_engine() -> lt_engine::Engine {
    let bytes = lt_backoffice::sample::FAQ_JSONL.as_bytes();
    let docs = lt_engine::lab::read_kb(lt_engine::lab::File { name: "kb", bytes }).unwrap();
    lt_engine::Engine::build(docs).unwrap()
}

#[test]
fn a_measured_curve_moves_the_threshold_and_keeps_the_rest() {
    let world = World::new();
    let mut admin = world.agent("boss", Role::Admin, &[]);
    admin.act(&world, set(0, draft(&[&["鲜卡", "提货卡"]], Some(950))), T0);
    let curve = Curve {
        source: CurveSource::Audited,
        n: 400,
        points: vec![
            CurvePoint {
                threshold: 400,
                precision: 940,
                coverage: 800,
            },
            CurvePoint {
                threshold: 620,
                precision: 960,
                coverage: 700,
            },
        ],
    };
    world.bo.curve_measured(&curve, T0 + 1).unwrap();
    world.bo.curve_measured(&curve, T0 + 2).unwrap();
    world.bo.settle_engine();
    let all = received(&world, &admin);
    assert_eq!(all.len(), 2);
    assert_eq!(all[1].draft, all[0].draft);
    assert_eq!(all[1].answer_from_permille, Some(620));
    assert_eq!((all[1].by.as_str(), all[1].at), ("", T0 + 1));
    assert_eq!(all[1].curve.as_ref(), Some(&curve));
}
