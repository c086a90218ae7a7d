//! Notes, taking back, canned replies and filters at one desk.

use lt_model::{
    canned::{Canned, CannedDraft, CannedEdit, CannedScope},
    change::EntityKind,
    conversation::Handler,
    id::CannedId,
    message::{Content, Delivery, Message, RECALL_WINDOW_MS},
    priority::Priority,
};
use lt_protocol::{
    code::Code,
    sync::{Action, Entity, OpOutcome},
    teamwork::InboxFilter,
    view::{InboxScope, InboxSort},
};
use lt_store::{News, StoreError, Window};

use crate::world::{
    CONFIG, NOW, SALES, World, colleague, conv, conversation, del, me, msg, new_op, put,
    put_conversation, sent_message, uuid,
};

const DONE: OpOutcome = OpOutcome::Done { at: NOW + 5 };
const REFUSED: OpOutcome = OpOutcome::Refused {
    code: Code::IllegalState,
};

fn note(n: u64, text: &str) -> Action {
    Action::AddNote {
        conversation_id: conv(1),
        message_id: msg(n),
        text: text.to_owned(),
        mentions: vec![colleague().id],
    }
}

fn recall(n: u64) -> Action {
    Action::Recall {
        conversation_id: conv(1),
        message_id: msg(n),
    }
}

/// A note of the colleague that names the agent.
fn theirs(n: u64, seq: u64) -> Message {
    let mut message = sent_message(n, 1, seq, "");
    if let lt_model::message::Author::Agent { agent, .. } = &mut message.author {
        *agent = colleague().id;
    }
    message.content = Content::Note {
        text: "看一下".to_owned(),
        mentions: vec![me().id],
    };
    message
}

#[test]
fn a_note_waits_like_a_reply_and_takes_nothing() {
    let world = World::with_conversation();
    world.store.save_draft(conv(1), "给客户的", NOW).unwrap();
    world.store.save_note_draft(conv(1), "先别", NOW).unwrap();
    let op_id = new_op(world.store.enqueue(note(100, "先别退"), NOW));
    assert_eq!(world.store.note_draft(conv(1)).unwrap(), None);
    let draft = world.store.draft(conv(1)).unwrap();
    assert_eq!(
        draft.as_deref(),
        Some("给客户的"),
        "another text altogether"
    );
    let stored = world.store.message(msg(100)).unwrap().unwrap();
    assert!(stored.message.is_note() && stored.message.text().is_none());
    let line = world.store.line(conv(1)).unwrap().unwrap();
    assert_eq!(line.handler, Handler::Queue);
    let last = line.last.unwrap();
    assert_eq!(
        last.text, "我要退款",
        "lists show what customer and shop say"
    );
    world.store.check().unwrap();

    // Refused, its text goes back to the note, never to what the customer is to read.
    world.store.op_result(op_id, &REFUSED, NOW).unwrap();
    let world = world.crash();
    world.store.save_note_draft(conv(1), "另", NOW).unwrap();
    world.store.discard(op_id, NOW).unwrap();
    let note = world.store.note_draft(conv(1)).unwrap();
    assert_eq!(note.as_deref(), Some("另\n先别退"));
    let draft = world.store.draft(conv(1)).unwrap();
    assert_eq!(draft.as_deref(), Some("给客户的"));
    assert!(world.store.message(msg(100)).unwrap().is_none());
    world.store.check().unwrap();
}

#[test]
fn a_note_that_names_me_is_news_until_i_look() {
    let mut world = World::with_conversation();
    let change = world.feed(SALES, vec![put(Entity::Message(theirs(50, 3)))]);
    let named = News::Mentioned {
        conversation_id: conv(1),
        message_id: msg(50),
    };
    assert!(change.news.contains(&named), "{:?}", change.news);
    assert_eq!(world.store.line(conv(1)).unwrap().unwrap().mentions, 1);
    world.store.mentions_read(conv(1)).unwrap();
    assert_eq!(world.store.line(conv(1)).unwrap().unwrap().mentions, 0);
    // The same row again is none.
    let again = world.feed(SALES, vec![put(Entity::Message(theirs(50, 3)))]);
    assert!(!again.news.contains(&named));
    // Taken back before it was looked at, it is none any more.
    world.feed(SALES, vec![put(Entity::Message(theirs(51, 4)))]);
    let mut taken = theirs(51, 4);
    taken.delivery = Delivery::Recalled;
    world.feed(SALES, vec![put(Entity::Message(taken))]);
    assert_eq!(world.store.line(conv(1)).unwrap().unwrap().mentions, 0);
    world.store.check().unwrap();
}

#[test]
fn taking_back_shows_at_once_and_is_undone_where_the_server_refuses() {
    let mut world = World::with_conversation();
    let mine = sent_message(60, 1, 3, "发错了");
    let late = Message {
        at: NOW - RECALL_WINDOW_MS - 1,
        ..sent_message(61, 1, 4, "很久以前")
    };
    world.feed(
        SALES,
        vec![
            put(Entity::Message(mine.clone())),
            put(Entity::Message(late)),
        ],
    );
    let delivery = |world: &World, n| {
        let stored = world.store.message(msg(n)).unwrap().unwrap();
        stored.message.delivery
    };
    for (n, fits) in [(1, "another's"), (61, "too late"), (99, "none")] {
        assert!(world.store.enqueue(recall(n), NOW).is_err(), "{fits}");
    }
    let op_id = new_op(world.store.enqueue(recall(60), NOW));
    assert_eq!(delivery(&world, 60), Delivery::Recalled);
    let page = world.store.messages(conv(1), None, 50).unwrap();
    assert!(
        page.iter()
            .any(|one| one.message.id == msg(60) && one.message.delivery == Delivery::Recalled)
    );
    world.store.op_result(op_id, &REFUSED, NOW).unwrap();
    assert_eq!(delivery(&world, 60), Delivery::Sent);
    world.store.discard(op_id, NOW).unwrap();

    let op_id = new_op(world.store.enqueue(recall(60), NOW));
    world.store.op_result(op_id, &DONE, NOW).unwrap();
    assert_eq!(
        delivery(&world, 60),
        Delivery::Recalled,
        "until the feed brings it"
    );
    let taken = Message {
        delivery: Delivery::Recalled,
        ..mine
    };
    let mut told = conversation(1);
    told.seq = 5;
    world.feed(
        SALES,
        vec![put(Entity::Message(taken)), put_conversation(&told)],
    );
    assert_eq!(delivery(&world, 60), Delivery::Recalled);
    let already = world.store.enqueue(recall(60), NOW).unwrap().0;
    assert_eq!(already, lt_store::Enqueued::AlreadyThere);
    world.store.check().unwrap();
}

fn draft(title: &str, scope: CannedScope) -> CannedDraft {
    CannedDraft {
        scope,
        title: title.to_owned(),
        text: "三天内到账".to_owned(),
        ..CannedDraft::default()
    }
}

fn canned(n: u64, title: &str) -> Canned {
    Canned {
        id: CannedId(uuid(n)),
        edition: 1,
        draft: draft(title, CannedScope::All),
        used: 3,
        by: "阿敏".to_owned(),
        at: NOW,
    }
}

fn titles(world: &World) -> Vec<String> {
    let all = world.store.canned().unwrap().into_iter();
    all.map(|one| one.draft.title).collect()
}

#[test]
fn canned_replies_come_and_go_with_the_feed_and_ones_own_stay() {
    let mut world = World::new();
    let put_canned = |one: &Canned| put(Entity::Canned(Box::new(one.clone())));
    world.feed(CONFIG, vec![put_canned(&canned(1, "退款到账"))]);
    let own = CannedEdit {
        id: CannedId(uuid(9)),
        base: 0,
        draft: draft("我的", CannedScope::Own),
    };
    world.store.save_own_canned(&own, NOW).unwrap();
    assert_eq!(titles(&world), ["我的", "退款到账"]);
    // An agent writes for nobody else, not even in the outbox.
    let save = Action::SaveCanned { items: vec![own] };
    assert!(matches!(
        world.store.enqueue(save, NOW),
        Err(StoreError::Forbidden)
    ));
    let id = CannedId(uuid(1));
    world.feed(CONFIG, vec![del(EntityKind::Canned, id)]);
    assert_eq!(titles(&world), ["我的"]);
    world.store.reset_cache(NOW).unwrap();
    assert_eq!(titles(&world), ["我的"], "it is nowhere else");
    assert!(
        world
            .store
            .remove_own_canned(CannedId(uuid(9)), NOW)
            .unwrap()
    );
    assert!(titles(&world).is_empty());
}

#[test]
fn a_filter_leaves_what_has_all_of_it() {
    let mut world = World::new();
    let rows = (1..=6).map(|n| {
        let mut one = conversation(n);
        one.priority = if n % 2 == 0 {
            Priority::Urgent
        } else {
            Priority::Normal
        };
        if n <= 4 {
            one.properties.tags.insert("退款".to_owned());
        }
        if n <= 2 {
            one.properties.tags.insert("大促".to_owned());
        }
        put_conversation(&one)
    });
    let rows = rows.collect();
    world.feed(SALES, rows);
    let left = |filter: &InboxFilter, window: Window| {
        let found = world
            .store
            .inbox_narrowed(InboxScope::All, InboxSort::Waiting, filter, window);
        let (lines, counts, n) = found.unwrap();
        assert_eq!(counts.all, 6, "the counts of scopes are of the whole");
        (lines.len(), n)
    };
    let tags = |tags: &[&str]| InboxFilter {
        tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
        ..InboxFilter::default()
    };
    assert_eq!(left(&InboxFilter::default(), Window::ALL), (6, 6));
    assert_eq!(left(&tags(&["退款"]), Window::ALL), (4, 4));
    assert_eq!(left(&tags(&["退款", "大促"]), Window::ALL), (2, 2));
    assert_eq!(left(&tags(&["没有"]), Window::ALL), (0, 0));
    let urgent = InboxFilter {
        priorities: vec![Priority::Urgent],
        ..tags(&["退款"])
    };
    assert_eq!(left(&urgent, Window::ALL), (2, 2));
    let one = Window {
        offset: 1,
        limit: 1,
    };
    assert_eq!(
        left(&urgent, one),
        (1, 2),
        "a window, and how many there are"
    );
    let elsewhere = InboxFilter {
        category: Some("售前".to_owned()),
        ..InboxFilter::default()
    };
    assert_eq!(left(&elsewhere, Window::ALL), (0, 0));
    let group = InboxFilter {
        group: Some(conversation(1).group_id),
        channel: Some(lt_model::contact::ChannelKind::Web),
        ..InboxFilter::default()
    };
    assert_eq!(left(&group, Window::ALL), (6, 6));
    let unread = InboxFilter {
        unread: true,
        ..InboxFilter::default()
    };
    assert_eq!(left(&unread, Window::ALL), (0, 0));
    let mut open = world.store.open_tags().unwrap();
    open.sort();
    assert_eq!(
        open,
        [
            (vec!["大促".to_owned(), "退款".to_owned()], 2),
            (vec!["退款".to_owned()], 2),
        ]
    );
}
