//! A desk after a year: its commands, and its window.

use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::{setup, step, test::node_under_display};

/// Opens the store that the benchmark made.
const PASSPHRASE: &str = "passphrase of the desk";

/// Builds as shipped, fills a store, asks every command, and opens the window over the same store.
pub(super) fn run(seed: Option<u64>) -> anyhow::Result<()> {
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
    let programs = step::bin_dir()?.with_file_name("release");
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
    let commands = last_line(bench);
    let mut script = node_under_display(
        "tests/e2e/paint.mjs",
        &[&folder.to_string_lossy(), PASSPHRASE],
    )?;
    script.env("LINGTAI_BIN_DIR", &programs);
    let window = last_line(script);
    std::fs::remove_dir_all(&folder).context("removing the store")?;
    // The window is looked at too where a command missed its promise.
    let (commands, window) = (commands?, window?);
    println!("{{\"name\": \"desk\", \"desk\": {commands}, \"window\": {window}}}");
    Ok(())
}

/// Runs a program, shows what it says, and gives its last line.
fn last_line(mut command: Command) -> anyhow::Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("starting {program}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    print!("{text}");
    ensure!(output.status.success(), "{program}: {}", output.status);
    let last = text.lines().rev().find(|line| !line.trim().is_empty());
    Ok(last.unwrap_or_default().to_owned())
}
