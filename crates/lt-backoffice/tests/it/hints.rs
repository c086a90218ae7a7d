use std::collections::BTreeMap;

use lt_backoffice::{Hint, Hints};
use lt_model::agent::Role;
use lt_protocol::{
    code::Code,
    sync::{Action, Entity, RowChange},
};
use tokio::sync::broadcast::error::TryRecvError;

use crate::world::{T0, World, code};

/// All that were told.
fn drain(hints: &mut Hints) -> Vec<Hint> {
    let mut found = Vec::new();
    loop {
        match hints.try_recv() {
            Ok(hint) => found.push(hint),
            Err(TryRecvError::Empty) => return found,
            Err(error) => panic!("{error}"),
        }
    }
}

/// The same without those to look at the data: where there may be other processes, one looks at it each
/// second, and says again what an act is about to say.
pub(crate) fn words(hints: &mut Hints) -> Vec<Hint> {
    let is_word = |hint: &Hint| !matches!(hint, Hint::Streams(_) | Hint::Access { .. });
    drain(hints).into_iter().filter(is_word).collect()
}

#[test]
fn a_hint_comes_with_every_change_and_points_at_what_is_there() {
    let world = World::with_faq();
    let mut hints = world.bo.hints();
    let mut cursors = BTreeMap::new();
    while world
        .bo
        .batch(&world.admin, &mut cursors, 500)
        .unwrap()
        .is_some()
    {}
    let visitor = world.visitor("");
    assert_eq!(
        words(&mut hints),
        [],
        "nobody sees a visitor who said nothing"
    );
    let batch = world.bo.batch(&world.admin, &mut cursors, 500).unwrap();
    assert!(batch.is_none(), "{batch:?}");
    world.say(&visitor, "退款几天能收到", T0 + 1);
    let hinted = drain(&mut hints);
    let streams: Vec<u64> = hinted
        .iter()
        .filter_map(|hint| match hint {
            Hint::Streams(streams) => Some(streams.clone()),
            _ => None,
        })
        .flatten()
        .collect();
    assert!(streams.len() >= 2, "the question, then the answer");
    assert!(hinted.contains(&Hint::Contact(visitor.contact_id)));
    let batch = world
        .bo
        .batch(&world.admin, &mut cursors, 500)
        .unwrap()
        .unwrap();
    assert!(batch.cuts.iter().all(|cut| streams.contains(&cut.stream)));
}

#[test]
fn the_first_rules_of_an_organisation_throw_nobody_out() {
    let world = World::new();
    let before = streams(&world);
    let mut hints = world.bo.hints();
    world.bo.run_alerts(T0 + 1).unwrap();
    world.bo.run_quality(T0 + 2).unwrap();
    let hinted = drain(&mut hints);
    let is_of_access = |hint: &Hint| matches!(hint, Hint::Access { .. });
    assert!(!hinted.iter().any(is_of_access), "{hinted:?}");
    assert!(hinted.iter().any(|hint| matches!(hint, Hint::Streams(_))));
    assert_eq!(streams(&world), before);
    let rules = world.rows(&world.admin).into_iter().filter(|row| {
        let change = &row.change;
        matches!(
            change,
            RowChange::Put {
                entity: Entity::AlertRule(_) | Entity::QaForm(_)
            }
        )
    });
    assert!(rules.count() > 1, "they come all the same");
}

/// Numbers of the streams that the administrator sees.
fn streams(world: &World) -> Vec<u64> {
    let heads = world.bo.streams(&world.admin).unwrap();
    heads.iter().map(|head| head.stream).collect()
}

#[test]
fn those_behind_in_the_queue_hear_when_somebody_leaves_it() {
    let world = World::new();
    let mut desk = world.agent("wang", Role::Agent, &["售前组"]);
    let first = world.visitor("");
    let second = world.visitor("");
    world.say(&first, "转人工", T0 + 1);
    world.say(&second, "转人工", T0 + 2);
    let conversation_id = world.conversation(&first).id;
    let mut hints = world.bo.hints();
    desk.act(&world, Action::Claim { conversation_id }, T0 + 3);
    let hinted = drain(&mut hints);
    assert!(hinted.contains(&Hint::Contact(first.contact_id)));
    assert!(hinted.contains(&Hint::Contact(second.contact_id)));
}

#[test]
fn typing_is_a_hint_to_those_who_may_know() {
    let world = World::new();
    let mut desk = world.agent("wang", Role::Agent, &["售前组"]);
    let visitor = world.visitor("");
    let mut hints = world.bo.hints();
    world.bo.customer_typing(&visitor).unwrap();
    assert_eq!(words(&mut hints), []);
    world.say(&visitor, "转人工", T0 + 1);
    let conversation = world.conversation(&visitor);
    drain(&mut hints);
    let before = world.n_audited();
    world.bo.customer_typing(&visitor).unwrap();
    let [
        Hint::CustomerTyping {
            conversation: at,
            stream,
        },
    ] = words(&mut hints)[..]
    else {
        panic!("one hint");
    };
    assert_eq!(at, conversation.id);
    let own = world.bo.streams(&desk.principal).unwrap();
    assert!(own.iter().any(|head| head.stream == stream));
    // Not theirs yet.
    let typing = world.bo.agent_typing(&desk.principal, conversation.id);
    assert_eq!(code(typing), Some(Code::NotFound));
    let claim = Action::Claim {
        conversation_id: conversation.id,
    };
    desk.act(&world, claim, T0 + 2);
    drain(&mut hints);
    world
        .bo
        .agent_typing(&desk.principal, conversation.id)
        .unwrap();
    let expected = Hint::AgentTyping {
        conversation: conversation.id,
        contact: visitor.contact_id,
    };
    assert_eq!(words(&mut hints), [expected]);
    assert_eq!(world.n_audited(), before + 1, "typing leaves no trace");
}
