//! Canned replies as a table: CSV as spreadsheets write it. Pure.

use lt_model::canned::{CannedDraft, CannedScope};

/// Reads a table. Columns are named in the first row, in any order, or come as folder, title,
/// shortcode, text. Gives each row with its line, from 1; blank rows are left out.
pub(crate) fn read(csv: &str, scope: CannedScope) -> Vec<(u32, CannedDraft)> {
    let mut rows = cells(csv.trim_start_matches('\u{feff}'))
        .into_iter()
        .peekable();
    let mut columns = [Some(0), Some(1), Some(2), Some(3)];
    if let Some((_, first)) = rows.peek()
        && let Some(named) = header(first)
    {
        columns = named;
        rows.next();
    }
    rows.filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty()))
        .map(|(line, row)| {
            let cell = |column: Option<usize>| {
                let found = column.and_then(|column| row.get(column));
                found.cloned().unwrap_or_default()
            };
            let [folder, title, shortcode, text] = columns.map(cell);
            let draft = CannedDraft {
                scope,
                folder,
                title,
                shortcode,
                text,
                ..CannedDraft::default()
            };
            (line, draft)
        })
        .collect()
}

/// Which column is which, where the row names them: title and text must be among them.
fn header(row: &[String]) -> Option<[Option<usize>; 4]> {
    let place = |names: &[&str]| {
        row.iter().position(|cell| {
            let cell = cell.trim().to_lowercase();
            names.contains(&cell.as_str())
        })
    };
    let title = place(&["标题", "名称", "title", "name"]);
    let text = place(&["内容", "正文", "回复", "话术", "text", "content"]);
    (title.is_some() && text.is_some()).then(|| {
        let folder = place(&["文件夹", "分组", "目录", "分类", "folder"]);
        let shortcode = place(&["快捷码", "快捷词", "短码", "shortcode", "code"]);
        [folder, title, shortcode, text]
    })
}

/// The rows of a CSV text with their first lines: commas, or tabs where the first row has any.
fn cells(csv: &str) -> Vec<(u32, Vec<String>)> {
    let first = csv.lines().next().unwrap_or_default();
    let comma = if first.contains('\t') { '\t' } else { ',' };
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut begun_at) = (1, 1);
    let mut chars = csv.chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if quoted || cell.is_empty() => quoted = !quoted,
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' if quoted => {
                line += 1;
                cell.push('\n');
            }
            '\n' => {
                row.push(std::mem::take(&mut cell));
                rows.push((begun_at, std::mem::take(&mut row)));
                line += 1;
                begun_at = line;
            }
            c if c == comma && !quoted => row.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push((begun_at, row));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(csv: &str) -> Vec<(u32, String, String, String, String)> {
        let rows = read(csv, CannedScope::All).into_iter();
        rows.map(|(line, d)| (line, d.folder, d.title, d.shortcode, d.text))
            .collect()
    }

    fn row(line: u32, cells: [&str; 4]) -> (u32, String, String, String, String) {
        let [folder, title, code, text] = cells.map(str::to_owned);
        (line, folder, title, code, text)
    }

    #[test]
    fn a_table_is_read_as_spreadsheets_write_it() {
        let csv = "\u{feff}标题,内容,快捷码\r\n退款,\"您好，\"\"三天\"\"内\n到账\",tk\r\n\r\n发票,稍等,\r\n";
        assert_eq!(
            titles(csv),
            [
                row(2, ["", "退款", "tk", "您好，\"三天\"内\n到账"]),
                row(5, ["", "发票", "", "稍等"]),
            ]
        );
        assert_eq!(
            titles("售后\t退款\ttk\t三天内到账"),
            [row(1, ["售后", "退款", "tk", "三天内到账"])],
            "tabs, without names"
        );
        assert_eq!(titles("只有,标题"), [row(1, ["只有", "标题", "", ""])]);
        assert!(titles("").is_empty());
        assert!(titles("\"").len() < 2, "a quote that never ends");
    }
}
