//! Several nodes on one database, killed under load, and the database itself crashed: nothing that
//! was acknowledged is lost or doubled, and agents are back at once.
//!
//! Agents and customers reach the nodes through a balancer, as they would at a customer's; every one
//! notes what it was told is sent. In the end the database is read and held against the notes and
//! against what every agent sees.

mod agent;
mod check;
mod customer;
mod desk;
mod fleet;
mod ledger;
mod times;
mod view;

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use futures_util::{StreamExt, TryStreamExt, stream};
use lt_model::{
    agent::{Agent as Account, Role, SkillGroup},
    id::GroupId,
};
use lt_protocol::{
    api::{NewAgent, SetupRequest, SetupResponse},
    enrol::Enrolment,
};
use lt_seal::{Key32, Secret};
use lt_server::{
    DataDir,
    cli::admin::{Admin, post_open},
};
use tokio::{
    sync::watch,
    task::{JoinSet, spawn_blocking},
    time::{sleep, sleep_until},
};

pub use fleet::{NODE, be_a_node};

use self::{
    agent::Agent,
    check::Truth,
    desk::RealDesk,
    fleet::Fleet,
    ledger::{Ledger, Phase, World},
    times::{Outage, Times},
    view::Share,
};
use super::{Dice, Proved, Scale, count};
use crate::{
    postgres::{Cluster, Speed},
    shop::{ADMIN, PASSWORD},
};

/// Agents in the short form, where no number is given.
const FEW_AGENTS: usize = 6;
/// Agents for minutes, where no number is given.
const MANY_AGENTS: usize = 60;
/// Agents of whom one is a whole desktop.
const ONE_IN_DESKS: usize = 20;
/// Between two kills of a node, on average.
const KILL_EVERY: Duration = Duration::from_secs(20);
/// Between two crashes of the database, on average.
const CRASH_EVERY: Duration = Duration::from_secs(45);
/// After a crash nothing else is killed, so that it is known what an agent comes back from.
const CALM: Duration = Duration::from_secs(12);
/// A node is gone for so long at most, ms.
const MAX_GONE_MS: u64 = 2_000;
/// What has not happened after so long never will.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often it is asked whether something has happened.
const LOOK: Duration = Duration::from_millis(100);
/// In the short form, messages of each customer before the kill, and again after it.
const SHORT_MESSAGES: usize = 3;

/// Runs the nodes, `program` being one that becomes a node when asked by [`NODE`], for the minutes
/// of the scale; with 0 minutes two nodes until one was killed once, and without limits of time.
///
/// # Errors
/// What kept the cluster, a node or a client from working.
pub async fn prove(program: &Path, scale: &Scale) -> Result<Proved> {
    let folder = tempfile::tempdir()?;
    let cluster = Arc::new(spawn_blocking(|| Cluster::start(Speed::Durable)).await??);
    let database = {
        let cluster = Arc::clone(&cluster);
        spawn_blocking(move || cluster.database("nodes")).await??
    };
    let is_short = scale.minutes == 0;
    let n_nodes = if is_short { 2 } else { 3 };
    let mut fleet = Fleet::new(program, &database, folder.path(), n_nodes).await?;
    fleet.start(0).await.context("starting the first node")?;
    let server = Enrolment::loopback(&format!("http://{}", fleet.address()))?;
    let code = fleet.setup_code.clone().context("a set-up code")?;
    let n_agents = match usize::try_from(scale.agents)? {
        0 if is_short => FEW_AGENTS,
        0 => MANY_AGENTS,
        n => n,
    };
    let (inbox, accounts) = set_up(server.clone(), code, n_agents).await?;
    for node in 1..n_nodes {
        fleet.start(node).await.context("starting a node")?;
    }

    let ledger = Arc::new(Ledger::default());
    let (phase, phase_seen) = watch::channel(Phase::Work);
    let world = World {
        address: fleet.address(),
        server,
        inbox,
        ledger: Arc::clone(&ledger),
        phase: phase_seen,
    };
    let mut clients = Clients::start(&world, &accounts, folder.path(), scale).await?;
    let mut chaos = Chaos {
        cluster: Arc::clone(&cluster),
        fleet,
        dice: Dice::new(scale.seed, 0),
        outages: Vec::new(),
        n_kills: 0,
    };
    if is_short {
        chaos.one_kill(&ledger, n_agents).await?;
    } else {
        chaos.run(Duration::from_secs(60 * scale.minutes)).await?;
    }

    phase.send_replace(Phase::Finish);
    clients.finish(&ledger).await?;
    let root = DataDir::new(folder.path().join("node-0")).root_key()?;
    let read = |database: &str, root: &Key32| {
        let (database, root) = (database.to_owned(), root.clone());
        spawn_blocking(move || check::read(&database, &root))
    };
    let heads = read(&database, &root).await??.heads;
    phase.send_replace(Phase::Reach(Arc::new(heads)));
    let (agents, desks) = clients.end().await?;
    let truth = read(&database, &root).await??;
    judge(Evidence {
        scale,
        n_nodes,
        ledger: &ledger,
        truth,
        agents,
        desks,
        chaos: &chaos,
    })
    .await
}

/// An account.
struct Hired {
    username: String,
    group: GroupId,
    share: Share,
}

/// Makes the organisation and its accounts; gives the key of its chat page too.
async fn set_up(server: Enrolment, code: String, n_agents: usize) -> Result<(String, Vec<Hired>)> {
    spawn_blocking(move || {
        let request = SetupRequest {
            code,
            organisation: "聆选旗舰店".to_owned(),
            username: ADMIN.to_owned(),
            display_name: "店长".to_owned(),
            password: PASSWORD.to_owned(),
            assign: Some(lt_model::routing::Assign::Pick),
        };
        let made = post_open(&server, "/api/v1/setup", &request)?;
        let inbox = serde_json::from_slice::<SetupResponse>(&made)?.inbox_key;
        let admin = Admin::sign_in(&server, ADMIN, &Secret::new(PASSWORD.to_owned()))?;
        let groups: Vec<SkillGroup> =
            serde_json::from_slice(&admin.call("GET", "/api/v1/groups", b"")?)?;
        ensure!(!groups.is_empty(), "there are no groups");
        let mut accounts = Vec::new();
        let n_agents = n_agents.max(groups.len());
        for (n, group) in groups.iter().cycle().take(n_agents).enumerate() {
            let (part, group_idx) = (n / groups.len(), n % groups.len());
            let of = (n_agents - group_idx).div_ceil(groups.len());
            let share = Share {
                part: u64::try_from(part)?,
                of: u64::try_from(of)?,
            };
            let account = NewAgent {
                username: format!("zuoxi{n}"),
                display_name: format!("坐席{n}"),
                password: PASSWORD.to_owned(),
                role: Role::Agent,
                groups: vec![group.id],
                capacity: 100,
            };
            let made: Account = admin.post("/api/v1/agents", &account)?;
            accounts.push(Hired {
                username: made.username,
                group: group.id,
                share,
            });
        }
        admin.sign_out()?;
        Ok((inbox, accounts))
    })
    .await?
}

/// Everybody who is connected.
struct Clients {
    customers: JoinSet<()>,
    agents: JoinSet<Agent>,
    desks: JoinSet<Result<RealDesk>>,
    n_idle_wanted: u64,
}

impl Clients {
    async fn start(
        world: &World,
        accounts: &[Hired],
        folder: &Path,
        scale: &Scale,
    ) -> Result<Self> {
        let dice = |who: usize| Dice::new(scale.seed, count(who) + 1);
        let is_desk = |n: usize| n % ONE_IN_DESKS == 2;
        let (whole, light): (Vec<_>, Vec<_>) =
            accounts.iter().enumerate().partition(|(n, _)| is_desk(*n));
        // A few at a time: every sign-in costs a password hash.
        let light: Vec<Agent> = stream::iter(light)
            .map(|(n, hired)| {
                Agent::sign_in(world.clone(), hired.username.clone(), hired.share, dice(n))
            })
            .buffer_unordered(4)
            .try_collect()
            .await
            .context("agents sign in")?;
        let mut desks = JoinSet::new();
        for (n, hired) in whole {
            let folder = folder.join(format!("desk-{n}"));
            let desk = RealDesk::sign_in(world.clone(), hired, folder).await;
            desks.spawn(desk.context("a desktop signs in")?.work());
        }
        let mut agents = JoinSet::new();
        let n_idle_wanted = count(light.len() + desks.len());
        for agent in light {
            agents.spawn(agent.work());
        }
        let mut customers = JoinSet::new();
        let pause = match scale.minutes {
            0 => customer::QUICK,
            _ => customer::USUAL,
        };
        for n in 0..accounts.len() {
            let dice = dice(accounts.len() + n);
            customers.spawn(customer::write(world.clone(), n, pause, dice));
        }
        Ok(Self {
            customers,
            agents,
            desks,
            n_idle_wanted,
        })
    }

    /// Waits until everybody has finished what they began.
    async fn finish(&mut self, ledger: &Ledger) -> Result<()> {
        let customers = async { while self.customers.join_next().await.is_some() {} };
        tokio::time::timeout(PATIENCE, customers)
            .await
            .context("a customer's message is never acknowledged")?;
        let finished = until("agents finish", || ledger.n_idle() >= self.n_idle_wanted).await;
        finished.with_context(|| {
            let (n, of) = (ledger.n_idle(), self.n_idle_wanted);
            format!("{n} of {of} have; {}", ledger.misses().join("; "))
        })
    }

    async fn end(self) -> Result<(Vec<Agent>, Vec<RealDesk>)> {
        let desks: Result<Vec<RealDesk>> = self.desks.join_all().await.into_iter().collect();
        Ok((self.agents.join_all().await, desks?))
    }
}

/// Waits for a condition.
async fn until(what: &str, is_so: impl Fn() -> bool) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        ensure!(Instant::now() < end, "{what}: not within {PATIENCE:?}");
        sleep(LOOK).await;
    }
    Ok(())
}

/// What kills nodes and the database.
struct Chaos {
    cluster: Arc<Cluster>,
    fleet: Fleet,
    dice: Dice,
    outages: Vec<Outage>,
    n_kills: u64,
}

impl Chaos {
    async fn run(&mut self, time: Duration) -> Result<()> {
        let end = Instant::now() + time;
        let mut crash = Instant::now() + self.about(CRASH_EVERY);
        let mut kill = Instant::now() + self.about(KILL_EVERY);
        loop {
            let next = crash.min(kill);
            // The last of them is seen through.
            if next + CALM > end {
                sleep_until(end.into()).await;
                return Ok(());
            }
            sleep_until(next.into()).await;
            if crash <= kill {
                self.crash().await?;
                crash = next + self.about(CRASH_EVERY);
                kill = kill.max(Instant::now() + CALM);
            } else {
                self.kill().await?;
                kill = (next + self.about(KILL_EVERY)).max(Instant::now());
                crash = crash.max(Instant::now() + CALM);
            }
        }
    }

    async fn one_kill(&mut self, ledger: &Ledger, n_customers: usize) -> Result<()> {
        let enough = n_customers * SHORT_MESSAGES;
        until("messages", || ledger.said().0.len() >= enough).await?;
        self.kill().await?;
        let enough = ledger.said().0.len() + enough;
        until("messages after a kill", || ledger.said().0.len() >= enough).await
    }

    fn about(&mut self, time: Duration) -> Duration {
        let percent = 70 + u32::try_from(self.dice.below(61)).unwrap_or(0);
        time * percent / 100
    }

    async fn kill(&mut self) -> Result<()> {
        let n_nodes = self.fleet.n_nodes();
        let node = usize::try_from(self.dice.below(count(n_nodes)))?;
        self.fleet.kill(node).await?;
        self.n_kills += 1;
        sleep(Duration::from_millis(self.dice.below(MAX_GONE_MS))).await;
        self.fleet.start(node).await.context("starting it again")
    }

    async fn crash(&mut self) -> Result<()> {
        let cluster = Arc::clone(&self.cluster);
        let down = Instant::now();
        spawn_blocking(move || cluster.restart_immediate()).await??;
        let up = Instant::now();
        self.outages.push(Outage { down, up });
        Ok(())
    }
}

/// What is judged.
struct Evidence<'e> {
    scale: &'e Scale,
    n_nodes: usize,
    ledger: &'e Ledger,
    truth: Truth,
    agents: Vec<Agent>,
    desks: Vec<RealDesk>,
    chaos: &'e Chaos,
}

async fn judge(mut evidence: Evidence<'_>) -> Result<Proved> {
    let (scale, ledger) = (evidence.scale, evidence.ledger);
    let (truth, agents) = (&mut evidence.truth, &mut evidence.agents);
    let (of_customers, of_agents) = ledger.said();
    let all: Vec<_> = of_customers.iter().chain(&of_agents).cloned().collect();
    let mut misses = ledger.misses();
    let missing = truth.missing(&all);
    misses.extend(
        missing
            .iter()
            .map(|said| format!("message {} is missing", said.id)),
    );
    let n_missing = missing.len();
    let n_doubled = truth.n_doubled(&all);
    let n_smuggled = truth.n_smuggled(&ledger.all_refused());
    let n_differing = agents
        .iter()
        .map(|agent| truth.n_differing(&agent.view))
        .sum::<usize>();
    let n_desks = evidence.desks.len();
    let mut n_shown_wrong = 0;
    for mut desk in evidence.desks {
        n_shown_wrong += desk.n_differing(truth).await?;
        desk.close().await;
    }
    let times = Times::of(ledger, &evidence.chaos.outages);
    if scale.minutes > 0 {
        misses.extend(times.too_long());
    }
    let n_messages = truth.n_messages();
    let n_rows_seen = agents.iter().map(|agent| agent.view.rows.len()).sum();
    let n_noticed = match agents.iter_mut().max_by_key(|agent| agent.view.rows.len()) {
        Some(agent) => truth.n_noticed(&all, &mut agent.view),
        None => 0,
    };
    let n_torn = truth.n_torn;
    let is_audited = truth.n_audited.is_some();
    let is_kept = n_missing + n_doubled + n_smuggled + n_differing + n_shown_wrong + n_torn == 0;
    let ok = is_kept && is_audited && misses.is_empty() && n_noticed == 3;
    if !ok {
        misses.push(evidence.chaos.fleet.logs());
    }
    let mut figures = vec![
        ("nodes", count(evidence.n_nodes)),
        ("agents", count(agents.len() + n_desks)),
        ("desktops_among_them", count(n_desks)),
        ("minutes", scale.minutes),
        ("node_kills", evidence.chaos.n_kills),
        ("postgres_crashes", count(evidence.chaos.outages.len())),
        ("acknowledged_to_customers", count(of_customers.len())),
        ("acknowledged_to_agents", count(of_agents.len())),
        ("sent_again", ledger.n_repeats()),
        ("messages_stored", count(n_messages)),
        ("missing", count(n_missing)),
        ("doubled", count(n_doubled)),
        ("refused", count(ledger.all_refused().len())),
        ("refused_but_stored", count(n_smuggled)),
        ("torn_conversations", count(n_torn)),
        ("rows_seen", count(n_rows_seen)),
        ("rows_seen_wrong", count(n_differing)),
        ("conversations_shown_wrong", count(n_shown_wrong)),
        ("audit_records", truth.n_audited.unwrap_or(0)),
    ];
    figures.extend(times.figures());
    figures.push(("control_noticed", count(n_noticed)));
    Ok(Proved {
        name: "nodes",
        ok,
        figures,
        misses,
        seed: scale.seed,
    })
}
