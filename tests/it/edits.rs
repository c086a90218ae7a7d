//! Two desks edit the same conversation while neither sees the other.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use lt_model::agent::Role;
use scenarios::{customer::Customer, desk::Desk, shop::Shop};
use serde_json::{Value, json};

const ALL: &[&str] = &["售前", "售后", "投诉"];

struct Two {
    shop: Shop,
    first: Desk,
    second: Desk,
    customer: Customer,
    id: Value,
}

impl Two {
    /// Two agents of one group with one waiting conversation on both screens.
    async fn at_work() -> Self {
        let shop = Shop::open().await.unwrap();
        for (username, name) in [("xiaotong", "王晓彤"), ("lina", "李娜")] {
            shop.hire(username, name, Role::Agent, ALL).await.unwrap();
        }
        let mut first = Desk::sign_in(&shop, "xiaotong").await.unwrap();
        let mut second = Desk::sign_in(&shop, "lina").await.unwrap();
        let customer = Customer::visit(&shop, "").await.unwrap();
        customer.says("转人工").await.unwrap();
        let row = first.only("queue").await.unwrap();
        second.only("queue").await.unwrap();
        let id = json!({"conversation_id": row["id"]});
        Self {
            shop,
            first,
            second,
            customer,
            id,
        }
    }

    /// Both lose the server.
    async fn go_offline(&mut self) {
        self.shop.stop().await;
        for desk in [&mut self.first, &mut self.second] {
            desk.wait_for("offline", "connection.get", json!({}), |view| {
                view["state"] == "offline"
            })
            .await
            .unwrap();
        }
    }
}

/// Edits what is on the desk's screen.
async fn edit(desk: &Desk, id: &Value, priority: &str, tag: &str) {
    let view = desk.ask("conversation.get", id.clone()).await.unwrap();
    let args = json!({"conversation_id": id["conversation_id"],
        "priority": {"rev": view["properties"]["priority_rev"], "base": view["row"]["priority"],
            "mine": priority},
        "category": null, "add_tags": [tag], "remove_tags": []});
    desk.ask("conversation.patch", args).await.unwrap();
}

async fn write_summary(desk: &Desk, id: &Value, text: &str) {
    desk.ask("summary.edit", id.clone()).await.unwrap();
    let args = json!({"conversation_id": id["conversation_id"], "text": text});
    desk.ask("summary.save", args).await.unwrap();
}

/// Waits until everything was answered, and gives how many fields are in conflict.
async fn settled(desk: &mut Desk) -> u64 {
    let view = desk
        .wait_for("settled", "connection.get", json!({}), |view| {
            view["state"] == "online" && view["pending"] == 0
        })
        .await
        .unwrap();
    view["conflicts"].as_u64().unwrap()
}

async fn wait_for(desk: &mut Desk, id: &Value, right: impl Fn(&Value) -> bool) -> Value {
    desk.wait_for("the conversation", "conversation.get", id.clone(), right)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_commutes_merges_and_each_conflict_is_ended_in_one_of_three_ways() {
    let mut two = Two::at_work().await;
    let id = two.id.clone();
    // Three rounds: each makes a conflict over the priority and one over the summary, each is ended
    // in another way.
    for (round, way) in ["mine", "theirs", "merged"].into_iter().enumerate() {
        let base = format!("第{round}轮\n-\n末行");
        write_summary(&two.first, &id, &base).await;
        settled(&mut two.first).await;
        for desk in [&mut two.first, &mut two.second] {
            wait_for(desk, &id, |view| {
                view["properties"]["summary"] == base && view["properties"]["pending"] == false
            })
            .await;
        }
        two.go_offline().await;
        let (high, low) = if round % 2 == 0 {
            ("urgent", "low")
        } else {
            ("high", "normal")
        };
        edit(&two.first, &id, high, &format!("晓彤{round}")).await;
        edit(&two.second, &id, low, &format!("李娜{round}")).await;
        write_summary(&two.first, &id, &format!("第{round}轮\n-\n晓彤写的")).await;
        write_summary(&two.second, &id, &format!("第{round}轮\n-\n李娜写的")).await;
        two.shop.start().await.unwrap();

        let n_conflicts = (
            settled(&mut two.first).await,
            settled(&mut two.second).await,
        );
        // Whoever came second to a field has its conflict: each field has one loser.
        assert_eq!(n_conflicts.0 + n_conflicts.1, 2, "round {round}");
        for desk in [&mut two.first, &mut two.second] {
            wait_for(desk, &id, |view| {
                let tags = view["properties"]["tags"].to_string();
                tags.contains(&format!("晓彤{round}")) && tags.contains(&format!("李娜{round}"))
            })
            .await;
        }
        let mut expected = Vec::new();
        for desk in [&mut two.first, &mut two.second] {
            let outbox = desk.ask("outbox.list", json!({})).await.unwrap();
            for conflict in outbox["conflicts"].as_array().unwrap().clone() {
                let field = conflict["theirs"]["field"].as_str().unwrap().to_owned();
                if field == "summary" {
                    assert_eq!(conflict["base"]["value"], base);
                    let merged = conflict["merged"]["value"].as_str().unwrap();
                    assert!(
                        merged.contains("晓彤写的") && merged.contains("李娜写的"),
                        "{merged}"
                    );
                }
                let by = conflict["by"].as_str().unwrap();
                assert!(["王晓彤", "李娜"].contains(&by), "{by}");
                let choice = match way {
                    "merged" => json!({"kind": "merged", "value": conflict["merged"]}),
                    way => json!({"kind": way}),
                };
                let args = json!({"conversation_id": id["conversation_id"], "field": field,
                    "choice": choice});
                desk.ask("conflict.resolve", args).await.unwrap();
                expected.push((field, conflict[way]["value"].clone()));
            }
        }
        assert_eq!(expected.len(), 2);
        for desk in [&mut two.first, &mut two.second] {
            assert_eq!(settled(desk).await, 0, "round {round}");
            wait_for(desk, &id, |view| {
                expected.iter().all(|(field, value)| match field.as_str() {
                    "priority" => view["row"]["priority"] == *value,
                    _ => view["properties"]["summary"] == *value,
                }) && view["row"]["conflict"] == false
            })
            .await;
        }
    }
    // What agents keep among themselves is not the customer's to see.
    let seen = two.customer.sees().await.unwrap();
    assert!(
        seen.iter().all(|message| !message.text.contains("晓彤")),
        "{seen:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_changed_apart_merge_without_a_word() {
    let mut two = Two::at_work().await;
    let id = two.id.clone();
    write_summary(&two.first, &id, "诉求：退款\n-\n承诺：无").await;
    for desk in [&mut two.first, &mut two.second] {
        wait_for(desk, &id, |view| {
            view["properties"]["summary"] == "诉求：退款\n-\n承诺：无"
                && view["properties"]["pending"] == false
        })
        .await;
    }
    two.go_offline().await;
    write_summary(&two.first, &id, "诉求：退款，差价\n-\n承诺：无").await;
    write_summary(&two.second, &id, "诉求：退款\n-\n承诺：今天到账").await;
    two.shop.start().await.unwrap();
    for desk in [&mut two.first, &mut two.second] {
        assert_eq!(settled(desk).await, 0);
        wait_for(desk, &id, |view| {
            view["properties"]["summary"] == "诉求：退款，差价\n-\n承诺：今天到账"
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_over_what_came_in_meanwhile_is_held_back_until_it_was_looked_at() {
    let mut two = Two::at_work().await;
    let id = two.id.clone();
    two.first
        .ask("conversation.claim", id.clone())
        .await
        .unwrap();
    settled(&mut two.first).await;
    two.go_offline().await;
    let reply = two
        .first
        .reply(&id["conversation_id"], "预计今天到账")
        .await
        .unwrap();
    two.first
        .ask("conversation.resolve", id.clone())
        .await
        .unwrap();
    // The customer goes on before this desk is back.
    let folder = two.first.close().await;
    two.shop.start().await.unwrap();
    two.customer.says("不用查了").await.unwrap();
    two.customer.says("我看到到账了").await.unwrap();
    two.first = Desk::start(folder);
    two.first.unlock().await.unwrap();
    settled(&mut two.first).await;

    let view = wait_for(&mut two.first, &id, |view| {
        view["stopped"][0]["missed"]
            .as_array()
            .is_some_and(|missed| missed.len() == 2)
    })
    .await;
    let op_id = &view["stopped"][0]["op_id"];
    let kept = view["messages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|message| message["id"] == reply["id"])
        .unwrap();
    assert_eq!(kept["text"], "预计今天到账");
    assert_eq!(
        view["row"]["status"], "open",
        "it is not ended over their heads"
    );
    let outbox = two.first.ask("outbox.list", json!({})).await.unwrap();
    let why: Vec<_> = outbox["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["refused"].clone())
        .collect();
    assert_eq!(why, ["stale_reply", "after_refused"]);

    let seen = view["stopped"][0]["missed"][0].clone();
    let too_little = json!({"op_id": op_id, "seen_seq": seen});
    let error = two.first.ask("outbox.retry", too_little).await.unwrap_err();
    assert_eq!(error.code, lt_protocol::code::Code::StaleReply);
    let last = view["stopped"][0]["missed"][1].clone();
    let args = json!({"op_id": op_id, "seen_seq": last});
    two.first.ask("outbox.retry", args).await.unwrap();
    settled(&mut two.first).await;
    wait_for(&mut two.first, &id, |view| {
        view["row"]["status"] == "resolved"
    })
    .await;
    let texts: Vec<String> = two
        .customer
        .sees()
        .await
        .unwrap()
        .into_iter()
        .map(|message| message.text)
        .filter(|text| text == "预计今天到账")
        .collect();
    assert_eq!(texts.len(), 1);
}
