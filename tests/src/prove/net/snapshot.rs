//! Pages of snapshots, each by a connection of its own.

use std::{rc::Rc, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use lt_backoffice::Backoffice;
use lt_model::Millis;
use lt_protocol::sync::Row;
use lt_store::Store;
use lt_sync::machine::{Input, Progress};
use serde::{Deserialize, Serialize};
use tokio::{sync::mpsc, time::timeout};
use turmoil::net::{TcpListener, TcpStream};

use super::{
    desk::Place,
    wire::{Came, Line},
    world::server,
};

/// Where servers answer them.
const PORT: u16 = 8_444;
/// Small, so that snapshots break off in between.
const MAX_ROWS: usize = 8;
const MAX_BYTES: u64 = 512 * 1024;
/// A page that takes longer is given up.
const WITHIN: Duration = Duration::from_secs(15);

/// Which page.
#[derive(Serialize, Deserialize)]
struct Wanted {
    token: String,
    stream: u64,
    at: u64,
    after: u64,
}

/// It.
#[derive(Serialize, Deserialize)]
struct Page {
    rows: Vec<Row>,
    last: bool,
    n_left: u64,
}

/// Answers requests for pages until the server is killed.
pub(super) async fn serve(
    backoffice: Arc<Backoffice>,
    clock: impl Fn() -> Millis + Clone + 'static,
) -> Result<()> {
    let listener = TcpListener::bind(("0.0.0.0", PORT)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        let (backoffice, clock) = (Arc::clone(&backoffice), clock.clone());
        tokio::task::spawn_local(async move {
            let mut line = Line::new(stream);
            // Whoever asks for what they may not see hears nothing.
            if let Came::Text(wanted) = line.next().await
                && let Ok(page) = page(&backoffice, &wanted, clock())
            {
                line.send(&page).await;
                // Until the other end has it and hangs up.
                line.next().await;
            }
        });
    }
}

fn page(backoffice: &Backoffice, wanted: &str, now: Millis) -> Result<String> {
    let wanted: Wanted = serde_json::from_str(wanted)?;
    let principal = backoffice.authenticate(&wanted.token, now)?;
    let page = backoffice.snapshot_page(
        &principal,
        wanted.stream,
        wanted.at,
        wanted.after,
        MAX_ROWS,
        MAX_BYTES,
    )?;
    Ok(serde_json::to_string(&Page {
        rows: page.rows,
        last: page.last,
        n_left: page.n_left,
    })?)
}

/// Fetches a snapshot page by page; gives the change up to which it goes.
pub(super) async fn fetch(
    place: &Place,
    store: &Rc<Store>,
    stream: u64,
    at: u64,
    floor: u64,
    pages: mpsc::UnboundedSender<Input>,
) -> Result<u64> {
    let session = place.seat.account.session.as_ref().context("a session")?;
    let mut state = store.begin_snapshot(stream, at, floor)?;
    loop {
        let wanted = Wanted {
            token: session.token.expose().clone(),
            stream,
            at: state.at,
            after: state.after,
        };
        let to = place.dice.borrow_mut().below(place.n_servers);
        let page = timeout(WITHIN, ask(to, &serde_json::to_string(&wanted)?)).await??;
        let page: Page = serde_json::from_str(&page)?;
        let (next, change) =
            store.apply_snapshot_page(stream, state.at, &page.rows, page.last, place.wall())?;
        drop(change);
        state = next;
        if page.last {
            return Ok(state.at);
        }
        let progress = Progress {
            n_rows: state.n_rows,
            n_total: state.n_rows + page.n_left,
        };
        pages.send(Input::Fetched { stream, progress })?;
    }
}

async fn ask(to: u64, wanted: &str) -> Result<String> {
    let mut line = Line::new(TcpStream::connect((server(to), PORT)).await?);
    line.send(wanted).await;
    match line.next().await {
        Came::Text(page) => Ok(page),
        Came::Closed(_) => anyhow::bail!("the connection broke"),
    }
}
