//! Customers who write as a page does: under the same id until it is acknowledged.

use std::time::{Duration, Instant};

use lt_model::id::MessageId;
use tokio::time::sleep;
use uuid::Uuid;

use super::ledger::{Said, World};
use crate::{customer::Customer, prove::Dice};

/// Between two messages of a customer, on average, ms: a server lets one write 20 in a minute.
pub(super) const USUAL: u64 = 4_000;
/// The same where a customer writes only a few.
pub(super) const QUICK: u64 = 500;
/// Before something is sent again, on average, ms.
const AGAIN_MS: u64 = 400;

/// Writes until the work is over; ends when its last message is acknowledged.
pub(super) async fn write(world: World, who: usize, pause_ms: u64, mut dice: Dice) {
    let pause = |dice: &mut Dice, ms: u64| sleep(Duration::from_millis(dice.below(2 * ms) + 1));
    pause(&mut dice, pause_ms).await;
    let customer = loop {
        let name = format!("顾客{who}");
        match Customer::visit_at(&world.server, &world.inbox, &name).await {
            Ok(customer) => break customer,
            Err(_) if !world.is_working() => return,
            Err(_) => pause(&mut dice, AGAIN_MS).await,
        }
    };
    for n in 0_u64.. {
        let said = Said {
            id: MessageId(Uuid::now_v7()),
            text: match n {
                0 => format!("转人工，我是{who}号顾客"),
                n => format!("{who}号顾客的第{n}句"),
            },
        };
        let begun = Instant::now();
        while customer.says_as(said.id, &said.text).await.is_err() {
            world.ledger.repeated();
            pause(&mut dice, AGAIN_MS).await;
        }
        world.ledger.customer_sent(said, begun.elapsed());
        if !world.is_working() {
            return;
        }
        let mut phase = world.phase.clone();
        tokio::select! {
            () = pause(&mut dice, pause_ms) => {}
            _ = phase.changed() => return,
        }
    }
}
