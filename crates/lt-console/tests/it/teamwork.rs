//! Notes, canned replies, quotes, recall, bulk acts and filters, as the window asks for them.

use lt_model::{
    conversation::Handler,
    id::MessageId,
    message::{Author, Content},
    slot::Slots,
};
use lt_protocol::{
    code::Code,
    sync::{Action, Entity},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::{Story, World, agent_id, conversation_id};

const ORDER: &str = "LX20261105007213";

fn new_id(n: u128) -> String {
    Uuid::from_u128(0xabc0 + n).to_string()
}

/// A conversation whose customer gave the number of an order.
async fn with_order() -> World {
    let mut world = World::new().await;
    let story = Story {
        name: "张三丰",
        ..Story::mine(1, "订单什么时候发货")
    };
    world.conversation(&story);
    let mut row = story.row(1);
    row.dialogue.slots = Slots {
        order: Some(ORDER.to_owned()),
        ..Slots::default()
    };
    world.group_rows(vec![Entity::Conversation(Box::new(row))]);
    world
}

fn own(id: &str, title: &str, text: &str) -> Value {
    json!({"id": id, "base": 0, "draft": {
        "scope": {"kind": "own"}, "folder": "售后", "title": title, "shortcode": "fh",
        "text": text, "acts": [{"act": "add_tag", "tag": "催发货"}, {"act": "resolve"}],
    }})
}

#[tokio::test]
async fn a_canned_reply_is_filled_in_masked_and_sent_as_it_is() {
    let world = with_order().await;
    let id = new_id(1);
    let text = "{{客户}}您好，订单 {{订单号}} 预计{{日期}}发出，我是{{坐席}}。";
    let list = world
        .ask("canned.save", own(&id, "发货", text))
        .await
        .unwrap();
    assert_eq!(list["may_manage"], json!(false));
    assert_eq!(
        list["items"][0]["prompts"],
        json!(["客户", "订单号", "日期", "坐席"])
    );

    let here = json!({"conversation_id": conversation_id(1), "canned_id": id});
    let filled = world.ask("canned.fill", here.clone()).await.unwrap();
    let shown = filled["text"].as_str().unwrap();
    assert!(shown.contains("张") && shown.contains("林晓"), "{shown}");
    assert!(
        !shown.contains(ORDER) && !shown.contains("张三丰"),
        "{shown}"
    );
    assert_eq!(filled["open"], json!(["日期"]));

    let reply = shown.replace("{{日期}}", "明天");
    let args = json!({
        "conversation_id": conversation_id(1), "message_id": new_id(2), "text": reply,
        "seen_seq": 1, "faq_id": null, "canned": [id],
    });
    world.ask("message.send", args).await.unwrap();
    let queued = world.store().queue(0, 10).unwrap();
    let Action::SendMessage { text, composed, .. } = &queued[0].action else {
        panic!("{queued:?}");
    };
    assert!(text.contains(ORDER), "the customer reads the whole number");
    assert!(text.starts_with("张三丰您好"), "and their own name: {text}");
    assert_eq!(composed.canned.len(), 1);
    let list = world.ask("canned.list", json!({})).await.unwrap();
    assert_eq!(list["items"][0]["used"], json!(1));

    let after = world.ask("canned.apply", here).await.unwrap();
    assert_eq!(after["properties"]["tags"], json!(["催发货"]));
    assert_eq!(after["row"]["status"], json!("resolved"));
    assert_eq!(after["row"]["tags"], json!(["催发货"]));
}

#[tokio::test]
async fn an_agent_keeps_own_ones_and_writes_none_for_others() {
    let world = with_order().await;
    let mut all = own(&new_id(1), "给大家", "好");
    all["draft"]["scope"] = json!({"kind": "all"});
    let refused = world.ask("canned.save", all).await.unwrap_err();
    assert_eq!(refused.code, Code::Forbidden);
    let import = |apply: bool| json!({"csv": "标题,内容\n一,好\n,没标题\n一,重复\n", "scope": {"kind": "own"}, "apply": apply});
    let looked = world.ask("canned.import", import(false)).await.unwrap();
    let problems: Vec<&Value> = looked["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["problem"])
        .collect();
    assert_eq!(problems, [&Value::Null, &json!("empty"), &json!("taken")]);
    assert!(world.store().canned().unwrap().is_empty(), "looked at only");
    let done = world.ask("canned.import", import(true)).await.unwrap();
    assert_eq!(done["good"], json!(1));
    assert_eq!(world.store().canned().unwrap().len(), 1);
    let id = world.store().canned().unwrap()[0].id;
    let list = world
        .ask("canned.remove", json!({"ids": [id]}))
        .await
        .unwrap();
    assert_eq!(list["items"], json!([]));
}

#[tokio::test]
async fn a_note_is_shown_as_one_and_names_who_sees_it() {
    let world = with_order().await;
    let here = json!({"conversation_id": conversation_id(1)});
    let choices = world.ask("mention.choices", here.clone()).await.unwrap();
    let named: Vec<&str> = choices["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert_eq!(named, [agent_id(2).to_string()], "oneself is left out");
    let args = json!({
        "conversation_id": conversation_id(1), "message_id": new_id(5),
        "text": "他的电话是13812345678", "mentions": [agent_id(2)],
    });
    let shown = world.ask("note.add", args.clone()).await.unwrap();
    assert_eq!(shown["note"]["mentions_me"], json!(false));
    assert!(
        !shown["text"].as_str().unwrap().contains("13812345678"),
        "masked as all is"
    );
    assert!(shown["recall_until"].as_i64().unwrap() > 0);
    assert_eq!(
        world.ask("note.add", args).await.unwrap()["id"],
        shown["id"]
    );
    assert_eq!(world.store().queue(0, 10).unwrap().len(), 1, "once");
    world
        .ask(
            "note.draft",
            json!({"conversation_id": conversation_id(1), "text": "还有"}),
        )
        .await
        .unwrap();
    let view = world.ask("conversation.get", here).await.unwrap();
    assert_eq!(
        (view["note_draft"].as_str(), view["draft"].as_str()),
        (Some("还有"), Some(""))
    );
}

#[tokio::test]
async fn a_mention_pops_up_and_says_nothing_of_what_is_in_it() {
    let mut world = with_order().await;
    let story = Story::mine(1, "");
    let mut note = story.message(
        900,
        2,
        Author::Agent {
            agent: agent_id(2),
            name: "同事".to_owned(),
            source: None,
        },
        "",
    );
    note.content = Content::Note {
        text: "先别退款".to_owned(),
        mentions: vec![agent_id(1)],
    };
    world.group_rows(vec![Entity::Message(note)]);
    let mut shown = world.notification().await;
    while shown.title != "同事提到了您" {
        shown = world.notification().await;
    }
    assert_eq!(shown.body, "C-10001 的备注里提到了您");
    let bell = world.ask("bell.list", json!({})).await.unwrap();
    let lines = bell["lines"].as_array().unwrap().iter();
    let mentions = lines.filter(|line| line["what"]["kind"] == json!("mentioned"));
    assert_eq!(mentions.count(), 1, "{bell}");
    assert!(!bell.to_string().contains("先别退款"), "{bell}");
    let seen = json!({"up_to": bell["lines"][0]["n"]});
    let bell = world.ask("bell.seen", seen).await.unwrap();
    assert_eq!(bell["n_new"], json!(0));
    let filter = json!({"scope": "all", "sort": "waiting", "filter": {"mentioned": true}});
    let page = world.ask("inbox.list", filter.clone()).await.unwrap();
    assert_eq!(
        (page["total"].as_u64(), page["rows"][0]["mentions"].as_u64()),
        (Some(1), Some(1))
    );
    let read = json!({"conversation_id": conversation_id(1), "seq": 2});
    world.ask("conversation.read", read).await.unwrap();
    let page = world.ask("inbox.list", filter).await.unwrap();
    assert_eq!(page["total"], json!(0));
}

#[tokio::test]
async fn a_quote_is_shown_and_a_message_taken_back() {
    let world = with_order().await;
    let view = world
        .ask(
            "conversation.get",
            json!({"conversation_id": conversation_id(1)}),
        )
        .await
        .unwrap();
    let asked = view["messages"][0]["id"].clone();
    let args = json!({
        "conversation_id": conversation_id(1), "message_id": new_id(7), "text": "明天发",
        "seen_seq": 1, "faq_id": null, "reply_to": asked,
    });
    let sent = world.ask("message.send", args).await.unwrap();
    assert_eq!(sent["quote"]["text"], json!("订单什么时候发货"));
    assert_eq!(sent["quote"]["author"], json!("customer"));
    let recall = json!({"conversation_id": conversation_id(1), "message_id": new_id(7)});
    let taken = world.ask("message.recall", recall).await.unwrap();
    assert_eq!(taken["delivery"], json!("recalled"));
    assert!(taken.get("recall_until").is_none());
    let theirs = json!({"conversation_id": conversation_id(1), "message_id": asked});
    let refused = world.ask("message.recall", theirs).await.unwrap_err();
    assert_eq!(refused.code, Code::Forbidden);
}

#[tokio::test]
async fn many_are_acted_on_and_the_others_are_named() {
    let mut world = World::new().await;
    for n in 1..=3 {
        world.conversation(&Story::mine(n, "在吗"));
    }
    world.conversation(&Story {
        handler: Handler::Agent { agent: agent_id(2) },
        ..Story::queued(4, "在吗")
    });
    let ids: Vec<_> = (1..=4).map(conversation_id).collect();
    let bulk = |act: Value| json!({"ids": ids, "act": act});
    let tag = json!({"act": "tag", "add": ["大促"], "remove": []});
    let done = world.ask("conversation.bulk", bulk(tag)).await.unwrap();
    assert_eq!(
        (&done["done"], &done["failed"], &done["ids"]),
        (&json!(4), &json!([]), &json!(ids))
    );
    let choices = world.ask("inbox.choices", json!({})).await.unwrap();
    assert_eq!(choices["tags"], json!([{"tag": "大促", "n": 4}]));
    let resolved = world
        .ask("conversation.bulk", bulk(json!({"act": "resolve"})))
        .await
        .unwrap();
    assert_eq!(
        (&resolved["done"], &resolved["ids"]),
        (&json!(3), &json!(ids[..3]))
    );
    let again = json!({"ids": [ids[0]], "act": {"act": "resolve"}});
    let again = world.ask("conversation.bulk", again).await.unwrap();
    assert_eq!(
        (&again["done"], &again["ids"]),
        (&json!(1), &json!([])),
        "it was so already"
    );
    let reopen = json!({"ids": resolved["ids"], "act": {"act": "reopen"}});
    let reopened = world.ask("conversation.bulk", reopen).await.unwrap();
    assert_eq!(
        (&reopened["done"], &reopened["failed"]),
        (&json!(3), &json!([]))
    );
    let mine = json!({"scope": "mine", "sort": "waiting"});
    let page = world.ask("inbox.list", mine).await.unwrap();
    assert_eq!(page["total"], json!(3));
    assert_eq!(
        resolved["failed"],
        json!([{"id": conversation_id(4), "number": "C-10004", "code": "held_by_other"}])
    );
    let phone = json!({"act": "tag", "add": ["13812345678"], "remove": []});
    let refused = world
        .ask("conversation.bulk", bulk(phone))
        .await
        .unwrap_err();
    assert_eq!(refused.code, Code::BadRequest);
    let gone = world
        .ask(
            "conversation.bulk",
            json!({"ids": [conversation_id(9)], "act": {"act": "take_back"}}),
        )
        .await
        .unwrap();
    assert_eq!(
        gone,
        json!({"done": 0, "asked": 1, "ids": [], "failed": []}),
        "nobody here knows what became of what is not here"
    );
    let many: Vec<MessageId> = (0..201).map(|n| MessageId(Uuid::from_u128(n))).collect();
    let refused = world
        .ask(
            "conversation.bulk",
            json!({"ids": many, "act": {"act": "claim"}}),
        )
        .await
        .unwrap_err();
    assert_eq!(refused.code, Code::TooLarge);
}
