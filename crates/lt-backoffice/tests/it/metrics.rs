//! Counting in the background: exact, once, and told to whom it concerns.

mod minutes;
mod rows;

use std::{sync::Arc, thread};

use lt_backoffice::{Backoffice, Principal};
use lt_model::{
    Millis,
    agent::Role,
    conversation::{BOT_SILENCE_MS, Conversation, REOPEN_WINDOW_MS},
    id::GroupId,
    metric::{Cell, Dimension, Grain, Metric, MetricValue},
};
use lt_protocol::{
    code::Code,
    metrics::{
        CellsAnswer, CellsRequest, MetricsFilter, MetricsRowsArgs, MetricsSlice, MetricsWhich,
    },
    sync::Action,
};
use lt_seal::encode::base64url_decode;

use crate::{
    back_end::is_postgres,
    nodes::Nodes,
    world::{Desk, PASSWORD, T0, World, code, device, id, login, visit},
};

fn count(bo: &Backoffice, now: Millis) {
    while bo.count_numbers(now).unwrap() {}
    let recount = bo.recounts(now).unwrap();
    assert_eq!(recount.wrong, [], "{} cases", recount.n_cases);
}

fn ask(bo: &Backoffice, who: &Principal, known: Option<&CellsAnswer>, now: Millis) -> CellsAnswer {
    let request = CellsRequest {
        generation: known.map(|known| known.generation.clone()),
        after: known.map_or_else(Vec::new, |known| known.groups.clone()),
    };
    bo.metric_cells(who, &request, now).unwrap()
}

/// A number over all months that somebody is told of.
fn number(told: &CellsAnswer, dim: Option<Dimension>, value: &str, metric: Metric) -> MetricValue {
    let mut sum = Cell::default();
    for row in &told.cells {
        if row.grain == Grain::Month && row.dim == dim && row.value == value {
            sum.add_bytes(&base64url_decode(&row.cell).unwrap())
                .unwrap();
        }
    }
    sum.value(metric)
}

fn share(part: u64, whole: u64) -> MetricValue {
    MetricValue::Share { part, whole }
}

fn n(n: u64) -> MetricValue {
    MetricValue::Count { n }
}

fn claim(world: &World, desk: &mut Desk, conversation: &Conversation, now: Millis) {
    let conversation_id = conversation.id;
    desk.act(world, Action::Claim { conversation_id }, now);
}

#[test]
fn what_the_bot_brings_to_its_end_is_covered() {
    let world = World::with_faq();
    let (answered, greeted) = (world.visitor("张三"), world.visitor("李四"));
    world.say(&answered, "怎么申请退款", T0 + 1_000);
    world.say(&greeted, "你好", T0 + 2_000);
    let is_over = T0 + 2_000 + BOT_SILENCE_MS;
    let mut told = Vec::new();
    for now in [T0 + 3_000, is_over] {
        world.bo.tick(now).unwrap();
        count(&world.bo, now);
        let cells = ask(&world.bo, &world.admin, None, now);
        told.push(
            [Metric::Coverage, Metric::FirstContact].map(|one| number(&cells, None, "", one)),
        );
    }
    assert_eq!(told[0], [share(0, 2), share(0, 0)]);
    assert_eq!(told[1], [share(1, 2), share(2, 2)]);
}

#[test]
fn what_happens_is_counted_as_it_goes_on() {
    let world = World::with_faq();
    let mut wang = world.agent("wang", Role::Agent, &["售前组", "售后组", "投诉专席"]);
    let bot_only = world.visitor("张三");
    world.say(&bot_only, "怎么申请退款", T0 + 1_000);
    let asks = world.visitor("李四");
    world.say(&asks, "转人工", T0 + 2_000);
    count(&world.bo, T0 + 3_000);
    let told = ask(&world.bo, &world.admin, None, T0 + 3_000);
    let of = |told: &CellsAnswer, metric| number(told, None, "", metric);
    assert_eq!(of(&told, Metric::Volume), n(2));
    assert_eq!(of(&told, Metric::AutoResponse), share(1, 2));
    assert_eq!(of(&told, Metric::Failure), share(0, 1));
    assert_eq!(of(&told, Metric::Queue), n(1));
    assert_eq!(of(&told, Metric::SlaBreach), share(0, 0));
    assert_eq!(told.as_of, T0 + 3_000);

    // The time for an answer runs out without anything happening.
    let late_at = T0 + 2_000 + 180_001;
    count(&world.bo, late_at - 1);
    let nothing = ask(&world.bo, &world.admin, Some(&told), late_at - 1);
    assert_eq!(nothing.cells, []);
    count(&world.bo, late_at);
    let told = ask(&world.bo, &world.admin, None, late_at);
    assert_eq!(of(&told, Metric::SlaBreach), share(1, 1));

    // Somebody takes it, answers, and brings it to its end.
    let conversation = world.conversation(&asks);
    claim(&world, &mut wang, &conversation, late_at + 1_000);
    let conversation = world.conversation(&asks);
    wang.reply(&world, &conversation, "您好", T0 + 302_000);
    let conversation_id = conversation.id;
    wang.act(&world, Action::Resolve { conversation_id }, T0 + 402_000);
    count(&world.bo, T0 + 402_000);
    let told = ask(&world.bo, &world.admin, None, T0 + 402_000);
    let time = |ms| MetricValue::Time {
        ms: Some(ms),
        of: 1,
    };
    assert_eq!(of(&told, Metric::FirstResponseP50), time(300_000));
    assert_eq!(of(&told, Metric::Handling), time(100_000));
    assert_eq!(of(&told, Metric::FirstContact), share(1, 1));
    assert_eq!(of(&told, Metric::Queue), n(0));
    assert_eq!(of(&told, Metric::SlaBreach), share(1, 1));
    let wang_id = wang.principal.agent.id.to_string();
    let by_wang = |metric| number(&told, Some(Dimension::Agent), &wang_id, metric);
    assert_eq!(by_wang(Metric::Volume), n(1));
    let by_web = number(&told, Some(Dimension::Channel), "web", Metric::Volume);
    assert_eq!(by_web, n(2));

    // The customer comes back at the last moment of the window.
    let back_at = T0 + 402_000 + REOPEN_WINDOW_MS;
    world.say(&asks, "还是不行", back_at);
    count(&world.bo, back_at);
    let session = login(&world.bo, "admin", PASSWORD, &device(), back_at).unwrap();
    let admin = world.bo.authenticate(&session.token, back_at).unwrap();
    let told = ask(&world.bo, &admin, None, back_at);
    assert_eq!(of(&told, Metric::FirstContact), share(0, 1));
    assert_eq!(of(&told, Metric::Volume), n(2));

    // A server that starts again goes on where it was, and tells nothing twice.
    let audited = world.n_audited();
    assert!(!world.bo.count_numbers(back_at + 1).unwrap());
    let again = ask(&world.bo, &admin, Some(&told), back_at + 1);
    assert_eq!(again.cells, []);
    assert_eq!(world.n_audited(), audited, "counting is no act");
}

/// Whoever takes it up again, handling goes on from there; what ends while it is aside had ended before.
#[test]
fn what_is_set_aside_is_not_handling() {
    let world = World::with_faq();
    let mut wang = world.agent("wang", Role::Agent, &["售前组", "售后组", "投诉专席"]);
    wang.online(&world);
    let visitors = ["by hand", "by the customer", "by the clock", "by its end"]
        .map(|name| world.visitor(name));
    for visitor in &visitors {
        world.say(visitor, "转人工", T0 + 1_000);
        let conversation = world.conversation(visitor);
        claim(&world, &mut wang, &conversation, T0 + 2_000);
        let conversation = world.conversation(visitor);
        wang.reply(&world, &conversation, "您好", T0 + 10_000);
    }
    let ids = visitors
        .each_ref()
        .map(|visitor| world.conversation(visitor).id);
    for (conversation_id, until) in ids.into_iter().zip([600_000, 600_000, 60_000, 600_000]) {
        let action = Action::Snooze {
            conversation_id,
            until: T0 + until,
        };
        wang.act(&world, action, T0 + 20_000);
    }
    let conversation_id = ids[0];
    wang.act(&world, Action::Wake { conversation_id }, T0 + 50_000);
    world.say(&visitors[1], "还在吗", T0 + 50_000);
    world.bo.tick(T0 + 60_000).unwrap();
    for conversation_id in ids {
        wang.act(&world, Action::Resolve { conversation_id }, T0 + 70_000);
    }
    count(&world.bo, T0 + 70_000);
    let args = MetricsRowsArgs {
        metric: Metric::Handling,
        from: T0,
        to: T0 + 80_000,
        filter: MetricsFilter::default(),
        which: MetricsWhich::All,
        after: None,
        limit: 10,
    };
    let found = world
        .bo
        .metric_rows(&world.admin, &args, T0 + 70_000)
        .unwrap();
    let handled = ids.map(|id| {
        let mut rows = found.rows.iter();
        rows.find(|row| row.conversation_id == Some(id))?.ms
    });
    let expected = [30_000, 30_000, 20_000, 10_000].map(Some);
    assert_eq!(handled, expected);
}

#[test]
fn leads_are_told_of_their_own_groups_and_agents_of_none() {
    let world = World::with_faq();
    let lead = world.agent("lead", Role::TeamLead, &["售后组"]);
    let agent = world.agent("wang", Role::Agent, &["售后组"]);
    let visitors: Vec<_> = ["甲", "乙", "丙"]
        .iter()
        .map(|name| world.visitor(name))
        .collect();
    world.say(&visitors[0], "怎么申请退款", T0 + 1);
    world.say(&visitors[1], "转人工", T0 + 2);
    world.say(&visitors[2], "我要投诉你们，假货", T0 + 3);
    count(&world.bo, T0 + 10);
    let all = ask(&world.bo, &world.admin, None, T0 + 10);
    assert_eq!(number(&all, None, "", Metric::Volume), n(3));
    let own = ask(&world.bo, &lead.principal, None, T0 + 10);
    let own_groups: Vec<GroupId> = own.groups.iter().map(|seen| seen.group).collect();
    assert_eq!(own_groups, [world.group("售后组")]);
    assert!(
        own.cells
            .iter()
            .all(|row| row.group == world.group("售后组"))
    );
    assert!(own.cells.len() < all.cells.len());
    let asked = world
        .bo
        .metric_cells(&agent.principal, &CellsRequest::default(), T0 + 10);
    assert_eq!(code(asked), Some(Code::Forbidden));

    let rows = |who: &Principal, metric, which| {
        let args = MetricsRowsArgs {
            metric,
            from: T0,
            to: T0 + 10,
            filter: MetricsFilter::default(),
            which,
            after: None,
            limit: 10,
        };
        world.bo.metric_rows(who, &args, T0 + 10)
    };
    assert_eq!(
        code(rows(&agent.principal, Metric::Volume, MetricsWhich::All)),
        Some(Code::Forbidden)
    );
    let seen = rows(&lead.principal, Metric::Volume, MetricsWhich::All).unwrap();
    let total = number(&own, None, "", Metric::Volume);
    assert_eq!(n(seen.total.unwrap()), total);
    // The rows add up to the number.
    for metric in Metric::ALL {
        let found = rows(&world.admin, metric, MetricsWhich::All).unwrap();
        let part: u64 = found.rows.iter().map(|row| row.part).sum();
        let whole: u64 = found.rows.iter().map(|row| row.whole).sum();
        let expected = match number(&all, None, "", metric) {
            MetricValue::Share { part, whole } => (part, whole),
            MetricValue::Time { of, .. } => (of, of),
            MetricValue::Count { n } => (n, n),
        };
        assert_eq!((part, whole), expected, "{metric:?}");
    }
    let counted = rows(&world.admin, Metric::AutoResponse, MetricsWhich::Counted).unwrap();
    let rest = rows(&world.admin, Metric::AutoResponse, MetricsWhich::Rest).unwrap();
    assert_eq!((counted.total, rest.total), (Some(1), Some(2)));
    assert_eq!(
        counted.rows[0].conversation_id,
        Some(world.conversation(&visitors[0]).id)
    );
}

#[test]
fn a_conversation_that_moves_counts_where_it_is() {
    let world = World::with_faq();
    let mut lead = world.agent("lead", Role::TeamLead, &["售前组", "售后组", "投诉专席"]);
    let visitor = world.visitor("张三");
    world.say(&visitor, "转人工", T0 + 1);
    count(&world.bo, T0 + 2);
    let before = world.conversation(&visitor);
    let to = ["售前组", "售后组"]
        .map(|name| world.group(name))
        .into_iter()
        .find(|group| *group != before.group_id)
        .unwrap();
    claim(&world, &mut lead, &before, T0 + 3);
    let action = Action::Transfer {
        conversation_id: before.id,
        to: lt_model::routing::TransferTo::Group { group_id: to },
        note: String::new(),
    };
    lead.act(&world, action, T0 + 4);
    count(&world.bo, T0 + 5);
    let told = ask(&world.bo, &world.admin, None, T0 + 5);
    let volume = |group: GroupId| {
        let mut own = told.clone();
        own.cells.retain(|row| row.group == group);
        number(&own, None, "", Metric::Volume)
    };
    assert_eq!((volume(before.group_id), volume(to)), (n(0), n(1)));
    assert_eq!(number(&told, None, "", Metric::Queue), n(1));
    let args = MetricsRowsArgs {
        metric: Metric::Queue,
        from: T0 + 4,
        to: T0 + 5,
        filter: MetricsFilter {
            group: Some(to),
            slice: Some(MetricsSlice {
                dim: Dimension::Channel,
                value: "web".to_owned(),
            }),
        },
        which: MetricsWhich::All,
        after: None,
        limit: 10,
    };
    let rows = world.bo.metric_rows(&world.admin, &args, T0 + 6).unwrap();
    assert_eq!(
        (rows.total, rows.rows[0].conversation_id),
        (Some(1), Some(before.id))
    );
}

/// Several servers on one database count at the same time: each act counts once.
#[test]
fn servers_that_count_together_count_once() {
    let Some(nodes) = Nodes::new() else {
        return;
    };
    let (first, second) = (Arc::clone(&nodes.world.bo), nodes.another());
    let talk = |bo: &Arc<Backoffice>, n: i64| {
        let visitor = bo.visitor(&visit(bo, "", T0 + n)).unwrap();
        bo.visitor_send(&visitor, id(), "转人工", T0 + n).unwrap();
    };
    thread::scope(|scope| {
        for (bo, begin) in [(&first, 0), (&second, 100)] {
            scope.spawn(move || {
                for n in 0..25 {
                    talk(bo, begin + n);
                    bo.count_numbers(T0 + 200).unwrap();
                }
            });
            scope.spawn(move || {
                for _ in 0..60 {
                    bo.count_numbers(T0 + 200).unwrap();
                }
            });
        }
    });
    count(&first, T0 + 300);
    let recount = second.recounts(T0 + 300).unwrap();
    assert_eq!((recount.n_cases, recount.wrong), (50, Vec::new()));
}

/// Histories that are too long to be in memory together are read one after the other.
#[test]
fn long_conversations_count_as_short_ones_do() {
    if is_postgres() {
        // Rows are changed in the file of the embedded back end.
        return;
    }
    let world = World::with_faq();
    let by_bot = world.visitor("张三");
    world.say(&by_bot, "怎么申请退款", T0 + 1_000);
    for name in ["李四", "王五"] {
        world.say(&world.visitor(name), "转人工", T0 + 2_000);
    }
    let longer = "UPDATE conversation SET body = json_set(body, '$.seq', 4000)";
    world.raw().execute(longer).unwrap();
    count(&world.bo, T0 + 3_000);
    let told = ask(&world.bo, &world.admin, None, T0 + 3_000);
    assert_eq!(number(&told, None, "", Metric::Volume), n(3));
    assert_eq!(number(&told, None, "", Metric::AutoResponse), share(1, 3));
    assert_eq!(number(&told, None, "", Metric::Queue), n(2));
}

/// A conversation that cannot be read counts as it did, and keeps no other from being counted; a cell
/// that cannot be read is counted anew.
#[test]
fn what_cannot_be_read_keeps_nothing_else_from_being_counted() {
    if is_postgres() {
        // Rows are spoiled in the file of the embedded back end.
        return;
    }
    let world = World::with_faq();
    let (bad, good) = (world.visitor("张三"), world.visitor("李四"));
    world.say(&bad, "转人工", T0 + 1_000);
    world.say(&good, "怎么申请退款", T0 + 2_000);
    count(&world.bo, T0 + 3_000);
    let spoilt = world.conversation(&bad).id.0.simple().to_string();
    let raw = world.raw();
    raw.execute(&format!(
        "UPDATE conversation SET body = '{{' WHERE id = x'{spoilt}'"
    ))
    .unwrap();
    // It becomes late by the clock alone, and would be looked at each second from then on.
    let late_at = T0 + 1_000 + 180_001;
    count(&world.bo, late_at);
    let waits = "SELECT count(*) FROM metric_case WHERE late_at IS NOT NULL";
    assert_eq!(raw.number(waits).unwrap(), 0);
    assert!(!world.bo.count_numbers(late_at + 1).unwrap());

    let of_good = world.conversation(&good).id.0.simple().to_string();
    raw.execute(&format!(
        "UPDATE metric_cell SET cell = x'09' WHERE grain = 'month' AND dim = ''
         AND grp = (SELECT grp FROM metric_case WHERE id = x'{of_good}')"
    ))
    .unwrap();
    world.say(&good, "转人工", late_at + 2_000);
    count(&world.bo, late_at + 3_000);
    let told = ask(&world.bo, &world.admin, None, late_at + 3_000);
    assert_eq!(number(&told, None, "", Metric::Volume), n(2));
    assert_eq!(number(&told, None, "", Metric::Queue), n(2));
}
