//! A board in a file: for any spreadsheet, or as a workbook.

mod xlsx;

use lt_model::{
    Millis,
    hours::Day,
    metric::{Grain, Metric, MetricValue},
};
use lt_protocol::metrics::{MetricsBoard, MetricsBy, MetricsFormat, MetricsIntent};

/// Tells spreadsheets that the text is UTF-8.
const BOM: &str = "\u{feff}";

/// What stands in a field.
#[derive(Clone, Debug, PartialEq)]
enum Field {
    Text(String),
    Number(f64),
    Empty,
}

/// A table with a name, its heads in the first row.
struct Sheet {
    name: &'static str,
    rows: Vec<Vec<Field>>,
}

/// The bytes of the file.
pub(crate) fn write(board: &MetricsBoard, format: MetricsFormat) -> Vec<u8> {
    let sheets = sheets(board);
    match format {
        MetricsFormat::Csv => csv(&sheets).into_bytes(),
        MetricsFormat::Xlsx => xlsx::workbook(&sheets),
    }
}

fn sheets(board: &MetricsBoard) -> Vec<Sheet> {
    let mut sheets = vec![cards(board), series(board)];
    for table in &board.tables {
        let mut heads = vec![text(by(table.by))];
        heads.extend(Metric::ALL.into_iter().map(|metric| text(head(metric))));
        let rows = table.rows.iter().map(|row| {
            let mut fields = vec![match row.label.as_str() {
                "" => text("未知"),
                label => text(label),
            }];
            fields.extend(row.values.iter().map(|value| field(*value)));
            fields
        });
        sheets.push(Sheet {
            name: by(table.by),
            rows: std::iter::once(heads).chain(rows).collect(),
        });
    }
    for (name, intents) in [("热门意图", &board.intents), ("上升问题", &board.rising)] {
        if !intents.is_empty() {
            sheets.push(of_intents(name, intents));
        }
    }
    sheets
}

fn cards(board: &MetricsBoard) -> Sheet {
    let clock = board.utc_offset_minutes;
    let mut rows = vec![
        vec![
            text("从"),
            text(&moment(board.from, clock)),
            text("到"),
            text(&moment(board.to, clock)),
        ],
        vec![
            text("截至"),
            board
                .as_of
                .map_or(Field::Empty, |at| text(&moment(at, clock))),
        ],
        ["指标", "数值", "分子", "分母", "对比期"]
            .map(text)
            .to_vec(),
    ];
    rows.extend(board.cards.iter().map(|card| {
        let (part, whole) = match card.now {
            MetricValue::Share { part, whole } => (number(part), number(whole)),
            MetricValue::Time { of, .. } => (Field::Empty, number(of)),
            MetricValue::Count { .. } => (Field::Empty, Field::Empty),
        };
        let before = card.before.map_or(Field::Empty, field);
        vec![
            text(head(card.metric)),
            field(card.now),
            part,
            whole,
            before,
        ]
    }));
    Sheet {
        name: "总览", rows
    }
}

fn series(board: &MetricsBoard) -> Sheet {
    let mut heads = vec![text("时间")];
    heads.extend(board.series.iter().map(|series| text(head(series.metric))));
    let rows = board.at.iter().enumerate().map(|(n, at)| {
        let shown = moment(*at, board.utc_offset_minutes);
        let shown = match board.grain {
            Grain::Minute | Grain::Hour => shown.as_str(),
            Grain::Day | Grain::Month => shown.split(' ').next().unwrap_or_default(),
        };
        let mut fields = vec![text(shown)];
        let values = board.series.iter().map(|series| series.now.get(n));
        fields.extend(values.map(|value| value.map_or(Field::Empty, |value| field(*value))));
        fields
    });
    Sheet {
        name: "趋势",
        rows: std::iter::once(heads).chain(rows).collect(),
    }
}

fn of_intents(name: &'static str, intents: &[MetricsIntent]) -> Sheet {
    let heads = ["问题", "会话量", "对比期"].map(text).to_vec();
    let rows = intents
        .iter()
        .map(|one| vec![text(&one.intent), number(one.n), number(one.before)]);
    Sheet {
        name,
        rows: std::iter::once(heads).chain(rows).collect(),
    }
}

/// A share as a part of one, a time in seconds; nothing where nothing can be said.
fn field(value: MetricValue) -> Field {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a spreadsheet has no other numbers"
    )]
    match value {
        MetricValue::Share { whole: 0, .. } | MetricValue::Time { ms: None, .. } => Field::Empty,
        MetricValue::Share { part, whole } => Field::Number(part as f64 / whole as f64),
        MetricValue::Time { ms: Some(ms), .. } => Field::Number(ms as f64 / 1_000.0),
        MetricValue::Count { n } => number(n),
    }
}

fn number(n: u64) -> Field {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a spreadsheet has no other numbers"
    )]
    Field::Number(n as f64)
}

fn text(text: &str) -> Field {
    Field::Text(text.to_owned())
}

fn head(metric: Metric) -> &'static str {
    match metric {
        Metric::Volume => "会话量",
        Metric::AutoResponse => "智能响应率",
        Metric::Coverage => "智能解决覆盖率",
        Metric::Failure => "响应失败率",
        Metric::FirstResponseP50 => "首响中位数（秒）",
        Metric::FirstResponseP90 => "首响 P90（秒）",
        Metric::Handling => "处理时长（秒）",
        Metric::FirstContact => "一次解决率",
        Metric::Satisfaction => "满意度",
        Metric::Backlog => "积压",
        Metric::Queue => "排队",
        Metric::SlaBreach => "时效违约率",
    }
}

fn by(by: MetricsBy) -> &'static str {
    match by {
        MetricsBy::Group => "技能组",
        MetricsBy::Agent => "坐席",
        MetricsBy::Channel => "渠道",
        MetricsBy::Line => "业务线",
        MetricsBy::Category => "分类",
    }
}

/// `2026-11-26 10:42`.
fn moment(at: Millis, utc_offset_minutes: i32) -> String {
    let minutes = at.div_euclid(60_000) + Millis::from(utc_offset_minutes);
    let (day, minute) = (minutes.div_euclid(1_440), minutes.rem_euclid(1_440));
    format!("{} {:02}:{:02}", Day(day), minute / 60, minute % 60)
}

/// All tables one after the other, with an empty line between.
fn csv(sheets: &[Sheet]) -> String {
    let mut csv = String::from(BOM);
    for (n, sheet) in sheets.iter().enumerate() {
        if n > 0 {
            csv.push_str("\r\n");
        }
        for row in &sheet.rows {
            let fields: Vec<String> = row.iter().map(shown).collect();
            csv.push_str(&fields.join(","));
            csv.push_str("\r\n");
        }
    }
    csv
}

/// A field of a line. A text that a spreadsheet would take for a formula is taken for text.
fn shown(field: &Field) -> String {
    match field {
        Field::Empty => String::new(),
        Field::Number(number) => number.to_string(),
        Field::Text(text) => {
            let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
                "'"
            } else {
                ""
            };
            format!("\"{guard}{}\"", text.replace('"', "\"\""))
        }
    }
}

#[cfg(test)]
mod tests;
