//! What lists and searches tell of tickets and of what was taken back.

use std::collections::BTreeMap;

use lt_model::{
    hours::BusinessHours,
    id::{HoursId, TicketId},
    message::{Author, Delivery, Message},
    priority::Priority,
    ticket::{
        Ticket, TicketCustomer, TicketPerson, TicketType, TicketValue,
        moves::{Act, NewTicket},
        standard,
    },
};
use lt_protocol::sync::Entity;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::{NOW, Story, World, agent_id, contact_id, group_id, message_id};

const ORDER: &str = "LX20261105007213";

fn kind() -> TicketType {
    let mut n = 0xf000;
    let mut types = standard::types(|| {
        n += 1;
        Uuid::from_u128(n).into()
    });
    types.swap_remove(0).kind
}

fn ticket(kind: &TicketType) -> Ticket {
    let text = |text: &str| TicketValue::Choice(text.to_owned());
    let new = NewTicket {
        id: TicketId(Uuid::from_u128(0xf100)),
        title: "换货，电话13812345678".to_owned(),
        priority: Priority::Normal,
        group: group_id(1),
        from: None,
        customer: Some(TicketCustomer {
            contact_id: contact_id(1),
            name: "欧阳娜娜".to_owned(),
            tier: lt_model::contact::ValueTier::Normal,
        }),
        conversation: None,
        values: BTreeMap::from([
            ("order".to_owned(), TicketValue::Text(ORDER.to_owned())),
            ("request".to_owned(), text("换货")),
            ("reason".to_owned(), text("发错货")),
        ]),
        note: String::new(),
    };
    let by = TicketPerson {
        agent: agent_id(1),
        name: "林晓".to_owned(),
    };
    let act = Act {
        by: &by,
        groups: &[group_id(1)],
        may_supervise: false,
        hours: &BusinessHours::always(HoursId(Uuid::nil())),
        now: NOW,
        op: None,
    };
    Ticket::create(new, 817, kind, &act).unwrap()
}

async fn with_ticket() -> World {
    let mut world = World::new().await;
    let kind = kind();
    let ticket = ticket(&kind);
    world.config(vec![Entity::TicketType(Box::new(kind))]);
    world.group_rows(vec![Entity::Ticket(Box::new(ticket))]);
    world
}

fn filter(query: &str) -> Value {
    json!({"scope": {"kind": "all"}, "states": [], "types": [], "priorities": [], "due": null,
        "query": query, "contact_id": null, "conversation_id": null})
}

async fn search(world: &World, query: &str) -> Value {
    let args = json!({"query": query, "kind": null, "from": null, "until": null,
        "channel": null, "author": null, "order": "best", "offset": 0, "limit": 50});
    world.ask("search.find", args).await.unwrap()
}

/// Waits until the index has what was stored.
async fn indexed(world: &World, query: &str) -> Value {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(120);
    loop {
        let page = search(world, query).await;
        if page["total"] != 0 {
            return page;
        }
        assert!(std::time::Instant::now() < end, "the index follows");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_list_of_tickets_tells_nothing_of_a_part_of_what_is_masked() {
    let world = with_ticket().await;
    for (query, n) in [
        ("换货", 1),
        ("T-00817", 1),
        ("817", 1),
        ("1381234", 0),
        ("5678", 1),
        ("13812345678", 1),
        ("娜娜", 0),
        ("欧阳", 1),
        ("欧阳娜娜", 1),
        ("换货 娜娜", 0),
    ] {
        let args = json!({"filter": filter(query), "sort": "due", "reversed": false,
            "offset": 0, "limit": 10});
        let page = world.ask("ticket.list", args).await.unwrap();
        assert_eq!(page["total"], n, "{query}: {page}");
        assert_eq!(page["rows"].as_array().unwrap().len(), n, "{query}");
        let args = json!({"filter": filter(query), "sort": "due", "limit": 10});
        let board = world.ask("ticket.board", args).await.unwrap();
        let columns = board["columns"].as_array().unwrap().iter();
        let total: u64 = columns
            .map(|column| column["total"].as_u64().unwrap())
            .sum();
        assert_eq!(total, n as u64, "{query}: {board}");
    }
}

#[tokio::test]
async fn a_ticket_is_found_by_its_order_and_shows_it_masked() {
    let world = with_ticket().await;
    let page = indexed(&world, ORDER).await;
    let hit = &page["items"][0];
    assert_eq!(hit["kind"], "ticket", "{page}");
    assert!(!page.to_string().contains(ORDER), "{page}");
    for part in ["LX2026110500", "20261105007213", "138123456"] {
        let page = search(&world, part).await;
        assert_eq!(page["total"], 0, "{part}: {page}");
    }
    assert_eq!(search(&world, "换货").await["total"], 1);
}

#[tokio::test]
async fn what_was_taken_back_stands_in_no_list_and_is_not_found() {
    let mut world = World::new().await;
    let story = Story::mine(1, "在吗");
    world.conversation(&story);
    let author = Author::Agent {
        agent: agent_id(1),
        name: "林晓".to_owned(),
        source: None,
    };
    let said = story.message(900, 2, author, "这是内部价格");
    world.group_rows(vec![
        Entity::Conversation(Box::new(story.row(2))),
        Entity::Message(said.clone()),
    ]);
    assert_eq!(indexed(&world, "内部价格").await["total"], 1);
    let rows = json!({"scope": "mine", "sort": "waiting", "offset": 0, "limit": 10,
        "filter": {}});
    let list = world.ask("inbox.list", rows.clone()).await.unwrap();
    assert_eq!(list["rows"][0]["last_text"], "这是内部价格");
    let taken = Message {
        delivery: Delivery::Recalled,
        ..said
    };
    assert_eq!(taken.id, message_id(900));
    world.group_rows(vec![Entity::Message(taken)]);
    let list = world.ask("inbox.list", rows).await.unwrap();
    assert_eq!(list["rows"][0]["last_text"], "在吗");
    let end = std::time::Instant::now() + std::time::Duration::from_secs(120);
    while search(&world, "内部价格").await["total"] != 0 {
        assert!(std::time::Instant::now() < end, "the index follows");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn notes_of_colleagues_and_forms_are_found_and_shown_masked() {
    let mut world = with_ticket().await;
    let story = Story::queued(1, "在吗");
    world.conversation(&story);
    let colleague = Author::Agent {
        agent: agent_id(2),
        name: "同事".to_owned(),
        source: None,
    };
    let mut note = story.message(901, 2, colleague, "");
    note.content = lt_model::message::Content::Note {
        text: "客户情绪激动，回电13812345678".to_owned(),
        mentions: Vec::new(),
    };
    world.group_rows(vec![Entity::Message(note)]);
    let page = indexed(&world, "情绪激动").await;
    let hit = &page["items"][0];
    assert_eq!(
        (&hit["kind"], &hit["note"]),
        (&json!("message"), &json!(true))
    );
    assert!(!page.to_string().contains("13812345678"), "{page}");
    // A choice of the form.
    let page = indexed(&world, "发错货").await;
    assert_eq!(page["items"][0]["kind"], "ticket", "{page}");
}

#[tokio::test]
async fn what_is_done_to_one_says_what_takes_it_back() {
    let world = with_ticket().await;
    let id = TicketId(Uuid::from_u128(0xf100));
    let move_to = |from: &str, to: &str| json!({"ticket_id": id, "from": from, "to": to, "note": "等客户", "until": null});
    let patch = |change: Value| {
        let mut args = json!({"ticket_id": id, "title": null, "priority": null, "values": []});
        for (key, value) in change.as_object().unwrap() {
            args[key] = value.clone();
        }
        args
    };
    for (name, args, undo) in [
        // It was new: nothing leads back there.
        (
            "ticket.claim",
            json!({"ticket_id": id}),
            json!({"act": "release"}),
        ),
        (
            "ticket.move",
            move_to("open", "pending_customer"),
            json!({"act": "move", "to": "open"}),
        ),
        (
            "ticket.patch",
            patch(json!({"priority": {"rev": 0, "to": "urgent"}})),
            json!({"act": "priority", "priority": "normal"}),
        ),
        (
            "ticket.patch",
            patch(json!({"title": {"rev": 0, "to": "换货"}})),
            Value::Null,
        ),
        (
            "ticket.comment",
            json!({"ticket_id": id, "text": "在查", "mentions": []}),
            Value::Null,
        ),
        (
            "ticket.release",
            json!({"ticket_id": id}),
            json!({"act": "assign", "agent_id": agent_id(1)}),
        ),
    ] {
        let view = world.ask(name, args).await.unwrap();
        assert_eq!(view["undo"], undo, "{name}");
        let args = json!({"ticket_id": id});
        let looked = world.ask("ticket.get", args).await.unwrap();
        assert_eq!(looked["undo"], Value::Null, "to look does nothing");
    }
    let back = json!({"undo": [{"id": id, "act": {"act": "assign", "agent_id": agent_id(1)}}]});
    let undone = world.ask("ticket.bulk_undo", back).await.unwrap();
    assert_eq!(undone["done"], 1);
    let view = world
        .ask("ticket.get", json!({"ticket_id": id}))
        .await
        .unwrap();
    assert_eq!(view["row"]["mine"], true);
}

#[tokio::test]
async fn the_same_act_on_many_is_looked_at_done_and_taken_back() {
    let world = with_ticket().await;
    let id = TicketId(Uuid::from_u128(0xf100));
    let gone = TicketId(Uuid::from_u128(0xf1ff));
    let bulk =
        |act: Value, preview: bool| json!({"ids": [id, gone], "act": act, "preview": preview});
    let claim = json!({"act": "claim"});
    let looked = world
        .ask("ticket.bulk", bulk(claim.clone(), true))
        .await
        .unwrap();
    assert_eq!((&looked["done"], &looked["undo"]), (&json!(1), &json!([])));
    assert_eq!(looked["refused"][0]["code"], "not_found");
    let view = world
        .ask("ticket.get", json!({"ticket_id": id}))
        .await
        .unwrap();
    assert_eq!(view["row"]["assignee"], "", "a look does nothing");
    let done = world
        .ask("ticket.bulk", bulk(claim.clone(), false))
        .await
        .unwrap();
    assert_eq!(done["undo"], json!([{"id": id, "act": {"act": "release"}}]));
    let again = world.ask("ticket.bulk", bulk(claim, true)).await.unwrap();
    assert_eq!((&again["done"], &again["same"]), (&json!(0), &json!(1)));
    let undone = world
        .ask("ticket.bulk_undo", json!({"undo": done["undo"]}))
        .await
        .unwrap();
    assert_eq!(undone["done"], 1);
    let view = world
        .ask("ticket.get", json!({"ticket_id": id}))
        .await
        .unwrap();
    assert_eq!(view["row"]["assignee"], "");
    let urgent = json!({"act": "priority", "priority": "urgent"});
    let done = world.ask("ticket.bulk", bulk(urgent, false)).await.unwrap();
    let back = json!([{"id": id, "act": {"act": "priority", "priority": "normal"}}]);
    assert_eq!(done["undo"], back);
    let group = Uuid::from_u128(0xfeed);
    let back = json!([{"id": gone, "act": {"act": "take_back", "department_id": group}}]);
    let asked = world
        .ask("ticket.bulk_undo", json!({"undo": back}))
        .await
        .unwrap();
    assert_eq!(
        (&asked["done"], &asked["asked"], &asked["refused"]),
        (&json!(0), &json!(1), &json!([])),
        "nobody here knows what became of what has left"
    );
    // No more at once than there may be.
    let many: Vec<TicketId> = (0..501).map(|n| TicketId(Uuid::from_u128(n))).collect();
    let all = json!({"ids": many, "act": {"act": "claim"}, "preview": true});
    let refused = world.ask("ticket.bulk", all).await.unwrap_err();
    assert_eq!(refused.code, lt_protocol::code::Code::TooLarge);
}
