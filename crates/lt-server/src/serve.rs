//! Starts a server in this process, and stops it.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use axum_server::{
    Handle,
    accept::NoDelayAcceptor,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use lt_backoffice::{Backoffice, Config, DayBytes};
use lt_engine::encoder::Encoder;
use lt_protocol::enrol::Enrolment;
use lt_seal::Secret;
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
};

use crate::{
    DataDir, ServeError,
    app::{App, now},
    connect, http, pki,
};

/// What open connections get to finish when the server stops.
const GRACE: Duration = Duration::from_secs(5);
/// A connection must send its request's head within this time.
const HEADER_WITHIN: Duration = Duration::from_secs(15);
/// A certificate that ends sooner is worth a warning.
const RENEW_WITHIN_DAYS: i64 = 30;

/// How to serve.
#[derive(Clone, Debug)]
pub struct ServeConfig {
    /// The initialised folder.
    pub data: PathBuf,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Plain HTTP or TLS.
    pub transport: Transport,
    /// How desktops reach the server, where that is not its first name and its port.
    pub public_url: Option<String>,
    /// The PostgreSQL database that several servers share; the folder's own file without it.
    pub database: Option<Secret<String>>,
    /// The file that configures connectors.
    pub connectors: Option<PathBuf>,
    /// The folder of a sentence encoder; none leaves it off.
    pub encoder: Option<PathBuf>,
    /// How much one person may upload in a day.
    pub uploads: DayBytes,
}

/// What carries the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// TLS 1.3 or 1.2 with the folder's own certificate.
    Tls,
    /// Plain HTTP, inside one machine only.
    LoopbackHttp,
}

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    /// What to give to desktops.
    pub enrolment: Enrolment,
    /// The one-time set-up code, while there is no administrator.
    pub setup_code: Option<Secret<String>>,
    handle: Handle<SocketAddr>,
    stop: watch::Sender<bool>,
    sockets: mpsc::Receiver<()>,
    task: JoinHandle<io::Result<()>>,
    gone: Option<oneshot::Receiver<()>>,
}

impl Running {
    /// The address as a URL on this machine.
    #[must_use]
    pub fn local_url(&self) -> String {
        let scheme = match self.enrolment {
            Enrolment::Tls { .. } => "https",
            Enrolment::Loopback { .. } => "http",
        };
        let host = if self.addr.ip().is_unspecified() {
            "127.0.0.1".to_owned()
        } else if self.addr.is_ipv6() {
            format!("[{}]", self.addr.ip())
        } else {
            self.addr.ip().to_string()
        };
        format!("{scheme}://{host}:{}", self.addr.port())
    }

    /// Waits until the server ends by itself, which only an error makes it do.
    ///
    /// # Errors
    /// [`ServeError::Stopped`].
    pub async fn ended(&mut self) -> ServeError {
        match (&mut self.task).await {
            Ok(Ok(())) => ServeError::Stopped("it was told to".to_owned()),
            Ok(Err(error)) => ServeError::Stopped(error.to_string()),
            Err(error) => ServeError::Stopped(error.to_string()),
        }
    }

    /// Stops: sockets hear a good-bye, requests may finish, and the folder is let go.
    pub async fn shutdown(mut self) {
        // Nobody listens any more when all sockets have gone already.
        let _ = self.stop.send(true);
        self.handle.graceful_shutdown(Some(GRACE));
        // `None` comes when the last socket has let go of its end.
        let farewells = async { while self.sockets.recv().await.is_some() {} };
        let _ = tokio::time::timeout(GRACE, farewells).await;
        if !self.task.is_finished() {
            let _ = tokio::time::timeout(GRACE, &mut self.task).await;
        }
        // What is still held by work on another thread lets go when that is done.
        if let Some(gone) = self.gone {
            let _ = tokio::time::timeout(GRACE, gone).await;
        }
    }
}

/// Starts a server.
///
/// # Errors
/// [`ServeError`], before anything listens.
pub async fn start(config: ServeConfig) -> Result<Running, ServeError> {
    if config.transport == Transport::LoopbackHttp && !config.listen.ip().is_loopback() {
        return Err(ServeError::NotLoopback(config.listen));
    }
    let data = DataDir::new(&config.data);
    let root_key = data.root_key()?;
    let listener = listen(config.listen)?;
    let addr = listener.local_addr().map_err(listen_error(config.listen))?;
    let tls = match config.transport {
        Transport::Tls => Some(pki::server_config(&data)?),
        Transport::LoopbackHttp => None,
    };
    let enrolment = enrolment(&data, &config, addr.port())?;

    let connectors = match &config.connectors {
        Some(file) => Some(connect::open(file, &root_key)?),
        None => None,
    };
    let (database, encoder, uploads) = (config.database, config.encoder, config.uploads);
    let public_url = match &enrolment {
        Enrolment::Tls { url, .. } | Enrolment::Loopback { url } => url.clone(),
    };
    let post = crate::alerts::over_network();
    let opened = tokio::task::spawn_blocking(move || {
        let made = Config {
            connectors,
            post: Some(post),
            public_url: Some(public_url),
            uploads,
            ..Config::default()
        };
        open(&data, &root_key, database.as_ref(), made, encoder)
    })
    .await
    .map_err(|error| ServeError::Stopped(error.to_string()))??;
    let (backoffice, setup_code) = opened;

    let (stop, stopping) = watch::channel(false);
    let (alive, sockets) = mpsc::channel(1);
    let gone = backoffice.gone();
    let app = Arc::new(App::new(backoffice, stopping, alive, tls.is_some()));
    tokio::spawn(crate::learn::when_due(Arc::clone(&app)));
    tokio::spawn(crate::numbers::always(Arc::clone(&app)));
    tokio::spawn(crate::numbers::reports(Arc::clone(&app)));
    tokio::spawn(crate::clock::run(Arc::clone(&app)));
    tokio::spawn(crate::clock::answer_left(Arc::clone(&app)));
    tokio::spawn(crate::alerts::watch(Arc::clone(&app)));
    tokio::spawn(crate::alerts::send(Arc::clone(&app)));
    tokio::spawn(crate::surge::listen(Arc::clone(&app)));
    tokio::spawn(crate::survey::run(Arc::clone(&app)));
    tokio::spawn(crate::quality::run(Arc::clone(&app)));
    tokio::spawn(crate::care::when_quiet(Arc::clone(&app)));
    let service = http::router(app).into_make_service_with_connect_info::<SocketAddr>();
    let handle = Handle::new();
    let listening = listen_error(addr);
    let mut plain = axum_server::from_tcp(listener)
        .map_err(listening)?
        .handle(handle.clone())
        .first_request_timeout(HEADER_WITHIN);
    plain
        .http_builder()
        .http1()
        .header_read_timeout(Some(HEADER_WITHIN));
    let task = match tls {
        Some(tls) => {
            let acceptor = RustlsAcceptor::new(RustlsConfig::from_config(tls))
                .acceptor(NoDelayAcceptor::new());
            tokio::spawn(plain.acceptor(acceptor).serve(service))
        }
        None => tokio::spawn(plain.acceptor(NoDelayAcceptor::new()).serve(service)),
    };
    tracing::info!(port = addr.port(), "listening");
    Ok(Running {
        addr,
        enrolment,
        setup_code,
        handle,
        stop,
        sockets,
        task,
        gone,
    })
}

type Opened = (Arc<Backoffice>, Option<Secret<String>>);

fn open(
    data: &DataDir,
    root_key: &lt_seal::Key32,
    database: Option<&Secret<String>>,
    made: Config,
    encoder: Option<PathBuf>,
) -> Result<Opened, ServeError> {
    warn_of_expiry(data);
    let encoder = encoder.map(|folder| Encoder::open(&folder)).transpose()?;
    let config = Config {
        encoder: encoder.map(Arc::new),
        ..made
    };
    let backoffice = crate::offline::open(data, root_key, database, config)?;
    let setup_code = backoffice
        .set_up_code(now())
        .map_err(|error| ServeError::Database(error.to_string()))?;
    // Customers who wrote before a restart are answered first.
    let resumed = backoffice
        .resume(now())
        .map_err(|error| ServeError::Database(error.to_string()))?;
    if resumed > 0 {
        tracing::info!(conversations = resumed, "took up unanswered conversations");
    }
    Ok((backoffice, setup_code))
}

fn warn_of_expiry(data: &DataDir) {
    if let Ok(issued) = data.issued() {
        let days = (issued.not_after - now()) / 86_400_000;
        if days < RENEW_WITHIN_DAYS {
            tracing::warn!(
                days,
                "the server's certificate ends soon: run `lingtai renew`"
            );
        }
    }
}

fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    let listener = TcpListener::bind(address).map_err(listen_error(address))?;
    listener
        .set_nonblocking(true)
        .map_err(listen_error(address))?;
    Ok(listener)
}

fn listen_error(address: SocketAddr) -> impl FnOnce(io::Error) -> ServeError {
    move |source| match source.kind() {
        io::ErrorKind::AddrInUse => ServeError::PortTaken(address),
        _ => ServeError::Listen { address, source },
    }
}

fn enrolment(data: &DataDir, config: &ServeConfig, port: u16) -> Result<Enrolment, ServeError> {
    match config.transport {
        Transport::Tls => enrolment_code(data, config.public_url.as_deref(), port),
        Transport::LoopbackHttp => {
            let host = match config.listen {
                SocketAddr::V4(v4) => v4.ip().to_string(),
                SocketAddr::V6(v6) => format!("[{}]", v6.ip()),
            };
            Enrolment::loopback(&format!("http://{host}:{port}"))
                .map_err(|_| ServeError::NotLoopback(config.listen))
        }
    }
}

/// The enrolment code of a folder.
///
/// # Errors
/// [`ServeError::Certificate`] when the authority's certificate is missing, or the address is not
/// one that can be enrolled at.
pub fn enrolment_code(
    data: &DataDir,
    public_url: Option<&str>,
    port: u16,
) -> Result<Enrolment, ServeError> {
    let ca = pki::certificate(&data.ca_pem())?;
    let url = match public_url {
        Some(url) => url.to_owned(),
        None => {
            let names = data.issued()?.names;
            let name = names.first().map_or("localhost", String::as_str);
            if name.contains(':') {
                format!("https://[{name}]:{port}")
            } else {
                format!("https://{name}:{port}")
            }
        }
    };
    Enrolment::tls(&url, ca.as_ref()).map_err(|error| ServeError::Certificate {
        path: data.ca_pem(),
        why: format!("{url}: {error}"),
    })
}
