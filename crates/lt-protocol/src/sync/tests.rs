use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn frames_have_the_documented_shape() {
    let id = "01900000-0000-7000-8000-000000000001";
    let push = json!({"t": "push", "ops": [{
        "n": 1, "id": id, "at": 5, "action": {
            "kind": "send_message", "conversation_id": id, "message_id": id,
            "text": "您好", "seen_seq": 3, "source": null, "question": null,
        },
    }]});
    let frame = read_client_frame(&push.to_string()).unwrap();
    assert_eq!(serde_json::to_value(&frame).unwrap(), push);

    let batch = ServerFrame::Batch {
        batch: 7,
        cuts: vec![Cut {
            stream: 2,
            from: 4,
            to: 4,
        }],
        rows: vec![Row {
            stream: 2,
            seq: 4,
            rev: 1,
            change: RowChange::Del {
                entity: EntityKind::Faq,
                id: "ec-001".into(),
            },
        }],
        last: true,
    };
    assert_eq!(
        serde_json::to_value(&batch).unwrap(),
        json!({"t": "batch", "batch": 7, "last": true,
            "cuts": [{"stream": 2, "from": 4, "to": 4}],
            "rows": [{"stream": 2, "seq": 4, "rev": 1,
                "change": {"op": "del", "entity": "faq", "id": "ec-001"}}]}),
    );
}

#[test]
fn bad_frames_are_told_apart() {
    let long = format!(r#"{{"t":"ping","x":"{}"}}"#, "y".repeat(MAX_FRAME_BYTES));
    for (text, code) in [
        ("", Code::BadRequest),
        ("{}", Code::BadRequest),
        (r#"{"t":"ack"}"#, Code::BadRequest),
        (r#"{"t":"push","ops":[{"n":1}]}"#, Code::BadRequest),
        (
            r#"{"t":"push","ops":[{"n":1,"id":"01900000-0000-7000-8000-000000000001","at":0,"action":{"kind":"set_presence","presence":"online","role":"admin"}}]}"#,
            Code::BadRequest,
        ),
        (&long, Code::TooLarge),
    ] {
        let shown: String = text.chars().take(60).collect();
        assert_eq!(read_client_frame(text), Err(code), "{shown}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        let _ = read_client_frame(&text);
    }

    #[test]
    fn nested_junk_is_refused_without_overflow(depth in 1_usize..5_000) {
        let text = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        prop_assert_eq!(read_client_frame(&text), Err(Code::BadRequest));
    }
}
