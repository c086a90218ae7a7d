use lt_model::ticket::act::TicketAct;
use serde_json::json;

use super::*;
use crate::sync::{Action, ClientFrame, read_client_frame};

const ID: &str = "01900000-0000-7000-8000-000000000001";

fn push(act: &serde_json::Value) -> serde_json::Value {
    json!({"t": "push", "ops": [{"n": 4, "id": ID, "at": 5, "action": {
        "kind": "ticket", "ticket_id": ID, "act": act,
    }}]})
}

#[test]
fn acts_have_the_documented_shape() {
    for (act, name) in [
        (
            json!({"act": "create", "draft": {"type_id": ID, "title": "快递破损",
                "priority": "high", "group_id": ID, "conversation_id": null,
                "values": {"amount": {"kind": "money", "value": 6_000},
                    "risk": {"kind": "choices", "value": ["12315"]}}, "note": ""}}),
            "ticket.create",
        ),
        (json!({"act": "claim"}), "ticket.claim"),
        (
            json!({"act": "move", "from": "open", "to": "pending_customer", "note": "请补拍",
                "until": null}),
            "ticket.move",
        ),
        (
            json!({"act": "transfer", "group_id": ID, "returns": true, "note": "核对流水"}),
            "ticket.transfer",
        ),
        (
            json!({"act": "patch", "changes": [
                {"of": "priority", "edit": {"rev": 2, "base": "normal", "mine": "high"}},
                {"of": "value", "key": "serial", "edit": {"rev": 0, "base": null,
                    "mine": {"kind": "text", "value": "5030"}}},
            ]}),
            "ticket.patch",
        ),
        (json!({"act": "merge", "into": ID}), "ticket.merge"),
        (
            json!({"act": "verify", "ok": false, "note": "又坏了"}),
            "ticket.verify",
        ),
    ] {
        let push = push(&act);
        let frame = read_client_frame(&push.to_string()).unwrap();
        assert_eq!(serde_json::to_value(&frame).unwrap(), push);
        let ClientFrame::Push { ops } = frame else {
            panic!("a push");
        };
        assert_eq!(ops[0].action.name(), name);
        assert_eq!(
            ops[0].action.ticket().map(|id| id.to_string()).as_deref(),
            Some(ID)
        );
        assert!(matches!(&ops[0].action, Action::Ticket { act, .. } if act.name() == name));
    }
}

#[test]
fn what_a_desktop_says_beyond_the_words_is_refused() {
    for act in [
        json!({"act": "delete"}),
        json!({"act": "claim", "for": ID}),
        json!({"act": "move", "from": "open", "to": "done", "note": "", "until": null}),
        json!({"act": "verify", "ok": "yes", "note": ""}),
        json!({"act": "patch", "changes": [{"of": "state", "edit": {}}]}),
    ] {
        let read = read_client_frame(&push(&act).to_string());
        assert_eq!(read, Err(Code::BadRequest), "{act}");
    }
    let unit: Result<TicketAct, _> = serde_json::from_value(json!({"act": "claim"}));
    assert_eq!(unit.unwrap(), TicketAct::Claim);
}
