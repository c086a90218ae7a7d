//! What stands in the mail of a report: names of groups and numbers, and nothing of a customer. The
//! same numbers three times: as text, as a page, and as a table for a spreadsheet.

use lt_model::{
    Millis,
    hours::{Day, WallTime},
    metric::{
        Metric, MetricValue, NumbersReport,
        report::{ReportNumbers, ReportPeriod, ReportSpan},
    },
    spreadsheet::{self, BOM, END},
};

use crate::{
    alerts::post::{Enclosed, Parcel},
    html::escaped,
};

/// Nothing was counted.
const NOTHING: &str = "–";
/// What comes in later counts where its conversation began: it is in no mail that was sent before.
const TIMES: &str = "时间按机构的时钟。数字截至上述时间，与聆台「监控」当时所见相同；之后的评价、解决和重新打开会计入会话开始的那一天。";
const UNWANTED: &str = "不想再收：聆台「我的提醒」里把数字报告改为不要。";
const WEEKDAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];

/// What is sent of a report. Its id is that of the person and the period: made twice, it would still
/// be one mail.
pub(crate) fn parcel(organisation: &str, report: &NumbersReport, to: &str, now: Millis) -> Parcel {
    let title = format!("{organisation} {}", title(report));
    let heads = heads(report);
    let id = match (report.is_asked, report.span) {
        (true, _) => format!("report-asked-{}", report.id),
        (false, ReportSpan::Day) => format!("report-day-{}-{}", report.period.to, report.agent),
        (false, ReportSpan::Week) => format!("report-week-{}-{}", report.period.to, report.agent),
    };
    Parcel {
        to: to.to_owned(),
        subject: format!("{title} {}", days(report.period, report.utc_offset_minutes)),
        text: text(&title, &heads, report),
        html: html(&title, &heads, report),
        files: vec![Enclosed {
            name: format!(
                "lingtai-{}.csv",
                day_before(report.period.to, report.utc_offset_minutes)
            ),
            kind: "text/csv; charset=utf-8",
            bytes: csv(report).into_bytes(),
        }],
        json: String::new(),
        id,
        now,
    }
}

/// What it is called in the log of what was sent.
pub(crate) fn name(report: &NumbersReport) -> String {
    let days = days(report.period, report.utc_offset_minutes);
    format!("{} {days}", title(report))
}

fn title(report: &NumbersReport) -> &'static str {
    match report.span {
        ReportSpan::Day => "数字日报",
        ReportSpan::Week => "数字周报",
    }
}

/// Of when, of what, as of when.
fn heads(report: &NumbersReport) -> Vec<(&'static str, String)> {
    let clock = report.utc_offset_minutes;
    let groups: Vec<&str> = report.groups.iter().map(|one| one.name.as_str()).collect();
    vec![
        ("时段", days(report.period, clock)),
        ("上期", days(report.period.before(), clock)),
        ("技能组", groups.join("、")),
        ("截至", WallTime::of(report.as_of, clock).to_string()),
    ]
}

fn text(title: &str, heads: &[(&str, String)], report: &NumbersReport) -> String {
    let mut lines = vec![title.to_owned()];
    lines.extend(heads.iter().map(|(head, said)| format!("{head}：{said}")));
    let mut part = |name: &str, numbers: &ReportNumbers| {
        lines.extend([String::new(), format!("【{name}】")]);
        lines.extend(each(numbers).map(|(metric, now, before)| {
            let growth = match difference(now, before) {
                growth if growth.is_empty() => String::new(),
                growth => format!("，{growth}"),
            };
            format!(
                "{}：{}（上期 {}{growth}）",
                metric.title(),
                shown(now),
                shown(before)
            )
        }));
    };
    part("合计", &report.all);
    if report.groups.len() > 1 {
        for group in &report.groups {
            part(&group.name, &group.numbers);
        }
    }
    lines.extend([String::new(), TIMES.to_owned(), UNWANTED.to_owned()]);
    lines.join("\n")
}

fn html(title: &str, heads: &[(&str, String)], report: &NumbersReport) -> String {
    const CELL: &str = "padding:6px 12px 6px 0;border-bottom:1px solid #e3e5e8;text-align:left";
    const NUMBER: &str = "padding:6px 12px 6px 0;border-bottom:1px solid #e3e5e8;text-align:right";
    let mut html = format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{0}</title>\
         </head><body style=\"margin:0;padding:24px;color:#1c1f23;background:#ffffff;\
         font-family:'PingFang SC','Microsoft YaHei',sans-serif;font-size:14px;line-height:1.6\">\
         <h1 style=\"margin:0 0 12px;font-size:20px\">{0}</h1>",
        escaped(title)
    );
    for (head, said) in heads {
        html.push_str(&format!(
            "<p style=\"margin:0;color:#5b6470\">{head}：{}</p>",
            escaped(said)
        ));
    }
    let mut part = |name: &str, numbers: &ReportNumbers| {
        html.push_str(&format!(
            "<h2 style=\"margin:24px 0 4px;font-size:16px\">{}</h2>\
             <table role=\"table\" cellspacing=\"0\" style=\"border-collapse:collapse;min-width:440px\"><tr>\
             <th scope=\"col\" style=\"{CELL}\">指标</th><th scope=\"col\" style=\"{NUMBER}\">本期</th>\
             <th scope=\"col\" style=\"{NUMBER}\">上期</th>\
             <th scope=\"col\" style=\"{NUMBER}\">变化</th></tr>",
            escaped(name)
        ));
        for (metric, now, before) in each(numbers) {
            html.push_str(&format!(
                "<tr><td style=\"{CELL}\">{}</td><td style=\"{NUMBER}\"><b>{}</b></td>\
                 <td style=\"{NUMBER}\">{}</td><td style=\"{NUMBER}\">{}</td></tr>",
                metric.title(),
                shown(now),
                shown(before),
                difference(now, before)
            ));
        }
        html.push_str("</table>");
    };
    part("合计", &report.all);
    if report.groups.len() > 1 {
        for group in &report.groups {
            part(&group.name, &group.numbers);
        }
    }
    html.push_str(&format!(
        "<p style=\"margin:24px 0 0;color:#5b6470\">{TIMES}<br>{UNWANTED}</p></body></html>"
    ));
    html
}

/// The numbers as they are, for a spreadsheet: shares as parts of one, times in seconds, and the
/// counts of which shares are made.
fn csv(report: &NumbersReport) -> String {
    const HEADS: [&str; 8] = [
        "范围",
        "指标",
        "本期",
        "本期分子",
        "本期分母",
        "上期",
        "上期分子",
        "上期分母",
    ];
    let heads = HEADS.map(spreadsheet::quoted).join(",");
    let mut csv = format!("{BOM}{heads}{END}");
    let mut part = |name: &str, numbers: &ReportNumbers| {
        let name = spreadsheet::quoted(name);
        for (metric, now, before) in each(numbers) {
            let title = spreadsheet::quoted(metric.title());
            let fields = [fields(now), fields(before)].concat().join(",");
            csv.push_str(&format!("{name},{title},{fields}{END}"));
        }
    };
    part("合计", &report.all);
    for group in &report.groups {
        part(&group.name, &group.numbers);
    }
    csv
}

/// The value, of what, and of how many.
fn fields(value: MetricValue) -> [String; 3] {
    let number = value
        .number()
        .map_or_else(String::new, |number| number.to_string());
    match value {
        MetricValue::Share { part, whole } => [number, part.to_string(), whole.to_string()],
        MetricValue::Time { of, .. } => [number, String::new(), of.to_string()],
        MetricValue::Count { .. } => [number, String::new(), String::new()],
    }
}

fn each(numbers: &ReportNumbers) -> impl Iterator<Item = (Metric, MetricValue, MetricValue)> + '_ {
    let both = numbers.now.iter().zip(&numbers.before);
    let all = Metric::ALL.into_iter().zip(both);
    all.map(|(metric, (now, before))| (metric, *now, *before))
}

/// A number in words, as the board has it.
fn shown(value: MetricValue) -> String {
    match value {
        MetricValue::Share { whole: 0, .. } | MetricValue::Time { ms: None, .. } => {
            NOTHING.to_owned()
        }
        MetricValue::Share { part, whole } => share(part, whole),
        MetricValue::Time { ms: Some(ms), .. } => time(seconds(ms)),
        MetricValue::Count { n } => grouped(n),
    }
}

/// `91.4%`. Nearly all is not all, and next to nothing is not nothing.
fn share(part: u64, whole: u64) -> String {
    let (part, whole) = (i128::from(part), i128::from(whole));
    let permille = match rounded(part * 1_000, whole) {
        1_000 if part < whole => 999,
        0 if part > 0 => 1,
        permille => permille,
    };
    match permille {
        1_000 => "100%".to_owned(),
        _ => format!("{}.{}%", permille / 10, permille % 10),
    }
}

/// Half goes up, as everywhere on the board.
fn rounded(part: i128, whole: i128) -> i128 {
    (2 * part + whole).div_euclid(2 * whole)
}

fn seconds(ms: Millis) -> i64 {
    (ms + 500).div_euclid(1_000)
}

/// `1:52` in minutes and seconds, `1:05:20` from an hour on.
fn time(seconds: i64) -> String {
    let (hours, minutes, rest) = (seconds / 3_600, seconds % 3_600 / 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{rest:02}"),
        _ => format!("{hours}:{minutes:02}:{rest:02}"),
    }
}

/// `12,345`
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How it differs: shares in points, times in time, counts in percent, as the board has it.
fn difference(now: MetricValue, before: MetricValue) -> String {
    match (now, before) {
        (
            MetricValue::Share { part, whole },
            MetricValue::Share {
                part: part_before,
                whole: whole_before,
            },
        ) if whole > 0 && whole_before > 0 => {
            let [a, b, c, d] = [part, whole, part_before, whole_before].map(i128::from);
            let permille = rounded((a * d - c * b) * 1_000, b * d);
            let size = permille.abs();
            let points = signed(permille, &format!("{}.{}", size / 10, size % 10));
            format!("{points} 个点")
        }
        (MetricValue::Time { ms: Some(now), .. }, MetricValue::Time { ms: Some(ms), .. }) => {
            let by = seconds(now) - seconds(ms);
            signed(by.into(), &time(by.abs()))
        }
        (MetricValue::Count { n }, MetricValue::Count { n: 0 }) => signed(n.into(), &grouped(n)),
        (MetricValue::Count { n }, MetricValue::Count { n: before }) => {
            let (n, before) = (i128::from(n), i128::from(before));
            let percent = rounded((n - before) * 100, before);
            let size = u64::try_from(percent.abs()).unwrap_or(u64::MAX);
            format!("{}%", signed(percent, &grouped(size)))
        }
        _ => String::new(),
    }
}

fn signed(n: i128, size: &str) -> String {
    match n {
        0 => "±0".to_owned(),
        1.. => format!("+{size}"),
        _ => format!("−{size}"),
    }
}

/// `2026-11-25 周三`, or `2026-11-19 至 2026-11-25`.
fn days(period: ReportPeriod, utc_offset_minutes: i32) -> String {
    let first = WallTime::of(period.from, utc_offset_minutes).day;
    let last = day_before(period.to, utc_offset_minutes);
    match first == last {
        true => {
            let weekday = WEEKDAYS.get(first.weekday()).copied().unwrap_or_default();
            format!("{first} {weekday}")
        }
        false => format!("{first} 至 {last}"),
    }
}

/// The last day of a period that ends at a midnight.
fn day_before(end: Millis, utc_offset_minutes: i32) -> Day {
    Day(WallTime::of(end, utc_offset_minutes).day.0 - 1)
}

#[cfg(test)]
mod tests;
