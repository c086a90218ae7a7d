//! A customer is asked for a mark by a real server, answers at the page and under a link, and the desk
//! sees it; across a restart too.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use lt_db::ServerKeys;
use lt_model::agent::Role;
use lt_protocol::{code::Code, survey::Link, widget::WidgetMessage};
use lt_server::DataDir;
use scenarios::{
    customer::Customer,
    desk::{Desk, now},
    shop::{ADMIN, Shop},
};
use serde_json::{Value, json};

const ALL: &[&str] = &["售前", "售后", "投诉"];

async fn settled(desk: &mut Desk) {
    let is_settled = |view: &Value| view["state"] == "online" && view["pending"] == 0;
    desk.wait_for("settled", "connection.get", json!({}), is_settled)
        .await
        .unwrap();
}

/// The administrator's desk turns surveys on, asked at once.
async fn turn_on(shop: &Shop, more: Value) {
    let mut admin = Desk::sign_in(shop, ADMIN).await.unwrap();
    let is_there = |view: &Value| view["inboxes"][0]["id"].is_string();
    let view = admin
        .wait_for("inboxes", "routing.settings", json!({}), is_there)
        .await
        .unwrap();
    assert_eq!(view["inboxes"][0]["survey"]["on"], false, "off as shipped");
    let mut survey = json!({"on": true, "question": "这次帮到您了吗？", "question_en": "",
        "delay_ms": 0, "remind_after_ms": null, "again_after_ms": 0});
    for (name, value) in more.as_object().unwrap() {
        survey[name] = value.clone();
    }
    let setting = json!({"kind": "inbox_survey", "inbox_id": view["inboxes"][0]["id"],
        "survey": survey});
    admin
        .ask("routing.configure", json!({"setting": setting}))
        .await
        .unwrap();
    settled(&mut admin).await;
    let is_on = |view: &Value| view["inboxes"][0]["survey"]["on"] == true;
    admin
        .wait_for("on", "routing.settings", json!({}), is_on)
        .await
        .unwrap();
}

/// The customer asks for a person; the agent takes it, answers and resolves. Gives the conversation.
async fn serve(agent: &mut Desk, customer: &Customer) -> Value {
    customer.says("转人工").await.unwrap();
    let row = agent.only("queue").await.unwrap();
    let of = json!({"conversation_id": row["id"]});
    agent.ask("conversation.claim", of.clone()).await.unwrap();
    settled(agent).await;
    agent.reply(&row["id"], "已经为您处理好了").await.unwrap();
    settled(agent).await;
    agent.ask("conversation.resolve", of.clone()).await.unwrap();
    settled(agent).await;
    of
}

fn asked(page: &[WidgetMessage]) -> usize {
    let lines = page.iter().filter(|line| line.text == "请为本次服务评分");
    lines.count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_reaches_the_desk_once_and_outlives_a_restart() {
    let mut shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, ALL)
        .await
        .unwrap();
    turn_on(&shop, json!({})).await;
    let mut agent = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let customer = Customer::visit(&shop, "李梅").await.unwrap();
    let of = serve(&mut agent, &customer).await;
    let survey = customer.is_asked().await.unwrap();
    assert_eq!(survey.question, "这次帮到您了吗？");
    let is_asked = |view: &Value| view["survey"]["is_open"] == true;
    agent
        .wait_for("asked", "conversation.get", of.clone(), is_asked)
        .await
        .unwrap();

    // The server is gone when the customer would answer, and knows it all when it is back.
    shop.stop().await;
    assert!(customer.rates(survey.id, 5, "").await.is_err());
    shop.start().await.unwrap();
    assert_eq!(customer.is_asked().await.unwrap(), survey);
    let said = "很快，谢谢。我的手机号是13812345678";
    assert_eq!(customer.rates(survey.id, 5, said).await.unwrap(), None);
    assert_eq!(customer.rates(survey.id, 5, said).await.unwrap(), None);

    // On the desk: in the conversation, in its thread, in the agent's own view; masked.
    let is_rated = |view: &Value| view["survey"]["score"] == 5;
    let view = agent
        .wait_for("rated", "conversation.get", of.clone(), is_rated)
        .await
        .unwrap();
    assert_eq!(view["survey"]["agent"], "王晓彤");
    assert!(!view.to_string().contains("13812345678"));
    let lines = view["messages"].as_array().unwrap().iter();
    let scores: Vec<&Value> = lines
        .filter(|line| line["event"]["event"] == "survey")
        .map(|line| &line["event"]["score"])
        .collect();
    assert_eq!(scores, [&Value::Null, &json!(5)]);
    let mine = agent.ask("survey.mine", json!({"days": 7})).await.unwrap();
    assert_eq!(
        mine["marks"],
        json!({"asked": 1, "answered": 1, "satisfied": 1, "sum": 5})
    );
    assert_eq!(mine["items"][0]["score"], 5);
    assert!(!mine.to_string().contains("13812345678"));

    // Nobody else answers, and it was asked once.
    let stranger = Customer::visit(&shop, "").await.unwrap();
    let refused = stranger.rates(survey.id, 1, "").await.unwrap();
    assert_eq!(refused, Some(Code::NotFound));
    assert_eq!(asked(&customer.sees().await.unwrap()), 1);

    // Changed, also without the agent's desk being there.
    assert_eq!(customer.rates(survey.id, 3, "").await.unwrap(), None);
    let is_changed = |view: &Value| view["survey"]["score"] == 3;
    agent
        .wait_for("changed", "conversation.get", of, is_changed)
        .await
        .unwrap();
    let shown = customer.survey().await.unwrap().unwrap();
    assert_eq!(shown.score, Some(3));
    assert!(shown.changeable_until.is_some_and(|until| until > now()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_answers_without_a_cookie_and_only_its_own_survey() {
    let shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, ALL)
        .await
        .unwrap();
    turn_on(&shop, json!({"question_en": "Did we \"help\" <you>?"})).await;
    let mut agent = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let customer = Customer::visit(&shop, "李梅").await.unwrap();
    let of = serve(&mut agent, &customer).await;
    let survey = customer.is_asked().await.unwrap();
    let root = DataDir::new(shop.data()).root_key().unwrap();
    let key = ServerKeys::from_root(&root).survey;
    let link = |ends_at| Link {
        survey: survey.id,
        ends_at,
    };
    let path = format!("/s/{}", link(now() + 600_000).sign(&key));
    let browse = |method, path: String, form: &'static str| {
        let customer = customer.clone();
        async move { customer.browses(method, &path, form).await.unwrap() }
    };

    let (status, page) = browse("GET", path.clone(), "").await;
    assert_eq!(status, 200);
    assert!(page.contains("这次帮到您了吗？") && page.contains("聆选旗舰店"));
    let (_, page) = browse("GET", format!("{path}?lang=en"), "").await;
    assert!(page.contains("Did we &quot;help&quot; &lt;you&gt;?") && !page.contains("<script"));

    // What is no answer is told and changes nothing.
    let (status, page) = browse("POST", path.clone(), "comment=x").await;
    assert_eq!((status, page.contains("请先选择一个评分")), (422, true));
    for form in ["score=9", "score=5&score=1", "x", ""] {
        let (status, _) = browse("POST", path.clone(), form).await;
        assert_eq!(status, 400, "{form}");
    }
    let ended = format!("/s/{}", link(now() - 1).sign(&key));
    let other = format!("/s/{}", "A".repeat(55));
    for path in [ended, other, "/s/x".to_owned()] {
        for (method, form) in [("GET", ""), ("POST", "score=1")] {
            let (status, page) = browse(method, path.clone(), form).await;
            assert_eq!((status, page.contains("已经失效")), (410, true), "{path}");
        }
    }
    assert_eq!(customer.survey().await.unwrap().unwrap().score, None);

    // An answer, sent twice, then changed; the page and the desk know the last one.
    for form in [
        "score=2&comment=%E6%85%A2",
        "score=2&comment=%E6%85%A2",
        "score=4",
    ] {
        let (status, _) = browse("POST", path.clone(), form).await;
        assert_eq!(status, 303);
    }
    let (_, page) = browse("GET", path.clone(), "").await;
    assert!(page.contains("已收到您的评分") && page.contains("修改评分"));
    // Asked, answered, changed.
    let n_lines = |view: &Value| {
        let lines = view["messages"].as_array().map_or(&[][..], Vec::as_slice);
        let told = lines
            .iter()
            .filter(|line| line["event"]["event"] == "survey");
        told.count()
    };
    let is_rated = |view: &Value| view["survey"]["score"] == 4 && n_lines(view) == 3;
    agent
        .wait_for("rated", "conversation.get", of, is_rated)
        .await
        .unwrap();

    // Who does not want to be asked is not asked again.
    let (status, _) = browse("POST", path.clone(), "opt_out=1").await;
    assert_eq!(status, 303);
    let (_, page) = browse("GET", path.clone(), "").await;
    assert!(page.contains("以后不再邀请您评价"));
    serve(&mut agent, &customer).await;
    let before = asked(&customer.sees().await.unwrap());
    assert_eq!(before, 1);
    assert!(
        customer
            .is_asked()
            .await
            .is_ok_and(|shown| shown.score == Some(4))
    );

    // Too many calls from one address wait; on a slow machine some more are let through meanwhile.
    let mut n_calls = 0;
    while browse("GET", path.clone(), "").await.0 != 429 {
        n_calls += 1;
        assert!(n_calls < 200, "nobody is told to wait");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_no_questions_is_not_asked_again() {
    let shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, ALL)
        .await
        .unwrap();
    turn_on(&shop, json!({})).await;
    let mut agent = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let (first, second) = (
        Customer::visit(&shop, "李梅").await.unwrap(),
        Customer::visit(&shop, "王芳").await.unwrap(),
    );
    serve(&mut agent, &first).await;
    let survey = first.is_asked().await.unwrap();
    first.opts_out(survey.id).await.unwrap();
    assert_eq!(first.survey().await.unwrap(), None);
    serve(&mut agent, &first).await;
    // By the time that somebody who ended later is asked, the first would have been.
    serve(&mut agent, &second).await;
    second.is_asked().await.unwrap();
    assert_eq!(asked(&first.sees().await.unwrap()), 1);
    assert_eq!(first.survey().await.unwrap(), None);
}
