//! Tickets in a file for a spreadsheet: masked, and audited like everything that leaves the desk.

mod forms;

use lt_model::{
    Millis, agent::Permission, hours::WallTime, priority::Priority, spreadsheet,
    ticket::TicketState,
};
use lt_protocol::{
    code::{Code, WireError},
    ticket::{TicketExport, TicketExportArgs, TicketRow},
};
use lt_store::TicketPart;

use self::forms::Forms;
use super::{TELLS, eyes, rows};
use crate::{console::Console, error::wire, safekeeping, whole};

/// Most tickets of one file.
const MAX_ROWS: u32 = 50_000;

/// `ticket.export`
pub(crate) fn export(
    console: &Console,
    args: &TicketExportArgs,
) -> Result<TicketExport, WireError> {
    let desk = console.desk()?;
    desk.permit(Permission::TicketExport)?;
    let eyes = eyes(&desk)?;
    let part = TicketPart {
        sort: args.sort,
        reversed: args.reversed,
        offset: 0,
        limit: MAX_ROWS,
    };
    let (lines, _, _) = desk
        .store
        .tickets(&args.filter, part, TELLS, eyes.now)
        .map_err(wire)?;
    let rows = rows(&lines, &eyes);
    let forms = Forms::read(&desk, &rows, &eyes.types)?;
    let folder = safekeeping::export_folder(console);
    let path = folder.join(format!("工单-{}.csv", WallTime::china(eyes.now).stamp()));
    whole::write(&path, csv(&rows, forms).as_bytes())
        .map_err(|_| WireError::new(Code::Storage, "no file was written"))?;
    desk.store.note_export(rows.len(), eyes.now).map_err(wire)?;
    Ok(TicketExport {
        path: path.display().to_string(),
        rows: u32::try_from(rows.len()).unwrap_or(u32::MAX),
    })
}

/// What stands over the columns that every ticket has.
const HEADS: &[&str] = &[
    "工单号",
    "标题",
    "类型",
    "状态",
    "优先级",
    "部门",
    "流转",
    "负责人",
    "客户",
    "截止",
    "超时",
    "建单",
    "更新",
    "解决",
];

fn csv(rows: &[TicketRow], mut forms: Forms) -> String {
    let mut text = String::from(spreadsheet::BOM);
    line(&mut text, HEADS.iter().copied().chain(forms.heads()));
    for row in rows {
        let path: Vec<&str> = row
            .path
            .iter()
            .map(|step| step.department.as_str())
            .collect();
        let due = row.due.and_then(|due| due.due_at).map(time);
        let is_late = row.due.is_some_and(|due| due.breached);
        let filled = forms.take(row.id);
        let fixed: [&str; 14] = [
            &row.number,
            &row.title,
            &row.type_name,
            state(row.state),
            priority(row.priority),
            &row.department,
            &path.join(" > "),
            &row.assignee,
            &row.customer,
            &due.unwrap_or_default(),
            if is_late { "是" } else { "" },
            &time(row.created_at),
            &time(row.updated_at),
            &filled.resolved_at.map(time).unwrap_or_default(),
        ];
        let values = filled.values.iter().map(String::as_str);
        line(&mut text, fixed.into_iter().chain(values));
    }
    text
}

fn line<'a>(text: &mut String, fields: impl Iterator<Item = &'a str>) {
    let fields: Vec<String> = fields.map(spreadsheet::quoted).collect();
    text.push_str(&fields.join(","));
    text.push_str(spreadsheet::END);
}

fn time(at: Millis) -> String {
    WallTime::china(at).to_string()
}

fn state(state: TicketState) -> &'static str {
    match state {
        TicketState::New => "新建",
        TicketState::Open => "处理中",
        TicketState::PendingCustomer => "待客户",
        TicketState::OnHold => "搁置",
        TicketState::Resolved => "已解决",
        TicketState::Closed => "已关闭",
        TicketState::Cancelled => "已取消",
    }
}

fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::Low => "低",
        Priority::Normal => "普通",
        Priority::High => "高",
        Priority::Urgent => "紧急",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_formulas_are_text() {
        let mut text = String::new();
        line(&mut text, ["a\"b", "=1+1", "x,y"].into_iter());
        assert_eq!(text, "\"a\"\"b\",\"'=1+1\",\"x,y\"\r\n");
        assert_eq!(time(1_795_395_600_000), "2026-11-23 09:00");
    }
}
