//! Pictures and files, from the chat page to the desk and back.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use lt_model::{agent::Role, attachment::FilePart, id::AttachmentId};
use lt_protocol::widget::WidgetAuthor;
use lt_seal::encode::{base64url_decode, base64url_encode};
use scenarios::{
    at_rest,
    customer::Customer,
    desk::{Desk, PASSPHRASE},
    shop::Shop,
};
use serde_json::{Value, json};

const ALL: &[&str] = &["售前", "售后", "投诉"];

/// A picture of two colours, as a program writes it that says nothing of itself.
fn picture() -> Vec<u8> {
    base64url_decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk-M9QDwADhgGAWjR9awAAAABJRU5ErkJggg",
    )
    .unwrap()
}

/// All bytes of a file, as the window reads them.
async fn read(desk: &Desk, message: &Value, part: FilePart) -> Result<Vec<u8>, String> {
    let (mut bytes, mut offset) = (Vec::new(), json!(0));
    while !offset.is_null() {
        let args = json!({"file_id": message["file"]["id"], "message_id": message["id"],
            "part": part, "offset": offset});
        let piece = desk.ask("file.read", args).await;
        let piece = piece.map_err(|error| format!("{:?}", error.code))?;
        bytes.extend(base64url_decode(piece["data"].as_str().unwrap()).unwrap());
        offset = piece["next"].clone();
    }
    Ok(bytes)
}

/// Chooses a file beside the reply; its id, or the code of its refusal.
async fn choose(desk: &Desk, id: &Value, name: &str, bytes: &[u8]) -> Result<Value, String> {
    let file_id = AttachmentId(uuid::Uuid::now_v7()).to_string();
    let mut staged = Value::Null;
    let pieces: Vec<&[u8]> = match bytes {
        [] => vec![bytes],
        _ => bytes.chunks(300_000).collect(),
    };
    let mut offset = 0;
    for piece in pieces {
        let args = json!({"file_id": file_id, "conversation_id": id, "name": name,
            "offset": offset, "total": bytes.len(), "data": base64url_encode(piece)});
        let answer = desk.ask("file.stage", args).await;
        staged = answer.map_err(|error| format!("{:?}", error.code))?;
        offset += piece.len();
    }
    assert_eq!(staged["file"]["id"], json!(file_id));
    Ok(json!(file_id))
}

async fn send(desk: &Desk, conversation: &Value, file: &Value) -> Value {
    let view = desk
        .ask("conversation.get", json!({"conversation_id": conversation}))
        .await
        .unwrap();
    let args = json!({"file_id": file, "conversation_id": conversation,
        "message_id": uuid::Uuid::now_v7().to_string(), "seen_seq": view["last_seq"]});
    desk.ask("file.send", args).await.unwrap()
}

fn files(view: &Value) -> Vec<Value> {
    let messages = view["messages"].as_array().cloned().unwrap_or_default();
    let files = messages.into_iter();
    files.filter(|one| one["file"].is_object()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customers_picture_is_seen_by_the_agent_and_lies_sealed_everywhere() {
    let mut shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, ALL)
        .await
        .unwrap();
    shop.hire("laowang", "老王", Role::Agent, &[])
        .await
        .unwrap();
    let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let other = Desk::sign_in(&shop, "laowang").await.unwrap();
    let customer = Customer::visit(&shop, "李梅").await.unwrap();
    customer.says("转人工").await.unwrap();
    let secret = "仓库备用钥匙压在红色花盆下面";
    let sent = customer
        .sends("13912345678破损.png", picture())
        .await
        .unwrap();
    let note = format!("{secret}\n").repeat(2_000).into_bytes();
    customer.sends("说明.txt", note.clone()).await.unwrap();
    for (name, bytes, code) in [
        ("程序.png", b"MZ\x90\0".to_vec(), "file_type"),
        ("坏的.png", picture()[..40].to_vec(), "file_damaged"),
        (
            "太大.jpg",
            [b"\xff\xd8\xff".to_vec(), vec![0; 10 << 20]].concat(),
            "too_large",
        ),
    ] {
        let id = AttachmentId(uuid::Uuid::now_v7());
        let refused = customer.uploads(id, name, bytes).await.unwrap();
        assert_eq!(refused.unwrap_err(), code, "{name}");
    }

    let row = desk.only("queue").await.unwrap();
    let args = json!({"conversation_id": row["id"]});
    let view = desk
        .wait_for("both files", "conversation.get", args, |view| {
            files(view).len() == 2
        })
        .await
        .unwrap();
    assert_eq!(view["row"]["last_file"], "text");
    assert_eq!(view["row"]["last_text"], "说明.txt");
    let [shown, text] = files(&view).try_into().unwrap();
    assert_eq!(
        shown["file"]["name"], "139****5678破损.png",
        "names are masked"
    );
    assert_eq!(shown["file"]["kind"], "png");
    let thumb = read(&desk, &shown, FilePart::Thumb).await.unwrap();
    assert!(thumb.starts_with(b"\x89PNG"));
    assert_eq!(
        read(&desk, &shown, FilePart::Whole).await.unwrap(),
        picture()
    );
    assert_eq!(read(&desk, &text, FilePart::Whole).await.unwrap(), note);
    let args = json!({"file_id": text["file"]["id"], "message_id": text["id"],
        "part": "whole", "offset": 0});
    let saved = desk.ask("file.save", args).await.unwrap();
    let saved = saved["path"].as_str().unwrap().to_owned();
    assert_eq!(std::fs::read(&saved).unwrap(), note);
    std::fs::remove_file(saved).unwrap();

    // A colleague of another group has neither the message nor the bytes.
    assert_eq!(
        read(&other, &shown, FilePart::Whole).await.unwrap_err(),
        "NotFound"
    );
    let account = other.store().unwrap().account().unwrap().unwrap();
    let stolen = lt_sync::fetch_file(&account, sent.id, FilePart::Whole, |_| {}).await;
    assert_eq!(
        stolen.unwrap_err().code(),
        lt_protocol::code::Code::NotFound
    );
    let stranger = Customer::visit(&shop, "").await.unwrap();
    let stolen = stranger.fetches(&sent.id.to_string()).await.unwrap();
    assert_eq!(stolen.0, 404);
    assert_eq!(
        customer.fetches(&sent.id.to_string()).await.unwrap().1,
        picture()
    );

    // What was looked at is here without the server.
    shop.stop().await;
    assert_eq!(read(&desk, &text, FilePart::Whole).await.unwrap(), note);
    let needles = vec![secret.to_owned(), "破损.png".to_owned()];
    for folder in [&shop.data(), &desk.folder] {
        let report = at_rest::search(folder, &needles).unwrap();
        assert!(report.bytes > 60_000, "{report:?}");
        assert_eq!(report.hits, [], "{report:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agents_file_waits_for_the_server_and_is_delivered_once() {
    let mut shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, ALL)
        .await
        .unwrap();
    let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let customer = Customer::visit(&shop, "李梅").await.unwrap();
    customer.says("我要转人工").await.unwrap();
    let row = desk.only("queue").await.unwrap();
    let id = row["id"].clone();
    desk.reply(&id, "您好，我来看").await.unwrap();

    // Online: it arrives, and is there byte for byte.
    let manual = "一、请先断电。\n".repeat(60_000).into_bytes();
    let file = choose(&desk, &id, "安装说明.txt", &manual).await.unwrap();
    send(&desk, &id, &file).await;
    let sent = |view: &Value, n: usize| {
        let files = files(view);
        files.len() == n && files.iter().all(|one| one["delivery"] != "pending")
    };
    let args = json!({"conversation_id": id});
    desk.wait_for("sent", "conversation.get", args.clone(), |view| {
        sent(view, 1)
    })
    .await
    .unwrap();
    let page = customer.sees().await.unwrap();
    let got = page.iter().find_map(|shown| shown.file.clone()).unwrap();
    assert_eq!(got.name, "安装说明.txt");
    let (status, bytes) = customer.fetches(&got.id.to_string()).await.unwrap();
    assert!(status == 200 && bytes == manual);

    // What cannot be sent is said at once.
    for (name, bytes, code) in [
        ("a.exe", b"MZ\x90\0".as_slice(), "FileType"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "FileDamaged"),
        ("a.txt", b"", "Empty"),
    ] {
        let refused = choose(&desk, &id, name, bytes).await;
        assert_eq!(refused.unwrap_err(), code);
    }

    // Offline: one is sent, one is taken back, one only chosen; the program ends and starts again.
    shop.stop().await;
    desk.wait_for("offline", "connection.get", json!({}), |view| {
        view["state"] == "offline"
    })
    .await
    .unwrap();
    let file = choose(&desk, &id, "图.png", &picture()).await.unwrap();
    let waits = send(&desk, &id, &file).await;
    assert_eq!(waits["delivery"], "pending");
    let wrong = choose(&desk, &id, "错的.txt", b"wrong").await.unwrap();
    let wrong = send(&desk, &id, &wrong).await;
    desk.reply(&id, "图在上面").await.unwrap();
    let cancel = json!({"conversation_id": id, "message_id": wrong["id"]});
    desk.ask("file.cancel", cancel).await.unwrap();
    let staged = desk.ask("file.list", args.clone()).await.unwrap();
    assert_eq!(
        staged["files"][0]["name"], "错的.txt",
        "it waits beside the reply"
    );
    let folder = desk.close().await;
    let needles = vec![
        "图.png".to_owned(),
        "错的.txt".to_owned(),
        "断电".to_owned(),
    ];
    assert_eq!(at_rest::search(&folder, &needles).unwrap().hits, []);
    let mut desk = Desk::start(folder);
    desk.ask("session.unlock", json!({"passphrase": PASSPHRASE}))
        .await
        .unwrap();
    let view = desk.ask("conversation.get", args.clone()).await.unwrap();
    assert_eq!(files(&view).len(), 2);
    assert_eq!(
        read(&desk, &waits, FilePart::Whole).await.unwrap(),
        picture()
    );

    shop.start().await.unwrap();
    desk.wait_for("delivered", "connection.get", json!({}), |view| {
        view["state"] == "online" && view["pending"] == 0
    })
    .await
    .unwrap();
    desk.wait_for("all sent", "conversation.get", args.clone(), |view| {
        sent(view, 2)
    })
    .await
    .unwrap();
    let page = customer.sees().await.unwrap();
    let mine = page.iter().filter(|one| one.author == WidgetAuthor::Agent);
    let names: Vec<String> = mine
        .map(|one| match &one.file {
            Some(file) => file.name.clone(),
            None => one.text.clone(),
        })
        .collect();
    let expected = ["您好，我来看", "安装说明.txt", "图.png", "图在上面"];
    assert_eq!(names, expected, "once, and in their order");
    let staged = desk.ask("file.list", args).await.unwrap();
    assert_eq!(staged["files"].as_array().unwrap().len(), 1);

    // Taken back, it is nowhere any more.
    let recall = json!({"conversation_id": id, "message_id": waits["id"]});
    let recalled = desk.ask("message.recall", recall).await.unwrap();
    assert!(recalled["file"].is_null());
    desk.wait_for("recalled", "connection.get", json!({}), |view| {
        view["pending"] == 0
    })
    .await
    .unwrap();
    let id = waits["file"]["id"].as_str().unwrap();
    assert_eq!(customer.fetches(id).await.unwrap().0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canned_reply_brings_its_picture() {
    let shop = Shop::open().await.unwrap();
    shop.hire("zuzhang", "组长", Role::TeamLead, ALL)
        .await
        .unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, ALL)
        .await
        .unwrap();
    let lead = Desk::sign_in(&shop, "zuzhang").await.unwrap();
    let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let bytes = picture();
    let args = json!({"file_id": uuid::Uuid::now_v7().to_string(), "conversation_id": null,
        "name": "安装示意.png", "offset": 0, "total": bytes.len(), "data": base64url_encode(&bytes)});
    let held = lead.ask("file.stage", args).await.unwrap()["held"].clone();
    assert_eq!(held["name"], "安装示意.png");
    let draft = json!({"scope": {"kind": "all"}, "folder": "", "title": "安装示意",
        "shortcode": "az", "text": "", "acts": [], "files": [held]});
    let canned_id = json!(uuid::Uuid::now_v7().to_string());
    let edit = json!({"id": canned_id, "base": 0, "draft": draft});
    lead.ask("canned.save", edit).await.unwrap();

    let customer = Customer::visit(&shop, "").await.unwrap();
    customer.says("转人工").await.unwrap();
    let row = desk.only("queue").await.unwrap();
    desk.wait_for("the canned reply", "canned.list", json!({}), |list| {
        list["items"][0]["draft"]["files"][0]["name"] == "安装示意.png"
    })
    .await
    .unwrap();
    let args = json!({"conversation_id": row["id"], "canned_id": canned_id});
    let staged = desk.ask("file.canned", args).await.unwrap();
    let file = staged["files"][0]["id"].clone();
    assert_ne!(file, held["id"], "it is a file of its own");
    send(&desk, &row["id"], &file).await;
    desk.wait_for("sent", "connection.get", json!({}), |view| {
        view["pending"] == 0
    })
    .await
    .unwrap();
    let page = customer.sees().await.unwrap();
    let got = page.iter().find_map(|shown| shown.file.clone()).unwrap();
    let (status, fetched) = customer.fetches(&got.id.to_string()).await.unwrap();
    assert!(status == 200 && fetched == bytes);
}
