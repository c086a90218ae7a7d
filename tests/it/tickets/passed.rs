//! Passed on to another department: who waits hears of it, and may take it back until they act.

use super::*;

/// 李娜 has filed a ticket of 售后组 about a conversation that waits in the queue, and has it; 陈海
/// is in 物流组.
struct Filed {
    /// Kept, so that the server goes on.
    _shop: Shop,
    lina: Desk,
    hai: Desk,
    customer: Customer,
    /// How many lines the customer saw before.
    n_seen: usize,
    /// Of the conversation.
    conversation: Value,
    ticket: String,
    /// Of 物流组.
    logistics: Value,
}

impl Filed {
    async fn open() -> Self {
        let shop = Shop::open().await.unwrap();
        let (mut lina, hai) = lina_and_hai(&shop).await;
        let choices = choices(&mut lina).await;
        let customer = Customer::visit(&shop, "张伟").await.unwrap();
        customer
            .says("重复扣款了，我要投诉你们，转人工")
            .await
            .unwrap();
        let conversation = lina.only("queue").await.unwrap()["id"].clone();
        let n_seen = customer.sees().await.unwrap().len();
        let ticket = new_id();
        let create = dispute(&ticket, &choices, "重复扣款", &conversation);
        lina.ask("ticket.create", create).await.unwrap();
        lina.ask("ticket.claim", json!({"ticket_id": ticket}))
            .await
            .unwrap();
        Self {
            logistics: department_of(&choices, "物流组"),
            _shop: shop,
            lina,
            hai,
            customer,
            n_seen,
            conversation,
            ticket,
        }
    }
}

/// Lines of the conversation about its tickets.
fn ticket_lines(view: &Value) -> Vec<String> {
    let messages = view["messages"].as_array().cloned().unwrap_or_default();
    let lines = messages.iter().filter_map(|one| {
        let event = &one["event"];
        (event["event"] == "ticket").then(|| event["what"]["kind"].as_str().unwrap().to_owned())
    });
    lines.collect()
}

/// They, once there are three.
async fn three_lines(desk: &mut Desk, conversation: &Value) -> Vec<String> {
    let here = json!({"conversation_id": conversation});
    let all = |view: &Value| ticket_lines(view).len() == 3;
    let view = desk
        .wait_for("the lines", "conversation.get", here, all)
        .await
        .unwrap();
    ticket_lines(&view)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_a_ticket_hears_of_it_and_the_customer_does_not() {
    let Filed {
        _shop,
        mut lina,
        mut hai,
        customer,
        n_seen,
        conversation,
        ticket: id,
        logistics,
    } = Filed::open().await;
    let pass =
        json!({"ticket_id": id, "department_id": logistics, "returns": true, "note": "请查"});
    lina.ask("ticket.transfer", pass).await.unwrap();
    sees(&mut hai, "it arrives", &id, |view| n_events(view) == 3).await;

    // Whoever passed it on is called by name, and hears of it with the window out of sight.
    lina.look_away();
    let colleagues = hai
        .ask("ticket.colleagues", json!({"ticket_id": id}))
        .await
        .unwrap();
    let people = colleagues["items"].as_array().unwrap();
    let lina_id = &people.iter().find(|one| one["name"] == "李娜").unwrap()["id"];
    let note = json!({"ticket_id": id, "text": "@李娜 银行流水在哪", "mentions": [lina_id]});
    hai.ask("ticket.comment", note).await.unwrap();
    let told = lina.notification_of("同事提到了您").await.unwrap();
    assert_eq!(told.body, "T-00001 的备注里提到了您");
    let marked = |view: &Value| view["row"]["mentioned"] == true;
    sees(&mut lina, "the mark", &id, marked).await;
    lina.ask("ticket.seen", json!({"ticket_id": id}))
        .await
        .unwrap();
    let clear = |view: &Value| view["row"]["mentioned"] == false;
    sees(&mut lina, "looked at", &id, clear).await;

    hai.ask("ticket.claim", json!({"ticket_id": id}))
        .await
        .unwrap();
    let give = json!({"ticket_id": id, "note": "流水已附"});
    hai.ask("ticket.return", give).await.ok();
    let told = lina.notification_of("工单退回").await.unwrap();
    assert!(told.body.starts_with("T-00001") && !told.body.contains("流水"));
    let lines = three_lines(&mut lina, &conversation).await;
    assert_eq!(lines, ["filed", "transferred", "returned"]);
    assert_eq!(customer.sees().await.unwrap().len(), n_seen);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_went_to_the_wrong_department_is_taken_back_until_they_act() {
    let Filed {
        _shop,
        mut lina,
        mut hai,
        conversation,
        ticket: id,
        logistics,
        customer: _customer,
        n_seen: _,
    } = Filed::open().await;
    let pass = |returns: bool| json!({"ticket_id": id, "department_id": logistics, "returns": returns, "note": "请查"});
    let take_back = || json!({"ticket_id": id, "department_id": logistics});

    // Passed on for good too she sees it, to read, as long as she may take it back; it comes back as
    // it was.
    lina.ask("ticket.transfer", pass(false)).await.unwrap();
    sees(&mut hai, "it arrives", &id, |view| n_events(view) == 3).await;
    let may = |view: &Value| view["can"]["take_back"] == true && view["row"]["pending"] == false;
    let given = sees(&mut lina, "it may be taken back", &id, may).await;
    assert_eq!(
        (&given["can"]["comment"], &given["can"]["edit"]),
        (&json!(false), &json!(false))
    );
    let back = lina.ask("ticket.take_back", take_back()).await.unwrap();
    assert_eq!(back["is_asked"], false, "her desk has it");
    let mine = |view: &Value| view["row"]["mine"] == true && view["row"]["pending"] == false;
    let back = sees(&mut lina, "it is hers again", &id, mine).await;
    assert_eq!(back["row"]["department"], "售后组");
    assert_eq!(back["steps"].as_array().unwrap().len(), 1);
    assert_eq!(
        kinds(&back),
        ["created", "claimed", "transferred", "taken_back"]
    );
    has_left(&mut hai, &id).await;
    let lines = three_lines(&mut lina, &conversation).await;
    assert_eq!(lines, ["filed", "transferred", "taken_back"]);

    // Where she waits for it she sees that it may be taken back, until they take it.
    lina.ask("ticket.transfer", pass(true)).await.unwrap();
    sees(&mut hai, "it arrives again", &id, |view| {
        n_events(view) == 5
    })
    .await;
    sees(&mut lina, "it may be taken back", &id, may).await;
    lina.ask("ticket.take_back", take_back()).await.unwrap();
    sees(&mut lina, "it is hers once more", &id, mine).await;
    lina.ask("ticket.transfer", pass(true)).await.unwrap();
    sees(&mut hai, "it arrives for the third time", &id, |view| {
        n_events(view) == 7
    })
    .await;
    sees(&mut lina, "it may be taken back again", &id, may).await;
    hai.ask("ticket.claim", json!({"ticket_id": id}))
        .await
        .unwrap();
    let may_not = |view: &Value| view["can"]["take_back"] == false;
    sees(&mut lina, "they have taken it up", &id, may_not).await;
    let late = lina.ask("ticket.take_back", take_back()).await.unwrap_err();
    assert_eq!(late.code, lt_protocol::code::Code::TakenUp);

    // What her desk cannot know the server says: she is told in the sync centre.
    hai.ask("ticket.return", json!({"ticket_id": id, "note": ""}))
        .await
        .ok();
    sees(&mut lina, "returned", &id, mine).await;
    lina.ask("ticket.transfer", pass(false)).await.unwrap();
    sees(&mut hai, "it arrives once more", &id, |view| {
        n_events(view) == 10
    })
    .await;
    hai.ask("ticket.claim", json!({"ticket_id": id}))
        .await
        .unwrap();
    let settled = |view: &Value| view["row"]["mine"] == true && view["row"]["pending"] == false;
    sees(&mut hai, "it is his", &id, settled).await;
    has_left(&mut lina, &id).await;
    let asked = lina.ask("ticket.take_back", take_back()).await.unwrap();
    assert_eq!(asked["is_asked"], true, "the server decides");
    let refused = |view: &Value| {
        let items = view["items"].as_array().cloned().unwrap_or_default();
        items
            .iter()
            .any(|one| one["kind"] == "ticket.take_back" && one["refused"] == "taken_up")
    };
    let view = lina
        .wait_for("the refusal", "outbox.list", json!({}), refused)
        .await
        .unwrap();
    assert_eq!(view["items"][0]["number"], "T-00001", "though it has left");
    sees(&mut hai, "still his", &id, settled).await;
}
