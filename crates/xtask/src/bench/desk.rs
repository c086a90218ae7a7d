//! A desk after a year: its commands, and its window.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context, ensure};

use crate::{setup, step, test::node_under_display};

/// Opens the store that the benchmark made.
const PASSPHRASE: &str = "passphrase of the desk";
/// A store that is made in seconds, to see that every step works; its figures say nothing.
const SMALL: [&str; 10] = [
    "--conversations",
    "400",
    "--messages",
    "6000",
    "--longest",
    "500",
    "--tickets",
    "300",
    "--times",
    "12",
];

/// Builds as shipped, fills a store, asks every command, and opens the window over the same store.
/// A rehearsal takes what is built already and a small store.
pub(super) fn run(seed: Option<u64>, is_rehearsal: bool) -> anyhow::Result<()> {
    let programs = match is_rehearsal {
        true => step::bin_dir()?,
        false => build()?,
    };
    let folder = programs.join("bench-desk-store");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).context("removing the store of an earlier run")?;
    }
    let program = programs.join(format!("bench-desk{}", std::env::consts::EXE_SUFFIX));
    let mut bench = step::command(
        &program.to_string_lossy(),
        ["--keep", &folder.to_string_lossy()],
    );
    if let Some(seed) = seed {
        bench.args(["--seed", &seed.to_string()]);
    }
    if is_rehearsal {
        bench.args(SMALL);
    }
    println!("\n▶ the desk's commands");
    let commands = measured(bench)?;
    let mut script = node_under_display(
        "tests/e2e/paint.mjs",
        &[&folder.to_string_lossy(), PASSPHRASE],
    )?;
    script.env("LINGTAI_BIN_DIR", &programs);
    println!("\n▶ the desk's window, over the same store");
    // The window is looked at too where a command missed its promise.
    let window = measured(script)?;
    std::fs::remove_dir_all(&folder).context("removing the store")?;
    let ok = commands.ok && window.ok;
    println!(
        "{{\"name\": \"desk\", \"ok\": {ok}, \"desk\": {}, \"window\": {}}}",
        commands.json, window.json
    );
    ensure!(ok || is_rehearsal, "a promise was missed");
    Ok(())
}

/// Builds the benchmark and the desk as shipped; the folder of the programs.
fn build() -> anyhow::Result<PathBuf> {
    setup::run()?;
    step::run("UI build", &mut step::npm(["run", "build"]))?;
    step::run(
        "build the benchmark and the desk as shipped",
        &mut step::cargo([
            "build",
            "--release",
            "--package=scenarios",
            "--package=lingtai-desk",
            "--bin=bench-desk",
            "--bin=lingtai-desk",
        ]),
    )?;
    Ok(step::bin_dir()?.with_file_name("release"))
}

/// What a program measured.
struct Measured {
    /// Whether every promise was kept.
    ok: bool,
    /// Its figures.
    json: String,
}

/// Runs a program, shows what it says as it says it, and keeps the JSON object of its last line.
fn measured(mut command: Command) -> anyhow::Result<Measured> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .with_context(|| format!("starting {program}"))?;
    let said = child.stdout.take().context("it says nothing")?;
    let mut last: Option<String> = None;
    for line in BufReader::new(said).lines() {
        if let Some(earlier) = last.replace(line?) {
            println!("{earlier}");
        }
    }
    let status = child.wait()?;
    let json = last.unwrap_or_default();
    ensure!(
        json.starts_with('{'),
        "{program} gave no figures ({status}): {json}"
    );
    Ok(Measured {
        ok: status.success(),
        json,
    })
}
