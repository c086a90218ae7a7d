//! The places that waiting customers are told.

use std::collections::BTreeMap;

use lt_model::{id::ConversationId, merge::Edit, priority::Priority, properties::Patch, queue};
use proptest::prelude::*;

use super::*;

/// Something that moves a queue.
#[derive(Clone, Debug)]
enum Move {
    /// Somebody comes.
    Asks,
    /// One that waits is taken.
    Claim(prop::sample::Index),
    /// One that is taken goes to the other group.
    Pass(prop::sample::Index),
    /// One becomes more or less urgent.
    Prioritise(prop::sample::Index, Priority),
    /// A customer writes once more, which moves nothing.
    Says(prop::sample::Index),
}

fn a_move() -> impl Strategy<Value = Move> {
    let priorities = vec![Priority::Low, Priority::Normal, Priority::High];
    let priority = prop::sample::select(priorities);
    prop_oneof![
        4 => Just(Move::Asks),
        2 => any::<prop::sample::Index>().prop_map(Move::Claim),
        2 => any::<prop::sample::Index>().prop_map(Move::Pass),
        3 => (any::<prop::sample::Index>(), priority)
            .prop_map(|(at, to)| Move::Prioritise(at, to)),
        1 => any::<prop::sample::Index>().prop_map(Move::Says),
    ]
}

/// The conversations as an administrator's desk has them.
fn conversations(world: &World) -> BTreeMap<ConversationId, Conversation> {
    let mut found = BTreeMap::new();
    for row in world.rows(&world.admin) {
        if let lt_protocol::sync::RowChange::Put {
            entity: lt_protocol::sync::Entity::Conversation(conversation),
        } = row.change
        {
            found.insert(conversation.id, *conversation);
        }
    }
    found
}

fn run(moves: &[Move]) {
    let world = World::with_faq();
    let mut lead = world.agent("zhang", Role::TeamLead, &["售前组", "售后组"]);
    let mut visitors: Vec<Visitor> = Vec::new();
    for (n, one) in (1..).zip(moves) {
        let now = T0 + n;
        let of = |at: &prop::sample::Index| {
            let visitor = visitors.get(at.index(visitors.len().max(1)))?;
            Some(world.conversation(visitor))
        };
        match one {
            Move::Asks => {
                let visitor = world.visitor("");
                world.say(&visitor, "转人工", now);
                visitors.push(visitor);
            }
            Move::Claim(at) => {
                if let Some(of) = of(at) {
                    let conversation_id = of.id;
                    lead.act(&world, Action::Claim { conversation_id }, now);
                }
            }
            Move::Pass(at) => {
                if let Some(of) = of(at) {
                    let names = ["售前组", "售后组"];
                    let other = names.map(|name| world.group(name));
                    let to = other.into_iter().find(|id| *id != of.group_id).unwrap();
                    let pass = Action::Transfer {
                        conversation_id: of.id,
                        to: TransferTo::Group { group_id: to },
                        note: String::new(),
                    };
                    lead.act(&world, pass, now);
                }
            }
            Move::Prioritise(at, to) => {
                if let Some(of) = of(at) {
                    let patch = Patch {
                        priority: Some(Edit {
                            rev: of.properties.priority_mark.rev,
                            base: of.priority,
                            mine: *to,
                        }),
                        ..Patch::default()
                    };
                    let conversation_id = of.id;
                    let patch = Action::PatchConversation {
                        conversation_id,
                        patch,
                    };
                    lead.act(&world, patch, now);
                }
            }
            Move::Says(at) => {
                if let Some(visitor) = visitors.get(at.index(visitors.len().max(1))) {
                    world.say(visitor, "还在吗", now);
                }
            }
        }
        // All who wait have the place that the order of the queue gives them.
        let all = conversations(&world);
        for visitor in &visitors {
            let mine = world.conversation(visitor);
            let waiting = all
                .values()
                .filter(|other| other.handler == Handler::Queue && other.group_id == mine.group_id);
            let expected = (mine.handler == Handler::Queue)
                .then(|| u32::try_from(queue::position(&mine, waiting)).unwrap());
            let told = world.bo.visitor_state(visitor, now).unwrap();
            assert_eq!(told.queue_position, expected, "after {one:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn everybody_is_told_the_place_that_the_order_gives(
        moves in prop::collection::vec(a_move(), 1..24),
    ) {
        run(&moves);
    }
}
