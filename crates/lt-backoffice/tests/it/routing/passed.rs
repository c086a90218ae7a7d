//! What the queue and the clock pass over: who fits nobody, and rows that cannot be read.

use super::*;
use crate::back_end::is_postgres;

/// However many in front fit nobody, whoever fits behind them is offered.
#[test]
fn a_queue_whose_first_fifty_fit_nobody_goes_on_behind_them() {
    const N_DECLINED: Millis = 51;
    let shop = Shop::new();
    let mut wang = shop.agent("wang", &["售前组"]);
    let visitors: Vec<_> = (0..=N_DECLINED).map(|n| shop.asks(T0 + n)).collect();
    let at = T0 + N_DECLINED;
    for (visitor, n) in visitors.iter().zip(0..N_DECLINED) {
        assert_eq!(shop.offered(visitor), Some(me(&wang)), "the customer {n}");
        let decline = Action::Decline {
            conversation_id: shop.of(visitor).id,
        };
        assert_eq!(wang.act(&shop.world, decline, at), done(at), "{n}");
    }
    let last = visitors.last().unwrap();
    assert_eq!(shop.offered(last), Some(me(&wang)));
    assert_eq!(shop.offered(&visitors[0]), None);
}

/// Rows that cannot be read stop neither the end of snoozes nor the queues.
#[test]
fn a_row_that_cannot_be_read_is_passed_over_by_the_clock() {
    let shop = Shop::new();
    if is_postgres() {
        // A sealed row that cannot be read is the database's own test.
        return;
    }
    let mut wang = shop.agent("wang", &["售前组"]);
    let set_aside: Vec<_> = (1..=2)
        .map(|n| {
            let visitor = shop.asks(T0 + n);
            let of = shop.of(&visitor);
            assert_eq!(wang.act(&shop.world, claim(&of), T0 + n), done(T0 + n));
            let snooze = Action::Snooze {
                conversation_id: of.id,
                until: T0 + HOUR + n,
            };
            assert_eq!(wang.act(&shop.world, snooze, T0 + n), done(T0 + n));
            visitor
        })
        .collect();
    let away = Action::SetPresence {
        presence: Presence::Away,
    };
    assert_eq!(wang.act(&shop.world, away, T0 + 3), done(T0 + 3));
    let waiting = [shop.asks(T0 + 4), shop.asks(T0 + 5)];
    let broken = [shop.of(&set_aside[0]).id, shop.of(&waiting[0]).id];
    for id in broken {
        let uuid = id.0.simple().to_string();
        let sql = format!("UPDATE conversation SET body = '{{}}' WHERE hex(id) = upper('{uuid}')");
        shop.world.raw().execute(&sql).unwrap();
    }
    let left = shop
        .world
        .number("SELECT count(*) FROM conversation WHERE body = '{}'");
    assert_eq!(left, 2);

    let mut wang = shop.back(&wang, T0 + 6);
    let here = presence(Presence::Online);
    assert_eq!(wang.act(&shop.world, here, T0 + 6), done(T0 + 6));
    shop.tick(T0 + 7);
    assert_eq!(shop.offered(&waiting[1]), Some(me(&wang)));
    shop.tick(T0 + HOUR + 3);
    assert_eq!(shop.of(&set_aside[1]).status, Status::Open);
}
