//! Surges of complaints: told once with what the customers say, whatever restarts, and ended.

use lt_model::{
    Millis,
    alert::{Alert, AlertState, Measure, Severity},
};
use lt_protocol::sync::{Entity, RowChange};

use crate::world::{T0, World, open};

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

#[test]
fn ten_times_of_everything_is_told_to_nobody() {
    let mut shop = Shop::settled();
    shop.quiet(T0 + BEFORE, 120, BEFORE / 2_400);
    shop.world.bo.run_surges(T0 + BEFORE + BEFORE / 20).unwrap();
    assert_eq!(shop.alerts(), []);
}
