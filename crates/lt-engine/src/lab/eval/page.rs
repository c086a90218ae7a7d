//! An evaluation as one page that needs nothing from elsewhere: no script, no font, no picture.
//!
//! **Invariant:** whatever stands in the files is shown as text.

use std::fmt::Write;

use super::{
    charts::{self, percent},
    report::Report,
};

const CSS: &str = include_str!("page.css");
/// What is promised: share of right answers, and of uncovered questions that are answered.
const PRECISION: f32 = 0.95;
const OOS_ANSWERED: f32 = 0.08;

/// The page as HTML; `files` are the names of knowledge and questions.
#[must_use]
pub fn html(report: &Report, files: [&str; 2]) -> String {
    let [kb, queries] = files.map(|name| escape(last_part(name)));
    let mut body = String::new();
    // Writing to a string does not fail.
    let _ = write(report, &mut body);
    format!(
        "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <title>引擎评测 {kb}</title>\n<style>\n{CSS}</style></head>\n<body><main>\n\
         <header><h1>引擎评测</h1><span class=\"muted\">{kb}，{} 条知识；{queries}，{} 个问题</span></header>\n\
         {body}<footer class=\"muted\">聆台 Lingtai {}</footer>\n</main></body></html>\n",
        report.n_entries,
        report.n,
        env!("CARGO_PKG_VERSION")
    )
}

fn write(report: &Report, out: &mut String) -> std::fmt::Result {
    if report.n_unknown_labels > 0 {
        writeln!(
            out,
            "<p class=\"note\">有 {} 个问题标注的知识不在知识库里，按没有答案计算。</p>",
            report.n_unknown_labels
        )?;
    }
    numbers(report, out)?;
    out.push_str("<section class=\"charts\">\n");
    chart(
        out,
        "准确率与覆盖率",
        &["<i></i>改变回答门槛", "<i class=\"kd\"></i>目标 95%"],
        &charts::curve(report),
        &curve_table(report),
    )?;
    chart(
        out,
        "把握是否可信",
        &[
            "<i></i>实际答对",
            "<i class=\"kd\"></i>低于所说",
            "<i class=\"km\"></i>所说的把握",
        ],
        &charts::reliability(&report.calibration),
        &calibration_table(report),
    )?;
    if report.kinds.iter().any(|kind| kind.top1.of > 0) {
        chart(
            out,
            "各类问法",
            &["<i></i>首条对", "<i class=\"k2\"></i>前三条有"],
            &charts::kinds(&report.kinds),
            &kinds_table(report),
        )?;
    }
    chart(
        out,
        "怎么处理的",
        &[
            "<i></i>答对",
            "<i class=\"kd\"></i>答错",
            "<i class=\"k2\"></i>给坐席推荐",
            "<i class=\"k3\"></i>转人工",
        ],
        &charts::outcomes(report),
        &outcomes_table(report),
    )?;
    out.push_str("</section>\n");
    lists(report, out)
}

fn numbers(report: &Report, out: &mut String) -> std::fmt::Result {
    let priority = report.priority;
    let missed = |yes: bool| if yes { " class=\"missed\"" } else { "" };
    let few = report
        .precision
        .value()
        .is_some_and(|value| value < PRECISION);
    let many = report
        .oos_answered
        .value()
        .is_some_and(|value| value > OOS_ANSWERED);
    let of = |share: super::Share| format!("{} / {}", share.n, share.of);
    let all = [
        (
            "首条准确率",
            report.top1,
            "",
            format!("前三条 {}", percent(report.top3)),
        ),
        (
            "自动回答准确率",
            report.precision,
            missed(few),
            of(report.precision),
        ),
        (
            "自动回答覆盖率",
            report.coverage,
            "",
            format!("门槛 {:.2}", report.answer_from),
        ),
        (
            "没有答案却回答",
            report.oos_answered,
            missed(many),
            of(report.oos_answered),
        ),
        ("分类准确率", report.category, "", of(report.category)),
        (
            "优先级准确率",
            priority.exact,
            "",
            format!(
                "差一级内 {}，紧急识别 {}",
                percent(priority.within_one),
                percent(priority.urgent_seen)
            ),
        ),
    ];
    out.push_str("<dl class=\"numbers\">");
    for (name, share, class, below) in all {
        let value = share.value().map_or("—".to_owned(), |value| {
            format!("{:.1}<small>%</small>", value * 100.0)
        });
        let below = if share.of == 0 {
            "没有标注".to_owned()
        } else {
            below
        };
        write!(
            out,
            "<div class=\"number\"><dt>{name}</dt><dd{class}>{value}</dd><dd>{below}</dd></div>"
        )?;
    }
    out.push_str("</dl>\n");
    Ok(())
}

fn chart(
    out: &mut String,
    title: &str,
    legend: &[&str],
    plot: &str,
    table: &str,
) -> std::fmt::Result {
    let legend: String = legend
        .iter()
        .map(|one| format!("<span>{one}</span>"))
        .collect();
    writeln!(
        out,
        "<div class=\"chart\"><div class=\"head\"><h2>{title}</h2><div class=\"legend\">{legend}</div></div>\
         {plot}<details><summary>表格</summary><div class=\"scroll\">{table}</div></details></div>"
    )
}

/// A table: heads (those of numbers begin with #), and rows of cells that are already escaped.
fn table(heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let class = |head: &str| {
        if head.starts_with('#') {
            " class=\"n\""
        } else {
            ""
        }
    };
    let cells: String = heads
        .iter()
        .map(|head| format!("<th{}>{}</th>", class(head), head.trim_start_matches('#')))
        .collect();
    let mut out = format!("<table><thead><tr>{cells}</tr></thead><tbody>");
    for row in rows {
        out.push_str("<tr>");
        for (cell, head) in row.iter().zip(heads) {
            let _ = write!(out, "<td{}>{cell}</td>", class(head));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
    out
}

fn curve_table(report: &Report) -> String {
    let rows = report.curve.iter().map(|point| {
        vec![
            format!("{:.2}", point.from),
            percent(point.precision),
            percent(point.coverage),
            point.precision.of.to_string(),
        ]
    });
    table(&["#把握不低于", "#准确率", "#覆盖率", "#回答"], rows)
}

fn calibration_table(report: &Report) -> String {
    let rows = report
        .calibration
        .iter()
        .filter(|bin| bin.n > 0)
        .map(|bin| {
            vec![
                format!("{:.0}–{:.0}%", bin.from * 100.0, bin.from * 100.0 + 10.0),
                bin.n.to_string(),
                format!("{:.1}%", bin.confidence * 100.0),
                percent(bin.right),
            ]
        });
    table(&["#把握", "#问题", "#平均把握", "#实际答对"], rows)
}

fn kinds_table(report: &Report) -> String {
    let rows = report.kinds.iter().map(|kind| {
        vec![
            escape(charts::kind_name(&kind.kind)),
            kind.n.to_string(),
            percent(kind.top1),
            percent(kind.top3),
            percent(kind.answered),
            percent(kind.precision),
        ]
    });
    table(
        &["问法", "#问题", "#首条", "#前三条", "#自动回答", "#答对"],
        rows,
    )
}

fn outcomes_table(report: &Report) -> String {
    let rows = [
        ("有答案", report.in_scope),
        ("没有答案", report.out_of_scope),
    ];
    let rows = rows.into_iter().map(|(name, one)| {
        [
            one.n,
            one.answered_right,
            one.answered_wrong,
            one.suggested,
            one.handed_over,
        ]
        .iter()
        .map(usize::to_string)
        .fold(vec![name.to_owned()], |mut row, cell| {
            row.push(cell);
            row
        })
    });
    table(&["", "#问题", "#答对", "#答错", "#推荐", "#转人工"], rows)
}

fn lists(report: &Report, out: &mut String) -> std::fmt::Result {
    let none = |name: &Option<String>, text: &str| {
        name.as_deref()
            .map_or(format!("<span class=\"muted\">{text}</span>"), escape)
    };
    if !report.wrong.is_empty() {
        let rows = report.wrong.iter().map(|one| {
            vec![
                escape(&one.text),
                none(&one.gold, "没有答案"),
                none(&one.got, "无"),
                format!("{:.0}%", one.confidence * 100.0),
            ]
        });
        section(
            out,
            &format!("答错的问题 {}", report.wrong.len()),
            &table(&["客户的话", "应答", "实答", "#把握"], rows),
        )?;
    }
    if !report.confusions.is_empty() {
        let rows = report.confusions.iter().map(|one| {
            vec![
                one.n.to_string(),
                none(&one.gold, "没有答案"),
                none(&one.got, "没有找到"),
                escape(&one.example),
            ]
        });
        section(
            out,
            &format!("认错的知识 {} 对", report.confusions.len()),
            &table(&["#次数", "应是", "认成", "例如"], rows),
        )?;
    }
    writeln!(
        out,
        "<p class=\"note\">每个问题用时：中位 {:.1} 毫秒，99% 在 {:.1} 毫秒内。</p>",
        report.latency_p50_us as f32 / 1e3,
        report.latency_p99_us as f32 / 1e3
    )
}

fn section(out: &mut String, title: &str, table: &str) -> std::fmt::Result {
    writeln!(
        out,
        "<section class=\"chart chart--wide\"><div class=\"head\"><h2>{title}</h2></div>\
         <div class=\"scroll\">{table}</div></section>"
    )
}

/// The last part of a path.
fn last_part(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// Text for an element or a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\r' | '\t' => out.push(' '),
            c if c.is_control() => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
    }
    out
}
