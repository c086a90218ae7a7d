//! A board in a file: for any spreadsheet, or as a workbook.

mod xlsx;

use lt_model::{
    hours::WallTime,
    metric::{Grain, Metric, MetricValue},
    spreadsheet,
};
use lt_protocol::metrics::{MetricsBoard, MetricsBy, MetricsFormat, MetricsIntent};

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
        heads.extend(Metric::ALL.into_iter().map(|metric| text(&head(metric))));
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
    let moment = |at| WallTime::of(at, board.utc_offset_minutes).to_string();
    let mut rows = vec![
        vec![
            text("从"),
            text(&moment(board.from)),
            text("到"),
            text(&moment(board.to)),
        ],
        vec![
            text("截至"),
            board.as_of.map_or(Field::Empty, |at| text(&moment(at))),
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
            text(&head(card.metric)),
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
    heads.extend(board.series.iter().map(|series| text(&head(series.metric))));
    let rows = board.at.iter().enumerate().map(|(n, at)| {
        let at = WallTime::of(*at, board.utc_offset_minutes);
        let mut fields = vec![match board.grain {
            Grain::Hour => text(&at.to_string()),
            Grain::Day | Grain::Month => text(&at.day.to_string()),
        }];
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

fn field(value: MetricValue) -> Field {
    value.number().map_or(Field::Empty, Field::Number)
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

/// The title of a column: a table has no units beside its numbers.
fn head(metric: Metric) -> String {
    match metric.is_time() {
        true => format!("{}（秒）", metric.title()),
        false => metric.title().to_owned(),
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

/// All tables one after the other, with an empty line between.
fn csv(sheets: &[Sheet]) -> String {
    let mut csv = String::from(spreadsheet::BOM);
    for (n, sheet) in sheets.iter().enumerate() {
        if n > 0 {
            csv.push_str(spreadsheet::END);
        }
        for row in &sheet.rows {
            let fields: Vec<String> = row.iter().map(shown).collect();
            csv.push_str(&fields.join(","));
            csv.push_str(spreadsheet::END);
        }
    }
    csv
}

fn shown(field: &Field) -> String {
    match field {
        Field::Empty => String::new(),
        Field::Number(number) => number.to_string(),
        Field::Text(text) => spreadsheet::quoted(text),
    }
}

#[cfg(test)]
mod tests;
