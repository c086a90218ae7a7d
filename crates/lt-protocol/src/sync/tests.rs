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
        chk: vec![StreamSum {
            stream: 2,
            chk: u64::MAX,
        }],
        last: true,
    };
    assert_eq!(
        serde_json::to_value(&batch).unwrap(),
        json!({"t": "batch", "batch": 7, "last": true,
            "chk": [{"stream": 2, "chk": u64::MAX}],
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

#[test]
fn the_checksum_of_a_row_never_changes() {
    let id = "01900000-0000-7000-8000-000000000001";
    for (kind, id, rev, expected) in [
        (EntityKind::Message, id, 1, MESSAGE_SUM),
        (EntityKind::EngineSettings, "3", 3, SETTINGS_SUM),
    ] {
        assert_eq!(row_checksum(kind, id, rev), expected);
        let word = serde_json::to_value(kind).unwrap();
        let text = format!("{}\0{id}\0{rev}", word.as_str().unwrap());
        let hash = lt_seal::sha256(text.as_bytes());
        assert_eq!(hash[..8], expected.to_be_bytes());
    }
    assert_ne!(
        row_checksum(EntityKind::Message, id, 1),
        row_checksum(EntityKind::Message, id, 2)
    );
}

const MESSAGE_SUM: u64 = 0x4519_fac8_6540_c6e5;
const SETTINGS_SUM: u64 = 0x4b91_7801_7421_4857;
