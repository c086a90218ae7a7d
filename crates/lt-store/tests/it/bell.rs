//! What the agent was told, kept at the desk.

use lt_model::{id::ConversationId, routing::ReturnReason};
use lt_protocol::{
    bell::BellNews,
    event::{NoticeCode, Tag},
};

use crate::world::{NOW, World, conv};

fn mentioned(id: ConversationId) -> BellNews {
    BellNews::Mentioned {
        conversation_id: id,
        number: "C-10001".to_owned(),
    }
}

#[test]
fn what_was_told_is_kept_newest_first_until_it_is_seen_and_after() {
    let world = World::new();
    assert_eq!(world.store.bell().unwrap().n_new, 0);
    let returned = BellNews::Returned {
        conversation_id: conv(2),
        number: "C-10002".to_owned(),
        reason: ReturnReason::Unreachable,
    };
    let told = vec![mentioned(conv(1)), returned.clone()];
    let change = world.store.ring(told, NOW).unwrap();
    assert_eq!(change.tags, [Tag::Bell]);
    let bell = world.store.bell().unwrap();
    assert_eq!((bell.n_new, bell.lines.len()), (2, 2));
    assert_eq!(bell.lines[0].what, returned);

    world.store.bell_seen(bell.lines[0].n).unwrap();
    let world = world.crash();
    let bell = world.store.bell().unwrap();
    assert_eq!((bell.n_new, bell.lines.len()), (0, 2));
    // Nobody has seen what is not there yet.
    world.store.bell_seen(u32::MAX).unwrap();
    world.store.ring(vec![mentioned(conv(3))], NOW + 1).unwrap();
    assert_eq!(world.store.bell().unwrap().n_new, 1);
}

#[test]
fn what_says_the_same_is_one_line_until_it_is_seen() {
    let world = World::new();
    let due = || {
        vec![BellNews::Notice {
            code: NoticeCode::KeyDue,
        }]
    };
    world.store.ring(due(), NOW).unwrap();
    world.store.ring(vec![mentioned(conv(1))], NOW + 1).unwrap();
    world.store.ring(due(), NOW + 2).unwrap();
    let bell = world.store.bell().unwrap();
    let at: Vec<_> = bell.lines.iter().map(|line| line.at).collect();
    assert_eq!((at, bell.n_new), (vec![NOW + 2, NOW + 1], 2));
    world.store.bell_seen(bell.lines[0].n).unwrap();
    world.store.ring(due(), NOW + 3).unwrap();
    let bell = world.store.bell().unwrap();
    assert_eq!((bell.lines.len(), bell.n_new), (3, 1));
}

#[test]
fn the_oldest_goes_first() {
    let world = World::new();
    for n in 0..250_u64 {
        world
            .store
            .ring(vec![mentioned(conv(n))], NOW + i64::try_from(n).unwrap())
            .unwrap();
    }
    let bell = world.store.bell().unwrap();
    assert_eq!((bell.lines.len(), bell.n_new), (200, 200));
    assert_eq!((bell.lines[0].n, bell.lines[199].n), (250, 51));
    assert_eq!(bell.lines[199].at, NOW + 50);
}
