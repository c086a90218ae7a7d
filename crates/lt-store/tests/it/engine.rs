//! Versions of the engine's settings, and what waits of them.

use lt_model::{
    agent::{Agent, Role},
    engine::{EngineDraft, EngineSettings},
};
use lt_protocol::{
    code::Code,
    event::Tag,
    sync::{Action, Entity, OpOutcome},
};
use lt_store::{OpState, StoreError};

use crate::world::{CONFIG, NOW, World, heads, me, new_op, put};

const DONE: OpOutcome = OpOutcome::Done { at: NOW };

fn version(version: u32) -> lt_protocol::sync::RowChange {
    put(Entity::EngineSettings(Box::new(EngineSettings {
        version,
        draft: EngineDraft::default(),
        answer_from_permille: None,
        curve: None,
        learned: None,
        at: NOW,
        by: String::new(),
        restored_from: None,
    })))
}

fn change(base: u32) -> Action {
    Action::SetEngineSettings {
        base,
        draft: EngineDraft::default(),
    }
}

/// A desk whose account has a role.
fn desk(role: Role) -> World {
    let world = World::new();
    let me = Agent { role, ..me() };
    let streams = heads(&[CONFIG]);
    let granted = world.store.set_streams("g1", &streams, 0, &me, NOW);
    granted.unwrap();
    world
}

fn states(world: &World) -> Vec<OpState> {
    let changes = world.store.engine_changes().unwrap();
    changes.into_iter().map(|entry| entry.state).collect()
}

#[test]
fn the_highest_version_counts_and_all_are_kept() {
    let mut world = desk(Role::Agent);
    assert_eq!(world.store.engine_settings().unwrap(), None);
    let told = world.feed(CONFIG, vec![version(1), version(2)]);
    assert_eq!(told.tags, [Tag::Engine]);
    let current = world.store.engine_settings().unwrap().unwrap();
    assert_eq!(current.version, 2);
    let all = world.store.engine_history().unwrap();
    let versions: Vec<u32> = all.iter().map(|one| one.version).collect();
    assert_eq!(versions, [2, 1]);
    world.store.check().unwrap();
    let refused = world.store.enqueue(change(2), NOW);
    assert!(matches!(refused, Err(StoreError::Forbidden)));
    // Without the stream there are no settings.
    world.grant(&[]);
    assert_eq!(world.store.engine_settings().unwrap(), None);
    world.store.check().unwrap();
}

#[test]
fn a_change_waits_until_its_version_is_here() {
    let mut world = desk(Role::Admin);
    let op = new_op(world.store.enqueue(change(0), NOW));
    assert_eq!(states(&world), [OpState::Queued]);
    let answered = world.store.op_result(op, &DONE, NOW).unwrap();
    assert!(answered.tags.contains(&Tag::Engine));
    assert_eq!(states(&world), [OpState::Queued], "the version is not here");
    world.feed(CONFIG, vec![version(1)]);
    assert_eq!(states(&world), []);
    // The version may come before the answer.
    let op = new_op(world.store.enqueue(change(1), NOW));
    world.feed(CONFIG, vec![version(2)]);
    assert_eq!(states(&world), [OpState::Queued]);
    world.store.op_result(op, &DONE, NOW).unwrap();
    assert_eq!(states(&world), []);
    // A refusal stays until it is given up.
    let op = new_op(world.store.enqueue(change(1), NOW));
    let code = Code::ChangedMeanwhile;
    let refused = OpOutcome::Refused { code };
    world.store.op_result(op, &refused, NOW).unwrap();
    assert_eq!(states(&world), [OpState::Refused(code)]);
    world.store.discard(op, NOW).unwrap();
    assert_eq!(states(&world), []);
}
