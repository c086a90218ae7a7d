//! Answers with variables, choices, repetition: what the bot remembers between turns.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use lt_backoffice::{
    Backoffice, Config,
    connectors::{Connectors, LookUp},
    texts,
};
use lt_db::ServerKeys;
use lt_model::{
    agent::Role,
    conversation::Handler,
    dialogue::{Asked, Tried},
    slot::{SlotKind, Slots},
};
use lt_protocol::{
    sync::{Action, OpOutcome},
    widget::WidgetAuthor,
};

use crate::world::{T0, World, config, id, root};

const KNOWLEDGE: &str = r#"{"id":"p-1","business_line":"小家电","category":"售后/物流","question":"包裹到哪里了","similar":["查一下物流","快递走到哪了","我的快递到哪了"],"answer":"您的包裹{{物流.状态}}，最新位置：{{物流.位置}}。{{否则}}请在“我的订单”里查看物流。"}
{"id":"p-2","business_line":"全店","category":"售后/退款","question":"退款多久到账","similar":["退款几天能收到","钱什么时候退回来"],"answer":"退款1–3个工作日到账。"}
{"id":"p-3","business_line":"全店","category":"售后/退款","question":"怎么申请退款","similar":["在哪里申请退款","退款怎么申请"],"answer":"在订单里点“申请退款”。"}
"#;

/// A logistics service that knows one order.
#[derive(Default)]
struct Logistics {
    is_down: Mutex<bool>,
    asked: Mutex<Vec<Slots>>,
    /// What somebody else does while it is asked, once.
    meanwhile: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl fmt::Debug for Logistics {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Logistics")
    }
}

impl Connectors for Logistics {
    fn names(&self) -> Vec<(String, Vec<String>)> {
        vec![(
            "物流".to_owned(),
            vec!["位置".to_owned(), "状态".to_owned()],
        )]
    }

    fn look_up(&self, connector: &str, slots: &Slots, limit: Duration) -> LookUp {
        assert!(connector == "物流" && limit <= Duration::from_secs(1));
        self.asked.lock().unwrap().push(slots.clone());
        if let Some(meanwhile) = self.meanwhile.lock().unwrap().take() {
            meanwhile();
        }
        if *self.is_down.lock().unwrap() {
            return LookUp::Unavailable;
        }
        match slots.order.as_deref() {
            None => LookUp::Missing(SlotKind::Order),
            Some("LX20261105007213") => LookUp::Found {
                values: BTreeMap::from([
                    ("状态".to_owned(), "正在运输途中".to_owned()),
                    ("位置".to_owned(), "杭州转运中心".to_owned()),
                ]),
                age_ms: 90_000,
            },
            Some(_) => LookUp::NotFound(SlotKind::Order),
        }
    }
}

/// The same data with connectors.
fn world(logistics: &Arc<Logistics>) -> World {
    let mut world = World::new();
    world
        .bo
        .import_faq(&world.admin, KNOWLEDGE.as_bytes(), T0)
        .unwrap();
    let path = world.folder.path().join("lingtai.db");
    let closed = World::new();
    // The file is let go before it is opened again.
    drop(std::mem::replace(&mut world.bo, Arc::clone(&closed.bo)));
    let db = crate::back_end::open(&path);
    let config = Config {
        connectors: Some(Arc::clone(logistics) as Arc<dyn Connectors>),
        ..config()
    };
    world.bo = Backoffice::open(db, ServerKeys::from_root(&root()), config).unwrap();
    world
}

#[test]
fn the_parcels_state_is_told_where_the_order_is_known() {
    let logistics = Arc::default();
    let world = world(&logistics);
    let visitor = world.visitor("");
    let history = world.say(&visitor, "查一下物流", T0 + 1);
    assert_eq!(history[1].text, texts::ask_for(SlotKind::Order, false));
    let conversation = world.conversation(&visitor);
    assert!(matches!(
        conversation.dialogue.asked,
        Some(Asked::Slot { .. })
    ));
    assert_eq!(conversation.failed_turns, 0);

    let history = world.say(&visitor, "LX20261105007213", T0 + 2);
    let answer = history.last().unwrap();
    assert_eq!(
        answer.text,
        "您的包裹正在运输途中，最新位置：杭州转运中心。"
    );
    assert_eq!(answer.source, "p-1@1");
    let conversation = world.conversation(&visitor);
    assert_eq!(
        conversation.dialogue.slots.order.as_deref(),
        Some("LX20261105007213")
    );
    assert_eq!(conversation.intent, "包裹到哪里了");

    // The order stays known, and the state of the moment is worth saying again.
    let history = world.say(&visitor, "我的快递到哪了", T0 + 3);
    assert!(history.last().unwrap().text.contains("杭州转运中心"));
    *logistics.is_down.lock().unwrap() = true;
    let history = world.say(&visitor, "快递走到哪了", T0 + 4);
    let said = &history.last().unwrap().text;
    assert_eq!(said, "请在“我的订单”里查看物流。");
}

#[test]
fn nothing_is_asked_for_twice() {
    let logistics = Arc::default();
    for (second, expected) in [
        ("找不到订单号", "请在“我的订单”里查看物流。"),
        ("LX99999999999999", texts::ask_for(SlotKind::Order, true)),
        ("退款多久到账", "退款1–3个工作日到账。"),
    ] {
        let world = world(&logistics);
        let visitor = world.visitor("");
        world.say(&visitor, "查一下物流", T0 + 1);
        let history = world.say(&visitor, second, T0 + 2);
        let said = &history.last().unwrap().text;
        if second.starts_with("LX") {
            // It was asked for already: the plain answer has to do.
            assert_eq!(said, "请在“我的订单”里查看物流。");
        } else {
            assert_eq!(said, expected, "{second}");
        }
    }
}

#[test]
fn an_order_that_nobody_knows_is_asked_for_again() {
    let logistics = Arc::default();
    let world = world(&logistics);
    let visitor = world.visitor("");
    world.say(&visitor, "订单号LX99999999999999", T0 + 1);
    if world.conversation(&visitor).handler != Handler::Bot {
        return;
    }
    let history = world.say(&visitor, "查一下物流", T0 + 2);
    assert_eq!(
        history.last().unwrap().text,
        texts::ask_for(SlotKind::Order, true)
    );
    let history = world.say(&visitor, "哦，是LX20261105007213", T0 + 3);
    assert!(history.last().unwrap().text.contains("杭州转运中心"));
}

#[test]
fn the_same_again_is_a_failed_turn_and_the_third_brings_a_person() {
    let logistics = Arc::default();
    let world = world(&logistics);
    let visitor = world.visitor("");
    let history = world.say(&visitor, "退款多久到账", T0 + 1);
    assert_eq!(history[1].source, "p-2@1");
    for (turn, failed_turns) in [(2, 1), (3, 2)] {
        let history = world.say(&visitor, "退款多久到账", T0 + turn);
        let said = history.last().unwrap();
        assert_eq!((said.author, said.source.as_str()), (WidgetAuthor::Bot, ""));
        assert!(
            said.text.contains("没有帮到您") && said.text.contains("转人工"),
            "{}",
            said.text
        );
        assert_eq!(world.conversation(&visitor).failed_turns, failed_turns);
    }
    world.say(&visitor, "退款多久到账", T0 + 4);
    let conversation = world.conversation(&visitor);
    assert_eq!(conversation.handler, Handler::Queue);
    assert!(
        matches!(&conversation.dialogue.tried[0], Tried::Answered { faq_id, .. } if faq_id == "p-2")
    );
    assert!(
        conversation.dialogue.tried.len() >= 3,
        "{:?}",
        conversation.dialogue.tried
    );
    // While a person is waited for, what is said about the matter is noted all the same.
    world.say(
        &visitor,
        "订单号LX20261105007213，昨天买的，电话13912345678",
        T0 + 5,
    );
    let slots = world.conversation(&visitor).dialogue.slots;
    assert_eq!(slots.order.as_deref(), Some("LX20261105007213"));
    assert_eq!(slots.phone.as_deref(), Some("139****5678"));
    assert!(slots.date.is_some());
}

#[test]
fn what_colleagues_write_meanwhile_takes_no_answer_away() {
    let logistics: Arc<Logistics> = Arc::default();
    let world = world(&logistics);
    let mut lead = world.agent("lead", Role::TeamLead, &["售前组", "售后组"]);
    let visitor = world.visitor("");
    world.say(&visitor, "查一下物流", T0 + 1);
    let conversation = world.conversation(&visitor);
    let note = lead.op(Action::AddNote {
        conversation_id: conversation.id,
        message_id: id(),
        text: "这位客户上周投诉过".to_owned(),
        mentions: Vec::new(),
    });
    let (bo, principal) = (Arc::clone(&world.bo), lead.principal.clone());
    *logistics.meanwhile.lock().unwrap() = Some(Box::new(move || {
        let outcome = bo.apply(&principal, &note, T0 + 2).unwrap();
        assert_eq!(outcome, OpOutcome::Done { at: T0 + 2 });
    }));
    let history = world.say(&visitor, "LX20261105007213", T0 + 2);
    assert!(
        logistics.meanwhile.lock().unwrap().is_none(),
        "it was written"
    );
    assert_eq!(
        history.last().unwrap().text,
        "您的包裹正在运输途中，最新位置：杭州转运中心。"
    );
    assert_eq!(world.conversation(&visitor).waiting_since, None);
}
