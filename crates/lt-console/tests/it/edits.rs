//! Properties and conflicts over them, as a window edits and shows them.

use lt_model::{
    id::OpId,
    merge::Authority,
    priority::Priority,
    properties::{Conflict, Field, FieldValue},
};
use lt_protocol::{
    code::Code,
    event::{NoticeCode, UiEvent},
    sync::{Action, Entity, OpOutcome},
};
use serde_json::{Value, json};

use crate::world::{NOW, Story, World, conversation_id};

const PHONE: &str = "13812345678";
const MASKED: &str = "138****5678";

fn id() -> Value {
    json!({"conversation_id": conversation_id(1)})
}

fn patch(change: Value) -> Value {
    let mut args = json!({"conversation_id": conversation_id(1), "priority": null, "category": null,
        "add_tags": [], "remove_tags": []});
    for (name, value) in change.as_object().unwrap() {
        args[name] = value.clone();
    }
    args
}

/// The only waiting operation.
fn waiting(world: &World) -> (OpId, Action) {
    let mut outbox = world.store().outbox().unwrap();
    assert_eq!(outbox.len(), 1, "{outbox:?}");
    let op = outbox.remove(0).op;
    (op.id, op.action)
}

#[tokio::test]
async fn properties_are_edited_here_and_shown_at_once() {
    let mut world = World::new().await;
    world.conversation(&Story::mine(1, "在吗"));
    let edit = json!({"priority": {"rev": 0, "base": "normal", "mine": "urgent"},
        "category": {"rev": 0, "base": "", "mine": "售后/退款"}, "add_tags": ["催单", "老客"]});
    let view = world.ask("conversation.patch", patch(edit)).await.unwrap();
    assert_eq!(view["row"]["priority"], "urgent");
    assert_eq!(view["row"]["category"], "售后/退款");
    assert_eq!(view["properties"]["tags"], json!(["催单", "老客"]));
    assert_eq!(view["properties"]["pending"], true);
    assert_eq!(view["properties"]["editable"], true);
    let outbox = world.ask("outbox.list", json!({})).await.unwrap();
    let item = &outbox["items"][0];
    assert_eq!(item["kind"], "conversation.patch");
    assert_eq!(item["fields"], json!(["priority", "category", "tags"]));
    assert_eq!(item["number"], "C-10001");
    let copied = world
        .ask("outbox.copy", json!({"op_id": item["op_id"]}))
        .await;
    assert_eq!(copied.unwrap_err().code, Code::NotFound, "it has no text");
    let removed = patch(json!({"remove_tags": ["催单", "不在"]}));
    let view = world.ask("conversation.patch", removed).await.unwrap();
    assert_eq!(view["properties"]["tags"], json!(["老客"]));
    // A customer's number is no tag.
    let number = patch(json!({"add_tags": [format!("电话{PHONE}")]}));
    let error = world.ask("conversation.patch", number).await.unwrap_err();
    assert_eq!(error.code, Code::BadRequest);
}

#[tokio::test]
async fn a_summary_shows_masked_and_keeps_what_is_behind_the_mask() {
    let mut world = World::new().await;
    let mut row = Story::mine(1, "在吗").row(1);
    world.conversation(&Story::mine(1, "在吗"));
    row.properties.summary = format!("回电{PHONE}");
    row.properties.summary_mark.rev = 1;
    world.group_rows(vec![Entity::Conversation(Box::new(row))]);
    let view = world.ask("conversation.get", id()).await.unwrap();
    assert_eq!(view["properties"]["summary"], format!("回电{MASKED}"));
    let begun = world.ask("summary.edit", id()).await.unwrap();
    assert_eq!(begun["text"], format!("回电{MASKED}"));
    let mut draft = id();
    draft["text"] = json!(format!("先核实\n回电{MASKED}，下午"));
    world.ask("summary.draft", draft.clone()).await.unwrap();
    let view = world.ask("conversation.get", id()).await.unwrap();
    assert_eq!(view["properties"]["draft"], draft["text"]);
    let view = world.ask("summary.save", draft).await.unwrap();
    assert_eq!(
        view["properties"]["summary"],
        format!("先核实\n回电{MASKED}，下午")
    );
    assert_eq!(view["properties"]["draft"], Value::Null);
    let (_, action) = waiting(&world);
    let Action::PatchConversation { patch, .. } = action else {
        panic!("an edit: {action:?}");
    };
    let edit = patch.summary.unwrap();
    assert_eq!(edit.base, format!("回电{PHONE}"));
    assert_eq!(edit.mine, format!("先核实\n回电{PHONE}，下午"));
}

#[tokio::test]
async fn a_conflict_is_told_shown_masked_and_ended_by_merging() {
    let mut world = World::new().await;
    world.conversation(&Story::mine(1, "在吗"));
    world.ask("summary.edit", id()).await.unwrap();
    let mut text = id();
    text["text"] = json!(format!("我的{PHONE}"));
    world.ask("summary.save", text).await.unwrap();
    let (op_id, _) = waiting(&world);
    let value = |text: String| FieldValue::Summary(text);
    let conflict = Conflict {
        base: value(String::new()),
        mine: value(format!("我的{PHONE}")),
        theirs: value("对方的".to_owned()),
        rev: 1,
        authority: Authority::Lead,
        by: "班长".to_owned(),
        at: NOW,
    };
    let outcome = OpOutcome::Partial {
        at: NOW,
        applied: vec![],
        conflicts: vec![conflict],
    };
    world.store().op_result(op_id, &outcome, NOW).unwrap();
    let told = |event: &UiEvent| {
        matches!(
            event,
            UiEvent::Notice {
                code: NoticeCode::EditConflict
            }
        )
    };
    world.event(told).await;
    let strip = world.ask("connection.get", json!({})).await.unwrap();
    assert_eq!(
        (&strip["conflicts"], &strip["pending"]),
        (&json!(1), &json!(0))
    );
    let view = world.ask("conversation.get", id()).await.unwrap();
    assert_eq!(view["properties"]["conflicts"], json!(["summary"]));
    assert_eq!(view["row"]["conflict"], true);
    let outbox = world.ask("outbox.list", json!({})).await.unwrap();
    let shown = &outbox["conflicts"][0];
    let summary = |text: &str| json!({"field": "summary", "value": text});
    assert_eq!(shown["mine"], summary(&format!("我的{MASKED}")));
    assert_eq!(shown["theirs"], summary("对方的"));
    assert_eq!(shown["merged"], summary(&format!("对方的\n我的{MASKED}")));
    assert_eq!(
        (&shown["by"], &shown["authority"]),
        (&json!("班长"), &json!("lead"))
    );

    let mut end = id();
    end["field"] = json!(Field::Summary);
    end["choice"] = json!({"kind": "merged",
        "value": {"field": "summary", "value": format!("对方的，{MASKED}")}});
    world.ask("conflict.resolve", end.clone()).await.unwrap();
    let (_, action) = waiting(&world);
    let Action::PatchConversation { patch, .. } = action else {
        panic!("an edit: {action:?}");
    };
    let edit = patch.summary.unwrap();
    assert_eq!((edit.rev, edit.base.as_str()), (1, "对方的"));
    assert_eq!(edit.mine, format!("对方的，{PHONE}"));
    let error = world.ask("conflict.resolve", end).await.unwrap_err();
    assert_eq!(error.code, Code::NotFound);
}

#[tokio::test]
async fn a_priority_in_conflict_is_taken_or_left() {
    let mut world = World::new().await;
    world.conversation(&Story::mine(1, "在吗"));
    for (choice, waits) in [("theirs", false), ("mine", true)] {
        let edit = json!({"priority": {"rev": 0, "base": "normal", "mine": "urgent"}});
        world.ask("conversation.patch", patch(edit)).await.unwrap();
        let (op_id, _) = waiting(&world);
        let conflict = Conflict {
            base: FieldValue::Priority(Priority::Normal),
            mine: FieldValue::Priority(Priority::Urgent),
            theirs: FieldValue::Priority(Priority::Low),
            rev: 1,
            authority: Authority::Agent,
            by: "阿敏".to_owned(),
            at: NOW,
        };
        let outcome = OpOutcome::Partial {
            at: NOW,
            applied: vec![],
            conflicts: vec![conflict],
        };
        world.store().op_result(op_id, &outcome, NOW).unwrap();
        let mut end = id();
        end["field"] = json!("priority");
        end["choice"] = json!({"kind": choice});
        world.ask("conflict.resolve", end).await.unwrap();
        let outbox = world.ask("outbox.list", json!({})).await.unwrap();
        assert_eq!(outbox["conflicts"], json!([]));
        let n_waiting = outbox["items"].as_array().unwrap().len();
        assert_eq!(n_waiting, usize::from(waits), "{choice}");
    }
}
