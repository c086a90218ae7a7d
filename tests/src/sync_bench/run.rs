//! One back end: idle memory, then messages at rising rates, each beside its twin.

use std::{
    ops::Range,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Result;
use lt_server::Transport;
use serde::Serialize;
use tokio::{runtime::Runtime, time::sleep};

use super::{
    backend::{Backend, Home},
    board::{Board, Latency},
    light::{Desks, Dialler},
    machine::{self, Worked},
    org::{Layout, Org},
    post,
    server::Server,
    twins,
};

/// Desks that are connected, and then let go, before memory is looked at: a server that has served.
const N_WARM: usize = 100;
/// Sockets that are opened at once.
const AT_A_TIME: usize = 20;
/// Memory that has not changed for so long has settled.
const SETTLED: Duration = Duration::from_secs(2);
/// It is looked at no longer than this.
const SETTLES_WITHIN: Duration = Duration::from_secs(15);

/// What is done.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Connected desks, each of another agent.
    pub desks: usize,
    /// Conversations that each holds.
    pub conversations: usize,
    /// Messages a second, one after the other.
    pub rates: Vec<u32>,
    /// How long each rate lasts.
    pub seconds: u32,
    /// The first process of the database, where it has processes of its own.
    pub database_pid: Option<u32>,
}

impl Plan {
    fn layout(&self) -> Layout {
        Layout {
            desks: self.desks,
            conversations: self.conversations,
            messages: 0,
        }
    }

    /// The messages of each rate.
    fn ranges(&self) -> Vec<(u32, Range<usize>)> {
        let mut from = 0;
        self.rates
            .iter()
            .map(|&rate| {
                let until = from + rate as usize * self.seconds as usize;
                let range = from..until;
                from = until;
                (rate, range)
            })
            .collect()
    }
}

/// Messages at one rate.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct AtRate {
    /// Asked for, a second.
    pub rate: u32,
    /// Delivered, a second.
    pub achieved: f64,
    /// Posts that were answered with success.
    pub acknowledged: u64,
    /// Of these, never seen at the desk.
    pub lost: u64,
    /// From due to the answer of the post, ms.
    pub answer: Latency,
    /// From due to the agent's socket, ms.
    pub socket: Latency,
    /// Processor time of the server for one message, its database included, µs.
    pub server_cpu_us: Option<f64>,
    /// Share of the machine that other programs took meanwhile; the generator and the database's own
    /// processes are not others.
    pub others: Option<f64>,
    /// From due to delivered, of the naive twin at the same rate, ms.
    pub twin: Latency,
    /// What the twin delivered, a second.
    pub twin_achieved: f64,
}

/// What connected desks cost the server while nothing happens.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Idle {
    /// Desks.
    pub desks: usize,
    /// Time to connect all of them, s.
    pub connected_s: f64,
    /// Resident memory for each, in KiB.
    pub kib_each: Option<f64>,
    /// Processor time of the server for all of them in a second of silence, ms.
    pub cpu_ms_per_s: Option<f64>,
}

/// Figures of one back end.
#[derive(Clone, Debug, Serialize)]
pub struct Carried {
    /// Over HTTP inside the machine.
    pub idle: Idle,
    /// The rates.
    pub rates: Vec<AtRate>,
    /// Messages that a desk got twice.
    pub doubled: u64,
    /// Messages that came to the wrong desk.
    pub misdirected: u64,
    /// Posts that were refused.
    pub refused: u64,
    /// Sockets that ended, with the reasons.
    pub hung_up: Vec<String>,
}

/// Carries messages over one back end.
///
/// # Errors
/// When the server or a twin does not work.
pub fn carry(runtime: &Runtime, home: &Home, plan: &Plan, now: i64) -> Result<Carried> {
    // Below the runtime: the data blocks.
    let org = Arc::new(Org::lay_out(&home.open()?, plan.layout(), now)?);
    let n_messages = plan.ranges().last().map_or(0, |(_, range)| range.end);
    let board = Arc::new(Board::new(n_messages));
    let server = Server::start(home, Transport::LoopbackHttp)?;
    runtime.block_on(carry_over(&server, &org, &board, plan))
}

async fn carry_over(
    server: &Server,
    org: &Arc<Org>,
    board: &Arc<Board>,
    plan: &Plan,
) -> Result<Carried> {
    let dialler = Dialler::new(&server.url, &server.enrolment)?;
    let (idle, desks) = connect(server, &dialler, org, board).await?;
    let mut rates = Vec::new();
    for (rate, range) in plan.ranges() {
        let worked = Meter::start(server, plan.database_pid);
        post::at_rate(dialler.authority(), org, board, range.clone(), rate).await?;
        let (cpu_s, others) = worked.stop(server);
        let tally = board.tally(range);
        rates.push(AtRate {
            rate,
            achieved: per_second(tally.n_delivered, tally.seconds),
            acknowledged: tally.n_acknowledged,
            lost: tally.n_acknowledged - tally.n_delivered,
            answer: tally.answer,
            socket: tally.socket,
            server_cpu_us: cpu_s.map(|s| s * 1e6 / tally.n_delivered.max(1) as f64),
            others,
            twin: Latency::default(),
            twin_achieved: 0.0,
        });
    }
    let (doubled, misdirected, refused) = board.wrong();
    let hung_up = board.hung_up();
    drop(desks);
    Ok(Carried {
        idle,
        rates,
        doubled,
        misdirected,
        refused,
        hung_up,
    })
}

/// The same messages at the same rates by the naive twin; fills in its columns.
///
/// # Errors
/// When the twin does not work.
pub fn beside(carried: &mut Carried, plan: &Plan, twin: &Twin) -> Result<()> {
    let n_messages = plan.ranges().last().map_or(0, |(_, range)| range.end);
    let board = Board::new(n_messages);
    for ((rate, range), at_rate) in plan.ranges().into_iter().zip(&mut carried.rates) {
        twin.at_rate(&board, range.clone(), rate)?;
        let tally = board.tally(range);
        at_rate.twin = tally.socket;
        at_rate.twin_achieved = per_second(tally.n_delivered, tally.seconds);
    }
    Ok(())
}

/// What connected desks cost over TLS.
///
/// # Errors
/// When the server does not work.
pub fn idle_over_tls(runtime: &Runtime, home: &Home, n_desks: usize, now: i64) -> Result<Idle> {
    let layout = Layout {
        desks: n_desks,
        conversations: 0,
        messages: 0,
    };
    let org = Arc::new(Org::lay_out(&home.open()?, layout, now)?);
    let board = Arc::new(Board::new(0));
    let server = Server::start(home, Transport::Tls)?;
    let dialler = Dialler::new(&server.url, &server.enrolment)?;
    let (idle, _desks) = runtime.block_on(connect(&server, &dialler, &org, &board))?;
    Ok(idle)
}

/// A twin of a back end.
pub enum Twin {
    /// Plain SQLite without group commit.
    Sqlite(twins::Sqlite),
    /// PostgreSQL with a transaction and a NOTIFY a message.
    Postgres(twins::Postgres),
}

impl Twin {
    /// The twin of a back end; `folder` is for its files, `database` an empty database.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn of(backend: &Backend, folder: &Path, database: Option<&str>) -> Result<Self> {
        Ok(match (backend, database) {
            (Backend::Postgres(_), Some(url)) => Self::Postgres(twins::Postgres::new(url)?),
            _ => Self::Sqlite(twins::Sqlite::new(&folder.join("twin.db"))?),
        })
    }

    fn at_rate(&self, board: &Board, range: Range<usize>, rate: u32) -> Result<()> {
        match self {
            Self::Sqlite(twin) => twin.at_rate(board, range, rate),
            Self::Postgres(twin) => twin.at_rate(board, range, rate),
        }
    }

    /// Messages a second, closed loop; their numbers begin at `from`.
    ///
    /// # Errors
    /// When it does not work.
    pub fn per_second(&self, during: Duration, from: usize) -> Result<f64> {
        match self {
            Self::Sqlite(twin) => twin.per_second(during, from),
            Self::Postgres(twin) => twin.per_second(during, from),
        }
    }
}

async fn connect(
    server: &Server,
    dialler: &Dialler,
    org: &Arc<Org>,
    board: &Arc<Board>,
) -> Result<(Idle, Desks)> {
    let warm = Arc::new(Board::new(0));
    drop(Desks::connect(dialler, org, N_WARM, &warm, AT_A_TIME).await?);
    let before = settled(server.pid()).await;
    let begin = Instant::now();
    let n_desks = org.desks.len();
    let desks = Desks::connect(dialler, org, n_desks, board, AT_A_TIME).await?;
    let connected_s = begin.elapsed().as_secs_f64();
    let after = settled(server.pid()).await;
    let cpu = machine::processor_s(server.pid());
    let silence = Instant::now();
    sleep(SETTLED).await;
    let cpu_ms_per_s = machine::processor_s(server.pid())
        .zip(cpu)
        .map(|(after, before)| (after - before) * 1e3 / silence.elapsed().as_secs_f64());
    let kib_each = after
        .zip(before)
        .map(|(after, before)| (after as f64 - before as f64) / 1_024.0 / n_desks.max(1) as f64);
    let idle = Idle {
        desks: n_desks,
        connected_s,
        kib_each,
        cpu_ms_per_s,
    };
    Ok((idle, desks))
}

/// Memory of a process once it stands still.
async fn settled(pid: u32) -> Option<u64> {
    let begin = Instant::now();
    let (mut last, mut since) = (machine::memory(pid)?, Instant::now());
    while since.elapsed() < SETTLED && begin.elapsed() < SETTLES_WITHIN {
        sleep(SETTLED / 10).await;
        let now = machine::memory(pid)?;
        if now.abs_diff(last) > 64 * 1_024 {
            (last, since) = (now, Instant::now());
        }
    }
    machine::memory(pid)
}

/// What the server and everybody else works during a measurement.
struct Meter {
    machine: Option<Worked>,
    server: Option<f64>,
    own: Option<f64>,
    database_pid: Option<u32>,
    database: Option<f64>,
}

impl Meter {
    fn start(server: &Server, database_pid: Option<u32>) -> Self {
        Self {
            machine: Worked::now(),
            server: machine::processor_s(server.pid()),
            own: machine::processor_s(std::process::id()),
            database_pid,
            database: database_pid.and_then(machine::family_s),
        }
    }

    /// The server's seconds, and the share of the machine that others took.
    fn stop(self, server: &Server) -> (Option<f64>, Option<f64>) {
        let since = |now: Option<f64>, then: Option<f64>| Some(now? - then?);
        let server = since(machine::processor_s(server.pid()), self.server);
        let own = since(machine::processor_s(std::process::id()), self.own);
        let database = since(self.database_pid.and_then(machine::family_s), self.database);
        let known = [server, own, database].into_iter().flatten().sum();
        let others = Worked::now()
            .zip(self.machine)
            .map(|(now, then)| now.others(then, known));
        (server.map(|s| s + database.unwrap_or(0.0)), others)
    }
}

fn per_second(n: u64, seconds: f64) -> f64 {
    if seconds > 0.0 {
        n as f64 / seconds
    } else {
        0.0
    }
}
