//! A shop with a running server, accounts and the sample knowledge.

use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
    time::SystemTime,
};

use anyhow::{Context, Result};
use lt_model::agent::{Agent, Role, SkillGroup};
use lt_protocol::{
    api::{ImportReport, NewAgent, SetupRequest, SetupResponse},
    enrol::Enrolment,
};
use lt_seal::Secret;
use lt_server::{
    DataDir, Running, ServeConfig, Transport,
    cli::admin::{Admin, post_open},
    start,
};
use tempfile::TempDir;

/// Password of every account of the shop.
pub const PASSWORD: &str = "scenario-passphrase-1";
/// Name of its administrator.
pub const ADMIN: &str = "dianzhang";

fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// An address on this machine, with a port below those that systems give away by themselves: it is still
/// free when a server comes back to it. No other shop of this process is given it.
fn free_address() -> Result<SocketAddr> {
    const FIRST: u64 = 20_000;
    const N_PORTS: u64 = 10_000;
    static N_LOOKED_AT: AtomicU64 = AtomicU64::new(0);
    let start = u64::from(std::process::id()) * 31;
    let found = (0..N_PORTS).find_map(|_| {
        let n = start + N_LOOKED_AT.fetch_add(1, Ordering::Relaxed);
        let port = u16::try_from(FIRST + n % N_PORTS).ok()?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        TcpListener::bind(address).is_ok().then_some(address)
    });
    found.context("a free port")
}

/// A shop.
pub struct Shop {
    folder: TempDir,
    listen: SocketAddr,
    transport: Transport,
    running: Option<Running>,
    connectors: Option<PathBuf>,
    /// How desktops reach it.
    pub enrolment: Enrolment,
    /// Key of its chat page.
    pub inbox: String,
}

impl Shop {
    /// A shop that is set up, knows the sample FAQ, and serves over TLS on a free port.
    ///
    /// # Errors
    /// What stopped it.
    pub async fn open() -> Result<Self> {
        Self::open_with(None).await
    }

    /// The same, over plain HTTP: what is on the way can be looked into.
    ///
    /// # Errors
    /// What stopped it.
    pub async fn open_plain() -> Result<Self> {
        Self::open_over(Transport::LoopbackHttp, None).await
    }

    /// The same, with connectors configured as this JSON says.
    ///
    /// # Errors
    /// What stopped it.
    pub async fn open_with(connectors: Option<&str>) -> Result<Self> {
        Self::open_over(Transport::Tls, connectors).await
    }

    async fn open_over(transport: Transport, connectors: Option<&str>) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("server");
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        tokio::task::spawn_blocking(move || DataDir::new(data).create(&names, now())).await??;
        let mut shop = Self {
            listen: free_address()?,
            transport,
            enrolment: Enrolment::Loopback { url: String::new() },
            inbox: String::new(),
            running: None,
            connectors: None,
            folder,
        };
        if let Some(json) = connectors {
            let file = shop.folder.path().join("connectors.json");
            std::fs::write(&file, json)?;
            shop.connectors = Some(file);
        }
        let code = shop
            .start()
            .await?
            .context("a new server has a set-up code")?;
        shop.set_up(code).await?;
        Ok(shop)
    }

    /// Starts the server, on the port it had before; gives the set-up code of a new one.
    ///
    /// # Errors
    /// What stopped it.
    pub async fn start(&mut self) -> Result<Option<Secret<String>>> {
        let mut running = start(ServeConfig {
            data: self.data(),
            listen: self.listen,
            transport: self.transport,
            public_url: None,
            database: None,
            connectors: self.connectors.clone(),
            encoder: None,
            uploads: lt_backoffice::DayBytes::default(),
        })
        .await?;
        self.listen = running.addr;
        self.enrolment = running.enrolment.clone();
        let code = running.setup_code.take();
        self.running = Some(running);
        Ok(code)
    }

    /// Where it listens, or did last.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.listen
    }

    /// Stops the server, as an administrator would.
    pub async fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.shutdown().await;
        }
    }

    /// The server's data folder.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("server")
    }

    /// A folder for a desktop of this name.
    #[must_use]
    pub fn desk_folder(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn set_up(&mut self, code: Secret<String>) -> Result<()> {
        let server = self.enrolment.clone();
        let request = SetupRequest {
            code: code.expose().clone(),
            organisation: "聆选旗舰店".to_owned(),
            username: ADMIN.to_owned(),
            display_name: "店长".to_owned(),
            password: PASSWORD.to_owned(),
            assign: Some(lt_model::routing::Assign::Pick),
        };
        let made =
            tokio::task::spawn_blocking(move || post_open(&server, "/api/v1/setup", &request))
                .await??;
        self.inbox = serde_json::from_slice::<SetupResponse>(&made)?.inbox_key;
        let report: ImportReport = self
            .admin(|admin| {
                let lines = lt_backoffice::sample::FAQ_JSONL.as_bytes();
                Ok(serde_json::from_slice(&admin.call(
                    "POST",
                    "/api/v1/faq/import",
                    lines,
                )?)?)
            })
            .await?;
        anyhow::ensure!(report.errors.is_empty() && report.added > 0, "{report:?}");
        Ok(())
    }

    /// Does something as the administrator.
    ///
    /// # Errors
    /// What it fails with.
    pub async fn admin<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Admin) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let server = self.enrolment.clone();
        tokio::task::spawn_blocking(move || {
            let admin = Admin::sign_in(&server, ADMIN, &Secret::new(PASSWORD.to_owned()))?;
            let done = act(&admin)?;
            admin.sign_out()?;
            Ok(done)
        })
        .await?
    }

    /// An account that works in the groups that take these top categories.
    ///
    /// # Errors
    /// What the server refuses.
    pub async fn hire(
        &self,
        username: &str,
        name: &str,
        role: Role,
        takes: &[&str],
    ) -> Result<Agent> {
        let username = username.to_owned();
        let display_name = name.to_owned();
        let takes: Vec<String> = takes.iter().map(|&category| category.to_owned()).collect();
        self.admin(move |admin| {
            let groups: Vec<SkillGroup> =
                serde_json::from_slice(&admin.call("GET", "/api/v1/groups", b"")?)?;
            let groups = groups
                .iter()
                .filter(|group| {
                    group
                        .categories
                        .iter()
                        .any(|category| takes.contains(category))
                })
                .map(|group| group.id)
                .collect();
            admin.post(
                "/api/v1/agents",
                &NewAgent {
                    username,
                    display_name,
                    password: PASSWORD.to_owned(),
                    role,
                    groups,
                    capacity: 8,
                },
            )
        })
        .await
    }
}
