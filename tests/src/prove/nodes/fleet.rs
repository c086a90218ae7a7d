//! The nodes: processes of the real server on one database, and the balancer before them.

use std::{
    fs::{self, File},
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, bail};
use clap::Parser;
use lt_server::{DataDir, cli};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines, copy_bidirectional},
    net::{TcpListener, TcpSocket, TcpStream},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use crate::folder;

/// How [`be_a_node`] is asked for.
pub const NODE: &str = "--be-a-node";
/// A node that does not serve after so long never will.
const PATIENCE: Duration = Duration::from_secs(90);
/// What a node says with its address when it serves.
const LISTENING: &str = "listening on http://";
/// What it says before that, while there is no administrator.
const SETUP_CODE: &str = "set-up code: ";
/// The last thing that it says.
const ENROLMENT: &str = "enrolment code";

/// Becomes a node: does what the command line of `lingtai` does, after [`NODE`].
///
/// # Errors
/// What stopped it.
pub fn be_a_node(args: impl Iterator<Item = String>) -> Result<()> {
    let line: Vec<String> = std::iter::once("lingtai".to_owned()).chain(args).collect();
    // It makes a runtime of its own, which a thread of another one may not.
    let node = std::thread::spawn(move || cli::run(cli::Args::parse_from(line)));
    node.join().unwrap_or_else(|_| bail!("the node panicked"))
}

/// All nodes.
pub(super) struct Fleet {
    program: PathBuf,
    database: String,
    folders: Vec<PathBuf>,
    children: Vec<Option<Child>>,
    balancer: Arc<Balancer>,
    /// What the first node of a new database said.
    pub(super) setup_code: Option<String>,
}

impl Fleet {
    /// Folders for `n` nodes of one organisation, and a balancer before them; nothing runs yet.
    pub(super) async fn new(
        program: &Path,
        database: &str,
        folder: &Path,
        n: usize,
    ) -> Result<Self> {
        let folders: Vec<PathBuf> = (0..n).map(|n| folder.join(format!("node-{n}"))).collect();
        let first = folders.first().context("no node")?.clone();
        let names = vec!["127.0.0.1".to_owned()];
        let made = first.clone();
        tokio::task::spawn_blocking(move || DataDir::new(made).create(&names, wall())).await??;
        for other in folders.iter().skip(1) {
            folder::copy(&first, other)?;
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let balancer = Arc::new(Balancer {
            address: listener.local_addr()?,
            nodes: Mutex::new(vec![None; n]),
            turn: AtomicUsize::new(0),
        });
        tokio::spawn(Arc::clone(&balancer).serve(listener));
        Ok(Self {
            program: program.to_owned(),
            database: database.to_owned(),
            children: folders.iter().map(|_| None).collect(),
            folders,
            balancer,
            setup_code: None,
        })
    }

    pub(super) fn n_nodes(&self) -> usize {
        self.folders.len()
    }

    /// Where clients connect to.
    pub(super) fn address(&self) -> SocketAddr {
        self.balancer.address
    }

    /// Starts a node and waits until it serves. One that ends, as it does while the database is
    /// away, is started again.
    pub(super) async fn start(&mut self, node: usize) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        loop {
            let tried = timeout(PATIENCE, self.try_start(node)).await;
            match tried.context("a node does not serve in time")? {
                Ok(()) => return Ok(()),
                Err(error) if Instant::now() > until => return Err(error),
                Err(_) => {}
            }
        }
    }

    async fn try_start(&mut self, node: usize) -> Result<()> {
        let folder = self.folders.get(node).context("no such node")?;
        let log = File::options()
            .create(true)
            .append(true)
            .open(folder.join("log"))?;
        let mut child = Command::new(&self.program)
            .args([NODE, "serve", "--data"])
            .arg(folder)
            .args(["--listen", "127.0.0.1:0", "--insecure-http"])
            // Not among the arguments, which every user of the machine sees.
            .env("LINGTAI_DATABASE", &self.database)
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::from(log))
            .kill_on_drop(true)
            .spawn()
            .context("starting a node")?;
        let stdout = child.stdout.take().context("what the node prints")?;
        let mut lines = BufReader::new(stdout).lines();
        let said = read_announcement(&mut lines).await;
        let (address, code) = match said {
            Ok(said) => said,
            Err(error) => {
                let status = child.wait().await?;
                let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
                let last = log.lines().last().unwrap_or_default().to_owned();
                return Err(error.context(format!("the node ended: {status}: {last}")));
            }
        };
        // So that its output has somewhere to go.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        self.setup_code = self.setup_code.take().or(code);
        if let Some(place) = self.children.get_mut(node) {
            *place = Some(child);
        }
        self.balancer.route(node, Some(address));
        Ok(())
    }

    /// Kills a node at once. The balancer finds out by itself.
    pub(super) async fn kill(&mut self, node: usize) -> Result<()> {
        if let Some(mut child) = self.children.get_mut(node).and_then(Option::take) {
            child.kill().await.context("killing a node")?;
        }
        Ok(())
    }

    /// What the nodes logged, for a look after a miss.
    pub(super) fn logs(&self) -> String {
        let logs = self.folders.iter().filter_map(|folder| {
            let log = fs::read_to_string(folder.join("log")).ok()?;
            let last: Vec<&str> = log.lines().rev().take(20).collect();
            Some(last.into_iter().rev().collect::<Vec<_>>().join("\n"))
        });
        logs.collect::<Vec<_>>().join("\n")
    }
}

/// The address of a node that serves, and its set-up code.
async fn read_announcement(
    lines: &mut Lines<BufReader<ChildStdout>>,
) -> Result<(SocketAddr, Option<String>)> {
    let (mut address, mut code) = (None, None);
    while let Some(line) = lines.next_line().await? {
        let first_word = |rest: &str| rest.split(' ').next().unwrap_or_default().to_owned();
        if let Some(rest) = line.strip_prefix(LISTENING) {
            address = Some(first_word(rest).parse()?);
        } else if let Some(rest) = line.strip_prefix(SETUP_CODE) {
            code = Some(first_word(rest));
        } else if line.starts_with(ENROLMENT) {
            return Ok((address.context("a node says where it listens")?, code));
        }
    }
    bail!("a node said nothing")
}

/// The time of day, ms.
pub(super) fn wall() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

/// Takes connections and passes each on to a node that takes it, in turn.
struct Balancer {
    address: SocketAddr,
    nodes: Mutex<Vec<Option<SocketAddr>>>,
    turn: AtomicUsize,
}

impl Balancer {
    fn route(&self, node: usize, to: Option<SocketAddr>) {
        let mut nodes = self.nodes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = nodes.get_mut(node) {
            *place = to;
        }
    }

    async fn serve(self: Arc<Self>, listener: TcpListener) {
        while let Ok((client, _)) = listener.accept().await {
            let balancer = Arc::clone(&self);
            tokio::spawn(async move { balancer.pass_on(client).await });
        }
    }

    async fn pass_on(&self, mut client: TcpStream) {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let nodes = {
            let nodes = self.nodes.lock().unwrap_or_else(PoisonError::into_inner);
            let mut nodes: Vec<SocketAddr> = nodes.iter().copied().flatten().collect();
            let n_first = turn.checked_rem(nodes.len()).unwrap_or(0);
            nodes.rotate_left(n_first);
            nodes
        };
        for node in nodes {
            if let Ok(mut server) = connect(node, turn).await {
                let _ = (client.set_nodelay(true), server.set_nodelay(true));
                // Whichever end breaks off, the other learns of it.
                let _ = copy_bidirectional(&mut client, &mut server).await;
                return;
            }
        }
    }
}

/// Connects from an address that no other client has: a server bounds what one address may do.
async fn connect(node: SocketAddr, turn: usize) -> std::io::Result<TcpStream> {
    let [.., a, b] = turn.to_be_bytes();
    let socket = TcpSocket::new_v4()?;
    // Where the system has but one loopback address, that one serves.
    let _ = socket.bind(SocketAddr::from(([127, 77, a, b.max(1)], 0)));
    socket.connect(node).await
}
