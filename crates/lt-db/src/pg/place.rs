//! Where the database is, and how connections to it are made.

use std::{fs, sync::Arc, time::Duration};

use postgres::{Client, NoTls};
use rustls::{ClientConfig, RootCertStore, pki_types::CertificateDer, pki_types::pem::PemObject};
use tokio::runtime;
use tokio_postgres::{
    Config,
    config::{Host, SslMode, TargetSessionAttrs},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use lt_seal::{Key32, derive};

use super::{link::PgLink, pipe::Pipe, schema};
use crate::error::{DbError, Result};

/// How long a connection may take to be made.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// A statement that takes longer is ended, and so is a wait for another process's act. Every statement
/// of ours has an index: a table that has grown since its statistics were taken would be read as a
/// whole otherwise.
const SETTINGS: &str = "-c statement_timeout=60000 -c lock_timeout=30000 \
     -c enable_seqscan=off -c random_page_cost=1.1 \
     -c idle_in_transaction_session_timeout=15000 -c synchronous_commit=on \
     -c client_min_messages=warning";
/// What writes holds the lock that the acts of all processes take by turns. A process that was stopped
/// in the middle of an act lets it go after so long, and the others wait a little longer than that.
const LIMITS_OF_ACTS: &str = "-c lock_timeout=8000 -c idle_in_transaction_session_timeout=5000";

/// A database of a PostgreSQL server.
pub(crate) struct Place {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    body_key: Key32,
}

impl Place {
    /// Reads the address, `postgres://user:password@host:port/database`. Outside of this machine the
    /// connection is TLS, and `sslrootcert=FILE` in the address names the authority that has to have
    /// certified the server.
    pub(crate) fn parse(url: &str, root: &Key32) -> Result<Self> {
        let (url, root_cert) = without_root_cert(url);
        let mut config: Config = url
            .parse()
            .map_err(|_| DbError::Address("it is not postgres://user@host:port/database"))?;
        if config.get_hosts().is_empty() {
            return Err(DbError::Address("it names no host"));
        }
        config
            .connect_timeout(CONNECT_WITHIN)
            .keepalives_idle(Duration::from_secs(20))
            .tcp_user_timeout(Duration::from_secs(20))
            .application_name("lingtai")
            // After a fail-over the address, or one of those in it, may lead to a standby.
            .target_session_attrs(TargetSessionAttrs::ReadWrite)
            .options(SETTINGS);
        let is_here = config.get_hosts().iter().all(is_this_machine);
        let tls = match root_cert {
            Some(file) => {
                config.ssl_mode(SslMode::Require);
                Some(MakeRustlsConnect::new(client_config(&file)?))
            }
            None if is_here => None,
            None => {
                return Err(DbError::Address(
                    "outside of this machine it needs sslrootcert=FILE, so that the connection is TLS",
                ));
            }
        };
        Ok(Self {
            config,
            tls,
            body_key: derive(root, "server/pg-body/v1", b""),
        })
    }

    /// A connection.
    pub(crate) fn client(&self) -> Result<Client> {
        let config = postgres::Config::from(self.config.clone());
        let client = match &self.tls {
            Some(tls) => config.connect(tls.clone()),
            None => config.connect(NoTls),
        };
        client.map_err(DbError::from)
    }

    /// A connection that serves tables to whoever reads.
    pub(crate) fn link(&self) -> Result<PgLink> {
        self.link_of(&self.config)
    }

    /// A connection for acts.
    pub(crate) fn writer(&self) -> Result<PgLink> {
        let mut config = self.config.clone();
        config.options(format!("{SETTINGS} {LIMITS_OF_ACTS}"));
        self.link_of(&config)
    }

    fn link_of(&self, config: &Config) -> Result<PgLink> {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let pipe = match &self.tls {
            Some(tls) => {
                let made = runtime.block_on(config.connect(tls.clone()))?;
                Pipe::new(runtime, made)
            }
            None => {
                let made = runtime.block_on(config.connect(NoTls))?;
                Pipe::new(runtime, made)
            }
        };
        Ok(PgLink::new(pipe, self.body_key.clone()))
    }

    /// Brings the schema up to date.
    pub(crate) fn migrate(&self) -> Result<()> {
        schema::migrate(&mut self.client()?)
    }
}

/// The address without what the library does not know, and the file that it named.
fn without_root_cert(url: &str) -> (String, Option<String>) {
    let Some((address, query)) = url.split_once('?') else {
        return (url.to_owned(), None);
    };
    let mut root_cert = None;
    let mut kept = Vec::new();
    for part in query.split('&') {
        match part.split_once('=') {
            Some(("sslrootcert", file)) => root_cert = Some(file.to_owned()),
            // What is asked for is the strictest one anyway.
            Some(("sslmode", "verify-full")) => {}
            _ => kept.push(part),
        }
    }
    if kept.is_empty() {
        return (address.to_owned(), root_cert);
    }
    (format!("{address}?{}", kept.join("&")), root_cert)
}

fn is_this_machine(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost"
                || name
                    .parse::<std::net::IpAddr>()
                    .is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

fn client_config(file: &str) -> Result<ClientConfig> {
    let bad = |_| DbError::Address("sslrootcert names no certificate in PEM form");
    let mut roots = RootCertStore::empty();
    let pem = fs::read(file)?;
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|_| DbError::Address("sslrootcert is not PEM"))?;
        roots.add(certificate).map_err(bad)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(bad)?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

#[cfg(all(test, feature = "raw"))]
mod tests;
