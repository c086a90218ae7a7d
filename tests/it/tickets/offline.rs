//! Filed and changed without the server: it comes once, and what a colleague has is left.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_was_made_offline_comes_once() {
    let mut shop = Shop::open().await.unwrap();
    shop.hire("lina", "李娜", Role::Agent, &["售后"])
        .await
        .unwrap();
    shop.hire("wangqian", "王倩", Role::TeamLead, &["售后"])
        .await
        .unwrap();
    let mut lina = Desk::sign_in(&shop, "lina").await.unwrap();
    let mut lead = Desk::sign_in(&shop, "wangqian").await.unwrap();
    let choices = choices(&mut lina).await;
    shop.stop().await;
    lina.wait_for("offline", "connection.get", json!({}), |view| {
        view["state"] == "offline"
    })
    .await
    .unwrap();
    let id = new_id();
    let mut create = dispute(&id, &choices, "重复扣款 60 元", &Value::Null);
    create["note"] = json!("客户来电");
    let made = lina.ask("ticket.create", create.clone()).await.unwrap();
    assert_eq!(
        (&made["row"]["number"], &made["row"]["pending"]),
        (&json!(""), &json!(true))
    );
    lina.ask("ticket.create", create.clone()).await.unwrap();
    lina.ask("ticket.claim", json!({"ticket_id": id}))
        .await
        .unwrap();
    lina.ask(
        "ticket.comment",
        json!({"ticket_id": id, "text": "等银行流水", "mentions": []}),
    )
    .await
    .unwrap();
    // What has to be filled in before the end is asked for at once, without the server.
    let early = lina
        .ask(
            "ticket.move",
            json!({"ticket_id": id, "from": "open", "to": "resolved", "note": "", "until": null}),
        )
        .await
        .unwrap_err();
    assert_eq!(early.code, lt_protocol::code::Code::FieldsMissing);
    let offline = sees(&mut lina, "all of it", &id, |view| n_events(view) == 4).await;
    assert_eq!(offline["row"]["state"], "open");

    // The desk is closed and opened again before the server comes back.
    let folder = lina.close().await;
    let mut lina = Desk::start(folder);
    lina.unlock().await.unwrap();
    let kept = sees(&mut lina, "still there", &id, |view| n_events(view) == 4).await;
    assert_eq!(kept["row"]["pending"], true);
    shop.start().await.unwrap();
    let numbered =
        |view: &Value| view["row"]["number"] == "T-00001" && view["row"]["pending"] == false;
    let view = sees(&mut lina, "the server has it", &id, numbered).await;
    assert_eq!(
        kinds(&view),
        ["created", "commented", "claimed", "commented"]
    );
    let seen = sees(&mut lead, "the lead sees it", &id, |view| {
        n_events(view) == 4
    })
    .await;
    assert_eq!(seen["row"]["assignee"], "李娜");
    lina.ask("ticket.create", create).await.unwrap();
    let page = lead.ask("ticket.list", list()).await.unwrap();
    assert_eq!(page["total"], 1, "{page}");

    // A lead takes it out of the desk; an agent may not.
    let export = json!({"filter": all(), "sort": "created", "reversed": false});
    let refused = lina.ask("ticket.export", export.clone()).await.unwrap_err();
    assert_eq!(refused.code, lt_protocol::code::Code::Forbidden);
    let written = lead.ask("ticket.export", export).await.unwrap();
    assert_eq!(written["rows"], 1);
    let csv = std::fs::read_to_string(written["path"].as_str().unwrap()).unwrap();
    assert!(csv.contains("T-00001") && csv.contains("账单争议"), "{csv}");
    // Behind what every ticket has stand the fields of its form.
    let (heads, values) = csv.split_once("\r\n").unwrap();
    assert!(
        heads.contains("\"解决\",\"订单号\",\"争议\",\"争议金额\""),
        "{heads}"
    );
    assert!(
        values.contains("\"\",\"\",\"重复扣款\",\"60.00\""),
        "{values}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn many_tickets_are_changed_offline_and_what_a_colleague_has_is_left() {
    let mut shop = Shop::open().await.unwrap();
    shop.hire("lina", "李娜", Role::Agent, &["售后"])
        .await
        .unwrap();
    shop.hire("wangqian", "王倩", Role::Agent, &["售后"])
        .await
        .unwrap();
    let mut lina = Desk::sign_in(&shop, "lina").await.unwrap();
    let mut wang = Desk::sign_in(&shop, "wangqian").await.unwrap();
    let choices = choices(&mut lina).await;
    let mut ids = Vec::new();
    for n in 0..3 {
        let id = new_id();
        let create = dispute(&id, &choices, &format!("重复扣款 {n}"), &Value::Null);
        lina.ask("ticket.create", create).await.unwrap();
        ids.push(id);
    }
    let held = ids.last().unwrap().clone();
    sees(&mut wang, "they are there", &held, |view| {
        n_events(view) == 1
    })
    .await;
    wang.ask("ticket.claim", json!({"ticket_id": held}))
        .await
        .unwrap();
    let theirs = |view: &Value| view["row"]["assignee"] == "王倩";
    sees(&mut lina, "a colleague has one", &held, theirs).await;
    shop.stop().await;
    lina.wait_for("offline", "connection.get", json!({}), |view| {
        view["state"] == "offline"
    })
    .await
    .unwrap();
    let act = |act: Value, preview: bool| json!({"ids": ids, "act": act, "preview": preview});
    let urgent = json!({"act": "priority", "priority": "urgent"});
    let claimed = lina
        .ask("ticket.bulk", act(json!({"act": "claim"}), false))
        .await
        .unwrap();
    assert_eq!(claimed["done"], 2);
    assert_eq!(claimed["refused"][0]["code"], "held_by_other");
    assert_eq!(claimed["refused"][0]["holder"], "王倩");
    let raised = lina.ask("ticket.bulk", act(urgent, false)).await.unwrap();
    assert_eq!(raised["undo"].as_array().unwrap().len(), 3);
    lina.ask("ticket.bulk_undo", json!({"undo": raised["undo"]}))
        .await
        .unwrap();
    shop.start().await.unwrap();
    let first = ids.first().unwrap();
    let right =
        |view: &Value| view["row"]["assignee"] == "李娜" && view["row"]["priority"] == "normal";
    sees(&mut wang, "all of it came", first, right).await;
    let settled = |view: &Value| view["row"]["pending"] == false;
    let view = sees(&mut lina, "settled", first, settled).await;
    assert_eq!(
        kinds(&view),
        ["created", "claimed", "escalated", "escalated"]
    );
}
