//! Whatever is sent: a clear answer, and what was accepted before is still there.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::fmt::Write as _;

use lt_model::{agent::Role, id::MessageId};
use lt_protocol::{api::ImportReport, code::Code, widget::WidgetAuthor};
use lt_seal::Secret;
use lt_server::cli::admin::Admin;
use scenarios::{
    customer::Customer,
    desk::Desk,
    shop::{ADMIN, Shop},
};
use serde_json::json;

fn send(id: MessageId, text: &str) -> Vec<u8> {
    json!({"t": "send", "id": id, "text": text})
        .to_string()
        .into_bytes()
}

fn message_id() -> MessageId {
    MessageId(uuid::Uuid::now_v7())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_posts_anything_is_answered_and_loses_nothing() {
    let shop = Shop::open().await.unwrap();
    let customer = Customer::visit(&shop, "李梅").await.unwrap();
    customer.says("退款几天能收到").await.unwrap();
    // The first look delivers the answer, the second one sees that.
    customer.sees().await.unwrap();
    let before = customer.sees().await.unwrap();
    let raw = |body: &[u8]| {
        let id = message_id();
        let mut bytes = format!(r#"{{"t":"send","id":"{}","text":""#, id.0).into_bytes();
        bytes.extend_from_slice(body);
        bytes.extend_from_slice(br#""}"#);
        bytes
    };
    let cases: Vec<(&str, Vec<u8>, u16, &str)> = vec![
        (
            "a byte too long",
            send(message_id(), &"a".repeat(20_001)),
            200,
            "too_large",
        ),
        (
            "far too long",
            send(message_id(), &"a".repeat(200_000)),
            413,
            "too_large",
        ),
        (
            // The server answers and closes long before all of it is written.
            "more than any socket takes in",
            vec![b'a'; 16 * 1024 * 1024],
            413,
            "too_large",
        ),
        ("blanks", send(message_id(), " \n\t"), 200, "empty"),
        (
            "nothing to see",
            send(message_id(), "\u{200b}\u{feff}"),
            200,
            "empty",
        ),
        ("no UTF-8", raw(b"\xFF\xFE"), 400, "bad_request"),
        ("GBK", raw(b"\xC4\xE3\xBA\xC3"), 400, "bad_request"),
        ("half a character", raw(br"\ud800"), 400, "bad_request"),
        ("deep", "[".repeat(30_000).into_bytes(), 400, "bad_request"),
        (
            "deep objects",
            "{\"a\":".repeat(5_000).into_bytes(),
            400,
            "bad_request",
        ),
        ("no JSON", b"hello".to_vec(), 400, "bad_request"),
        ("nothing", Vec::new(), 400, "bad_request"),
        (
            "no id",
            br#"{"t":"send","id":"x","text":"a"}"#.to_vec(),
            400,
            "bad_request",
        ),
        (
            "another kind",
            br#"{"t":"drop"}"#.to_vec(),
            400,
            "bad_request",
        ),
        (
            "a number out of range",
            br#"{"t":"read","seq":-1}"#.to_vec(),
            400,
            "bad_request",
        ),
    ];
    for (name, bytes, status, code) in cases {
        let (got, answer) = customer.posts(bytes).await.unwrap();
        assert_eq!(got, status, "{name}: {answer}");
        assert!(
            answer.contains(&format!(r#""code":"{code}""#)),
            "{name}: {answer}"
        );
    }
    assert_eq!(
        customer.sees().await.unwrap(),
        before,
        "nothing of it was stored"
    );
    // Signs that do nothing are left out, everything else stays as written.
    customer.says("a\u{0}b\u{1b}[31m\u{202e}c").await.unwrap();
    let page = customer.sees().await.unwrap();
    assert!(
        page.iter().any(|message| message.text == "ab[31m\u{202e}c"),
        "{page:?}"
    );

    for token in ["", "x", "' OR 1=1 --", &"A".repeat(9_000)] {
        let stranger = customer.with_token(token);
        let (status, answer) = stranger.posts(send(message_id(), "在吗")).await.unwrap();
        assert_eq!(status, 401, "{token}: {answer}");
        assert!(answer.contains("signed_out"), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_in_a_hurry_is_slowed_down_and_what_was_accepted_is_there_once() {
    let shop = Shop::open().await.unwrap();
    let customer = Customer::visit(&shop, "").await.unwrap();
    let mut accepted = Vec::new();
    let mut n_refused = 0;
    for n in 0..120 {
        let id = message_id();
        let (status, answer) = customer.posts(send(id, &format!("第{n}句"))).await.unwrap();
        assert_eq!(status, 200, "{answer}");
        if answer == "[]" {
            accepted.push(id);
        } else {
            assert!(answer.contains("slow_down"), "{answer}");
            n_refused += 1;
        }
    }
    assert!(
        accepted.len() >= 20 && n_refused > 60,
        "{} {n_refused}",
        accepted.len()
    );
    let mine: Vec<MessageId> = customer
        .sees()
        .await
        .unwrap()
        .into_iter()
        .filter(|message| message.author == WidgetAuthor::Me)
        .map(|message| message.id)
        .collect();
    assert_eq!(mine, accepted);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_refuses_what_it_cannot_send_and_says_why() {
    let shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, &["售前", "售后", "投诉"])
        .await
        .unwrap();
    let stranger = Desk::start(shop.desk_folder("stranger"));
    for server in [
        "",
        "x",
        "lingtai1.",
        "lingtai1.AAAA",
        "lingtai1.中文",
        "http://shop.example",
        "ftp://127.0.0.1",
        "http://127.0.0.1:70000",
    ] {
        let args = json!({"server": server, "username": "xiaotong", "password": "long enough",
            "passphrase": "long enough"});
        let error = stranger.ask("session.login", args).await.unwrap_err();
        assert_eq!(error.code, Code::BadRequest, "{server}");
    }
    assert!(
        !stranger.folder.join("keys.json").exists(),
        "nothing is left behind"
    );

    let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let customer = Customer::visit(&shop, "").await.unwrap();
    customer.says("转人工").await.unwrap();
    let row = desk.only("queue").await.unwrap();
    for (text, code) in [
        ("a".repeat(20_001), Code::TooLarge),
        ("  \n".to_owned(), Code::Empty),
        ("\u{200b}".to_owned(), Code::Empty),
    ] {
        let error = desk.reply(&row["id"], &text).await.unwrap_err();
        assert_eq!(error.code, code);
    }
    desk.reply(&row["id"], &"a".repeat(20_000)).await.unwrap();
    desk.wait_for("sent", "connection.get", json!({}), |view| {
        view["pending"] == 0
    })
    .await
    .unwrap();
    let outbox = desk.ask("outbox.list", json!({})).await.unwrap();
    assert_eq!(outbox["items"], json!([]));
    let page = customer.sees().await.unwrap();
    let replies = page
        .iter()
        .filter(|message| message.author == WidgetAuthor::Agent);
    assert_eq!(replies.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn knowledge_that_is_not_right_changes_nothing_and_names_its_lines() {
    let shop = Shop::open().await.unwrap();
    let before = export(&shop).await;
    let line = |id: &str| {
        format!(
            r#"{{"id":"{id}","business_line":"电商","category":"售后/退款","question":"问","similar":[],"answer":"答"}}"#
        )
    };
    let (one, two) = (line("new-1"), line("new-2"));
    let mut gbk = one.clone().into_bytes();
    gbk.extend_from_slice(b"\n{\"id\":\"new-2\",\"question\":\"\xC4\xE3\xBA\xC3\"}");
    let cases: Vec<(&str, Vec<u8>, usize)> = vec![
        ("no JSON", format!("{one}\nhello\n{two}").into_bytes(), 2),
        (
            "an id twice",
            format!("{one}\n{two}\n{one}").into_bytes(),
            3,
        ),
        (
            "a field missing",
            format!("{one}\n{{\"id\":\"new-2\"}}").into_bytes(),
            2,
        ),
        (
            "an empty id",
            format!("{one}\n\n{}", line("")).into_bytes(),
            3,
        ),
        ("GBK", gbk, 2),
    ];
    for (name, bytes, line) in cases {
        let report = import(&shop, bytes).await;
        let lines: Vec<usize> = report
            .errors
            .iter()
            .map(|error| error.line as usize)
            .collect();
        assert_eq!(lines, [line], "{name}: {report:?}");
        assert_eq!((report.added, report.changed), (0, 0), "{name}");
    }
    assert_eq!(export(&shop).await, before, "nothing was published");
    // A mark of the byte order, as Windows editors write it, and empty lines are no fault.
    let report = import(
        &shop,
        format!("\u{feff}{one}\r\n\r\n{two}\r\n").into_bytes(),
    )
    .await;
    assert_eq!((report.added, report.errors.len()), (2, 0), "{report:?}");
}

async fn import(shop: &Shop, bytes: Vec<u8>) -> ImportReport {
    shop.admin(move |admin| {
        let answer = admin.call("POST", "/api/v1/faq/import", &bytes)?;
        Ok(serde_json::from_slice(&answer)?)
    })
    .await
    .unwrap()
}

async fn export(shop: &Shop) -> Vec<u8> {
    shop.admin(|admin| admin.call("GET", "/api/v1/faq/export", b""))
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_guesses_is_stopped_and_the_right_password_is_not_told_apart() {
    let shop = Shop::open().await.unwrap();
    let server = shop.enrolment.clone();
    let answers = tokio::task::spawn_blocking(move || {
        let mut answers = String::new();
        for (name, password) in [
            (ADMIN, "wrong password 1"),
            ("nobody", "wrong password 1"),
            ("", "wrong password 1"),
            ("\u{202e}", "x"),
        ] {
            let refused = Admin::sign_in(&server, name, &Secret::new(password.to_owned()));
            let said = refused.err().map(|error| format!("{error:#}"));
            let _ = writeln!(answers, "{}", said.unwrap_or_default());
        }
        answers
    })
    .await
    .unwrap();
    let mut lines: Vec<&str> = answers.lines().take(2).collect();
    lines.dedup();
    assert_eq!(lines.len(), 1, "who exists is not told: {answers}");
    assert!(answers.lines().all(|line| !line.is_empty()), "{answers}");
}
