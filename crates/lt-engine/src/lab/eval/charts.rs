//! The charts of the page as SVG, drawn here so that the page needs nothing from elsewhere.

use std::fmt::Write;

use super::{
    page::escape,
    report::{Bin, Kind, Outcomes, Point, Report, Share},
};

const WIDTH: f32 = 480.0;
const HEIGHT: f32 = 258.0;
const LEFT: f32 = 38.0;
const TOP: f32 = 18.0;
const BOTTOM: f32 = 22.0;
const RIGHT: f32 = 8.0;
/// What the answered questions should reach.
const TARGET: f32 = 0.95;
/// Most kinds that are drawn; the table has all.
const N_KINDS: usize = 16;

fn x(share: f32) -> f32 {
    LEFT + (WIDTH - LEFT - RIGHT) * share
}

/// `low` is the value at the bottom.
fn y(share: f32, low: f32) -> f32 {
    TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - (share - low) / (1.0 - low))
}

fn svg(label: &str, height: f32, body: &str) -> String {
    format!(
        "<svg class=\"plot\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\">{body}</svg>",
        escape(label)
    )
}

/// Horizontal lines with percentages from `low` to 1, and percentages below.
fn grid(low: f32) -> String {
    let mut out = String::new();
    let n = 5_u8;
    for step in 0..=n {
        let share = f32::from(step) / f32::from(n);
        let value = low + (1.0 - low) * share;
        let at = y(value, low);
        let _ = write!(
            out,
            "<path class=\"grid\" d=\"M{LEFT} {at:.1}H{WIDTH}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{:.0}%</text>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{:.0}%</text>",
            LEFT - 8.0,
            at + 4.0,
            value * 100.0,
            x(share),
            HEIGHT - 4.0,
            share * 100.0
        );
    }
    out
}

/// Precision of what is answered over coverage, and where the engine stands on it.
pub(super) fn curve(report: &Report) -> String {
    let shown: Vec<(f32, f32)> = report
        .whole_curve
        .iter()
        // The first few answers say nothing: one wrong one swings the line.
        .filter(|point| point.precision.of * 50 >= report.in_scope.n.max(1))
        .filter_map(|point: &Point| Some((point.coverage.value()?, point.precision.value()?)))
        .collect();
    let own = report.coverage.value().zip(report.precision.value());
    let least = shown
        .iter()
        .chain(own.iter())
        .map(|(_, precision)| *precision)
        .fold(0.9, f32::min);
    let low = ((least * 10.0).floor() / 10.0).clamp(0.0, 0.8);
    let mut body = grid(low);
    let target = y(TARGET, low);
    let _ = write!(
        body,
        "<path class=\"thr\" d=\"M{LEFT} {target:.1}H{WIDTH}\"/>"
    );
    if !shown.is_empty() {
        let points: Vec<String> = shown
            .iter()
            .map(|(coverage, precision)| format!("{:.1} {:.1}", x(*coverage), y(*precision, low)))
            .collect();
        let _ = write!(body, "<path class=\"l1\" d=\"M{}\"/>", points.join("L"));
    }
    if let Some((coverage, precision)) = own {
        let (dot_x, dot_y) = (x(coverage), y(precision, low));
        let (anchor, offset) = if coverage > 0.6 {
            ("end", -4.0)
        } else {
            ("start", 4.0)
        };
        let _ = write!(
            body,
            "<circle class=\"dot\" cx=\"{dot_x:.1}\" cy=\"{dot_y:.1}\" r=\"4\"/>\
             <text class=\"val\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">现在：准 {}，覆盖 {}</text>",
            dot_x + offset,
            dot_y + 20.0,
            percent(report.precision),
            percent(report.coverage)
        );
    }
    let label = format!(
        "准确率随覆盖率的变化；现在自动回答准确率 {}，覆盖率 {}",
        percent(report.precision),
        percent(report.coverage)
    );
    svg(&label, HEIGHT, &body)
}

/// How many were right for what was stated.
pub(super) fn reliability(bins: &[Bin]) -> String {
    let mut body = grid(0.0);
    let step = (WIDTH - LEFT - RIGHT) / 10.0;
    for bin in bins {
        let Some(right) = bin.right.value() else {
            continue;
        };
        let class = if bin.is_honest() { "b1" } else { "bd" };
        let (from, top) = (x(bin.from) + step * 0.14, y(right, 0.0));
        let _ = write!(
            body,
            "<rect class=\"{class}\" x=\"{from:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            step * 0.72,
            (HEIGHT - BOTTOM - top).max(0.0),
            x(bin.from) + step / 2.0,
            top - 4.0,
            bin.n
        );
    }
    let _ = write!(
        body,
        "<path class=\"diagonal\" d=\"M{:.1} {:.1}L{:.1} {:.1}\"/>",
        x(0.0),
        y(0.0, 0.0),
        x(1.0),
        y(1.0, 0.0)
    );
    let over = bins
        .iter()
        .filter(|bin| bin.n > 0 && !bin.is_honest())
        .count();
    svg(
        &format!("把握与实际：十段中 {over} 段的实际准确率比所说的低 5 个百分点以上"),
        HEIGHT,
        &body,
    )
}

/// Right first and among three, by kind.
pub(super) fn kinds(kinds: &[Kind]) -> String {
    let shown: Vec<&Kind> = kinds
        .iter()
        .filter(|kind| kind.top1.of > 0)
        .take(N_KINDS)
        .collect();
    let (label_width, row) = (104.0, 28.0);
    let width = WIDTH - label_width - 96.0;
    let mut body = String::new();
    for (at, kind) in shown.iter().enumerate() {
        let top = 6.0 + row * at as f32;
        let bar = |share: Share| share.value().unwrap_or_default() * width;
        let name: String = kind_name(&kind.kind).chars().take(12).collect();
        let _ = write!(
            body,
            "<text class=\"t12\" x=\"0\" y=\"{:.1}\">{}</text>\
             <rect class=\"b2\" x=\"{label_width}\" y=\"{:.1}\" width=\"{:.1}\" height=\"12\" rx=\"2\"/>\
             <rect class=\"b1\" x=\"{label_width}\" y=\"{:.1}\" width=\"{:.1}\" height=\"12\" rx=\"2\"/>\
             <text class=\"val\" x=\"{:.1}\" y=\"{:.1}\">{} / {}</text>\
             <text x=\"{WIDTH}\" y=\"{:.1}\" text-anchor=\"end\">{} 条</text>",
            top + 12.0,
            escape(&name),
            top + 2.0,
            bar(kind.top3),
            top + 2.0,
            bar(kind.top1),
            label_width + bar(kind.top3) + 6.0,
            top + 12.0,
            number(kind.top1),
            number(kind.top3),
            top + 12.0,
            kind.n
        );
    }
    let label: Vec<String> = shown
        .iter()
        .map(|kind| format!("{} {}", kind_name(&kind.kind), percent(kind.top1)))
        .collect();
    let height = 12.0 + row * shown.len().max(1) as f32;
    svg(
        &format!("各类问法首条准确率：{}", label.join("，")),
        height,
        &body,
    )
}

/// The Chinese name of a kind that is known, or the kind itself.
pub(super) fn kind_name(kind: &str) -> &str {
    match kind {
        "paraphrase" => "换说法",
        "colloquial" => "口语",
        "typo" => "错别字",
        "short" => "短句",
        "long" => "长叙述",
        "noisy" => "夹杂符号",
        "multiturn" => "接上文",
        "mixed" => "混合",
        "oos" => "超出范围",
        "human" => "找人工",
        _ => kind,
    }
}

/// What was done with questions inside and outside of the knowledge.
pub(super) fn outcomes(report: &Report) -> String {
    let mut body = String::new();
    let rows = [
        ("有答案", report.in_scope),
        ("没有答案", report.out_of_scope),
    ];
    let (left, width) = (64.0, WIDTH - 64.0);
    let mut label = Vec::new();
    for (at, (name, one)) in (0_u8..).zip(rows) {
        let top = 8.0 + 56.0 * f32::from(at);
        let _ = write!(
            body,
            "<text class=\"t12\" x=\"0\" y=\"{:.1}\">{name}</text>",
            top + 15.0
        );
        let mut from = left;
        for (class, what, n) in parts(one) {
            let wide = width * n as f32 / one.n.max(1) as f32;
            if n == 0 {
                continue;
            }
            let _ = write!(
                body,
                "<rect class=\"{class}\" x=\"{from:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"20\"/>",
                (wide - 1.0).max(0.5)
            );
            if wide > 24.0 {
                let _ = write!(
                    body,
                    "<text class=\"t12\" x=\"{from:.1}\" y=\"{:.1}\">{n}</text>",
                    top + 35.0
                );
            }
            from += wide;
            label.push(format!("{name}{what} {n}"));
        }
    }
    svg(&label.join("，"), 112.0, &body)
}

fn parts(one: Outcomes) -> [(&'static str, &'static str, usize); 4] {
    [
        ("b1", "答对", one.answered_right),
        ("bd", "答错", one.answered_wrong),
        ("b2", "给坐席推荐", one.suggested),
        ("b3", "转人工", one.handed_over),
    ]
}

/// As 95.2%.
pub(super) fn percent(share: Share) -> String {
    share
        .value()
        .map_or("—".to_owned(), |value| format!("{:.1}%", value * 100.0))
}

fn number(share: Share) -> String {
    share
        .value()
        .map_or("—".to_owned(), |value| format!("{value:.2}"))
}
