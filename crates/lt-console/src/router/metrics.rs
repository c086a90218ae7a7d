//! The numbers of the service: from the cells that are here, and the rows behind them from the server.

use std::sync::Arc;

use lt_model::{agent::Permission, hours::WallTime};
use lt_protocol::{
    code::{Code, WireError},
    metrics::{
        MAX_METRIC_ROWS, MetricsBoard, MetricsBoardArgs, MetricsExport, MetricsExportArgs,
        MetricsFormat, MetricsRows, MetricsRowsArgs,
    },
};

use lt_store::Account;

use crate::{
    console::Console,
    desk::Desk,
    error::{wire, wire_sync},
    numbers::{self, Names},
    safekeeping, whole,
};

/// `metrics.board`
pub(super) fn board(desk: &Desk, args: &MetricsBoardArgs) -> Result<MetricsBoard, WireError> {
    desk.permit(Permission::MetricsView)?;
    if args.from >= args.to {
        return Err(WireError::new(Code::BadRequest, "the period is empty"));
    }
    desk.numbers.look();
    desk.fetch_numbers();
    let names = names(desk)?;
    desk.numbers.board(args, &names).map_err(wire)
}

/// `metrics.rows`
pub(super) async fn rows(
    console: &Arc<Console>,
    mut args: MetricsRowsArgs,
) -> Result<MetricsRows, WireError> {
    let desk = console.desk()?;
    args.limit = args.limit.clamp(1, MAX_METRIC_ROWS);
    let (store, own) = (Arc::clone(&desk.store), Arc::clone(&desk));
    let account = tokio::task::spawn_blocking(move || {
        own.permit(Permission::MetricsView)?;
        store.account().map_err(wire)
    });
    let account = account
        .await
        .map_err(|_| WireError::new(Code::Internal, "a handler broke off"))??;
    let account = account.ok_or_else(|| WireError::new(Code::SignedOut, "nobody is signed in"))?;
    if desk.link.reached_since().is_none() {
        return Err(WireError::new(Code::Offline, "the server is not there"));
    }
    let mut found = ask(&desk, &account, &args).await?;
    // The server stops where it has looked at many others; a window is told of none that is not full.
    while let Some(place) = found.next {
        let n = u32::try_from(found.rows.len()).unwrap_or(u32::MAX);
        let limit = args.limit.saturating_sub(n);
        if limit == 0 {
            break;
        }
        let rest = MetricsRowsArgs {
            after: Some(place),
            limit,
            ..args.clone()
        };
        let more = ask(&desk, &account, &rest).await?;
        found.rows.extend(more.rows);
        found.next = more.next;
    }
    if args.after.is_none() && found.next.is_none() {
        found.total = Some(found.rows.len() as u64);
    }
    Ok(found)
}

async fn ask(
    desk: &Desk,
    account: &Account,
    args: &MetricsRowsArgs,
) -> Result<MetricsRows, WireError> {
    lt_sync::metric_rows(account, args, desk.now())
        .await
        .map_err(wire_sync)
}

/// `metrics.export`
pub(super) fn export(
    console: &Console,
    args: &MetricsExportArgs,
) -> Result<MetricsExport, WireError> {
    let desk = console.desk()?;
    let board = board(&desk, &args.board)?;
    let bytes = numbers::export::write(&board, args.format);
    let ending = match args.format {
        MetricsFormat::Csv => "csv",
        MetricsFormat::Xlsx => "xlsx",
    };
    let now = desk.now();
    let folder = safekeeping::export_folder(console);
    let path = folder.join(format!("指标-{}.{ending}", WallTime::china(now).stamp()));
    whole::write(&path, &bytes)
        .map_err(|_| WireError::new(Code::Storage, "no file was written"))?;
    desk.store.note_metrics_export(now).map_err(wire)?;
    Ok(MetricsExport {
        path: path.display().to_string(),
        bytes: bytes.len() as u64,
    })
}

fn names(desk: &Desk) -> Result<Names, WireError> {
    let groups = desk.store.groups().map_err(wire)?;
    let agents = desk.store.agents().map_err(wire)?;
    Ok(Names {
        groups: groups
            .into_iter()
            .map(|group| (group.id, group.name))
            .collect(),
        agents: agents
            .into_iter()
            .map(|agent| (agent.id, agent.display_name))
            .collect(),
    })
}
