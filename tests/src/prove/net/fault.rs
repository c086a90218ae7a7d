//! What goes wrong, and when: drawn from the seed before the world begins.

use super::super::{Dice, count};

/// Faults come between these times, ms.
const FIRST_MS: u64 = 2_000;
/// In a world, at least, and so many more at most.
const N_FAULTS: u64 = 14;
const N_MORE: u64 = 14;

/// In one world of so many, a machine gets an older image of itself back.
const ONE_IN_PUT_BACK: u64 = 3;

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// Nothing arrives between a desk and a server until it is let go; nothing is lost.
    Hold { desk: usize, server: u64 },
    /// What was held arrives.
    Release { desk: usize, server: u64 },
    /// What is sent between a desk and a server is lost.
    Part { desk: usize, server: u64 },
    /// What a desk sends to a server is lost.
    PartUp { desk: usize, server: u64 },
    /// What a server sends to a desk is lost.
    PartDown { desk: usize, server: u64 },
    /// The way is whole again. What was lost is lost: a connection that lost something is dead, and
    /// neither end knows.
    Repair { desk: usize, server: u64 },
    /// A frame takes up to so long between a desk and every server.
    Slow { desk: usize, most_ms: u64 },
    /// A desk's connection breaks, and the desk knows.
    Cut { desk: usize },
    /// A desk is killed; the end of its log may be torn.
    CrashDesk { desk: usize, is_torn: bool },
    /// It is started again from its files.
    StartDesk { desk: usize },
    /// A row of a desk's next batch gets lost.
    LoseRow { desk: usize },
    /// Its files are kept aside: where there are such, the next crash goes back to them.
    KeepAside { desk: usize },
    /// An image of a desk's machine is kept, where nothing waits there and nothing was refused.
    KeepImage { desk: usize },
    /// The machine gets that image back, if there is one and nothing waits: it is itself as it was some
    /// time ago, without a connection.
    PutBack { desk: usize },
    /// A server says good-bye to its desks.
    Drain { server: u64 },
    /// A server is killed.
    CrashServer { server: u64 },
    /// It is started again.
    StartServer { server: u64 },
    /// The knowledge changes.
    Publish { edition: u64 },
    /// A colleague begins.
    Hire { n: u64 },
    /// A desk's agent works in all groups again, or in all but one of them.
    Regroup { desk: usize, without: Option<usize> },
}

/// A time in ms, and what happens then.
pub(super) type Plan = Vec<(u64, Event)>;

/// The usual latency, ms.
pub(super) const LATENCY_MS: u64 = 60;

/// How large a world is, and for how long things go wrong in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) n_desks: usize,
    pub(super) n_servers: u64,
    pub(super) heal_ms: u64,
}

/// The faults of a seed, in the order of time.
pub(super) fn plan(seed: u64, shape: Shape) -> Plan {
    let mut dice = Dice::new(seed, 1);
    let mut plan = Vec::new();
    let per_desk = count(shape.n_desks) / 6;
    for n in 0..N_FAULTS * per_desk.max(1) + dice.below(N_MORE) {
        let at = FIRST_MS + dice.below(shape.heal_ms - 2 * FIRST_MS);
        fault(&mut plan, &mut dice, shape, at, n);
    }
    put_back(&mut plan, seed, shape);
    plan.sort_by_key(|(at, _)| *at);
    plan
}

/// A machine gets an older image of itself back, and its user writes on before it finds a server: by
/// numbers that the servers know for something else.
fn put_back(plan: &mut Plan, seed: u64, shape: Shape) {
    let mut dice = Dice::new(seed, 2);
    if dice.below(ONE_IN_PUT_BACK) > 0 {
        return;
    }
    let desk = usize::try_from(dice.below(count(shape.n_desks))).unwrap_or(0);
    // At the first of these moments at which nothing waits there.
    for n in 0..8 {
        let kept_ms = shape.heal_ms / 12 + 700 * n;
        plan.push((kept_ms, Event::KeepImage { desk }));
        let back_ms = shape.heal_ms / 3 + dice.below(500) + 1_500 * n;
        plan.push((back_ms, Event::PutBack { desk }));
        plan.push((back_ms + 300, Event::StartDesk { desk }));
    }
    let found_ms = shape.heal_ms - shape.heal_ms / 8;
    plan.extend((0..shape.n_servers).map(|server| (found_ms, Event::Repair { desk, server })));
}

fn fault(plan: &mut Plan, dice: &mut Dice, shape: Shape, at: u64, n: u64) {
    let desk = usize::try_from(dice.below(count(shape.n_desks))).unwrap_or(0);
    let server = dice.below(shape.n_servers);
    let kind = dice.below(16);
    let mut lasts = |from_ms: u64, to_ms: u64| at + from_ms + dice.below(to_ms - from_ms);
    let way = |event: fn(usize, u64) -> Event, at| {
        (0..shape.n_servers).map(move |server| (at, event(desk, server)))
    };
    match kind {
        0 => {
            plan.push((at, Event::Hold { desk, server }));
            plan.push((lasts(500, 20_000), Event::Release { desk, server }));
        }
        1 | 2 => {
            plan.extend(way(|desk, server| Event::Part { desk, server }, at));
            let until = lasts(500, 30_000);
            plan.extend(way(|desk, server| Event::Repair { desk, server }, until));
        }
        3 => {
            plan.push((at, Event::Part { desk, server }));
            plan.push((lasts(500, 30_000), Event::Repair { desk, server }));
        }
        4 => {
            plan.extend(way(|desk, server| Event::PartUp { desk, server }, at));
            let until = lasts(500, 20_000);
            plan.extend(way(|desk, server| Event::Repair { desk, server }, until));
        }
        5 => {
            plan.extend(way(|desk, server| Event::PartDown { desk, server }, at));
            let until = lasts(500, 20_000);
            plan.extend(way(|desk, server| Event::Repair { desk, server }, until));
        }
        6 | 7 => {
            plan.extend(way(|desk, server| Event::Part { desk, server }, at));
            let until = lasts(50, 300);
            plan.extend(way(|desk, server| Event::Repair { desk, server }, until));
        }
        8 => {
            let most_ms = lasts(200, 5_000) - at;
            plan.push((at, Event::Slow { desk, most_ms }));
            let usual = Event::Slow {
                desk,
                most_ms: LATENCY_MS,
            };
            plan.push((lasts(3_000, 25_000), usual));
        }
        9 => plan.push((at, Event::Cut { desk })),
        10 | 11 => {
            let until = lasts(100, 12_000);
            let is_torn = until.is_multiple_of(2);
            plan.push((at, Event::CrashDesk { desk, is_torn }));
            plan.push((until, Event::StartDesk { desk }));
        }
        12 => {
            let until = lasts(500, 12_000);
            if until.is_multiple_of(2) {
                plan.push((at, Event::Drain { server }));
            }
            plan.push((at + 400, Event::CrashServer { server }));
            plan.push((until, Event::StartServer { server }));
        }
        14 => plan.push((at, Event::LoseRow { desk })),
        13 => {
            let until = lasts(2_000, 20_000);
            let without = usize::try_from(until % 3).ok();
            plan.push((at, Event::Regroup { desk, without }));
            if until.is_multiple_of(2) {
                let without = None;
                plan.push((until, Event::Regroup { desk, without }));
            }
        }
        _ if n.is_multiple_of(2) => plan.push((at, Event::Publish { edition: n + 1 })),
        _ => plan.push((at, Event::Hire { n })),
    }
}

/// The way of the forgetful disk: the first desk is alone, writes, is killed, and its disk has what
/// it had when it was left alone.
pub(super) fn forgetful(shape: Shape) -> Plan {
    let desk = 0;
    let servers = 0..shape.n_servers;
    let mut plan: Plan = servers
        .clone()
        .map(|server| (8_000, Event::Part { desk, server }))
        .collect();
    plan.extend([
        (9_000, Event::KeepAside { desk }),
        (
            30_000,
            Event::CrashDesk {
                desk,
                is_torn: false,
            },
        ),
        (31_000, Event::StartDesk { desk }),
    ]);
    plan.extend(servers.map(|server| (32_000, Event::Repair { desk, server })));
    plan
}
