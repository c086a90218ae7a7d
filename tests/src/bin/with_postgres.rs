//! `with-postgres -- COMMAND…`: runs a command beside a private PostgreSQL, which it finds in
//! `LINGTAI_TEST_POSTGRES`; without a command, keeps one until it is interrupted.

#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks on standard output"
)]

use std::process::{Command, ExitCode};

use anyhow::{Context, bail};
use scenarios::postgres::{Cluster, REQUIRED, SERVER, Speed};

fn main() -> anyhow::Result<ExitCode> {
    let mut args = std::env::args_os().skip(1);
    let command = match args.next() {
        None => None,
        Some(dashes) if dashes == "--" => Some(args.next().context("which command?")?),
        Some(_) => bail!("usage: with-postgres [-- COMMAND…]"),
    };
    let cluster = Cluster::start(Speed::Fast)?;
    let Some(program) = command else {
        println!(
            "PostgreSQL {} runs until Ctrl+C:\n\nexport {SERVER}={}",
            cluster.version()?,
            cluster.url()
        );
        loop {
            // An interrupt ends this process; the cluster follows it.
            std::thread::park();
        }
    };
    let status = Command::new(&program)
        .args(args)
        .env(SERVER, cluster.url())
        .env(REQUIRED, "1")
        .status()
        .with_context(|| format!("starting {}", program.to_string_lossy()))?;
    drop(cluster);
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
