//! Surges of complaints: told once with what the customers say, whatever restarts, and ended.

use lt_model::{
    Millis,
    alert::{Alert, AlertState, Measure, Severity, act::AlertAct, notify::NotifyChannel},
};
use lt_protocol::sync::{Action, Entity, OpOutcome, RowChange};

use crate::{
    alerts::{Recorder, lead_who_hears},
    world::{Desk, PASSWORD, T0, World, device, login, open},
};

const MINUTE: Millis = 60_000;
/// The first two days, in which nothing is told.
const BEFORE: Millis = 48 * 60 * MINUTE;
/// What customers ask on quiet days.
const QUESTIONS: [&str; 4] = [
    "什么时候发货",
    "可以开发票吗",
    "有没有优惠券",
    "怎么申请退货",
];

struct Shop {
    world: World,
    n_customers: u32,
}

impl Shop {
    /// Two days of 240 conversations, of which 24 are complaints.
    fn settled() -> Self {
        let mut shop = Self {
            world: World::with_faq(),
            n_customers: 0,
        };
        shop.quiet(T0, 240, BEFORE / 240);
        shop
    }

    fn quiet(&mut self, from: Millis, n: i64, every: Millis) {
        for at in 0..n {
            let text = match at % 10 {
                9 => "你们客服态度太差了，我要投诉",
                other => QUESTIONS[usize::try_from(other).unwrap() % QUESTIONS.len()],
            };
            self.say(text, from + at * every);
            if at % 20 == 19 {
                self.world
                    .bo
                    .run_surges(from + at * every + MINUTE)
                    .unwrap();
            }
        }
    }

    fn say(&mut self, text: &str, at: Millis) {
        self.n_customers += 1;
        let visitor = self.world.visitor(&format!("顾客{}", self.n_customers));
        self.world.say(&visitor, text, at);
    }

    /// So many complaints of one product that goes bad, one each 17 seconds.
    fn goes_bad(&mut self, from: Millis, n: i64) {
        for n in 0..n {
            self.say("扫地机器人冒烟，我要投诉", from + n * 17_000);
        }
    }

    /// The alert of the surge.
    fn surge(&self) -> Alert {
        let mut all = self.alerts().into_iter();
        all.find(|alert| alert.measure == Measure::Surge).unwrap()
    }

    /// The alerts as a lead sees them, the newest state of each.
    fn alerts(&self) -> Vec<Alert> {
        let mut found: Vec<Alert> = Vec::new();
        for row in self.world.rows(&self.world.admin) {
            if let RowChange::Put {
                entity: Entity::Alert(alert),
            } = row.change
            {
                found.retain(|known| known.id != alert.id);
                found.push(*alert);
            }
        }
        found
    }
}

#[test]
fn a_surge_is_one_alert_with_evidence_across_restarts() {
    let mut shop = Shop::settled();
    assert_eq!(shop.alerts(), [], "nothing was unusual");
    let begin = T0 + BEFORE + MINUTE;
    for n in 0..14_i64 {
        let text = format!(
            "扫地机器人充电的时候冒烟了，我要投诉，电话1381234{:04}",
            5000 + n
        );
        shop.say(&text, begin + n * 17_000);
    }
    let found = begin + 14 * 17_000;
    shop.world.bo.run_surges(found).unwrap();
    let alerts = shop.alerts();
    let [alert] = alerts.as_slice() else {
        panic!("{alerts:?}");
    };
    assert_eq!(alert.measure, Measure::Surge);
    assert_eq!(alert.state, AlertState::Firing);
    assert_eq!(alert.severity, Severity::Warning);
    assert!(alert.fired_at - begin <= 5 * MINUTE);
    assert!(alert.reading.level.unwrap() > 3 * alert.limit, "{alert:?}");
    assert_eq!(alert.about.examples.len(), 3, "{:?}", alert.about);
    for example in &alert.about.examples {
        assert!(
            example.contains("冒烟") && !example.contains("13812345"),
            "{example}"
        );
    }
    assert!(
        alert.about.words.contains(&"冒烟".to_owned()),
        "{:?}",
        alert.about
    );
    let draft = alert.about.faq.as_ref().unwrap();
    assert!(draft.question.contains("冒烟") && !draft.question.contains("13812345"));

    // The server is started again in the middle of it.
    let path = shop.world.path();
    let Shop { world, n_customers } = shop;
    let World {
        folder,
        bo,
        made,
        admin,
    } = world;
    drop(bo);
    let world = World {
        bo: open(&path),
        folder,
        made,
        admin,
    };
    let mut shop = Shop { world, n_customers };
    for n in 0..6_i64 {
        shop.say("扫地机器人冒烟，我要投诉", found + MINUTE + n * 17_000);
    }
    shop.world.bo.run_surges(found + 4 * MINUTE).unwrap();
    shop.world.bo.run_surges(found + 5 * MINUTE).unwrap();
    assert_eq!(shop.alerts().len(), 1, "the same one");

    let after = found + 10 * MINUTE;
    shop.quiet(after, 40, 12 * MINUTE);
    shop.world.bo.run_surges(after + 8 * 60 * MINUTE).unwrap();
    let alerts = shop.alerts();
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    assert_eq!(alerts[0].state, AlertState::Resolved);
    assert!(alerts[0].reading.n >= 20, "{:?}", alerts[0]);
}

/// How often the alert of this id was told by each way since this was asked last.
fn told(world: &World, post: &Recorder, alert: &Alert, now: Millis) -> [usize; 3] {
    while world.bo.send_alerts(post, || now).unwrap() > 0 {}
    let sent = post.taken();
    let id = format!("alert-{}-", alert.id);
    [
        NotifyChannel::Email,
        NotifyChannel::Sms,
        NotifyChannel::Webhook,
    ]
    .map(|way| {
        let all = sent.get(&way).into_iter().flatten();
        all.filter(|parcel| parcel.id.starts_with(&id)).count()
    })
}

/// At night nobody is woken by a warning. What grows is no warning any more.
#[test]
fn a_surge_that_grows_at_night_wakes_people_and_is_escalated() {
    let mut shop = Shop::settled();
    lead_who_hears(&shop.world);
    let post = Recorder::default();
    // Half past ten in China.
    let night = T0 + BEFORE + 28 * BEFORE / 240;
    shop.quiet(T0 + BEFORE, 28, BEFORE / 240);
    shop.goes_bad(night, 12);
    let found = night + 12 * 17_000;
    shop.world.bo.run_surges(found).unwrap();
    let small = shop.surge();
    assert_eq!(small.severity, Severity::Warning, "{small:?}");
    assert!(small.quiet_until.is_some());
    assert_eq!(told(&shop.world, &post, &small, found), [0, 0, 1]);

    // Once a minute it says how it goes on.
    shop.goes_bad(found, 3);
    shop.world.bo.run_surges(found + MINUTE - 1).unwrap();
    assert_eq!(shop.surge().reading, small.reading, "not yet");
    shop.world.bo.run_surges(found + MINUTE).unwrap();
    let grown = shop.surge();
    assert!(grown.reading.n > small.reading.n, "{grown:?}");
    assert_eq!(grown.severity, Severity::Warning);
    assert_eq!(told(&shop.world, &post, &grown, found + MINUTE), [0; 3]);

    // Enough to wake people: once, whoever looks and however often.
    shop.goes_bad(found + MINUTE, 12);
    let raised = found + 5 * MINUTE;
    for second in 0..3 {
        shop.world.bo.run_surges(raised + second * 1_000).unwrap();
    }
    let large = shop.surge();
    assert_eq!(large.severity, Severity::Critical, "{large:?}");
    assert!(large.reading.n >= 20 && large.window_min > small.window_min);
    assert_eq!((large.told_at, large.quiet_until), (raised, None));
    assert_eq!(told(&shop.world, &post, &large, raised), [1, 1, 1]);

    // Nobody acknowledges it.
    let escalated = raised + 15 * MINUTE;
    shop.world.bo.run_alerts(escalated).unwrap();
    assert_eq!(shop.surge().level, 1);
    assert_eq!(told(&shop.world, &post, &large, escalated), [1, 1, 0]);

    // Somebody wants silence, and hears of it again when that is over.
    let session = login(&shop.world.bo, "chen", PASSWORD, &device(), escalated).unwrap();
    let mut lead = Desk::of(
        &shop
            .world
            .bo
            .authenticate(&session.token, escalated)
            .unwrap(),
    );
    let silence = Action::Alert {
        alert_id: large.id,
        act: AlertAct::Silence { minutes: 10 },
    };
    let done = OpOutcome::Done { at: escalated };
    assert_eq!(lead.act(&shop.world, silence, escalated), done);
    let again = escalated + 10 * MINUTE;
    shop.world.bo.run_alerts(again).unwrap();
    let told_again = shop.surge();
    assert_eq!(
        (told_again.state, told_again.told_at),
        (AlertState::Firing, again)
    );
    assert_eq!(told(&shop.world, &post, &large, again), [1, 1, 1]);

    // In the morning nobody hears again what was too small to wake them.
    let morning = small.quiet_until.unwrap();
    assert_eq!(told(&shop.world, &post, &large, morning), [0; 3]);
}

#[test]
fn ten_times_of_everything_is_told_to_nobody() {
    let mut shop = Shop::settled();
    shop.quiet(T0 + BEFORE, 120, BEFORE / 2_400);
    shop.world.bo.run_surges(T0 + BEFORE + BEFORE / 20).unwrap();
    assert_eq!(shop.alerts(), []);
}
