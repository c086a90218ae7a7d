use lt_model::{id::TicketTypeId, priority::Priority, ticket::TicketState};
use proptest::prelude::*;
use serde_json::json;

use super::{slots::MAX_SLOTS, *};
use crate::{
    teamwork::InboxFilter,
    ticket::{SavedTicketFilter, TicketDue, TicketLayout, TicketScope, TicketSort},
    view::{InboxScope, InboxSort},
};

fn view(name: &str, scope: InboxScope) -> SavedView {
    SavedView {
        name: name.to_owned(),
        scope,
        sort: InboxSort::Waiting,
        filter: InboxFilter::default(),
    }
}

fn save(name: &str, scope: InboxScope) -> PersonalEdit {
    PersonalEdit::SaveView {
        view: view(name, scope),
    }
}

fn remove(name: &str) -> PersonalEdit {
    PersonalEdit::DropView {
        name: name.to_owned(),
    }
}

fn empty() -> AgentSettings {
    AgentSettings::new(uuid::Uuid::from_u128(1).into())
}

#[test]
fn the_later_word_on_a_view_counts_in_whatever_order_they_come() {
    let edits = [
        (save("加急", InboxScope::Queue), 1),
        (save("加急", InboxScope::All), 3),
        (remove("加急"), 2),
        (save("售后", InboxScope::Mine), 2),
        (remove("售后"), 4),
    ];
    let mut forwards = empty();
    edits.iter().for_each(|(edit, at)| forwards.edit(edit, *at));
    let mut backwards = empty();
    let back = edits.iter().rev();
    back.for_each(|(edit, at)| backwards.edit(edit, *at));
    assert_eq!(forwards.shown_views(), [view("加急", InboxScope::All)]);
    assert_eq!(backwards.shown_views(), forwards.shown_views());
}

#[test]
fn a_report_is_wanted_since_it_was_asked_for_whatever_its_hour_became() {
    let day = |hour| Some(ReportPlan::Day { hour });
    let mut mine = empty();
    let mut set = |plan, at| {
        mine.edit(&PersonalEdit::ReportPlan { plan }, at);
        let slot = mine.report.unwrap();
        (slot.plan, slot.since)
    };
    assert_eq!(set(day(8), 10), (day(8), 10));
    assert_eq!(set(day(18), 20), (day(18), 10));
    assert_eq!(set(day(9), 15), (day(18), 10), "an earlier word");
    let week = Some(ReportPlan::Week {
        weekday: 0,
        hour: 8,
    });
    assert_eq!(set(week, 30), (week, 30));
    assert_eq!(set(None, 40), (None, 40));
    assert_eq!(set(day(8), 50), (day(8), 50));
    let unfit = PersonalEdit::ReportPlan { plan: day(24) };
    assert!(!unfit.is_fit());
    // Whoever has set none says nothing of it.
    let json = serde_json::to_value(empty()).unwrap();
    assert_eq!(json.get("report"), None);
}

#[test]
fn there_is_an_end_to_them() {
    let mut many = empty();
    for n in 0..300 {
        many.edit(&save(&format!("视图{n}"), InboxScope::Mine), 1);
    }
    assert_eq!(many.shown_views().len(), MAX_VIEWS);
    for n in 0..300 {
        many.edit(&remove(&format!("视图{n}")), 2 + n);
    }
    assert_eq!((many.shown_views().len(), many.views.len()), (0, MAX_SLOTS));
    assert!(!save(" ", InboxScope::Mine).is_fit());
    assert!(!save(&"长".repeat(41), InboxScope::Mine).is_fit());
}

fn ticket_view(name: &str, query: &str) -> SavedTicketView {
    SavedTicketView {
        name: name.to_owned(),
        layout: TicketLayout::Table,
        scope: TicketScope::Mine,
        sort: TicketSort::Updated,
        reversed: true,
        filter: SavedTicketFilter {
            states: vec![TicketState::Open],
            types: vec![TicketTypeId(uuid::Uuid::from_u128(2))],
            priorities: vec![Priority::High],
            due: Some(TicketDue::Soon),
            query: query.to_owned(),
        },
    }
}

fn save_ticket(name: &str, query: &str, was: Option<&str>) -> PersonalEdit {
    PersonalEdit::SaveTicketView {
        view: ticket_view(name, query),
        was: was.map(str::to_owned),
    }
}

fn drop_ticket(name: &str) -> PersonalEdit {
    PersonalEdit::DropTicketView {
        name: name.to_owned(),
    }
}

fn ticket_names(settings: &AgentSettings) -> Vec<String> {
    let views = settings.shown_ticket_views().into_iter();
    views.map(|view| view.name).collect()
}

#[test]
fn edits_of_ticket_views_have_the_documented_shape() {
    let type_id = "00000000-0000-0000-0000-000000000002";
    let view = json!({"name": "签收异常", "layout": "table", "scope": {"kind": "mine"},
        "sort": "updated", "reversed": true, "filter": {"states": ["open"], "types": [type_id],
            "priorities": ["high"], "due": "soon", "query": "签收"}});
    for (edit, expected) in [
        (
            save_ticket("签收异常", "签收", None),
            json!({"kind": "save_ticket_view", "view": view}),
        ),
        (
            save_ticket("签收异常", "签收", Some("异常")),
            json!({"kind": "save_ticket_view", "view": view, "was": "异常"}),
        ),
        (
            drop_ticket("异常"),
            json!({"kind": "drop_ticket_view", "name": "异常"}),
        ),
    ] {
        assert_eq!(serde_json::to_value(&edit).unwrap(), expected);
        let read: PersonalEdit = serde_json::from_value(expected).unwrap();
        assert_eq!(read, edit);
    }
    // What was kept before there were such views, and before a filter had more to it, is still read.
    let id = uuid::Uuid::from_u128(1);
    let before: AgentSettings = serde_json::from_value(json!({"id": id, "views": []})).unwrap();
    assert_eq!(before, empty());
    let filter: SavedTicketFilter = serde_json::from_value(json!({"query": "签收"})).unwrap();
    assert_eq!((filter.query.as_str(), filter.states), ("签收", vec![]));
    let json = serde_json::to_value(empty()).unwrap();
    assert_eq!(json.get("ticket_views"), None);
}

#[test]
fn a_view_of_the_tickets_keeps_its_place_under_another_name() {
    let mut mine = empty();
    let mut after = |edit: PersonalEdit, at| {
        mine.edit(&edit, at);
        ticket_names(&mine)
    };
    assert_eq!(after(save_ticket("甲", "一", None), 1), ["甲"]);
    after(save_ticket("乙", "二", None), 2);
    assert_eq!(after(save_ticket("丙", "三", None), 3), ["甲", "乙", "丙"]);
    for (edit, at, expected) in [
        (save_ticket("丁", "一", Some("甲")), 4, ["丁", "乙", "丙"]),
        // The name that it had stands elsewhere by now, and does not draw the other one there.
        (save_ticket("甲", "三", Some("丙")), 5, ["丁", "乙", "甲"]),
        // Its own name is no other one.
        (save_ticket("乙", "二", Some("乙")), 8, ["丁", "乙", "甲"]),
    ] {
        assert_eq!(after(edit, at), expected);
    }
    // Removed and brought back it is where it was.
    assert_eq!(after(drop_ticket("乙"), 9), ["丁", "甲"]);
    assert_eq!(after(save_ticket("乙", "二", None), 10), ["丁", "乙", "甲"]);
    // A word from before changes nothing of it.
    assert_eq!(
        after(save_ticket("戊", "二", Some("乙")), 7),
        ["丁", "乙", "戊", "甲"],
        "it was set since, and another name was asked for: both are kept"
    );
}

#[test]
fn ticket_views_have_an_end_and_no_part_in_those_of_the_inbox() {
    let mut many = empty();
    for n in 0..60 {
        many.edit(&save_ticket(&format!("视图{n}"), "", None), n);
    }
    assert_eq!(many.shown_ticket_views().len(), MAX_VIEWS);
    many.edit(&save_ticket("另名", "", Some("视图0")), 100);
    assert_eq!(
        (many.shown_ticket_views().len(), &*ticket_names(&many)[0]),
        (MAX_VIEWS, "另名"),
        "another name needs no more room"
    );
    many.edit(&save_ticket("再来", "", Some("没有的")), 101);
    assert_eq!(many.shown_ticket_views().len(), MAX_VIEWS);
    many.edit(&save("视图1", InboxScope::Mine), 102);
    many.edit(&remove("视图1"), 103);
    assert!(ticket_names(&many).contains(&"视图1".to_owned()));
    for n in 0..300 {
        many.edit(&drop_ticket(&format!("视图{n}")), 200 + n);
    }
    assert_eq!(ticket_names(&many), ["另名"]);
    assert_eq!(many.ticket_views.len(), MAX_SLOTS);
    for (edit, is_fit) in [
        (save_ticket("异常", &"字".repeat(200), None), true),
        (save_ticket("异常", &"字".repeat(201), None), false),
        (save_ticket(" ", "", None), false),
        (save_ticket(&"长".repeat(41), "", None), false),
        (save_ticket("异常", "", Some("")), false),
        (drop_ticket(""), false),
    ] {
        assert_eq!(edit.is_fit(), is_fit, "{edit:?}");
    }
    let mut endless = ticket_view("异常", "");
    endless.filter.priorities = vec![Priority::Low; 101];
    let (view, was) = (endless, None);
    assert!(!PersonalEdit::SaveTicketView { view, was }.is_fit());
}

fn any_edit() -> impl Strategy<Value = PersonalEdit> {
    let name = || prop_oneof![Just("甲"), Just("乙"), Just("丙"), Just("丁")];
    prop_oneof![
        (name(), "[a-c]", proptest::option::of(name()))
            .prop_map(|(name, query, was)| save_ticket(name, &query, was)),
        name().prop_map(drop_ticket),
    ]
}

proptest! {
    #[test]
    fn desks_agree_on_ticket_views_in_whatever_order_the_edits_come(
        (edits, order) in proptest::collection::vec(any_edit(), 0..12).prop_flat_map(|edits| {
            let order: Vec<usize> = (0..edits.len()).collect();
            (Just(edits), Just(order).prop_shuffle())
        }),
    ) {
        let [mut one, mut other] = [empty(), empty()];
        for (at, edit) in (0..).zip(&edits) {
            one.edit(edit, at);
        }
        for n in order {
            other.edit(&edits[n], Millis::try_from(n).unwrap());
        }
        let by_name = |settings: &AgentSettings| {
            let mut views = settings.shown_ticket_views();
            views.sort_by(|one, other| one.name.cmp(&other.name));
            views
        };
        prop_assert_eq!(by_name(&one), by_name(&other));
    }
}
