//! Rows as a part of one statement, however many they are: a statement a row costs more than the row.

use crate::{seam::tuples, value::Value};

/// Stands in a statement for the rows.
const PLACE: &str = "{rows}";
/// Most of them in one statement, where they travel as lists.
const MOST: usize = 500;

/// Rows of the same columns.
pub(crate) struct Rows {
    /// What PostgreSQL calls the types of the columns.
    types: &'static [&'static str],
    values: Vec<Value>,
}

impl Rows {
    /// None yet.
    pub(crate) fn of(types: &'static [&'static str], n_rows: usize) -> Self {
        Self {
            types,
            values: Vec::with_capacity(types.len() * n_rows),
        }
    }

    /// Adds one.
    pub(crate) fn push<const N: usize>(&mut self, row: [Value; N]) {
        self.values.extend(row);
    }

    pub(crate) fn n_columns(&self) -> usize {
        self.types.len()
    }

    /// The values of a column, in the order of the rows.
    pub(crate) fn column(&self, n: usize) -> impl Iterator<Item = &Value> {
        self.values.iter().skip(n).step_by(self.types.len().max(1))
    }

    /// As many as fit one statement, and then the next.
    pub(crate) fn parts(mut self) -> Vec<Self> {
        let most = MOST * self.types.len();
        let mut parts = Vec::new();
        while !self.values.is_empty() {
            let rest = self.values.split_off(most.min(self.values.len()));
            parts.push(Self {
                types: self.types,
                values: std::mem::replace(&mut self.values, rest),
            });
        }
        parts
    }

    /// The statement where each column is a list, from `$1` on. Its columns have the names that a
    /// list of values gives them.
    pub(crate) fn statement(&self, sql: &str) -> String {
        let (mut lists, mut names) = (Vec::new(), Vec::new());
        for (n, of) in self.types.iter().enumerate() {
            lists.push(format!("CAST(${} AS {of}[])", n + 1));
            names.push(format!("column{}", n + 1));
        }
        let (lists, names) = (lists.join(", "), names.join(", "));
        sql.replace(
            PLACE,
            &format!("SELECT {names} FROM unnest({lists}) AS u ({names})"),
        )
    }

    /// Statements where every value stands by itself, with their values: `n_rows` at once.
    pub(crate) fn listed<'s>(
        &'s self,
        sql: &'s str,
        n_rows: usize,
    ) -> impl Iterator<Item = (String, &'s [Value])> {
        let n_columns = self.types.len().max(1);
        let plain = vec![""; n_columns];
        self.values.chunks(n_rows * n_columns).map(move |some| {
            let rows = tuples(some.len() / n_columns, &plain);
            (sql.replace(PLACE, &format!("VALUES {rows}")), some)
        })
    }
}

#[cfg(test)]
mod tests {
    use lt_seal::Key32;

    use super::*;
    use crate::{
        Db, DbError,
        table::{conversation, message, metric_case, survey},
    };

    fn rows(n: usize) -> Rows {
        let mut rows = Rows::of(&["BIGINT", "TEXT"], n);
        for one in 0..n as u64 {
            rows.push([one.into(), "x".into()]);
        }
        rows
    }

    #[test]
    fn a_statement_of_rows() {
        let two = rows(2);
        let sql = "INSERT INTO t (a, b) {rows} ON CONFLICT DO NOTHING";
        assert_eq!(
            two.statement(sql),
            "INSERT INTO t (a, b) SELECT column1, column2 FROM \
             unnest(CAST($1 AS BIGINT[]), CAST($2 AS TEXT[])) AS u (column1, column2) \
             ON CONFLICT DO NOTHING"
        );
        let listed: Vec<(String, &[Value])> = two.listed(sql, 24).collect();
        assert_eq!(listed.len(), 1);
        assert_eq!(
            listed[0].0,
            "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4) ON CONFLICT DO NOTHING"
        );
        assert_eq!(listed[0].1.len(), 4);
        let numbers: Vec<bool> = two
            .column(0)
            .map(|value| matches!(value, Value::Int(_)))
            .collect();
        assert_eq!(numbers, [true, true]);
    }

    #[test]
    fn many_rows_are_several_statements() {
        let sizes = |n: usize| -> Vec<usize> {
            let parts = rows(n).parts();
            parts.iter().map(|part| part.column(1).count()).collect()
        };
        assert_eq!(sizes(0), [0; 0]);
        assert_eq!(sizes(MOST), [MOST]);
        assert_eq!(sizes(2 * MOST + 1), [MOST, MOST, 1]);
        let listed: Vec<usize> = rows(50)
            .listed("{rows}", 24)
            .map(|(_, values)| values.len() / 2)
            .collect();
        assert_eq!(listed, [24, 24, 2]);
    }

    /// SQLite would rather read a whole table than look up what a list of unknown length names.
    #[test]
    fn what_rows_name_is_looked_up_by_key() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&folder.path().join("lingtai.db"), &Key32::new([7; 32])).unwrap();
        let of_conversations = [
            conversation::OF_IDS,
            message::OF_CONVERSATIONS,
            survey::OF_CONVERSATIONS,
        ];
        let of_cases = metric_case::of_these();
        let pairs = of_conversations.map(|sql| (sql, ["BIGINT", "BYTEA"].as_slice()));
        let cases = (of_cases.as_str(), ["BIGINT", "TEXT", "BYTEA"].as_slice());
        for (sql, types) in pairs.into_iter().chain([cases]) {
            let rows = Rows {
                types,
                values: vec![Value::from(1_u64); 2 * types.len()],
            };
            let explained = format!("EXPLAIN QUERY PLAN {sql}");
            let plan = db.read(|reader| {
                let mut plan = Vec::new();
                for (sql, values) in rows.listed(&explained, 24) {
                    for row in reader.query(&sql, values)? {
                        plan.push(row.text(3)?.to_owned());
                    }
                }
                Ok::<_, DbError>(plan)
            });
            let plan = plan.unwrap();
            let is_lookup = |step: &String| {
                step.starts_with("SEARCH ") && !step.contains("AUTOMATIC") && step.contains(" AND ")
            };
            let is_scan = |step: &String| step.starts_with("SCAN ") && !step.contains("VALUES");
            assert!(
                plan.iter().any(is_lookup) && !plan.iter().any(is_scan),
                "{sql}: {plan:?}"
            );
        }
    }
}
