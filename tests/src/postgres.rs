//! A PostgreSQL of its own: a private cluster in a temporary folder, on the loopback address, gone
//! with its handle.
//!
//! **Invariant:** nothing outside its folder is touched: no service, no other cluster, no process
//! that it did not start. A watcher process stops it even when its owner was killed.

use std::{
    ffi::OsStr,
    fmt::Write as _,
    fs::OpenOptions,
    io::Write,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Output, Stdio},
    sync::{Mutex, PoisonError},
    thread,
};

use anyhow::{Context, Result, anyhow, bail, ensure};
use lt_seal::Key32;
use postgres::{Client, NoTls};

/// Names a PostgreSQL database whose owner may create databases, as `postgres://…`, for tests.
pub const SERVER: &str = "LINGTAI_TEST_POSTGRES";
/// Set to 1 where tests that need PostgreSQL must run.
pub const REQUIRED: &str = "LINGTAI_TEST_POSTGRES_REQUIRED";

/// The owner of the databases: no superuser, but may create databases.
const OWNER: &str = "lingtai";
/// User of the Debian package, who runs the cluster where oneself is root.
const PACKAGE_USER: &str = "postgres";
/// Where Debian has its versions.
const DEBIAN: &str = "/usr/lib/postgresql";
/// The path of a socket ends at 107 bytes.
const MAX_FOLDER_BYTES: usize = 80;
/// A free port may be taken by somebody else before the cluster listens on it.
const N_TRIES: u32 = 5;
/// Stops the cluster of folder `$2` with the programs of folder `$1` when standard input ends, which
/// it also does when the owner is killed.
const WATCH: &str = r#"trap '' INT TERM HUP
read -r end
"$1/pg_ctl" -D "$2/data" -m fast -w stop
rm -rf -- "$2""#;

/// Whether there is PostgreSQL to start; says so in one line where there is none. Where [`REQUIRED`]
/// is 1 there has to be: starting it says what is wrong.
#[must_use]
pub fn can_start() -> bool {
    let is_required = std::env::var(REQUIRED).as_deref() == Ok("1");
    if is_required || Programs::find().is_ok() {
        return true;
    }
    // Past the harness, which keeps what a passing test prints to itself.
    let line = "skipped: PostgreSQL is not installed (sudo apt-get install postgresql)";
    let _ = writeln!(std::io::stderr(), "{line}");
    false
}

/// Whether what is committed survives a crash of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speed {
    /// Everything reaches the disk before it is acknowledged, as in production.
    Durable,
    /// Nothing is waited for: for tests that only ask what a statement does.
    Fast,
}

/// A running cluster.
#[derive(Debug)]
pub struct Cluster {
    programs: Programs,
    folder: PathBuf,
    port: u16,
    password: String,
    watcher: Child,
    /// Closed to stop it.
    lifeline: Option<ChildStdin>,
    /// Held while it is restarted.
    restarting: Mutex<()>,
}

impl Cluster {
    /// Makes a cluster and starts it. Takes some seconds.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, or what it says.
    pub fn start(speed: Speed) -> Result<Self> {
        let programs = Programs::find()?;
        let folder = programs.folder()?;
        let mut watcher = programs
            .command("sh")
            .args(["-c", WATCH, "watch"])
            .args([&programs.bin, &folder])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting what stops the cluster at the end")?;
        let lifeline = watcher.stdin.take();
        let mut cluster = Self {
            programs,
            folder,
            port: 0,
            password: Key32::random()?.to_hex_secret().expose().clone(),
            watcher,
            lifeline,
            restarting: Mutex::default(),
        };
        cluster.init(speed)?;
        cluster.listen()?;
        cluster.prepare()?;
        Ok(cluster)
    }

    /// The process that all others of the cluster are children of.
    ///
    /// # Errors
    /// When it does not run.
    pub fn pid(&self) -> Result<u32> {
        let file = std::fs::read_to_string(self.data().join("postmaster.pid"))?;
        let first = file.lines().next().unwrap_or_default();
        first.trim().parse().context("the number of the process")
    }

    /// A database whose owner may create databases.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_of(OWNER, OWNER)
    }

    /// Makes an empty database, and says where it is.
    ///
    /// # Errors
    /// When there is one of this name, or it is no plain name.
    pub fn database(&self, name: &str) -> Result<String> {
        let is_plain = name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        ensure!(is_plain && !name.is_empty(), "{name} is no plain name");
        self.run(&self.url(), &format!("CREATE DATABASE \"{name}\""))
            .with_context(|| format!("making the database {name}"))?;
        Ok(self.url_of(OWNER, name))
    }

    /// Stops every process of the cluster at once, as a crash would, and starts it again; returns
    /// when it has recovered.
    ///
    /// # Errors
    /// What PostgreSQL says.
    pub fn restart_immediate(&self) -> Result<()> {
        let _alone = self
            .restarting
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (data, log) = (self.data(), self.log_file());
        let args = [
            OsStr::new("restart"),
            "-D".as_ref(),
            data.as_os_str(),
            // Without it the cluster would hold on to our pipe.
            "-l".as_ref(),
            log.as_os_str(),
            "-m".as_ref(),
            "immediate".as_ref(),
        ];
        self.programs
            .run("pg_ctl", &args)
            .with_context(|| self.log())
            .context("restarting the cluster")?;
        Ok(())
    }

    /// The version, as `15.18`.
    ///
    /// # Errors
    /// What PostgreSQL says.
    pub fn version(&self) -> Result<String> {
        let url = self.url();
        aside(|| {
            let row = Client::connect(&url, NoTls)?.query_one("SHOW server_version", &[])?;
            let text: String = row.try_get(0)?;
            Ok(text.split(' ').next().unwrap_or_default().to_owned())
        })
    }

    fn init(&self, speed: Speed) -> Result<()> {
        let password = self.folder.join("password");
        self.programs.write(&password, &self.password)?;
        let (data, pwfile) = (self.data(), option("--pwfile=", &password));
        let args = [
            "--pgdata".as_ref(),
            data.as_os_str(),
            pwfile.as_ref(),
            "--username=postgres".as_ref(),
            // In clear text, on this machine alone: the exchange that hides it costs every
            // connection of a test a tenth of a second.
            "--auth=password".as_ref(),
            "--locale=C".as_ref(),
            "--encoding=UTF8".as_ref(),
            "--no-sync".as_ref(),
        ];
        self.programs
            .run("initdb", &args)
            .context("making the cluster")?;
        let mut settings = format!(
            "\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{}'\n\
             max_connections = 400\nshared_buffers = 128MB\nmax_wal_size = 1GB\njit = off\n\
             logging_collector = off\nlog_min_messages = warning\ntimezone = 'UTC'\n",
            self.folder.display()
        );
        if speed == Speed::Fast {
            settings.push_str("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n");
        }
        OpenOptions::new()
            .append(true)
            .open(data.join("postgresql.conf"))
            .and_then(|mut file| file.write_all(settings.as_bytes()))
            .context("writing the settings of the cluster")
    }

    fn listen(&mut self) -> Result<()> {
        let (data, log) = (self.data(), self.log_file());
        let mut last = anyhow!("not tried");
        for _ in 0..N_TRIES {
            self.port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
                .local_addr()?
                .port();
            let port = format!("-p {}", self.port);
            let args = [
                "start".as_ref(),
                "-D".as_ref(),
                data.as_os_str(),
                "-l".as_ref(),
                log.as_os_str(),
                "-o".as_ref(),
                OsStr::new(&port),
            ];
            match self.programs.run("pg_ctl", &args) {
                Ok(_) => return Ok(()),
                Err(error) => last = error.context(self.log()),
            }
        }
        Err(last.context("starting the cluster"))
    }

    fn prepare(&self) -> Result<()> {
        let statements = [
            format!(
                "CREATE ROLE {OWNER} LOGIN CREATEDB PASSWORD '{}'",
                self.password
            ),
            format!("CREATE DATABASE {OWNER} OWNER {OWNER}"),
        ];
        let url = self.url_of(PACKAGE_USER, PACKAGE_USER);
        for statement in statements {
            self.run(&url, &statement)
                .context("preparing the cluster")?;
        }
        Ok(())
    }

    fn run(&self, url: &str, statement: &str) -> Result<()> {
        aside(|| Ok(Client::connect(url, NoTls)?.batch_execute(statement)?))
    }

    fn url_of(&self, user: &str, database: &str) -> String {
        let Self { password, port, .. } = self;
        format!("postgres://{user}:{password}@127.0.0.1:{port}/{database}")
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn log_file(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// What the cluster said so far.
    fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        let _ = self.watcher.wait();
    }
}

/// PostgreSQL's programs, and who runs them.
#[derive(Clone, Debug)]
struct Programs {
    bin: PathBuf,
    /// PostgreSQL refuses to run as root.
    as_package_user: bool,
}

impl Programs {
    /// The newest version of Debian's packages, or what is on the path.
    fn find() -> Result<Self> {
        let debian = std::fs::read_dir(DEBIAN).into_iter().flatten().flatten();
        let mut versions: Vec<(u32, PathBuf)> = debian
            .filter_map(|entry| {
                let version = entry.file_name().to_str()?.parse().ok()?;
                Some((version, entry.path().join("bin")))
            })
            .collect();
        versions.sort();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let bin = versions
            .into_iter()
            .rev()
            .map(|(_, bin)| bin)
            .chain(std::env::split_paths(&path))
            .find(|bin| {
                bin.join("initdb").is_file() && bin.join("pg_ctl").is_file()
            })
            .context("PostgreSQL is not installed: sudo apt-get install postgresql, or set LINGTAI_TEST_POSTGRES to a server of your own")?;
        let id = Command::new("id").arg("-u").output().context("who am I")?;
        Ok(Self {
            bin,
            as_package_user: id.stdout == b"0\n",
        })
    }

    /// A new folder that only the cluster's user can enter.
    fn folder(&self) -> Result<PathBuf> {
        let mut said = String::new();
        for parent in [
            std::env::temp_dir(),
            PathBuf::from("/tmp"),
            PathBuf::from("/var/tmp"),
        ] {
            if parent.as_os_str().len() > MAX_FOLDER_BYTES {
                continue;
            }
            let made = self
                .command("mktemp")
                .args(["-d", "-p"])
                .arg(&parent)
                .arg("lingtai-postgres-XXXXXXXX")
                .output()?;
            let text = String::from_utf8_lossy(&made.stdout);
            if made.status.success() {
                return Ok(PathBuf::from(text.trim_end()));
            }
            let _ = write!(said, "{}", String::from_utf8_lossy(&made.stderr));
        }
        bail!("no folder for the cluster: {said}")
    }

    /// A command as the cluster's user, where everybody may be.
    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = if self.as_package_user {
            let mut command = Command::new("setpriv");
            let to = format!("--reuid={PACKAGE_USER}");
            let with = format!("--regid={PACKAGE_USER}");
            command.args([&to, &with, "--init-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir("/").env("LC_ALL", "C");
        command
    }

    /// Writes a file that only the cluster's user can read.
    fn write(&self, path: &Path, text: &str) -> Result<()> {
        let mut child = self
            .command("sh")
            .args(["-c", "umask 077; cat > \"$1\"", "write"])
            .arg(path)
            .stdin(Stdio::piped())
            .spawn()?;
        let mut stdin = child.stdin.take().context("its standard input")?;
        stdin.write_all(text.as_bytes())?;
        drop(stdin);
        ensure!(child.wait()?.success(), "{} is not written", path.display());
        Ok(())
    }

    fn run(&self, program: &str, args: &[&OsStr]) -> Result<Output> {
        let output = self
            .command(self.bin.join(program))
            .args(args)
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("running {program}"))?;
        ensure!(
            output.status.success(),
            "{program}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(output)
    }
}

fn option(name: &str, path: &Path) -> String {
    format!("{name}{}", path.display())
}

/// Runs something on a thread of its own, because the client must not block an asynchronous one.
fn aside<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    thread::scope(|scope| scope.spawn(work).join())
        .unwrap_or_else(|_| bail!("the client of PostgreSQL panicked"))
}
