//! Customers who are one, at a desk: at once, taken back, and as the server has it in the end.

use lt_model::{
    agent::{Agent, Role},
    change::StreamKind,
    contact::{
        Contact,
        merge::{ContactAct, ContactField},
    },
    conversation::{Conversation, Handler},
    id::ContactId,
    whisper::{Whisper, WhisperDraft},
};
use lt_protocol::{
    code::Code,
    sync::{Action, Entity, OpOutcome, RowChange, StreamHead},
};
use lt_store::{News, StoreError};

use crate::world::{
    CARE, CONFIG, FAQ, NOW, SALES, World, colleague, contact, contact_id, conv, conversation,
    group_id, heads, me, new_op, put, put_conversation, uuid,
};

const DONE: OpOutcome = OpOutcome::Done { at: NOW + 5 };

fn merge(one: u64, into: u64) -> Action {
    Action::Contact {
        contact_id: contact_id(one),
        act: ContactAct::Merge {
            into: contact_id(into),
            take: vec![ContactField::Phone],
        },
    }
}

fn person(n: u64, name: &str, phone: &str) -> Contact {
    Contact {
        phone: phone.to_owned(),
        ..contact(n, name)
    }
}

fn rows(contacts: &[Contact], conversations: &[Conversation]) -> Vec<RowChange> {
    let contacts = contacts.iter();
    let contacts = contacts.map(|one| put(Entity::Contact(Box::new(one.clone()))));
    contacts
        .chain(conversations.iter().map(put_conversation))
        .collect()
}

/// A stranger with a phone number, and a member with the same one.
fn two() -> (World, Contact, Contact) {
    let mut world = World::new();
    let stranger = person(1, "", "138-1234-5678");
    let member = person(2, "林女士", "+86 13812345678");
    let all = rows(
        &[stranger.clone(), member.clone()],
        &[conversation(1), conversation(2)],
    );
    world.feed(SALES, all);
    (world, stranger, member)
}

fn history(world: &World, of: ContactId) -> usize {
    world.store.conversations_of(of).unwrap().len()
}

/// What the server makes of the merge.
fn merged(stranger: &Contact, member: &Contact) -> (Contact, Contact, Conversation) {
    let (mut one, mut other) = (stranger.clone(), member.clone());
    one.merge_into(
        &mut other,
        &[ContactField::Phone],
        &me().display_name,
        NOW + 5,
    )
    .unwrap();
    let mut first = conversation(1);
    first.set_person(other.id);
    (one, other, first)
}

#[test]
fn who_may_be_the_same_is_found_by_what_is_equal() {
    let (world, _, member) = two();
    let alike = world.store.alike(contact_id(1)).unwrap();
    assert_eq!(alike.len(), 1);
    assert_eq!(alike[0].0.id, member.id);
    assert!(alike[0].1.phone && !alike[0].1.email && !alike[0].1.member);
    let none = world.store.contacts_named("1381234").unwrap();
    assert!(none.is_empty(), "a part of a number finds nobody");
    assert_eq!(world.store.contacts_named("13812345678").unwrap().len(), 2);
}

#[test]
fn a_merge_shows_at_once_and_goes_back_whole_when_it_is_refused() {
    let (mut world, stranger, member) = two();
    let op = new_op(world.store.enqueue(merge(1, 2), NOW));
    assert_eq!(history(&world, member.id), 2);
    assert_eq!(history(&world, stranger.id), 0);
    let shown = world.store.contact(member.id).unwrap().unwrap();
    assert_eq!(shown.phone, stranger.phone, "what was chosen is taken over");
    assert!(world.store.alike(contact_id(2)).unwrap().is_empty());
    let again = world.store.enqueue(merge(2, 1), NOW).unwrap_err();
    assert!(matches!(again, StoreError::Merge(_)), "{again:?}");
    // A conversation that comes meanwhile is a part of the one history too.
    let mut third = conversation(3);
    third.contact_id = stranger.id;
    world.feed(SALES, rows(&[], std::slice::from_ref(&third)));
    assert_eq!(history(&world, member.id), 3);

    let refused = OpOutcome::Refused {
        code: Code::MergedMeanwhile,
    };
    let change = world.store.op_result(op, &refused, NOW).unwrap();
    assert!(
        change
            .news
            .iter()
            .any(|one| matches!(one, News::Refused { .. }))
    );
    assert_eq!(history(&world, stranger.id), 2);
    assert_eq!(history(&world, member.id), 1);
    assert_eq!(world.store.contact(member.id).unwrap().unwrap(), member);
    assert_eq!(world.store.contact(stranger.id).unwrap().unwrap(), stranger);
    world.store.discard(op, NOW).unwrap();
    assert!(world.store.outbox().unwrap().is_empty());
}

#[test]
fn what_the_server_did_stays_whichever_comes_first() {
    for feed_first in [true, false] {
        let (mut world, stranger, member) = two();
        let op = new_op(world.store.enqueue(merge(1, 2), NOW));
        let (one, other, first) = merged(&stranger, &member);
        let all = rows(&[one.clone(), other.clone()], std::slice::from_ref(&first));
        if feed_first {
            world.feed(SALES, all);
            world.store.op_result(op, &DONE, NOW).unwrap();
        } else {
            world.store.op_result(op, &DONE, NOW).unwrap();
            assert_eq!(history(&world, member.id), 2, "until the rows come");
            world.feed(SALES, all);
        }
        assert_eq!(history(&world, member.id), 2);
        assert_eq!(world.store.contact(other.id).unwrap().unwrap(), other);
        // Nothing of the operation is left: what the server says next is what is shown.
        let all = rows(&[stranger.clone(), member.clone()], &[conversation(1)]);
        world.feed(SALES, all);
        assert_eq!(history(&world, stranger.id), 1, "feed first: {feed_first}");
        assert_eq!(world.store.contact(member.id).unwrap().unwrap(), member);
    }
}

fn as_lead(world: &World) -> Agent {
    let mut account = world.store.account().unwrap().unwrap();
    account.agent.role = Role::TeamLead;
    world.store.set_account(&account, NOW).unwrap();
    account.agent
}

#[test]
fn a_split_shows_at_once_for_a_lead_alone() {
    let (mut world, stranger, member) = two();
    let (one, other, first) = merged(&stranger, &member);
    world.feed(
        SALES,
        rows(&[one, other.clone()], std::slice::from_ref(&first)),
    );
    let split = Action::Contact {
        contact_id: stranger.id,
        act: ContactAct::Split { from: member.id },
    };
    let refused = world.store.enqueue(split.clone(), NOW + 6).unwrap_err();
    assert!(matches!(refused, StoreError::Forbidden));
    as_lead(&world);
    let op = new_op(world.store.enqueue(split, NOW + 6));
    assert_eq!(history(&world, stranger.id), 1);
    assert_eq!(world.store.contact(member.id).unwrap().unwrap(), member);
    let refused = OpOutcome::Refused {
        code: Code::IllegalState,
    };
    world.store.op_result(op, &refused, NOW).unwrap();
    assert_eq!(history(&world, member.id), 2);
    assert_eq!(world.store.contact(member.id).unwrap().unwrap(), other);
}

fn whispered(n: u64, author: &Agent, agent: &Agent, text: &str) -> Whisper {
    Whisper {
        id: lt_model::id::WhisperId(uuid(n)),
        conversation_id: conv(1),
        agent: agent.id,
        author: author.id,
        author_name: author.display_name.clone(),
        text: text.to_owned(),
        after_seq: 2,
        at: NOW,
    }
}

fn is_told(change: &lt_store::Change) -> bool {
    let told = |one: &News| matches!(one, News::Whispered { .. });
    change.news.iter().any(told)
}

#[test]
fn a_leads_word_is_news_to_the_agent_and_no_message() {
    let mut world = World::with_conversation();
    let mut held = conversation(1);
    held.seq = 2;
    held.handler = Handler::Agent { agent: me().id };
    world.feed(SALES, vec![put_conversation(&held)]);
    let before = world.store.messages(conv(1), None, 50).unwrap();
    let said = whispered(900, &colleague(), &me(), "先安抚");
    let change = world.feed(SALES, vec![put(Entity::Whisper(Box::new(said.clone())))]);
    assert!(is_told(&change));
    assert_eq!(world.store.messages(conv(1), None, 50).unwrap(), before);
    assert_eq!(world.store.whispers(conv(1)).unwrap()[0].whisper, said);
    assert_eq!(world.store.line(conv(1)).unwrap().unwrap().mentions, 1);
    world.store.mentions_read(conv(1)).unwrap();
    assert_eq!(world.store.line(conv(1)).unwrap().unwrap().mentions, 0);

    // The answer waits, is sent, and is here once when it comes back.
    let draft = WhisperDraft {
        id: lt_model::id::WhisperId(uuid(901)),
        agent: me().id,
        text: "明白".to_owned(),
    };
    let answer = Action::Whisper {
        conversation_id: conv(1),
        whisper: draft,
    };
    world
        .store
        .save_whisper_draft(conv(1), "明白", NOW)
        .unwrap();
    let op = new_op(world.store.enqueue(answer.clone(), NOW));
    assert_eq!(world.store.whisper_draft(conv(1)).unwrap(), None);
    assert!(world.store.whispers(conv(1)).unwrap()[1].state.is_some());
    let again = world.store.enqueue(answer, NOW).unwrap().0;
    assert_eq!(again, lt_store::Enqueued::AlreadyThere);
    world.store.op_result(op, &DONE, NOW).unwrap();
    let shown = world.store.whispers(conv(1)).unwrap();
    assert!(shown.len() == 2 && shown[1].state.is_none());
    let mut mine = whispered(0, &me(), &me(), "明白");
    mine.id = lt_model::id::WhisperId(uuid(901));
    let change = world.feed(SALES, vec![put(Entity::Whisper(Box::new(mine)))]);
    assert!(!is_told(&change), "one's own words are no news");
    assert_eq!(world.store.whispers(conv(1)).unwrap().len(), 2);
    assert!(world.store.outbox().unwrap().is_empty());
}

#[test]
fn a_refused_whisper_goes_back_to_what_is_being_written_of_one() {
    let mut world = World::new();
    let mut mine = conversation(1);
    mine.handler = Handler::Agent { agent: me().id };
    world.feed(SALES, vec![put_conversation(&mine)]);
    let action = Action::Whisper {
        conversation_id: conv(1),
        whisper: WhisperDraft {
            id: lt_model::id::WhisperId(uuid(901)),
            agent: me().id,
            text: "先别退".to_owned(),
        },
    };
    let op = new_op(world.store.enqueue(action, NOW));
    let refused = OpOutcome::Refused {
        code: Code::IllegalState,
    };
    world.store.op_result(op, &refused, NOW).unwrap();
    let world = world.crash();
    world.store.save_whisper_draft(conv(1), "另", NOW).unwrap();
    world.store.discard(op, NOW).unwrap();
    let draft = world.store.whisper_draft(conv(1)).unwrap();
    assert_eq!(draft.as_deref(), Some("另\n先别退"));
    assert_eq!(world.store.draft(conv(1)).unwrap(), None);
    assert_eq!(world.store.note_draft(conv(1)).unwrap(), None);
}

#[test]
fn the_first_word_of_a_new_stream_is_news_to_a_desk_that_had_the_group() {
    const WHISPERS: u64 = 90;
    for had_group in [true, false] {
        let mut world = World::new();
        if had_group {
            world.feed(SALES, vec![put_conversation(&conversation(1))]);
        }
        let mut streams = heads(&[CONFIG, FAQ, SALES, CARE]);
        streams.push(StreamHead {
            stream: WHISPERS,
            kind: StreamKind::Desk {
                group: group_id(SALES),
                agent: me().id,
            },
            head: 1,
            floor: 0,
        });
        world
            .store
            .set_streams("g1", &streams, 0, &me(), NOW)
            .unwrap();
        let said = whispered(903, &colleague(), &me(), "先安抚");
        let change = world.feed(WHISPERS, vec![put(Entity::Whisper(Box::new(said)))]);
        assert_eq!(is_told(&change), had_group);
    }
}

#[test]
fn a_whisper_is_for_whom_it_was_meant() {
    let world = World::with_conversation();
    as_lead(&world);
    let whisper = Action::Whisper {
        conversation_id: conv(1),
        whisper: WhisperDraft {
            id: lt_model::id::WhisperId(uuid(902)),
            agent: colleague().id,
            text: "先安抚".to_owned(),
        },
    };
    let nobody = world.store.enqueue(whisper, NOW).unwrap_err();
    assert!(
        matches!(nobody, StoreError::Illegal(_)),
        "it waits in the queue"
    );
}
