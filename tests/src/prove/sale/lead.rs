//! The lead's desktop: a real console, to which the server's rows are brought by hand, since the
//! server's clock is made.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::{Context, Result, ensure};
use lt_backoffice::Principal;
use lt_model::{
    Millis,
    alert::{Alert, AlertState, Measure},
    id::AlertId,
};
use lt_protocol::metrics::CellsRequest;
use lt_store::Store;
use serde_json::{Value, json};
use tokio::runtime::Handle;

use super::{Office, WANTED};
use crate::desk::{Desk, now};

const MAX_ROWS: usize = 1_000;
const MAX_ALERTS: u32 = 100;

pub(super) struct Lead {
    pub(super) principal: Principal,
    desk: Desk,
    store: Arc<Store>,
    cursors: BTreeMap<u64, u64>,
    runtime: Handle,
    /// Alerts whose popup came.
    heard: Vec<AlertId>,
}

impl Lead {
    pub(super) fn new(office: &Office, desk: Desk, at: Millis) -> Result<Self> {
        let store = desk.store().context("the lead's store is open")?;
        let account = store.account()?.context("the lead has signed in")?;
        let principal = office.sign_in("chen", &account.device, at)?;
        let streams = office.bo.streams(&principal)?;
        let (generation, last_n) = (office.bo.generation()?, office.bo.last_n(principal.device)?);
        // The desk's own times are by its own clock.
        store.set_streams(&generation, &streams, last_n, &principal.agent, now())?;
        let cursors = store.cursors()?.1;
        Ok(Self {
            principal,
            desk,
            store,
            cursors: cursors.iter().map(|at| (at.stream, at.seq)).collect(),
            runtime: office.runtime.clone(),
            heard: Vec::new(),
        })
    }

    /// What waits here goes up, what is new there comes down.
    pub(super) fn sync(&mut self, office: &Office, at: Millis) -> Result<()> {
        for op in self.store.queue(0, 10)? {
            let outcome = office.bo.apply(&self.principal, &op, at)?;
            self.store.op_result(op.id, &outcome, now())?;
        }
        while let Some(batch) = office
            .bo
            .batch(&self.principal, &mut self.cursors, MAX_ROWS)?
        {
            let applied =
                self.store
                    .apply_batch(&batch.cuts, &batch.rows, &batch.sums, batch.last, now())?;
            ensure!(applied.diverged.is_empty(), "the lead's rows differ");
        }
        self.hear()
    }

    /// The made clock stands still until the desk has told what is new.
    fn hear(&mut self) -> Result<()> {
        for alert in self.alerts()? {
            let is_wanted = WANTED.iter().any(|(measure, _)| *measure == alert.measure);
            if is_wanted && !self.heard.contains(&alert.id) {
                let begins = format!("{}：", alert.name);
                let telling = self.desk.notification_about("预警", &begins);
                self.runtime.block_on(telling)?;
                self.heard.push(alert.id);
            }
        }
        Ok(())
    }

    /// Acknowledges the alert of a number, if it is there and nobody did; whether it was done now.
    pub(super) fn acknowledge(
        &mut self,
        office: &Office,
        measure: Measure,
        at: Millis,
    ) -> Result<bool> {
        let is_it = |alert: &Alert| alert.measure == measure && alert.state == AlertState::Firing;
        let Some(alert) = self.alerts()?.into_iter().find(is_it) else {
            return Ok(false);
        };
        let args = json!({"alert_id": alert.id});
        self.ask("alert.acknowledge", args)?;
        self.sync(office, at)?;
        Ok(true)
    }

    /// The numbers, as the server has counted them.
    pub(super) fn fetch_numbers(&self, office: &Office, at: Millis) -> Result<()> {
        loop {
            let stand = self.store.metrics(|reader| reader.stand())?;
            let request = CellsRequest {
                generation: stand.as_ref().map(|stand| stand.generation.clone()),
                after: stand.map_or_else(Vec::new, |stand| stand.groups),
            };
            let answer = office.bo.metric_cells(&self.principal, &request, at)?;
            self.store.keep_metrics(&answer)?;
            if !answer.more {
                return Ok(());
            }
        }
    }

    /// What the room of the numbers shows.
    pub(super) fn board(&self, from: Millis, to: Millis) -> Result<Value> {
        let period = json!({"from": from, "to": to, "compare_from": null, "grain": "hour",
            "filter": {"group": null, "slice": null}});
        self.ask("metrics.board", period)
    }

    /// The alerts in its store.
    pub(super) fn alerts(&self) -> Result<Vec<Alert>> {
        let all = self.store.alerts(MAX_ALERTS)?;
        Ok(all.into_iter().map(|stored| stored.alert).collect())
    }

    /// How often the window system was asked to tell of an alert.
    pub(super) fn popups(&self, name: &str, title: &str) -> usize {
        let is_it = |shown: &lt_console::Notification| {
            shown.title == title && shown.body.starts_with(&format!("{name}："))
        };
        self.desk
            .all_shown()
            .iter()
            .filter(|shown| is_it(shown))
            .count()
    }

    /// How often the bell has an alert.
    pub(super) fn rung(&self, id: AlertId, news: &str) -> Result<usize> {
        let bell = self.ask("bell.list", json!({}))?;
        let rows = bell["lines"].as_array().context("the bell's lines")?;
        let id = json!(id);
        let is_it = |row: &&Value| row["what"]["alert_id"] == id && row["what"]["news"] == news;
        Ok(rows.iter().filter(is_it).count())
    }

    pub(super) async fn close(self) {
        drop(self.store);
        self.desk.close().await;
    }

    fn ask(&self, name: &str, args: Value) -> Result<Value> {
        Ok(self.runtime.block_on(self.desk.ask(name, args))?)
    }
}
