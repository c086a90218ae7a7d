use lt_model::{
    agent::{Doing, Presence},
    alert::{act::AlertAct, standard},
    attachment::{Attachment, FileKind},
    canned::{CannedDraft, CannedEdit, MacroAct},
    contact::merge::{ContactAct, ContactField},
    engine::EngineDraft,
    faq::FaqSource,
    id::{
        AgentId, AlertId, AlertRuleId, AttachmentId, CannedId, ContactId, ConversationId, DeviceId,
        HoursId, MessageId, OpId, QaReviewId, WhisperId,
    },
    learn::{LearnedRuling, Thumb},
    merge::Edit,
    priority::Priority,
    properties::Patch,
    quality::{
        act::QaAct,
        form::{ItemMark, Mark},
    },
    routing::{Setting, TransferTo},
    whisper::WhisperDraft,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{
    alert::AlertRuleEdit,
    personal::PersonalEdit,
    ticket::{SavedTicketFilter, SavedTicketView, TicketLayout, TicketScope, TicketSort},
};

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
        chk: vec![StreamSum { stream: 2, chk: 9 }],
        last: true,
    };
    assert_eq!(
        serde_json::to_value(&batch).unwrap(),
        json!({"t": "batch", "batch": 7, "last": true, "chk": [{"stream": 2, "chk": 9}],
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

fn ticket_view() -> SavedTicketView {
    SavedTicketView {
        name: "签收异常".to_owned(),
        layout: TicketLayout::Board,
        scope: TicketScope::All,
        sort: TicketSort::Due,
        reversed: false,
        filter: SavedTicketFilter {
            query: "签收".to_owned(),
            ..SavedTicketFilter::default()
        },
    }
}

/// One of every frame and operation that a desktop sends, whole.
fn client_frames() -> Vec<ClientFrame> {
    let id = uuid::Uuid::from_u128(1);
    let conversation_id = ConversationId(id);
    let actions = [
        Action::SendMessage {
            conversation_id,
            message_id: MessageId(id),
            text: "您好".to_owned(),
            seen_seq: 3,
            source: Some(FaqSource {
                faq_id: "ec-001".to_owned(),
                version: 2,
                question: "怎么退款".to_owned(),
                confidence: 0.93,
            }),
            question: Some(MessageId(id)),
            composed: Composed {
                reply_to: Some(MessageId(id)),
                canned: vec![CannedId(id)],
            },
        },
        Action::SendFile {
            conversation_id,
            message_id: MessageId(id),
            file: Attachment {
                id: AttachmentId(id),
                name: "破损.jpg".to_owned(),
                kind: FileKind::Jpeg,
                n_bytes: 120_000,
                width: 1_080,
                height: 1_440,
            },
            seen_seq: 3,
        },
        Action::AddNote {
            conversation_id,
            message_id: MessageId(id),
            text: "先别退".to_owned(),
            mentions: vec![AgentId(id)],
        },
        Action::Whisper {
            conversation_id,
            whisper: WhisperDraft {
                id: WhisperId(id),
                agent: AgentId(id),
                text: "先安抚".to_owned(),
            },
        },
        Action::Contact {
            contact_id: ContactId(id),
            act: ContactAct::Merge {
                into: ContactId(id),
                take: vec![ContactField::Phone],
            },
        },
        Action::Contact {
            contact_id: ContactId(id),
            act: ContactAct::Split {
                from: ContactId(id),
            },
        },
        Action::Recall {
            conversation_id,
            message_id: MessageId(id),
        },
        Action::SaveCanned {
            items: vec![CannedEdit {
                id: CannedId(id),
                base: 0,
                draft: CannedDraft {
                    title: "退款到账".to_owned(),
                    text: "三个工作日内到账".to_owned(),
                    acts: vec![MacroAct::AddTag {
                        tag: "退款".to_owned(),
                    }],
                    ..CannedDraft::default()
                },
            }],
        },
        Action::RemoveCanned {
            ids: vec![CannedId(id)],
        },
        Action::Alert {
            alert_id: AlertId(id),
            act: AlertAct::Silence { minutes: 30 },
        },
        Action::SaveAlertRule {
            edit: Box::new(AlertRuleEdit {
                id: AlertRuleId(id),
                base: 1,
                draft: standard::rules().remove(0),
            }),
        },
        Action::RemoveAlertRule {
            rule_id: AlertRuleId(id),
        },
        Action::Quality {
            act: Box::new(QaAct::Score {
                review_id: QaReviewId(id),
                ended_at: Some(1_790_000_000_000),
                marks: vec![ItemMark {
                    item: "greeting".to_owned(),
                    mark: Mark::Points { points: 5 },
                    comment: "没有问候".to_owned(),
                }],
                comment: String::new(),
            }),
        },
        Action::Claim { conversation_id },
        Action::Resolve { conversation_id },
        Action::Decline { conversation_id },
        Action::Transfer {
            conversation_id,
            to: TransferTo::Agent {
                agent_id: AgentId(id),
            },
            note: "客户要发票".to_owned(),
        },
        Action::TakeOver { conversation_id },
        Action::Snooze {
            conversation_id,
            until: 9,
        },
        Action::Wake { conversation_id },
        Action::Reopen { conversation_id },
        Action::Configure {
            setting: Setting::InboxHours {
                inbox_id: None,
                hours_id: Some(HoursId(id)),
            },
        },
        Action::Configure {
            setting: Setting::Hours {
                hours: BusinessHours::always(HoursId(id)),
            },
        },
        Action::EditPersonal {
            edits: vec![
                PersonalEdit::SaveTicketView {
                    view: ticket_view(),
                    was: Some("签收".to_owned()),
                },
                PersonalEdit::DropTicketView {
                    name: "签收".to_owned(),
                },
            ],
        },
        Action::Read {
            conversation_id,
            seq: 4,
        },
        Action::PatchConversation {
            conversation_id,
            patch: Patch {
                priority: Some(Edit {
                    rev: 1,
                    base: Priority::Normal,
                    mine: Priority::High,
                }),
                add_tags: vec!["退款".to_owned()],
                ..Patch::default()
            },
        },
        Action::SetPresence {
            presence: Presence::Busy,
        },
        Action::Thumb {
            conversation_id,
            message_id: MessageId(id),
            faq_id: "ec-001".to_owned(),
            version: 2,
            thumb: Thumb::Up,
        },
        Action::RuleLearned {
            faq_id: "ec-001".to_owned(),
            text: "钱呢".to_owned(),
            ruling: LearnedRuling::Approved,
        },
        Action::SetEngineSettings {
            base: 1,
            draft: EngineDraft::default(),
        },
        Action::RestoreEngineSettings {
            base: 1,
            version: 0,
        },
    ];
    let ops = (1..).zip(actions).map(|(n, action)| Op {
        n,
        id: OpId(id),
        at: 5,
        after: (n > 1).then_some(OpId(id)),
        action,
    });
    vec![
        ClientFrame::Hello(Hello {
            proto: PROTOCOL,
            schema: SCHEMA,
            min_schema: MIN_SCHEMA,
            app: "1.0.0".to_owned(),
            device: DeviceId(id),
            token: "token".to_owned(),
            proof: "proof".to_owned(),
            cursors: vec![Cursor { stream: 2, seq: 9 }],
            generation: "g1".to_owned(),
            now: 5,
        }),
        ClientFrame::Ack { batch: 7 },
        ClientFrame::Push { ops: ops.collect() },
        ClientFrame::Typing { conversation_id },
        ClientFrame::Watching {
            conversation_id,
            doing: Doing::Viewing,
        },
        ClientFrame::Resync { stream: 2 },
        ClientFrame::Snapshotted { stream: 2, at: 9 },
        ClientFrame::Ping,
    ]
}

/// Every object in a value, by its path.
fn objects(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.push(path.to_owned());
            for (name, value) in fields {
                objects(value, &format!("{path}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                objects(item, &format!("{path}/{n}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn a_field_too_many_is_refused_wherever_it_stands() {
    let mut n_places = 0;
    for frame in client_frames() {
        let whole = serde_json::to_value(&frame).unwrap();
        assert_eq!(read_client_frame(&whole.to_string()), Ok(frame));
        let mut paths = Vec::new();
        objects(&whole, "", &mut paths);
        for path in paths {
            for extra in [json!(true), json!(null), json!({"role": "admin"})] {
                let mut bent = whole.clone();
                bent.pointer_mut(&path).unwrap()["admin"] = extra;
                assert_eq!(
                    read_client_frame(&bent.to_string()),
                    Err(Code::BadRequest),
                    "{path} of {whole}"
                );
                n_places += 1;
            }
        }
    }
    assert!(n_places > 60, "{n_places}");
}

#[test]
fn lists_of_a_frame_have_limits_of_their_own() {
    for mut frame in client_frames() {
        match &mut frame {
            ClientFrame::Hello(hello) => hello.cursors = vec![hello.cursors[0]; 1_001],
            ClientFrame::Push { ops } => *ops = vec![ops[0].clone(); MAX_PUSH_OPS + 1],
            _ => continue,
        }
        let text = serde_json::to_string(&frame).unwrap();
        assert_eq!(read_client_frame(&text), Err(Code::TooLarge));
    }
}

#[test]
fn a_field_twice_is_refused() {
    for text in [
        r#"{"t":"ack","batch":1,"batch":2}"#,
        r#"{"t":"resync","stream":1,"stream":2}"#,
    ] {
        assert_eq!(read_client_frame(text), Err(Code::BadRequest), "{text}");
    }
}

#[test]
fn the_shape_is_looked_at_before_anything_is_built() {
    let hello = |text: &str| format!(r#"{{"t":"hello","app":"{text}"}}"#);
    let cursors = |n: usize| {
        let all = vec![r#"{"stream":1,"seq":1}"#; n].join(",");
        format!(r#"{{"t":"hello","cursors":[{all}]}}"#)
    };
    let deep = |n: usize| format!(r#"{{"t":{}1{}}}"#, "[".repeat(n), "]".repeat(n));
    for (what, text, expected) in [
        ("as deep as allowed", deep(15), Ok(())),
        ("too deep", deep(16), Err(Code::BadRequest)),
        ("as long as allowed", hello(&"a".repeat(64 * 1024)), Ok(())),
        (
            "a text too long",
            hello(&"a".repeat(64 * 1024 + 1)),
            Err(Code::TooLarge),
        ),
        (
            "escapes count for what they stand for",
            hello(&"\\n".repeat(64 * 1024)),
            Ok(()),
        ),
        (
            "and by number too",
            hello(&"\\u4e2d".repeat(64 * 1024 / 3 + 1)),
            Err(Code::TooLarge),
        ),
        (
            "a quote in a text does not end it",
            hello(&"\\\"[[[".repeat(100)),
            Ok(()),
        ),
        ("as many as allowed", cursors(5_000), Ok(())),
        ("one too many", cursors(5_001), Err(Code::TooLarge)),
    ] {
        assert_eq!(shape::check(&text), expected, "{what}");
    }
}

#[test]
fn other_versions_are_told_apart() {
    let Some(ClientFrame::Hello(hello)) = client_frames().into_iter().next() else {
        panic!("a hello comes first");
    };
    for (proto, schema, min_schema, is_readable) in [
        (PROTOCOL, SCHEMA, MIN_SERVER_SCHEMA, true),
        (PROTOCOL, MIN_SCHEMA, MIN_SCHEMA, true),
        (PROTOCOL + 1, SCHEMA, MIN_SCHEMA, false),
        (PROTOCOL, MIN_SCHEMA - 1, 0, false),
        (PROTOCOL, SCHEMA + 1, SCHEMA + 1, false),
        (PROTOCOL, SCHEMA + 1, MIN_SCHEMA, true),
    ] {
        let bent = Hello {
            proto,
            schema,
            min_schema,
            ..hello.clone()
        };
        assert_eq!(bent.is_readable(), is_readable, "{bent:?} {min_schema}");
    }
}

fn any_action() -> impl Strategy<Value = Action> {
    let id = any::<u128>().prop_map(uuid::Uuid::from_u128);
    prop_oneof![
        (id, "\\PC{0,80}", any::<u64>()).prop_map(|(id, text, seen_seq)| Action::SendMessage {
            conversation_id: ConversationId(id),
            message_id: MessageId(id),
            text,
            seen_seq,
            source: None,
            question: None,
            composed: Composed::default(),
        }),
        any::<u128>().prop_map(|id| Action::Claim {
            conversation_id: ConversationId(uuid::Uuid::from_u128(id)),
        }),
        ("\\PC{0,20}", "\\PC{0,20}").prop_map(|(faq_id, text)| Action::RuleLearned {
            faq_id,
            text,
            ruling: LearnedRuling::Approved,
        }),
        (
            "\\PC{0,40}",
            "\\PC{0,40}",
            proptest::option::of("\\PC{0,40}")
        )
            .prop_map(|(name, query, was)| {
                let mut view = ticket_view();
                (view.name, view.filter.query) = (name, query);
                let edits = vec![PersonalEdit::SaveTicketView { view, was }];
                Action::EditPersonal { edits }
            }),
    ]
}

proptest! {
    #[test]
    fn what_a_desktop_writes_the_server_reads(
        actions in proptest::collection::vec((any_action(), any::<u64>(), any::<i64>()), 0..50),
    ) {
        let ops = actions.into_iter().map(|(action, n, at)| Op {
            n,
            id: OpId(uuid::Uuid::from_u128(u128::from(n))),
            at,
            after: None,
            action,
        });
        let frame = ClientFrame::Push { ops: ops.collect() };
        prop_assert_eq!(read_client_frame(&serde_json::to_string(&frame).unwrap()), Ok(frame));
    }

    #[test]
    fn a_bent_frame_is_read_or_refused(
        which in 0..7_usize, at in any::<prop::sample::Index>(), byte in any::<char>(),
    ) {
        let text = serde_json::to_string(&client_frames()[which]).unwrap();
        let chars: Vec<char> = text.chars().collect();
        let mut bent = chars.clone();
        bent[at.index(chars.len())] = byte;
        let bent: String = bent.into_iter().collect();
        if let Ok(frame) = read_client_frame(&bent) {
            // What was taken says the same again.
            let again = serde_json::to_string(&frame).unwrap();
            prop_assert_eq!(read_client_frame(&again), Ok(frame));
        }
    }

    #[test]
    fn what_keeps_the_limits_passes_and_what_does_not_is_refused(
        depth in 1..40_usize, n_items in 1..8_000_usize, n_bytes in 0..100_000_usize,
    ) {
        let inner = format!("{}0{}", "[".repeat(depth), "]".repeat(depth));
        prop_assert_eq!(shape::check(&inner).is_ok(), depth <= 16);
        let list = format!("[{}]", vec!["0"; n_items].join(","));
        prop_assert_eq!(shape::check(&list).is_ok(), n_items <= 5_000);
        let text = format!("[\"{}\"]", "x".repeat(n_bytes));
        prop_assert_eq!(shape::check(&text).is_ok(), n_bytes <= 64 * 1024);
    }
}
