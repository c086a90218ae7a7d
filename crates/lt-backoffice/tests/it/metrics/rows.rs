//! The rows behind a number, from one part to the next.

use lt_model::{
    id::ConversationId,
    metric::{Clock, Count, Share},
    routing::TransferTo,
};
use lt_protocol::metrics::{MetricsPlace, MetricsRow, MetricsRows};
use lt_seal::encode::hex_encode;
use uuid::Uuid;

use super::*;

const DAY: Millis = 86_400_000;
const EACH: [MetricsWhich; 3] = [MetricsWhich::Counted, MetricsWhich::Rest, MetricsWhich::All];

/// Of the whole day of [`T0`], as a card of it asks.
fn of_the_day(metric: Metric, which: MetricsWhich) -> MetricsRowsArgs {
    let clock = Clock {
        utc_offset_minutes: lt_model::hours::CHINA_OFFSET_MINUTES,
    };
    let from = clock.floor(T0, Grain::Day);
    MetricsRowsArgs {
        metric,
        from,
        to: from + DAY,
        filter: MetricsFilter::default(),
        which,
        after: None,
        limit: 500,
    }
}

fn part(
    world: &World,
    args: &MetricsRowsArgs,
    after: Option<MetricsPlace>,
    limit: u32,
) -> MetricsRows {
    let args = MetricsRowsArgs {
        after,
        limit,
        ..args.clone()
    };
    world
        .bo
        .metric_rows(&world.admin, &args, T0 + DAY / 100)
        .unwrap()
}

fn ids(rows: &[MetricsRow]) -> Vec<ConversationId> {
    rows.iter().filter_map(|row| row.conversation_id).collect()
}

/// Seven customers of three groups, all at one moment.
fn seven(world: &World) -> Vec<ConversationId> {
    let texts = ["怎么申请退款", "转人工", "我要投诉你们，假货"];
    let visitors: Vec<_> = (0..7).map(|n| world.visitor(&format!("客户{n}"))).collect();
    for (visitor, text) in visitors.iter().zip(texts.iter().cycle()) {
        world.say(visitor, text, T0 + 1);
    }
    count(&world.bo, T0 + 10);
    let of = |visitor| world.conversation(visitor).id;
    visitors.iter().map(of).collect()
}

#[test]
fn parts_of_any_size_are_the_whole_and_the_total_is_that_of_the_cells() {
    let world = World::with_faq();
    seven(&world);
    let told = ask(&world.bo, &world.admin, None, T0 + 10);
    for metric in Metric::ALL {
        for which in EACH {
            let args = of_the_day(metric, which);
            let whole = part(&world, &args, None, 500);
            assert_eq!(
                whole.total,
                Some(whole.rows.len() as u64),
                "{metric:?} {which:?}"
            );
            let (mut rows, mut after) = (Vec::new(), None);
            loop {
                let one = part(&world, &args, after, 1);
                let is_first = after.is_none();
                assert!(
                    one.total
                        .is_none_or(|total| is_first && Some(total) == whole.total),
                    "{metric:?} {which:?}: {:?}",
                    one.total
                );
                rows.extend(one.rows);
                after = one.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(rows, whole.rows, "{metric:?} {which:?}");
        }
    }
    let volume = part(
        &world,
        &of_the_day(Metric::Volume, MetricsWhich::All),
        None,
        2,
    );
    assert!(volume.next.is_some());
    assert_eq!(
        n(volume.total.unwrap()),
        number(&told, None, "", Metric::Volume)
    );
}

#[test]
fn what_is_counted_between_two_parts_moves_no_row() {
    let world = World::with_faq();
    let mut lead = world.agent("lead", Role::TeamLead, &["售前组", "售后组", "投诉专席"]);
    let mut expected = seven(&world);
    let args = of_the_day(Metric::Volume, MetricsWhich::All);
    let (mut told, mut after) = (Vec::new(), None);
    for round in 1.. {
        let some = part(&world, &args, after, 2);
        told.extend(some.rows);
        after = some.next;
        if after.is_none() {
            break;
        }
        // Somebody new comes, and one that was told and one that was not go to another group.
        let now = T0 + round * 1_000;
        world.say(&world.visitor("后来的"), "怎么申请退款", now);
        if round == 1 {
            let seen = ids(&told);
            let unseen = expected.iter().find(|id| !seen.contains(id));
            for id in [seen[0], *unseen.unwrap()] {
                transfer(&world, &mut lead, id, now);
            }
        }
        count(&world.bo, now + 10);
    }
    let mut told = ids(&told);
    told.sort_unstable();
    expected.sort_unstable();
    assert_eq!(told, expected);
}

/// To another group than the one that has it.
fn transfer(world: &World, lead: &mut Desk, id: ConversationId, now: Millis) {
    let row = part(
        world,
        &of_the_day(Metric::Volume, MetricsWhich::All),
        None,
        500,
    );
    let row = row
        .rows
        .into_iter()
        .find(|row| row.conversation_id == Some(id));
    let from = row.unwrap().group;
    let to = ["售前组", "售后组"].map(|name| world.group(name));
    let action = Action::Transfer {
        conversation_id: id,
        to: TransferTo::Group {
            group_id: to.into_iter().find(|group| *group != from).unwrap(),
        },
        note: String::new(),
    };
    lead.act(
        world,
        Action::Claim {
            conversation_id: id,
        },
        now,
    );
    lead.act(world, action, now + 1);
}

/// Where very many cases are none of those that are asked for, the answer says where to go on.
#[test]
fn a_long_period_is_looked_through_part_by_part() {
    if is_postgres() {
        // Cases are put into the file of the embedded back end.
        return;
    }
    const N_CASES: u64 = 20_000;
    let world = World::with_faq();
    let visitor = world.visitor("张三");
    world.say(&visitor, "转人工", T0 + 1);
    count(&world.bo, T0 + 2);
    let oldest = world.conversation(&visitor);
    let group = oldest.group_id.0.simple().to_string();
    let opened = |n: u64| T0 + 1 + Millis::try_from(n).unwrap();
    let values = |n: u64| {
        let share = Share {
            opened_at: opened(n),
            outcome: vec![(Count::Opened, 1), (Count::AutoAnswered, 1)],
            first_response_s: None,
            flows: Vec::new(),
        };
        let (at, id) = (opened(n), Uuid::from_u128(n.into()).simple());
        let share = hex_encode(&share.to_bytes());
        format!("(1, 'conversation', x'{id}', {n}, x'{group}', 'web', {at}, {at}, 0, x'{share}')")
    };
    let raw = world.raw();
    for some in (1..=N_CASES).collect::<Vec<_>>().chunks(500) {
        let values: Vec<String> = some.iter().map(|n| values(*n)).collect();
        raw.execute(&format!(
            "INSERT INTO metric_case (tenant, kind, id, number, grp, channel, opened_at, last_at,
                 standing, share) VALUES {}",
            values.join(", ")
        ))
        .unwrap();
    }
    // All of them but the oldest one were answered by the bot first.
    let args = of_the_day(Metric::AutoResponse, MetricsWhich::Rest);
    let first = part(&world, &args, None, 10);
    assert_eq!((first.rows, first.total), (Vec::new(), Some(1)));
    let second = part(&world, &args, first.next, 10);
    assert_eq!(ids(&second.rows), [oldest.id]);
    assert_eq!((second.next, second.total), (None, None));
    // What is full is full at once.
    let args = of_the_day(Metric::AutoResponse, MetricsWhich::Counted);
    let full = part(&world, &args, None, 10);
    let newest = opened(N_CASES);
    let at: Vec<Millis> = full.rows.iter().map(|row| newest - row.at).collect();
    assert_eq!(at, (0..10).collect::<Vec<Millis>>());
}
