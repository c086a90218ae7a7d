//! The forms of tickets in a file: a column for each field that one of their types has.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use lt_model::{
    Millis,
    hours::WallTime,
    id::{TicketId, TicketTypeId},
    ticket::{Ticket, TicketType, TicketValue},
};
use lt_protocol::{code::WireError, ticket::TicketRow};

use crate::{desk::Desk, error::wire, view::ticket::value};

/// A column: fields of several types that are one and the same to whoever reads it.
#[derive(Debug, PartialEq, Eq)]
struct Column {
    key: String,
    label: String,
    /// What stands over it.
    head: String,
}

/// What the file says of a ticket beside what lists show.
#[derive(Default)]
pub(super) struct Filled {
    /// When it was resolved, if it is.
    pub(super) resolved_at: Option<Millis>,
    /// In the order of the columns, masked.
    pub(super) values: Vec<String>,
}

/// The forms of some tickets.
pub(super) struct Forms {
    columns: Vec<Column>,
    filled: HashMap<TicketId, Filled>,
}

impl Forms {
    /// Reads the forms of the tickets of these rows.
    pub(super) fn read(
        desk: &Desk,
        rows: &[TicketRow],
        types: &HashMap<TicketTypeId, TicketType>,
    ) -> Result<Self, WireError> {
        let columns = columns(rows, types);
        let mut filled = HashMap::with_capacity(rows.len());
        let ids = rows.iter().map(|row| row.id);
        desk.store
            .each_ticket(ids, |ticket| {
                filled.insert(ticket.id, fill(&columns, ticket, types));
            })
            .map_err(wire)?;
        Ok(Self { columns, filled })
    }

    pub(super) fn heads(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.head.as_str())
    }

    pub(super) fn take(&mut self, id: TicketId) -> Filled {
        self.filled.remove(&id).unwrap_or_else(|| Filled {
            resolved_at: None,
            values: vec![String::new(); self.columns.len()],
        })
    }
}

/// The columns of the types that occur, by the names of the types and as their forms have them. What
/// has the same name and is not the same says of which type it is.
fn columns(rows: &[TicketRow], types: &HashMap<TicketTypeId, TicketType>) -> Vec<Column> {
    let occurring: BTreeSet<TicketTypeId> = rows.iter().map(|row| row.type_id).collect();
    let kinds: BTreeMap<(&str, TicketTypeId), &TicketType> = occurring
        .iter()
        .filter_map(|id| types.get(id))
        .map(|kind| ((kind.name.as_str(), kind.id), kind))
        .collect();
    let mut known = HashSet::new();
    let mut heads = HashSet::new();
    let mut columns = Vec::new();
    for kind in kinds.values() {
        for field in &kind.fields {
            if !known.insert((&field.key, &field.label)) {
                continue;
            }
            let head = match heads.insert(&field.label) {
                true => field.label.clone(),
                false => format!("{}（{}）", field.label, kind.name),
            };
            columns.push(Column {
                key: field.key.clone(),
                label: field.label.clone(),
                head,
            });
        }
    }
    columns
}

fn fill(columns: &[Column], ticket: &Ticket, types: &HashMap<TicketTypeId, TicketType>) -> Filled {
    let kind = types.get(&ticket.type_id);
    let written = |column: &Column| {
        let field = kind?.field(&column.key)?;
        let value = ticket.values.get(&column.key)?;
        (field.label == column.label).then(|| text(value::shown(&field.kind, value)))
    };
    Filled {
        resolved_at: ticket.resolved_at,
        values: columns
            .iter()
            .map(|column| written(column).unwrap_or_default())
            .collect(),
    }
}

fn text(value: TicketValue) -> String {
    match value {
        TicketValue::Text(text) | TicketValue::Choice(text) => text,
        TicketValue::Number(number) => number.to_string(),
        TicketValue::Money(cents) => {
            let (sign, all) = (if cents < 0 { "-" } else { "" }, cents.unsigned_abs());
            format!("{sign}{}.{:02}", all / 100, all % 100)
        }
        TicketValue::Date(at) => WallTime::china(at).day.to_string(),
        TicketValue::Choices(some) => some.join("、"),
        TicketValue::Yes(true) => "是".to_owned(),
        TicketValue::Yes(false) => "否".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_as_a_spreadsheet_reads_them() {
        let word = |word: &str| word.to_owned();
        for (value, expected) in [
            (TicketValue::Text(word("一行")), "一行"),
            (TicketValue::Number(12_000), "12000"),
            (TicketValue::Money(6_000), "60.00"),
            (TicketValue::Money(-905), "-9.05"),
            (TicketValue::Date(1_795_363_200_000), "2026-11-23"),
            (TicketValue::Choice(word("换货")), "换货"),
            (
                TicketValue::Choices(vec![word("刻字"), word("颜色")]),
                "刻字、颜色",
            ),
            (TicketValue::Yes(true), "是"),
            (TicketValue::Yes(false), "否"),
        ] {
            assert_eq!(text(value.clone()), expected, "{value:?}");
        }
    }
}
