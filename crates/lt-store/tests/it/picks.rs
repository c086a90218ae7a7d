//! What the agent says of entries.

use lt_model::{
    faq::FaqSource,
    learn::{LearnedRuling, PickKind, Thumb},
};
use lt_protocol::{event::Tag, sync::Action};
use lt_store::{Enqueued, StoreError};

use crate::world::{NOW, World, conv, msg, new_op};

fn thumb(thumb: Thumb) -> Action {
    Action::Thumb {
        conversation_id: conv(1),
        message_id: msg(2),
        faq_id: "ec-001".to_owned(),
        version: 1,
        thumb,
    }
}

#[test]
fn a_thumb_is_kept_with_its_operation_and_the_last_word_counts() {
    let world = World::with_conversation();
    let (done, change) = world.store.enqueue(thumb(Thumb::Up), NOW).unwrap();
    assert!(matches!(done, Enqueued::New(_)));
    assert!(change.tags.contains(&Tag::Faq), "the desk's engine follows");
    let (again, _) = world.store.enqueue(thumb(Thumb::Up), NOW).unwrap();
    assert_eq!(again, Enqueued::AlreadyThere);
    new_op(world.store.enqueue(thumb(Thumb::Down), NOW + 1));
    let world = world.crash();
    let picks = world.store.picks(conv(1)).unwrap();
    assert_eq!(picks.len(), 1);
    assert_eq!(
        (picks[0].message_id, picks[0].kind),
        (msg(2), PickKind::Down)
    );
    assert_eq!(world.store.outbox().unwrap().len(), 2);
    let (newest, text) = world.store.newest_picks().unwrap().pop().unwrap();
    assert_eq!((newest, text.as_str()), (picks[0].clone(), "我要退款"));
    world.store.check().unwrap();
}

#[test]
fn only_leads_have_the_last_word_on_wordings() {
    let world = World::with_conversation();
    let rule = Action::RuleLearned {
        faq_id: "ec-001".to_owned(),
        text: "钱怎么退".to_owned(),
        ruling: LearnedRuling::Rejected,
    };
    let refused = world.store.enqueue(rule, NOW).unwrap_err();
    assert!(matches!(refused, StoreError::Forbidden));
    assert_eq!(world.store.outbox().unwrap().len(), 0);
}

#[test]
fn a_reply_of_an_unknown_entry_is_sent_and_says_nothing() {
    let world = World::with_conversation();
    let action = Action::SendMessage {
        conversation_id: conv(1),
        message_id: msg(100),
        text: "您好".to_owned(),
        seen_seq: 2,
        source: Some(FaqSource {
            faq_id: "gone".to_owned(),
            version: 1,
            question: String::new(),
            confidence: 0.9,
        }),
        question: None,
        composed: lt_protocol::sync::Composed::default(),
    };
    new_op(world.store.enqueue(action, NOW));
    assert_eq!(world.store.picks(conv(1)).unwrap(), []);
}
