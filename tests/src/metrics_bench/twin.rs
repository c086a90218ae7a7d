//! What one would do without cells: every conversation is a row, and a board reads all of its period.

use std::{collections::HashMap, path::Path};

use anyhow::{Context, Result};
use lt_model::{
    Millis,
    metric::{Cell, Grain, Metric, MetricValue, Share},
};
use lt_seal::Key32;
use rusqlite::{Connection, params};

use super::made::{CLOCK, Made};

/// A store of conversations, sealed like the desk's.
pub struct Rows {
    connection: Connection,
}

impl Rows {
    /// A new one.
    ///
    /// # Errors
    /// What the database says.
    pub fn new(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        let key = Key32::random()?.to_hex_secret();
        connection.execute_batch(&format!(
            "PRAGMA key = \"x'{}'\"; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;
             PRAGMA cache_size = -32768;
             CREATE TABLE conversation (
               opened_at INTEGER NOT NULL, grp BLOB NOT NULL, agent TEXT NOT NULL,
               channel TEXT NOT NULL, line TEXT NOT NULL, category TEXT NOT NULL,
               intent TEXT NOT NULL, share BLOB NOT NULL);
             CREATE INDEX by_time ON conversation (opened_at);",
            key.expose()
        ))?;
        Ok(Self { connection })
    }

    /// Adds the conversations of a day.
    ///
    /// # Errors
    /// What the database says.
    pub fn add(&mut self, day: &[Made]) -> Result<()> {
        let tx = self.connection.transaction()?;
        for made in day {
            let [agent, channel, line, category, intent] = &made.values;
            tx.prepare_cached("INSERT INTO conversation VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?
                .execute(params![
                    made.share.opened_at,
                    made.group.0.as_bytes(),
                    agent,
                    channel,
                    line,
                    category,
                    intent,
                    made.share.to_bytes()
                ])?;
        }
        Ok(tx.commit()?)
    }

    /// The cards, points and tables of a board, counted anew; the cards are given. Queue and backlog are
    /// those of the period alone: to know who still waits it would read everything there ever was.
    ///
    /// # Errors
    /// What the database says.
    pub fn board(&self, from: Millis, to: Millis, grain: Grain) -> Result<Vec<MetricValue>> {
        let mut sum = Cell::default();
        let mut points: HashMap<Millis, Cell> = HashMap::new();
        let mut tables: HashMap<(usize, String), Cell> = HashMap::new();
        let mut statement = self.connection.prepare_cached(
            "SELECT share, hex(grp), agent, channel, line, category, intent FROM conversation
             WHERE opened_at >= ?1 AND opened_at < ?2",
        )?;
        let mut rows = statement.query(params![from, to])?;
        while let Some(row) = rows.next()? {
            let bytes: Vec<u8> = row.get(0)?;
            let share = Share::from_bytes(&bytes).context("a share is read")?;
            let own = share.within(Millis::MIN, Millis::MAX);
            sum.merge(&own);
            let at = CLOCK.floor(share.opened_at, grain);
            points.entry(at).or_default().merge(&own);
            for column in 1..=6 {
                let key = (column, row.get::<_, String>(column)?);
                tables.entry(key).or_default().merge(&own);
            }
        }
        let values = |cell: &Cell| -> Vec<MetricValue> {
            Metric::ALL
                .into_iter()
                .map(|metric| cell.value(metric))
                .collect()
        };
        let n_shown: usize = points
            .values()
            .chain(tables.values())
            .map(|cell| values(cell).len())
            .sum();
        anyhow::ensure!(n_shown > 0, "nothing was counted");
        Ok(values(&sum))
    }
}
