//! A private PostgreSQL for tests: `with-postgres` of the scenarios makes and ends it.

use std::{path::PathBuf, process::Command};

use crate::{setup, step};

/// Names a server of one's own; then no private one is made.
const SERVER: &str = "LINGTAI_TEST_POSTGRES";
/// Makes tests that need a server fail without one, instead of being left out.
const REQUIRED: &str = "LINGTAI_TEST_POSTGRES_REQUIRED";

/// Keeps one until it is interrupted.
pub(crate) fn run() -> anyhow::Result<()> {
    setup::postgresql()?;
    step::run(
        "build what keeps it",
        &mut step::cargo(["build", "--package", "scenarios", "--bin", "with-postgres"]),
    )?;
    let program = program()?;
    let status = step::command::<&str>(&program.to_string_lossy(), []).status()?;
    anyhow::ensure!(status.success(), "PostgreSQL ended: {status}");
    Ok(())
}

/// `cargo` with these arguments beside a private PostgreSQL; everything is built already.
pub(crate) fn beside(args: &[&str]) -> anyhow::Result<Command> {
    let mut cargo = step::cargo(args);
    if std::env::var_os(SERVER).is_some() {
        cargo.env(REQUIRED, "1");
        return Ok(cargo);
    }
    if cfg!(windows) {
        println!("Tests with PostgreSQL are left out: {SERVER} names no server.");
        return Ok(cargo);
    }
    let mut beside = step::command::<&str>(&program()?.to_string_lossy(), []);
    beside.arg("--").arg(cargo.get_program()).args(args);
    Ok(beside)
}

fn program() -> anyhow::Result<PathBuf> {
    Ok(step::bin_dir()?.join("with-postgres"))
}
