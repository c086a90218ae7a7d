//! A loopback host of the console's command router, so that browser tests drive the real handlers
//! without a window system. It is never shipped.
//!
//! **Invariant:** it listens on 127.0.0.1 alone and answers only requests that name it as their
//! host, from pages of its own origin.

mod page;
mod recorder;
mod router;

use std::{net::Ipv4Addr, path::PathBuf, sync::Arc};

use anyhow::Context;
use clap::Parser;
use lt_console::Console;
use lt_store::keys::{MemorySecrets, NoSecrets, SecretStore};

use crate::recorder::Recorder;

/// Serves the console's screens and commands on the loopback address, for tests.
#[derive(Parser)]
struct Args {
    /// Data directory of the desk.
    #[arg(long)]
    data: PathBuf,
    /// Port; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Built pages.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/dist"))]
    ui: PathBuf,
    /// Keep keys in memory, as if the system had a keychain (forgotten at the end).
    #[arg(long, conflicts_with = "no_keychain")]
    memory_keychain: bool,
    /// There is no keychain: a passphrase is needed. This is the default.
    #[arg(long)]
    no_keychain: bool,
    /// Whether the window counts as looked at, at the start.
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    focused: bool,
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "scripts wait for this line")]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .init();
    let secrets: Arc<dyn SecretStore> = if args.memory_keychain {
        Arc::new(MemorySecrets::default())
    } else {
        Arc::new(NoSecrets)
    };
    let recorder = Recorder::new(args.focused);
    let console = Console::new(&args.data, secrets, Box::new(recorder.clone()));
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, args.port))
        .await
        .context("listening on the loopback address")?;
    let address = listener.local_addr().context("reading the own address")?;
    let app = router::router(console, recorder, args.ui, address.port())?;
    println!("listening on http://{address}");
    axum::serve(listener, app).await.context("serving")
}
