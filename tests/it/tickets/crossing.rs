//! From department to department and back, with the customer in between.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_crosses_departments_waits_for_the_customer_and_comes_back() {
    let shop = Shop::open().await.unwrap();
    let (mut lina, mut hai) = lina_and_hai(&shop).await;
    let finance = department(&shop, "财务组").await.unwrap();
    hire_into(&shop, "zhanglei", "张磊", &finance)
        .await
        .unwrap();
    let mut lei = Desk::sign_in(&shop, "zhanglei").await.unwrap();

    let customer = Customer::visit(&shop, "张伟").await.unwrap();
    customer
        .says("快递摔坏了要换货，订单号LX20261105007213，电话13812345678，我要投诉你们，转人工")
        .await
        .unwrap();
    let row = lina.only("queue").await.unwrap();

    // The form begins with what the customer said, and shows none of it in full.
    let form = lina
        .ask(
            "ticket.prepare",
            json!({"conversation_id": row["id"], "type_id": null}),
        )
        .await
        .unwrap();
    let types = form["types"].as_array().unwrap();
    let kind = types
        .iter()
        .find(|kind| kind["name"] == "售后退换")
        .unwrap();
    let form = lina
        .ask(
            "ticket.prepare",
            json!({"conversation_id": row["id"], "type_id": kind["id"]}),
        )
        .await
        .unwrap();
    let whole = form["values"].to_string() + &form["title"].to_string();
    assert!(
        !whole.contains("13812345678") && !whole.contains("20261105007213"),
        "{whole}"
    );
    let prefilled = |key: &str| -> Value {
        let values = form["values"].as_array().unwrap();
        let found = values.iter().find(|one| one["key"] == key);
        found.unwrap_or_else(|| panic!("{key} in {whole}"))["value"].clone()
    };
    let id = new_id();
    let values = json!({"order": prefilled("order"), "detail": prefilled("detail"),
        "request": {"kind": "choice", "value": "换货"},
        "reason": {"kind": "choice", "value": "运输破损"}});
    let made = lina
        .ask(
            "ticket.create",
            json!({"ticket_id": id, "type_id": kind["id"], "title": form["title"],
                "priority": "high", "department_id": form["department_id"],
                "conversation_id": row["id"], "values": values, "note": ""}),
        )
        .await
        .unwrap();
    assert_eq!(made["row"]["state"], "new");
    let numbered =
        |view: &Value| view["row"]["number"] == "T-00001" && view["row"]["pending"] == false;
    let view = sees(&mut lina, "the number", &id, numbered).await;
    assert_eq!(view["customer"]["name"], "张*");
    assert_eq!(view["conversations"][0]["number"], row["number"]);
    let here = lina
        .store()
        .unwrap()
        .ticket(id.parse().unwrap())
        .unwrap()
        .unwrap();
    let kept = serde_json::to_string(&here.ticket.values).unwrap();
    assert!(
        kept.contains("LX20261105007213") && kept.contains("13812345678"),
        "what was shown masked is kept whole: {kept}"
    );

    // 售后 → 物流, which is to give it back.
    let choices = lina.ask("ticket.choices", json!({})).await.unwrap();
    lina.ask("ticket.claim", json!({"ticket_id": id}))
        .await
        .unwrap();
    let to = |name: &str, returns: bool, note: &str| {
        json!({"ticket_id": id, "department_id": department_of(&choices, name),
            "returns": returns, "note": note})
    };
    let moved = lina
        .ask(
            "ticket.transfer",
            to("物流组", true, "请核实破损，电话13812345678"),
        )
        .await
        .unwrap();
    assert_eq!(moved["row"]["department"], "物流组");
    assert_eq!(moved["row"]["awaited"], true);
    let arrived = sees(&mut hai, "it arrives", &id, |view| {
        view["row"]["department"] == "物流组"
    })
    .await;
    let shown = arrived.to_string();
    assert!(
        shown.contains("138****5678") && !shown.contains("13812345678") && !shown.contains("张伟"),
        "{shown}"
    );
    assert_eq!(sla(&arrived, "next_response")["state"], "pending");
    has_left(&mut lei, &id).await;
    // Who waits sees and comments, and does nothing else.
    let held = lina
        .ask("ticket.claim", json!({"ticket_id": id}))
        .await
        .unwrap_err();
    assert_eq!(held.code, lt_protocol::code::Code::Forbidden);
    lina.ask(
        "ticket.comment",
        json!({"ticket_id": id, "text": "客户在催", "mentions": []}),
    )
    .await
    .unwrap();
    sees(&mut hai, "the comment", &id, |view| {
        view.to_string().contains("客户在催")
    })
    .await;

    // 物流 → 财务, and back by the way it went.
    hai.ask("ticket.claim", json!({"ticket_id": id}))
        .await
        .unwrap();
    hai.ask("ticket.transfer", to("财务组", true, "请赔付"))
        .await
        .unwrap();
    sees(&mut lei, "finance has it", &id, |view| {
        view["row"]["department"] == "财务组"
    })
    .await;
    lei.ask("ticket.claim", json!({"ticket_id": id}))
        .await
        .unwrap();
    let state = |view: &Value| view["row"]["assignee"] == "张磊" && view["row"]["pending"] == false;
    let mine = sees(&mut lei, "taken", &id, state).await;
    assert_eq!(mine["can"]["return_to"], "物流组");
    let path: Vec<_> = mine["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["department"].clone())
        .collect();
    assert_eq!(path, ["售后组", "物流组", "财务组", "物流组", "售后组"]);
    let returned = lei
        .ask(
            "ticket.return",
            json!({"ticket_id": id, "note": "已赔付 60 元"}),
        )
        .await;
    assert!(returned.is_ok());
    let back =
        |view: &Value| view["row"]["department"] == "物流组" && view["row"]["assignee"] == "陈海";
    sees(&mut hai, "back at logistics", &id, back).await;
    hai.ask(
        "ticket.return",
        json!({"ticket_id": id, "note": "可以换货"}),
    )
    .await
    .ok();
    let back = |view: &Value| view["row"]["department"] == "售后组" && view["row"]["mine"] == true;
    sees(&mut lina, "back with who passed it on", &id, back).await;
    // It leaves whoever gave it back once it is taken up.
    has_left(&mut lei, &id).await;

    // The clock stands while the customer has to act, and goes on when they answer.
    let paused = lina
        .ask(
            "ticket.move",
            json!({"ticket_id": id, "from": "open", "to": "pending_customer",
                "note": "请补拍照片", "until": null}),
        )
        .await
        .unwrap();
    let resolution = sla(&paused, "resolution");
    assert_eq!(
        (&resolution["paused"], &resolution["due_at"]),
        (&json!(true), &Value::Null)
    );
    let settled = |view: &Value| view["row"]["pending"] == false;
    sees(&mut lina, "settled", &id, settled).await;
    has_left(&mut hai, &id).await;
    customer.says("照片发过去了").await.unwrap();
    let goes_on = |view: &Value| view["row"]["state"] == "open";
    let view = sees(&mut lina, "it goes on", &id, goes_on).await;
    let resolution = sla(&view, "resolution");
    assert_eq!(resolution["paused"], false);
    assert!(resolution["due_at"].is_i64());
    let segments = resolution["segments"].to_string();
    assert!(
        segments.contains("pending_customer"),
        "it is explained: {segments}"
    );
    assert_eq!(
        kinds(&view),
        [
            "created",
            "claimed",
            "transferred",
            "commented",
            "claimed",
            "transferred",
            "claimed",
            "returned",
            "returned",
            "paused",
            "resumed"
        ]
    );

    lina.ask(
        "ticket.move",
        json!({"ticket_id": id, "from": "open", "to": "resolved", "note": "已换货", "until": null}),
    )
    .await
    .unwrap();
    lina.ask(
        "ticket.verify",
        json!({"ticket_id": id, "ok": true, "note": ""}),
    )
    .await
    .unwrap();
    let closed = |view: &Value| view["row"]["state"] == "closed" && view["row"]["pending"] == false;
    let view = sees(&mut lina, "closed", &id, closed).await;
    assert_eq!(sla(&view, "resolution")["state"], "met");
}
