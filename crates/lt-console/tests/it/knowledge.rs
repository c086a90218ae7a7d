//! The knowledge as a list, its check, the engine's settings, and why an answer was suggested.

use lt_model::{
    agent::{Agent, Role},
    engine::{EngineDraft, EngineSettings},
};
use lt_protocol::{
    code::Code,
    event::{Tag, UiEvent},
    sync::Entity,
};
use serde_json::{Value, json};

use crate::world::{NOW, Story, World, conversation_id, faq, me};

/// A desk of an account with a role, with some knowledge and the engine over it.
async fn desk(role: Role) -> World {
    let mut world = World::new().await;
    world.config(vec![Entity::Agent(Agent { role, ..me() })]);
    world.faq(vec![
        faq(
            "ec-001",
            "怎么申请退款",
            &["我要退款", "退款流程", "如何退款"],
            "在订单页点“申请退款”。",
        ),
        faq(
            "ec-002",
            "快递多久到",
            &["什么时候到货", "几天能到", "物流要多久"],
            "一般三天内送达。",
        ),
        faq(
            "ec-003",
            "怎么开发票",
            &["要发票", "开票", "电子发票在哪"],
            "在订单页点“开发票”。",
        ),
    ]);
    until(
        &mut world,
        "faq.search",
        json!({"query": "退款", "limit": 5}),
        Tag::Faq,
        |found| {
            found["items"]
                .as_array()
                .is_some_and(|items| !items.is_empty())
        },
    )
    .await;
    world
}

/// Asks again after each event with the tag, until the answer fits.
async fn until(
    world: &mut World,
    name: &str,
    args: Value,
    tag: Tag,
    fits: impl Fn(&Value) -> bool,
) -> Value {
    loop {
        let answer = world.ask(name, args.clone()).await.unwrap();
        if fits(&answer) {
            return answer;
        }
        let told = |event: &UiEvent| match event {
            UiEvent::Changed { tags } => tags.contains(&tag),
            _ => false,
        };
        world.event(told).await;
    }
}

fn draft(synonyms: &[&[&str]], target: Option<u16>) -> EngineDraft {
    EngineDraft {
        synonyms: synonyms
            .iter()
            .map(|group| group.iter().map(|text| (*text).to_owned()).collect())
            .collect(),
        dictionary: Vec::new(),
        target_permille: target,
    }
}

fn settings(version: u32, draft: EngineDraft) -> Entity {
    Entity::EngineSettings(Box::new(EngineSettings {
        version,
        draft,
        answer_from_permille: None,
        curve: None,
        learned: None,
        at: NOW,
        by: "王管理".to_owned(),
        restored_from: None,
    }))
}

#[tokio::test]
async fn an_agent_reads_the_knowledge_and_nothing_more() {
    let world = desk(Role::Agent).await;
    for (name, args) in [
        ("engine.get", json!({})),
        ("engine.check", json!(EngineDraft::default())),
        (
            "engine.try",
            json!({"text": "退款", "draft": EngineDraft::default()}),
        ),
        (
            "engine.save",
            json!({"base": 0, "draft": EngineDraft::default()}),
        ),
        ("engine.restore", json!({"base": 0, "version": 0})),
        ("health.get", json!({})),
        ("health.run", json!({})),
        ("health.stop", json!({})),
    ] {
        let refused = world.ask(name, args).await.unwrap_err();
        assert_eq!(refused.code, Code::Forbidden, "{name}");
    }
    let list = |query: &str| json!({"query": query, "business_line": null, "category": null});
    let all = world.ask("faq.list", list("")).await.unwrap();
    assert_eq!(
        (&all["total"], &all["lines"][0]["n"]),
        (&json!(3), &json!(3))
    );
    assert_eq!(all["rows"][0]["n_similar"], 3);
    let found = world.ask("faq.list", list("发票 订单")).await.unwrap();
    assert_eq!(
        (&found["total"], &found["rows"][0]["faq_id"]),
        (&json!(1), &json!("ec-003"))
    );
    let entry = world
        .ask("faq.get", json!({"faq_id": "ec-002"}))
        .await
        .unwrap();
    assert_eq!(entry["similar"][1], "几天能到");
    let gone = world
        .ask("faq.get", json!({"faq_id": "x"}))
        .await
        .unwrap_err();
    assert_eq!(gone.code, Code::NotFound);
}

#[tokio::test]
async fn new_settings_of_the_server_change_what_the_desk_suggests() {
    let mut world = desk(Role::Admin).await;
    let shipped = world.ask("engine.get", json!({})).await.unwrap();
    assert_eq!(
        (&shipped["version"], &shipped["history"]),
        (&json!(0), &json!([]))
    );
    assert_eq!(shipped["targets"].as_array().unwrap().len(), 40);
    let tried = json!({"text": "小绿条怎么申请", "draft": draft(&[&["退款", "小绿条"]], None)});
    let trial = world.ask("engine.try", tried.clone()).await.unwrap();
    let sure = |side: &Value| {
        side["candidates"][0]["suggestion"]["confidence"]
            .as_f64()
            .unwrap()
    };
    assert_eq!(
        trial["draft"]["candidates"][0]["suggestion"]["faq_id"],
        "ec-001"
    );
    assert!(sure(&trial["draft"]) > sure(&trial["now"]), "{trial}");
    let first = settings(1, draft(&[&["退款", "小绿条"]], None));
    world.config(vec![
        first,
        settings(2, draft(&[&["退款", "小绿条"]], Some(950))),
    ]);
    let view = until(&mut world, "engine.get", json!({}), Tag::Engine, |view| {
        view["version"] == 2
    })
    .await;
    assert_eq!(view["draft"]["target_permille"], 950);
    assert_eq!(
        (&view["history"][0]["version"], &view["history"][1]["by"]),
        (&json!(2), &json!("王管理"))
    );
    // The engine follows in the background; what was tried is then what holds.
    let holds =
        json!({"text": "小绿条怎么申请", "draft": draft(&[&["退款", "小绿条"]], Some(950))});
    let expected = trial["draft"]["candidates"][0]["suggestion"].clone();
    let now = until(&mut world, "engine.try", holds, Tag::Faq, |trial| {
        trial["now"]["candidates"][0]["suggestion"]["confidence"] == expected["confidence"]
    })
    .await;
    assert_eq!(now["draft"], Value::Null);
    // Nothing is changed while the server is away.
    let save = json!({"base": 2, "draft": EngineDraft::default()});
    let refused = world.ask("engine.save", save).await.unwrap_err();
    assert_eq!(refused.code, Code::Offline);
    let two = draft(&[&["退款", "小绿条"], &["小绿条", "券"]], None);
    let check = world.ask("engine.check", json!(two)).await.unwrap();
    assert_eq!(
        check["problems"],
        json!([{"kind": "in_two_groups", "text": "小绿条", "first": 1, "second": 2}])
    );
}

#[tokio::test]
async fn the_check_of_the_knowledge_tells_what_it_finds() {
    let mut world = desk(Role::TeamLead).await;
    let idle = world.ask("health.get", json!({})).await.unwrap();
    assert_eq!(
        (&idle["state"]["kind"], &idle["report"]),
        (&json!("idle"), &Value::Null)
    );
    world.ask("health.run", json!({})).await.unwrap();
    let view = until(&mut world, "health.get", json!({}), Tag::Health, |view| {
        !view["report"].is_null()
    })
    .await;
    assert_eq!(view["report"]["n_entries"], 3);
    assert_eq!(view["report"]["held_out"]["n_asked"], 12);
    assert_eq!(
        view["report"]["counts"],
        json!([{"kind": "few_similar", "n": 3}])
    );
    assert_eq!(view["is_old"], false);
    world.faq(vec![faq("ec-004", "能不能货到付款", &[], "")]);
    let told =
        |event: &UiEvent| matches!(event, UiEvent::Changed { tags } if tags.contains(&Tag::Faq));
    world.event(told).await;
    let old = world.ask("health.get", json!({})).await.unwrap();
    assert_eq!(old["is_old"], true);
}

#[tokio::test]
async fn a_suggestion_is_explained_by_grounds_and_words() {
    let mut world = desk(Role::Agent).await;
    world.conversation(&Story::mine(1, "我想退钱，电话13812345678"));
    let args = json!({"conversation_id": conversation_id(1), "faq_id": "ec-001"});
    let why = world.ask("assist.explain", args).await.unwrap();
    let grounds = why["grounds"].as_array().unwrap();
    let total: f64 = grounds
        .iter()
        .map(|one| one["share"].as_f64().unwrap())
        .sum();
    assert!((total - 1.0).abs() < 1e-3, "{why}");
    let matches = why["matches"].as_array().unwrap();
    assert!(
        matches.iter().any(|one| one["asked"]
            .as_str()
            .is_some_and(|asked| asked.ends_with("退钱"))
            && one["found"] == "退款"
            && one["kind"] == "concept"),
        "{why}"
    );
    assert!(!why.to_string().contains("13812345678"));
    let other = json!({"conversation_id": conversation_id(1), "faq_id": "gone"});
    let nothing = world.ask("assist.explain", other).await.unwrap();
    assert_eq!(
        (&nothing["grounds"], &nothing["matches"]),
        (&json!([]), &json!([]))
    );
}
