//! What alert rules read by the minute, beside the board.

use lt_backoffice::visitor::Visitor;
use lt_model::{
    alert::{
        Measure,
        sample::{Counts, Minute},
    },
    hours::{BusinessHours, Period},
    routing::Setting,
    survey::SurveySettings,
};
use lt_protocol::sync::OpOutcome;

use super::*;

const HOUR: Millis = 3_600_000;

fn principal(world: &World, username: &str, now: Millis) -> Principal {
    let session = login(&world.bo, username, PASSWORD, &device(), now).unwrap();
    world.bo.authenticate(&session.token, now).unwrap()
}

/// Counts, and holds all that rules have read against the board.
fn compared(world: &World, name: &str, now: Millis) -> Counts {
    count(&world.bo, now);
    world.bo.run_alerts(now).unwrap();
    let told = ask(&world.bo, &principal(world, "admin", now), None, now);
    let shown = |metric| number(&told, None, "", metric);
    let minutes = "SELECT json_group_array(json(body)) FROM
         (SELECT body FROM alert_minute ORDER BY at)";
    let minutes: Vec<Minute> = serde_json::from_str(&world.raw().text(minutes).unwrap()).unwrap();
    let (mut sum, mut of_groups) = (Counts::default(), Counts::default());
    for minute in &minutes {
        sum.add(&minute.all);
        for counts in minute.groups.values() {
            of_groups.add(counts);
        }
    }
    assert_eq!(shown(Metric::Volume), n(sum.opened.into()), "{name}");
    let failure = share(sum.failed.into(), sum.turns.into());
    assert_eq!(shown(Metric::Failure), failure, "{name}");
    let replies = sum.reading(Measure::FirstResponse);
    let p90 = MetricValue::Time {
        ms: replies.level.map(|seconds| seconds * 1_000),
        of: replies.n.into(),
    };
    assert_eq!(shown(Metric::FirstResponseP90), p90, "{name}");
    let MetricValue::Share { part, .. } = shown(Metric::SlaBreach) else {
        panic!("{name}: a share");
    };
    assert_eq!(part, u64::from(sum.breaches), "{name}");
    let satisfied = share((sum.marks - sum.bad_marks).into(), sum.marks.into());
    assert_eq!(shown(Metric::Satisfaction), satisfied, "{name}");
    assert_eq!(shown(Metric::Queue), n(sum.waiting.unwrap().into()));
    assert_eq!(shown(Metric::Backlog), n(sum.backlog.unwrap().into()));
    let counts = |of: &Counts| (of.first.clone(), of.breaches, of.marks, of.bad_marks);
    assert_eq!(counts(&of_groups), counts(&sum), "{name}: of the groups");
    sum
}

/// Alerts count by the minute, as things happen; the board folds conversations. Of the same events both
/// read the same numbers.
#[test]
fn an_alert_reads_the_numbers_that_the_board_shows() {
    if is_postgres() {
        // What was counted by the minute is looked at in the file of the embedded back end.
        return;
    }
    let world = World::with_faq();
    count(&world.bo, T0);
    let mut wang = world.agent("wang", Role::Agent, &["售前组", "售后组", "投诉专席"]);
    let asks = |name: &str, at: Millis, texts: &[&str]| {
        let visitor = world.visitor(name);
        for (second, text) in (0..).zip(texts) {
            world.say(&visitor, text, at + second * 1_000);
        }
        visitor
    };
    let answers = |desk: &mut Desk, visitor: &Visitor, at: Millis| {
        let conversation = world.conversation(visitor);
        claim(&world, desk, &conversation, at - 30_000);
        let conversation = world.conversation(visitor);
        let done = desk.reply(&world, &conversation, "您好", at);
        assert_eq!(done, OpOutcome::Done { at });
        conversation.id
    };
    let of_bot = asks("张三", T0 + 1_000, &["怎么申请退款", "怎么申请退款"]);
    let first = asks("李四", T0 + 70_000, &["怎么申请退款", "转人工"]);
    let second = asks("王五", T0 + 130_000, &["转人工"]);
    asks(
        "赵六",
        T0 + 190_000,
        &["天王盖地虎", "宝塔镇河妖", "天王盖地虎"],
    );
    asks("孙七", T0 + 250_000, &["转人工"]);
    let first_id = answers(&mut wang, &first, T0 + 330_000);
    let second_id = answers(&mut wang, &second, T0 + 430_000);
    let sum = compared(&world, "four waited too long", T0 + 500_000);
    assert!(sum.failed > 0 && sum.turns > sum.failed);
    assert_eq!(sum.reading(Measure::FirstResponse).n, 2);
    assert_eq!((sum.breaches, sum.marks), (4, 0));

    // Who is taken from the bot waits from then on. Who comes back has been answered before.
    answers(&mut wang, &of_bot, T0 + 560_000);
    let resolve = |desk: &mut Desk, conversation_id, at| {
        let done = desk.act(&world, Action::Resolve { conversation_id }, at);
        assert_eq!(done, OpOutcome::Done { at });
    };
    resolve(&mut wang, first_id, T0 + 600_000);
    world.say(&first, "转人工", T0 + 700_000);
    answers(&mut wang, &first, T0 + 960_000);
    let sum = compared(&world, "one came back", T0 + 970_000);
    assert_eq!(sum.reading(Measure::FirstResponse).n, 3);
    assert_eq!(sum.breaches, 4);

    // A mark that is changed counts as it is.
    let mut admin = Desk::of(&world.admin);
    let survey = SurveySettings {
        on: true,
        delay_ms: 1_000,
        ..SurveySettings::default()
    };
    let inbox_id = world.made.inbox.id;
    let setting = Setting::InboxSurvey { inbox_id, survey };
    admin.act(&world, Action::Configure { setting }, T0 + 980_000);
    resolve(&mut wang, second_id, T0 + 1_000_000);
    world.bo.run_surveys(T0 + 1_002_000).unwrap();
    let page = world.bo.visitor_state(&second, T0 + 1_003_000).unwrap();
    let asked = page.survey.unwrap().id;
    for (minute, score, bad_marks) in [(17, 2, 1), (18, 5, 0), (21, 4, 0), (25, 1, 1)] {
        let at = T0 + minute * 60_000;
        let rated = world.bo.visitor_rate(&second, asked, (score, ""), at);
        rated.unwrap();
        let sum = compared(&world, &format!("a mark of {score}"), at + 2_000);
        assert_eq!((sum.marks, sum.bad_marks), (1, bad_marks), "{score}");
    }

    // What is left at night is owed from the morning on, and late by the clock alone.
    let hours = BusinessHours::china(id(), "客服工作时间", &[Period::of((9, 0), (18, 0))], &[]);
    let (hours_id, inbox_id) = (Some(hours.id), None);
    let (evening, setting) = (T0 + 2 * HOUR, Setting::InboxHours { inbox_id, hours_id });
    let morning = hours.next_open(evening).unwrap();
    for setting in [Setting::Hours { hours }, setting] {
        let done = admin.act(&world, Action::Configure { setting }, T0 + HOUR);
        assert_eq!(done, OpOutcome::Done { at: T0 + HOUR });
    }
    let left = asks("周八", evening, &["转人工"]);
    assert!(world.conversation(&left).routing.left_message);
    for (at, breaches) in [
        (evening + HOUR, 4),
        (morning + 170_000, 4),
        (morning + 181_000, 5),
    ] {
        let sum = compared(&world, "left at night", at);
        assert_eq!(sum.breaches, breaches);
    }
    let mut wang = Desk::of(&principal(&world, "wang", morning));
    answers(&mut wang, &left, morning + HOUR);
    let sum = compared(&world, "answered in the morning", morning + HOUR + 2_000);
    let replies = sum.reading(Measure::FirstResponse);
    assert_eq!((replies.n, replies.level), (4, Some(3_600)));
    assert_eq!(sum.breaches, 5);
}

/// Numbers that begin anew go over what was told long ago.
#[test]
fn what_is_counted_of_the_past_is_no_news_to_rules() {
    if is_postgres() {
        return;
    }
    let world = World::with_faq();
    let late = |from: Millis| {
        let visitor = world.visitor("");
        world.say(&visitor, "转人工", from);
    };
    let breaches = || {
        let all = "SELECT coalesce(sum(json_extract(body, '$.all.breaches')), 0) FROM alert_minute";
        world.number(all)
    };
    late(T0 + 1_000);
    count(&world.bo, T0 + HOUR);
    assert_eq!(breaches(), 0);
    late(T0 + HOUR + 1_000);
    count(&world.bo, T0 + 2 * HOUR);
    assert_eq!(breaches(), 1);
}
