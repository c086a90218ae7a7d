use lt_model::{
    id::{AgentId, GroupId, ReportId},
    metric::report::ReportGroup,
};
use uuid::Uuid;

use super::*;

const DAY_MS: Millis = 86_400_000;
/// Midnight of Wednesday 2026-11-25 in China.
const WEDNESDAY: Millis = 1_795_536_000_000;

fn of(part: u64, whole: u64) -> MetricValue {
    MetricValue::Share { part, whole }
}

fn lasting(ms: Option<Millis>) -> MetricValue {
    MetricValue::Time { ms, of: 1 }
}

fn count(n: u64) -> MetricValue {
    MetricValue::Count { n }
}

#[test]
fn numbers_are_said_as_on_the_board() {
    for (value, said) in [
        (of(9_143, 10_000), "91.4%"),
        (of(7, 7), "100%"),
        (of(0, 7), "0.0%"),
        (of(99_996, 100_000), "99.9%"),
        (of(1, 10_000), "0.1%"),
        (of(1, 2_000), "0.1%"),
        (of(0, 0), NOTHING),
        (lasting(Some(38_000)), "0:38"),
        (lasting(Some(112_400)), "1:52"),
        (lasting(Some(3_920_000)), "1:05:20"),
        (lasting(Some(59_600)), "1:00"),
        (lasting(None), NOTHING),
        (count(0), "0"),
        (count(999), "999"),
        (count(1_000), "1,000"),
        (count(1_234_567), "1,234,567"),
    ] {
        assert_eq!(shown(value), said, "{value:?}");
    }
}

#[test]
fn changes_are_said_as_on_the_board() {
    for (now, before, said) in [
        (of(914, 1_000), of(908, 1_000), "+0.6 个点"),
        (of(908, 1_000), of(914, 1_000), "−0.6 个点"),
        (of(1, 2), of(2, 4), "±0 个点"),
        (of(1, 2), of(0, 0), ""),
        (lasting(Some(35_000)), lasting(Some(38_000)), "−0:03"),
        (lasting(Some(35_000)), lasting(Some(35_000)), "±0"),
        (lasting(None), lasting(Some(35_000)), ""),
        (count(97), count(100), "−3%"),
        (count(100), count(100), "±0%"),
        (count(30_000), count(100), "+29,900%"),
        (count(12), count(0), "+12"),
        (count(0), count(0), "±0"),
    ] {
        assert_eq!(difference(now, before), said, "{now:?} after {before:?}");
    }
}

fn report(span: ReportSpan, groups: &[&str]) -> NumbersReport {
    let numbers = ReportNumbers {
        now: Metric::ALL.into_iter().map(|_| count(12)).collect(),
        before: Metric::ALL.into_iter().map(|_| count(10)).collect(),
    };
    let to = WEDNESDAY + DAY_MS;
    NumbersReport {
        id: ReportId(Uuid::from_u128(1)),
        agent: AgentId(Uuid::from_u128(2)),
        span,
        is_asked: false,
        period: ReportPeriod {
            from: to - span.ms(),
            to,
        },
        as_of: to + 8 * 3_600_000,
        utc_offset_minutes: 480,
        at: to + 8 * 3_600_000,
        groups: (3..)
            .zip(groups)
            .map(|(id, name)| ReportGroup {
                id: GroupId(Uuid::from_u128(id)),
                name: (*name).to_owned(),
                numbers: numbers.clone(),
            })
            .collect(),
        all: numbers,
    }
}

#[test]
fn a_mail_says_of_when_and_of_whom_it_is() {
    let made = report(ReportSpan::Day, &["售前组", "售后<b>组"]);
    let mail = parcel("聆选", &made, "chen@example.com", made.at);
    assert_eq!(mail.subject, "聆选 数字日报 2026-11-25 周三");
    for line in [
        "时段：2026-11-25 周三",
        "上期：2026-11-24 周二",
        "技能组：售前组、售后<b>组",
        "截至：2026-11-26 08:00",
        "【合计】",
        "会话量：12（上期 10，+20%）",
        "【售后<b>组】",
    ] {
        assert!(
            mail.text.lines().any(|said| said == line),
            "{line}: {}",
            mail.text
        );
    }
    assert!(mail.html.contains("售后&lt;b&gt;组") && !mail.html.contains("售后<b>"));
    assert_eq!(mail.html.matches("<table").count(), 3);
    // What comes in later is in none of its numbers.
    for said in [&mail.text, &mail.html] {
        assert!(said.contains("数字截至上述时间"), "{said}");
        assert!(said.contains("会计入会话开始的那一天"), "{said}");
        assert!(!said.contains("同一时段的相同"), "{said}");
    }
    // Nothing is fetched from anywhere.
    assert!(!mail.html.contains("http") && !mail.html.contains("src="));
    let week = report(ReportSpan::Week, &["售前组"]);
    let mail = parcel("聆选", &week, "chen@example.com", week.at);
    assert_eq!(mail.subject, "聆选 数字周报 2026-11-19 至 2026-11-25");
    assert!(mail.text.contains("上期：2026-11-12 至 2026-11-18"));
    // One group is the sum.
    assert_eq!(mail.html.matches("<table").count(), 1);
    assert_eq!(name(&week), "数字周报 2026-11-19 至 2026-11-25");
}

#[test]
fn one_period_is_one_mail_however_often_it_is_made() {
    let first = report(ReportSpan::Day, &["售前组"]);
    let again = NumbersReport {
        id: ReportId(Uuid::from_u128(9)),
        at: first.at + 60_000,
        ..first.clone()
    };
    let id = |report: &NumbersReport| parcel("聆选", report, "a@b.cn", report.at).id;
    assert_eq!(id(&first), id(&again));
    let asked = NumbersReport {
        is_asked: true,
        ..again
    };
    assert_ne!(id(&first), id(&asked));
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    assert!(id(&first).chars().all(is_plain) && id(&asked).chars().all(is_plain));
}

#[test]
fn a_spreadsheet_gets_numbers_and_no_formulas() {
    let mut made = report(ReportSpan::Day, &["=1+1", "他说\"好\""]);
    made.all.now = vec![
        of(1, 4),
        lasting(Some(1_500)),
        lasting(None),
        of(0, 0),
        count(7),
    ];
    let mail = parcel("聆选", &made, "a@b.cn", made.at);
    let [file] = &mail.files[..] else {
        panic!("{:?}", mail.files)
    };
    assert_eq!(file.name, "lingtai-2026-11-25.csv");
    let csv = String::from_utf8(file.bytes.clone()).unwrap();
    let lines: Vec<&str> = csv.split("\r\n").collect();
    assert!(lines[0].starts_with(BOM));
    assert_eq!(
        lines[1..6],
        [
            "\"合计\",\"会话量\",0.25,1,4,10,,",
            "\"合计\",\"智能响应率\",1.5,,1,10,,",
            "\"合计\",\"智能解决覆盖率\",,,1,10,,",
            "\"合计\",\"响应失败率\",,0,0,10,,",
            "\"合计\",\"首响中位数\",7,,,10,,",
        ]
    );
    assert!(csv.contains("\"'=1+1\",") && csv.contains("\"他说\"\"好\"\"\","));
}
