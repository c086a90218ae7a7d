//! Reports of the numbers by mail: when, to whom, of what, and once.

use std::{collections::BTreeMap, sync::Mutex, thread};

use lt_backoffice::{
    Backoffice, Principal,
    alerts::post::{Parcel, Post},
};
use lt_model::{
    Millis,
    agent::Role,
    alert::notify::{AlertPrefs, DeliveryError, DeliveryState, NotifyChannel},
    metric::{Cell, Grain, Metric, MetricValue, ReportPlan},
};
use lt_protocol::{
    alert::{
        ChannelSettings, DeliveryResendArgs, DeliverySaveArgs, DeliveryView, EmailSettings,
        SmtpSecurity,
    },
    code::Code,
    metrics::CellsRequest,
    personal::PersonalEdit,
    sync::{Action, OpOutcome},
};
use lt_seal::{Secret, encode::base64url_decode};

use crate::{
    nodes::Nodes,
    world::{Desk, PASSWORD, T0, World, code, device, login, open},
};

const SECOND: Millis = 1_000;
const MINUTE: Millis = 60_000;
const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;
/// The first midnight in China after everything began: 2025-10-10, a Friday.
const MIDNIGHT: Millis = T0 + 25_600_000;
/// When a report of the first day is due.
const DUE: Millis = MIDNIGHT + 8 * HOUR;
const DAILY: Option<ReportPlan> = Some(ReportPlan::Day { hour: 8 });

/// Keeps what it is handed, and takes the first ones not.
#[derive(Debug, Default)]
struct Recorder {
    sent: Mutex<Vec<Parcel>>,
    failed: Mutex<Vec<Parcel>>,
    fails: Mutex<u32>,
}

impl Post for Recorder {
    fn send(
        &self,
        settings: &ChannelSettings,
        _: Option<&Secret<String>>,
        parcel: &Parcel,
    ) -> Result<(), DeliveryError> {
        assert_eq!(settings.channel(), NotifyChannel::Email);
        let mut fails = self.fails.lock().unwrap();
        if *fails > 0 {
            *fails -= 1;
            self.failed.lock().unwrap().push(parcel.clone());
            return Err(DeliveryError::Later);
        }
        self.sent.lock().unwrap().push(parcel.clone());
        Ok(())
    }
}

impl Recorder {
    fn taken(&self) -> Vec<Parcel> {
        self.sent.lock().unwrap().drain(..).collect()
    }
}

/// Sets up mail, or switches it.
fn mail(world: &World, enabled: bool, now: Millis) {
    let admin = sign_in(&world.bo, "admin", now);
    let args = DeliverySaveArgs {
        settings: ChannelSettings::Email {
            settings: EmailSettings {
                host: "mail.example.com".to_owned(),
                port: 465,
                security: SmtpSecurity::Tls,
                username: String::new(),
                from: "lingtai@example.com".to_owned(),
                authority: String::new(),
            },
        },
        enabled,
        secret: None,
    };
    world.bo.save_delivery(&admin, &args, now).unwrap();
}

fn sign_in(bo: &Backoffice, username: &str, now: Millis) -> Principal {
    let session = login(bo, username, PASSWORD, &device(), now).unwrap();
    bo.authenticate(&session.token, now).unwrap()
}

/// Somebody gives an address, and says when a report is wanted.
fn wants(world: &World, desk: &mut Desk, email: &str, plan: Option<ReportPlan>) {
    let edits = vec![
        PersonalEdit::AlertPrefs {
            prefs: AlertPrefs {
                email: email.to_owned(),
                ..AlertPrefs::unset()
            },
        },
        PersonalEdit::ReportPlan { plan },
    ];
    let done = desk.act(world, Action::EditPersonal { edits }, T0);
    assert_eq!(done, OpOutcome::Done { at: T0 });
}

fn count(bo: &Backoffice, now: Millis) {
    while bo.count_numbers(now).unwrap() {}
}

/// A day with a bot that answers, and people who wait in two groups.
fn day(world: &World) {
    let by_bot = world.visitor("张三");
    world.say(&by_bot, "怎么申请退款", T0 + SECOND);
    for (name, text) in [
        ("李四", "我的电话是 13800001234"),
        ("王五", "在吗"),
        ("赵六", "我要投诉你们"),
    ] {
        let asks = world.visitor(name);
        world.say(&asks, text, T0 + MINUTE);
        world.say(&asks, "转人工", T0 + MINUTE + SECOND);
    }
}

/// A shop with mail, a lead of all groups and one of a single group; both want a report a day.
fn shop() -> (World, Desk, Desk) {
    let world = World::with_faq();
    mail(&world, true, T0);
    let mut chen = world.agent("chen", Role::TeamLead, &["售前组", "售后组", "投诉专席"]);
    let mut zhou = world.agent("zhou", Role::TeamLead, &["售后组"]);
    wants(&world, &mut chen, "chen@example.com", DAILY);
    wants(&world, &mut zhou, "zhou@example.com", DAILY);
    (world, chen, zhou)
}

fn log(bo: &Backoffice, now: Millis) -> DeliveryView {
    bo.delivery(&sign_in(bo, "admin", now)).unwrap()
}

/// Value and counts of a line of the table that goes with a mail: `,0.25,1,4,…`.
fn table(parcel: &Parcel) -> BTreeMap<(String, String), Vec<String>> {
    let [file] = &parcel.files[..] else {
        panic!("{:?}", parcel.files)
    };
    let csv = String::from_utf8(file.bytes.clone()).unwrap();
    let lines = csv.trim_start_matches('\u{feff}').lines().skip(1);
    lines
        .map(|line| {
            let fields: Vec<String> = line
                .split(',')
                .map(|field| field.replace('"', ""))
                .collect();
            (
                (fields[0].clone(), fields[1].clone()),
                fields[2..5].to_vec(),
            )
        })
        .collect()
}

/// What the cells that somebody is told of sum up to over the first day, written as in the table.
fn of_cells(bo: &Backoffice, who: &Principal, metric: Metric, now: Millis) -> Vec<String> {
    let request = CellsRequest {
        generation: None,
        after: Vec::new(),
    };
    let told = bo.metric_cells(who, &request, now).unwrap();
    let mut sum = Cell::default();
    for row in &told.cells {
        let is_within = (MIDNIGHT - DAY..MIDNIGHT).contains(&row.at);
        if row.grain == Grain::Hour && row.dim.is_none() && is_within {
            let bytes = base64url_decode(&row.cell).unwrap();
            sum.add_bytes(&bytes).unwrap();
        }
    }
    let none = String::new;
    match sum.value(metric) {
        MetricValue::Share { part, whole } => {
            let value = if whole == 0 {
                none()
            } else {
                (part as f64 / whole as f64).to_string()
            };
            vec![value, part.to_string(), whole.to_string()]
        }
        MetricValue::Time { ms, of } => {
            let value = ms.map_or_else(none, |ms| (ms as f64 / 1_000.0).to_string());
            vec![value, none(), of.to_string()]
        }
        MetricValue::Count { n } => vec![n.to_string(), none(), none()],
    }
}

#[test]
fn a_day_is_told_once_with_the_numbers_of_the_board() {
    let (mut world, mut chen, _) = shop();
    let post = Recorder::default();
    // Agents get none, nor does an administrator who wants none.
    let mut wang = world.agent("wang", Role::Agent, &["售前组"]);
    wants(&world, &mut wang, "wang@example.com", DAILY);
    day(&world);
    count(&world.bo, DUE - SECOND);
    assert_eq!(world.bo.make_reports(DUE - SECOND).unwrap(), 0, "not yet");
    count(&world.bo, DUE);
    assert_eq!(world.bo.make_reports(DUE).unwrap(), 2);
    assert_eq!(world.bo.make_reports(DUE + SECOND).unwrap(), 0);
    // The server is killed before it sends, and starts anew.
    let path = world.path();
    let spare = World::new();
    drop(std::mem::replace(&mut world.bo, spare.bo));
    world.bo = open(&path);
    assert_eq!(world.bo.make_reports(DUE + MINUTE).unwrap(), 0);
    // The first try fails: what is sent later is the same mail.
    *post.fails.lock().unwrap() = 1;
    world.bo.send_alerts(&post, || DUE + MINUTE).unwrap();
    world.bo.send_alerts(&post, || DUE + 10 * MINUTE).unwrap();
    world.bo.send_alerts(&post, || DUE + 20 * MINUTE).unwrap();
    let sent = post.taken();
    let mut to: Vec<&str> = sent.iter().map(|parcel| parcel.to.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, ["chen@example.com", "zhou@example.com"]);
    let failed = post.failed.lock().unwrap().remove(0);
    let again = sent.iter().find(|parcel| parcel.to == failed.to).unwrap();
    assert_eq!((&again.id, &again.text), (&failed.id, &failed.text));

    // Of all groups together, and of each.
    let of_chen = sent.iter().find(|parcel| parcel.to == "chen@example.com");
    let of_chen = of_chen.unwrap();
    let admin = sign_in(&world.bo, "admin", DUE);
    let lines = table(of_chen);
    let line = |of: &str, name: &str| lines[&(of.to_owned(), name.to_owned())].clone();
    for (metric, name) in [
        (Metric::Volume, "会话量"),
        (Metric::AutoResponse, "智能响应率"),
        (Metric::Coverage, "智能解决覆盖率"),
        (Metric::Failure, "响应失败率"),
        (Metric::FirstResponseP50, "首响中位数"),
        (Metric::FirstResponseP90, "首响 P90"),
        (Metric::Handling, "平均处理时长"),
        (Metric::FirstContact, "一次解决率"),
        (Metric::Satisfaction, "满意度"),
        (Metric::Backlog, "积压"),
        (Metric::Queue, "排队会话"),
        (Metric::SlaBreach, "时效违约率"),
    ] {
        let expected = of_cells(&world.bo, &admin, metric, DUE);
        assert_eq!(line("合计", name), expected, "{name}");
    }
    assert_eq!(line("合计", "会话量")[0], "4");
    assert_eq!(line("合计", "排队会话")[0], "3");
    // A lead sees the own group.
    let of_zhou = sent.iter().find(|parcel| parcel.to == "zhou@example.com");
    let of_zhou = table(of_zhou.unwrap());
    let zhou = sign_in(&world.bo, "zhou", DUE);
    let own = of_cells(&world.bo, &zhou, Metric::Volume, DUE);
    assert_eq!(of_zhou[&("合计".to_owned(), "会话量".to_owned())], own);
    let groups: Vec<&str> = of_zhou.keys().map(|(of, _)| of.as_str()).collect();
    assert!(
        groups.iter().all(|of| ["合计", "售后组"].contains(of)),
        "{groups:?}"
    );

    // Nothing of a customer.
    for parcel in &sent {
        let csv = String::from_utf8_lossy(&parcel.files[0].bytes).into_owned();
        for said in [
            &parcel.subject,
            &parcel.text,
            &parcel.html,
            &parcel.json,
            &csv,
        ] {
            for word in ["13800001234", "张三", "李四", "赵六", "投诉你们"] {
                assert!(!said.contains(word), "{word}");
            }
        }
    }
    // The log says so.
    let log = log(&world.bo, DUE + 30 * MINUTE).log;
    let lines: Vec<_> = log.iter().filter(|line| line.is_report).collect();
    assert_eq!(lines.len(), 2);
    for line in lines {
        assert_eq!(line.state, DeliveryState::Sent);
        assert_eq!(line.name, "数字日报 2025-10-09 周四");
    }
    // Another hour sends today's none again; tomorrow's comes at that hour.
    wants(
        &world,
        &mut chen,
        "chen@example.com",
        Some(ReportPlan::Day { hour: 9 }),
    );
    assert_eq!(world.bo.make_reports(DUE + 2 * HOUR).unwrap(), 0);
    count(&world.bo, DUE + DAY);
    assert_eq!(world.bo.make_reports(DUE + DAY).unwrap(), 1, "zhou's");
    assert_eq!(
        world.bo.make_reports(DUE + DAY + HOUR).unwrap(),
        1,
        "chen's"
    );
}

#[test]
fn what_was_missed_is_made_up_for_by_the_latest_alone() {
    let (world, _, _) = shop();
    let post = Recorder::default();
    day(&world);
    // What happened in the period is not counted yet.
    assert_eq!(world.bo.make_reports(DUE).unwrap(), 0);
    let late = DUE + 5 * DAY + HOUR;
    count(&world.bo, late);
    assert_eq!(world.bo.make_reports(late).unwrap(), 2);
    assert_eq!(world.bo.make_reports(late).unwrap(), 0);
    world.bo.send_alerts(&post, || late).unwrap();
    let sent = post.taken();
    assert_eq!(sent.len(), 2);
    assert!(
        sent.iter().all(|mail| mail.subject.contains("2025-10-14")),
        "{sent:?}"
    );
}

/// A server whose clock is a little behind still writes down what happens before midnight.
#[test]
fn the_end_of_a_day_is_waited_for() {
    let (world, mut chen, mut zhou) = shop();
    let post = Recorder::default();
    let midnight = Some(ReportPlan::Day { hour: 0 });
    wants(&world, &mut chen, "chen@example.com", midnight);
    wants(&world, &mut zhou, "", None);
    day(&world);
    let early = MIDNIGHT + 59 * SECOND;
    count(&world.bo, early);
    assert_eq!(world.bo.make_reports(early).unwrap(), 0, "not yet");
    let last = world.visitor("钱七");
    world.say(&last, "在吗", MIDNIGHT - 1);
    count(&world.bo, MIDNIGHT + MINUTE);
    assert_eq!(world.bo.make_reports(MIDNIGHT + MINUTE).unwrap(), 1);
    world.bo.send_alerts(&post, || MIDNIGHT + MINUTE).unwrap();
    let [sent] = &post.taken()[..] else {
        panic!("one mail")
    };
    let volume = table(sent)[&("合计".to_owned(), "会话量".to_owned())].clone();
    assert_eq!(volume[0], "5");
}

/// Also those of people who get none any more.
#[test]
fn what_is_old_is_thrown_away_with_what_was_sent_of_it() {
    let (world, mut chen, mut zhou) = shop();
    let post = Recorder::default();
    count(&world.bo, DUE);
    assert_eq!(world.bo.make_reports(DUE).unwrap(), 2);
    world.bo.send_alerts(&post, || DUE).unwrap();
    wants(&world, &mut chen, "chen@example.com", None);
    wants(&world, &mut zhou, "zhou@example.com", None);
    let n_kept = |now: Millis| {
        world.bo.run_alerts(now).unwrap();
        ["report", "alert_outbox"]
            .map(|table| world.number(&format!("SELECT count(*) FROM {table}")))
    };
    let kept_until = MIDNIGHT + 90 * DAY;
    assert_eq!(n_kept(kept_until), [2, 2]);
    assert_eq!(n_kept(kept_until + HOUR), [0, 0]);
}

#[test]
fn a_week_is_told_on_its_day_and_stays_due_until_mail_is_set_up() {
    let (world, mut chen, mut zhou) = shop();
    let post = Recorder::default();
    let sunday = Some(ReportPlan::Week {
        weekday: 6,
        hour: 20,
    });
    wants(&world, &mut chen, "chen@example.com", sunday);
    // No address, no report.
    wants(&world, &mut zhou, "", DAILY);
    day(&world);
    mail(&world, false, T0);
    let due = MIDNIGHT + 2 * DAY + 20 * HOUR;
    count(&world.bo, due + HOUR);
    assert_eq!(world.bo.make_reports(due + HOUR).unwrap(), 0, "no mail");
    mail(&world, true, due + HOUR);
    assert_eq!(world.bo.make_reports(due - SECOND).unwrap(), 0, "not yet");
    assert_eq!(world.bo.make_reports(due + HOUR).unwrap(), 1);
    world.bo.send_alerts(&post, || due + HOUR).unwrap();
    let [sent] = &post.taken()[..] else {
        panic!("one mail")
    };
    assert!(
        sent.subject.ends_with("数字周报 2025-10-05 至 2025-10-11"),
        "{}",
        sent.subject
    );
    let volume = table(sent)[&("合计".to_owned(), "会话量".to_owned())].clone();
    assert_eq!(volume[0], "4");
}

#[test]
fn who_may_see_less_by_then_or_wants_none_gets_none() {
    let (world, mut chen, _) = shop();
    let post = Recorder::default();
    day(&world);
    count(&world.bo, DUE);
    assert_eq!(world.bo.make_reports(DUE).unwrap(), 2);
    // One lead wants none any more, and the other one's group is taken.
    wants(&world, &mut chen, "chen@example.com", None);
    let admin = sign_in(&world.bo, "admin", DUE);
    let other = vec![world.group("售前组")];
    world
        .bo
        .set_agent_groups(&admin, "zhou", other, DUE)
        .unwrap();
    world.bo.send_alerts(&post, || DUE + SECOND).unwrap();
    assert_eq!(post.taken(), []);
    let states: Vec<DeliveryState> = log(&world.bo, DUE)
        .log
        .iter()
        .map(|line| line.state)
        .collect();
    assert_eq!(states, [DeliveryState::Cancelled; 2]);
    // Of no group there is nothing to tell.
    world
        .bo
        .set_agent_groups(&admin, "zhou", Vec::new(), DUE)
        .unwrap();
    count(&world.bo, DUE + DAY);
    assert_eq!(world.bo.make_reports(DUE + DAY).unwrap(), 0);
}

#[test]
fn one_may_be_asked_for_out_of_turn_by_those_who_see_numbers() {
    let (world, _, _) = shop();
    let post = Recorder::default();
    let mut wang = world.agent("wang", Role::Agent, &["售前组"]);
    wants(&world, &mut wang, "wang@example.com", DAILY);
    day(&world);
    count(&world.bo, DUE - HOUR);
    let now = DUE - HOUR;
    let ask = |who: &str, now: Millis| world.bo.mail_report(&sign_in(&world.bo, who, now), now);
    assert_eq!(code(ask("wang", now)), Some(Code::Forbidden));
    let denied = ["metrics.mail", "denied", "forbidden"].map(str::to_owned);
    assert_eq!(world.last_audit(), denied);
    // Who leads no group sees no numbers: none would come.
    let mut sun = world.agent("sun", Role::TeamLead, &["售前组"]);
    wants(&world, &mut sun, "sun@example.com", DAILY);
    let admin = sign_in(&world.bo, "admin", now);
    world
        .bo
        .set_agent_groups(&admin, "sun", Vec::new(), now)
        .unwrap();
    assert_eq!(code(ask("sun", now)), Some(Code::Forbidden));
    // The administrator gave no address.
    assert_eq!(code(ask("admin", now)), Some(Code::IllegalState));
    let asked = ask("chen", now).unwrap();
    let lines = asked.log.iter().filter(|line| line.is_report);
    let line = lines.clone().next().unwrap().clone();
    assert_eq!((lines.count(), line.state), (1, DeliveryState::Pending));
    assert_eq!(code(ask("chen", now + 59 * SECOND)), Some(Code::SlowDown));
    world.bo.send_alerts(&post, || now).unwrap();
    let [sent] = &post.taken()[..] else {
        panic!("one mail")
    };
    assert!(
        sent.subject.contains("数字日报 2025-10-09"),
        "{}",
        sent.subject
    );
    assert_eq!(sent.to, "chen@example.com");
    // It takes the place of none that is due.
    assert_eq!(world.bo.make_reports(DUE).unwrap(), 2);
    mail(&world, false, DUE);
    assert_eq!(code(ask("chen", DUE)), Some(Code::IllegalState));
    // What was given up is sent once more.
    let dead = || {
        let log = log(&world.bo, DUE).log;
        log.into_iter()
            .find(|line| line.state == DeliveryState::Dead)
    };
    world.bo.send_alerts(&post, || DUE + SECOND).unwrap();
    let line = dead().unwrap();
    assert_eq!(line.error, Some(DeliveryError::NotSet));
    mail(&world, true, DUE + MINUTE);
    let again = DeliveryResendArgs {
        alert_id: line.alert_id,
        step: line.step,
        agent: line.agent,
        channel: line.channel,
    };
    let admin = sign_in(&world.bo, "admin", DUE + MINUTE);
    world
        .bo
        .resend_delivery(&admin, &again, DUE + MINUTE)
        .unwrap();
    world.bo.send_alerts(&post, || DUE + MINUTE).unwrap();
    assert_eq!(post.taken().len(), 1);
}

/// Several servers look at the same moment: one report.
#[test]
fn several_servers_make_one() {
    let Some(nodes) = Nodes::new() else {
        return;
    };
    let world = &nodes.world;
    mail(world, true, T0);
    let mut chen = world.agent("chen", Role::TeamLead, &["售前组"]);
    wants(world, &mut chen, "chen@example.com", DAILY);
    let others: Vec<_> = (0..3).map(|_| nodes.another()).collect();
    let posts: Vec<Recorder> = others.iter().map(|_| Recorder::default()).collect();
    for n in 0..4 {
        let now = DUE + n * DAY;
        count(&world.bo, now);
        let n_made: usize = thread::scope(|scope| {
            let making: Vec<_> = others
                .iter()
                .map(|bo| scope.spawn(move || bo.make_reports(now).unwrap()))
                .collect();
            making.into_iter().map(|one| one.join().unwrap()).sum()
        });
        assert_eq!(n_made, 1, "on day {n}");
        thread::scope(|scope| {
            for (bo, post) in others.iter().zip(&posts) {
                scope.spawn(move || bo.send_alerts(post, || now).unwrap());
            }
        });
        let sent: Vec<Parcel> = posts.iter().flat_map(Recorder::taken).collect();
        assert_eq!(sent.len(), 1, "on day {n}");
    }
}
