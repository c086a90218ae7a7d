//! Views of the tickets that an agent keeps by name: here at once, then as the server has them.

use lt_model::{id::AgentId, priority::Priority};
use lt_protocol::{
    code::Code,
    event::Tag,
    personal::{AgentSettings, MAX_VIEWS, PersonalEdit},
    sync::{Action, Entity, OpOutcome},
    ticket::{SavedTicketFilter, SavedTicketView, TicketLayout, TicketScope, TicketSort},
};
use lt_store::{Enqueued, OpState, StoreError};

use crate::world::{NOW, SALES, World, me, new_op, put, uuid};

fn view(name: &str, query: &str) -> SavedTicketView {
    SavedTicketView {
        name: name.to_owned(),
        layout: TicketLayout::Table,
        scope: TicketScope::Waiting,
        sort: TicketSort::Created,
        reversed: true,
        filter: SavedTicketFilter {
            priorities: vec![Priority::Urgent],
            query: query.to_owned(),
            ..SavedTicketFilter::default()
        },
    }
}

fn save(name: &str, query: &str, was: Option<&str>) -> PersonalEdit {
    PersonalEdit::SaveTicketView {
        view: view(name, query),
        was: was.map(str::to_owned),
    }
}

fn remove(name: &str) -> PersonalEdit {
    PersonalEdit::DropTicketView {
        name: name.to_owned(),
    }
}

fn act(edit: PersonalEdit) -> Action {
    Action::EditPersonal { edits: vec![edit] }
}

fn names(world: &World) -> Vec<String> {
    let views = world.store.ticket_views().unwrap().into_iter();
    views.map(|view| view.name).collect()
}

#[test]
fn views_of_the_tickets_are_here_at_once_and_the_servers_in_the_end() {
    let world = World::new();
    let op = new_op(world.store.enqueue(act(save("异常", "签收", None)), NOW));
    let (again, _) = world
        .store
        .enqueue(act(save("异常", "签收", None)), NOW + 1)
        .unwrap();
    assert_eq!(again, Enqueued::AlreadyThere);
    assert_eq!(world.store.ticket_views().unwrap(), [view("异常", "签收")]);
    assert_eq!(world.store.views().unwrap(), [], "none of the inbox");
    let mut world = world.crash();
    assert_eq!(names(&world), ["异常"], "after a crash too");
    // Another desk of the agent kept one before.
    let mut settings = AgentSettings::new(me().id);
    settings.edit(&save("退款", "", None), NOW - 1);
    let row = |settings: &AgentSettings| put(Entity::AgentSettings(Box::new(settings.clone())));
    let change = world.feed(SALES, vec![row(&settings)]);
    assert!(change.tags.contains(&Tag::Personal));
    assert_eq!(names(&world), ["退款", "异常"]);
    let done = OpOutcome::Done { at: NOW };
    world.store.op_result(op, &done, NOW).unwrap();
    assert_eq!(names(&world), ["退款", "异常"], "answered, not yet told");
    settings.edit(&save("异常", "签收", None), NOW);
    world.feed(SALES, vec![row(&settings)]);
    assert_eq!(world.store.outbox().unwrap().len(), 0);
    let after = |edit, at| {
        world.store.enqueue(act(edit), at).unwrap();
        names(&world)
    };
    let renamed = after(save("到账", "", Some("退款")), NOW + 2);
    assert_eq!(renamed, ["到账", "异常"]);
    assert_eq!(after(remove("到账"), NOW + 3), ["异常"]);
    let back = after(save("到账", "", None), NOW + 4);
    assert_eq!(back, ["到账", "异常"], "in its place");
    let (none, _) = world.store.enqueue(act(remove("没有")), NOW).unwrap();
    assert_eq!(none, Enqueued::AlreadyThere);
    world.store.check().unwrap();
}

#[test]
fn what_a_server_refuses_is_seen_and_keeps_nothing_else_back() {
    let mut world = World::with_conversation();
    let op = new_op(world.store.enqueue(act(save("异常", "签收", None)), NOW));
    world.send(100, 2, "您好");
    let refused = OpOutcome::Refused {
        code: Code::BadRequest,
    };
    world.store.op_result(op, &refused, NOW).unwrap();
    let outbox = world.store.outbox().unwrap();
    let states: Vec<_> = outbox
        .iter()
        .map(|entry| (entry.op.id, entry.state))
        .collect();
    assert_eq!(states[0], (op, OpState::Refused(Code::BadRequest)));
    assert_eq!(states.len(), 2);
    let waits = world.store.queue(0, 10).unwrap();
    assert_eq!(waits.len(), 1, "the reply still goes");
    assert_eq!(names(&world), [""; 0]);
    // Settings that come later leave it where it can be seen.
    let settings = AgentSettings::new(me().id);
    world.feed(SALES, vec![put(Entity::AgentSettings(Box::new(settings)))]);
    assert_eq!(world.store.outbox().unwrap().len(), 2);
}

#[test]
fn unfit_views_are_not_kept_and_those_of_others_are_not_shown() {
    let mut world = World::new();
    let edits = [
        save(" ", "", None),
        save(&"长".repeat(41), "", None),
        save("异常", &"字".repeat(201), None),
        save("异常", "", Some("")),
    ];
    for edit in edits {
        let done = world.store.enqueue(act(edit.clone()), NOW);
        assert!(matches!(done, Err(StoreError::Forbidden)), "{edit:?}");
    }
    let mut others = AgentSettings::new(AgentId(uuid(77)));
    others.edit(&save("别人的", "", None), NOW);
    world.feed(SALES, vec![put(Entity::AgentSettings(Box::new(others)))]);
    assert_eq!(names(&world), [""; 0]);
    for n in 0..MAX_VIEWS {
        let edit = save(&format!("视图{n}"), "", None);
        world.store.enqueue(act(edit), NOW).unwrap();
    }
    let (more, _) = world
        .store
        .enqueue(act(save("一个", "", None)), NOW)
        .unwrap();
    assert_eq!(more, Enqueued::AlreadyThere, "there is an end to them");
    assert_eq!(names(&world).len(), MAX_VIEWS);
}
