//! Seeded personal values never leave the console, by whatever way.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use lt_model::message::Author;
use lt_protocol::{
    code::Code,
    sync::{Action, OpOutcome},
    view::{NotificationContent, Settings},
};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::world::{NOW, Story, World, agent_id, conversation_id, message_id};

const NAME: &str = "欧阳明月";
const PHONE: &str = "13812345678";
const ID_CARD: &str = "11010519491231002X";
const CARD: &str = "6222021234567890128";
const EMAIL: &str = "mingyue.ouyang@example.com";
const TOKEN: &str = "token-that-nobody-may-see";

/// Collects the log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn assert_clean(what: &str, text: &str) {
    for secret in [NAME, PHONE, ID_CARD, CARD, EMAIL, TOKEN] {
        assert!(!text.contains(secret), "{what} holds {secret}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn seeded_values_are_in_no_answer_event_notification_or_log_line() {
    let log = Log::default();
    // The only test that sets a subscriber: its lines may come from other tests, which hold no
    // seeded values.
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .init();
    let mut world = World::new().await;
    let settings = Settings {
        notification_content: NotificationContent::Masked,
        ..Settings::default()
    };
    world.ask("settings.set", json!(settings)).await.unwrap();
    let said = format!("我叫{NAME}，手机{PHONE}，身份证{ID_CARD}，卡号{CARD}，邮箱{EMAIL}，请退款");
    let reply = format!("已登记 {PHONE}");
    let colleague = || Author::Agent {
        agent: agent_id(2),
        name: "王芳".to_owned(),
        source: None,
    };
    let mut story = Story::queued(1, &said);
    story.name = NAME;
    story.said.push((colleague(), &reply));
    story.said.push((Author::Customer, &said));
    world.conversation(&story);
    let notification = world.notification().await;
    assert!(
        notification.body.contains("138****5678"),
        "{notification:?}"
    );
    assert_clean("a notification", &format!("{notification:?}"));

    let id = conversation_id(1);
    let mut answers = Vec::new();
    for (name, args) in [
        ("inbox.list", json!({"scope": "queue", "sort": "waiting"})),
        ("conversation.get", json!({"conversation_id": id})),
        (
            "conversation.messages",
            json!({"conversation_id": id, "place": {"kind": "before", "seq": 3}, "limit": 9}),
        ),
        ("assist.suggest", json!({"conversation_id": id})),
        ("conversation.claim", json!({"conversation_id": id})),
        (
            "message.send",
            json!({"conversation_id": id, "message_id": message_id(900), "seen_seq": 3,
                   "text": format!("请核对 {PHONE}"), "faq_id": null}),
        ),
        ("outbox.list", json!({})),
        ("session.get", json!({})),
        ("connection.get", json!({})),
        ("settings.get", json!({})),
    ] {
        answers.push((name, world.ask(name, args).await.unwrap().to_string()));
    }
    for query in ["退款", "手机", PHONE, EMAIL, "欧阳"] {
        let hits = found(&world, query).await;
        answers.push(("search.run", hits));
    }
    for (name, answer) in &answers {
        assert_clean(name, answer);
    }
    let shown = &answers[1].1;
    for masked in ["欧阳**", "138****5678", "m***@example.com"] {
        assert!(shown.contains(masked), "{masked} in {shown}");
    }
    let events = format!("{:?}", world.heard.events.lock().unwrap());
    assert_clean("an event", &events);
    assert_clean("an error", &failures(&world).await);

    // The agent's own draft leaves masked as well.
    let args = json!({"conversation_id": id, "text": format!("回电 {PHONE}")});
    world.ask("draft.save", args).await.unwrap();
    let view = world
        .ask("conversation.get", json!({"conversation_id": id}))
        .await
        .unwrap();
    assert_eq!(view["draft"], "回电 138****5678");

    world.console.close().await;
    let lines = log.0.lock().unwrap().clone();
    let lines = String::from_utf8_lossy(&lines);
    assert!(
        lines.contains("a command was refused"),
        "the log was captured"
    );
    assert_clean("the log", &lines);
}

/// What the agent wrote is masked on its way out, and whole wherever it goes from here.
#[tokio::test]
async fn own_words_that_were_refused_come_back_masked_and_are_sent_whole() {
    let mut world = World::new().await;
    world.conversation(&Story::mine(1, "在吗"));
    let id = conversation_id(1);
    let shown = "请核对 138****5678";
    for (command, draft, save, n) in [
        ("message.send", "draft", "draft.save", 900),
        ("note.add", "note_draft", "note.draft", 910),
    ] {
        let words = |n: u128, text: &str| {
            let mut args = json!({"conversation_id": id, "message_id": message_id(n),
                                  "text": text});
            if command == "note.add" {
                args["mentions"] = json!([]);
            } else {
                args["seen_seq"] = json!(1);
                args["faq_id"] = json!(null);
            }
            args
        };
        let keep = |text: String| json!({"conversation_id": id, "text": text});
        let whole = format!("请核对 {PHONE}");
        let sent = world.ask(command, words(n, &whole)).await.unwrap();
        let op_id = serde_json::from_value(sent["op_id"].clone()).unwrap();
        let refused = OpOutcome::Refused {
            code: Code::StaleReply,
        };
        world.store().op_result(op_id, &refused, NOW).unwrap();

        // Copied into the draft while it waits to be looked at.
        let one = json!({"op_id": op_id});
        let copied = world.ask("outbox.copy", one.clone()).await.unwrap();
        assert_eq!(copied["text"], shown, "{command}");
        world.ask(save, keep(shown.to_owned())).await.unwrap();
        let kept = || match draft {
            "draft" => world.store().draft(id).unwrap(),
            _ => world.store().note_draft(id).unwrap(),
        };
        assert_eq!(kept().unwrap(), whole, "{command}");
        world.ask(save, keep(String::new())).await.unwrap();

        // Given up: its text is the draft, is written on, and is sent.
        world.ask("outbox.discard", one).await.unwrap();
        let get = json!({"conversation_id": id});
        let view = world.ask("conversation.get", get).await.unwrap();
        assert_eq!(view[draft], shown, "{command}");
        let longer = format!("{shown}，稍等");
        world.ask(save, keep(longer.clone())).await.unwrap();
        assert_eq!(kept().unwrap(), format!("{whole}，稍等"), "{command}");
        let sent = world.ask(command, words(n + 1, &longer)).await.unwrap();
        assert_eq!(sent["text"], longer, "{command}");
        let op_id = serde_json::from_value(sent["op_id"].clone()).unwrap();
        let waits = world.store().operation(op_id).unwrap().unwrap();
        let (Action::SendMessage { text, .. } | Action::AddNote { text, .. }) = waits.op.action
        else {
            panic!("it has no text");
        };
        assert_eq!(text, format!("{whole}，稍等"), "{command}");
        // What the agent took out stays out.
        world.ask(save, keep("算了".to_owned())).await.unwrap();
        assert_eq!(kept().unwrap(), "算了", "{command}");
    }
}

/// The search index follows the store on its own thread: the first search waits for it.
async fn found(world: &World, query: &str) -> String {
    let args = json!({"query": query, "limit": 20});
    let end = Instant::now() + Duration::from_secs(120);
    while Instant::now() < end {
        let hits = world.ask("search.run", args.clone()).await.unwrap();
        if hits["items"]
            .as_array()
            .is_some_and(|items| !items.is_empty())
        {
            return hits.to_string();
        }
        tokio::task::yield_now().await;
    }
    panic!("nothing was found for a seeded value");
}

/// Errors quote nothing of what was asked.
async fn failures(world: &World) -> String {
    let mut errors = String::new();
    for (name, args) in [
        ("search.run", json!({"query": PHONE, "limit": NAME})),
        (PHONE, json!({})),
        (
            "message.send",
            json!({"conversation_id": conversation_id(99),
            "message_id": message_id(1_000), "seen_seq": 0, "text": PHONE, "faq_id": null}),
        ),
        (
            "draft.save",
            json!({"conversation_id": PHONE, "text": NAME}),
        ),
    ] {
        errors += &format!("{:?}", world.ask(name, args).await.unwrap_err());
    }
    errors
}
