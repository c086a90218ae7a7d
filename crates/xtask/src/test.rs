//! Everything that must hold, in one command. CI runs only this.

use std::{path::PathBuf, process::Command};

use anyhow::Context;

use crate::{bindings, postgres, setup, step};

/// Version of cargo-deny that reads deny.toml.
const DENY: &str = "0.20.2";

/// Names the seed of the cases that property tests draw.
const SEED: &str = "PROPTEST_RNG_SEED";
/// The one of every run that names no other: what passed once passes again.
const USUAL_SEED: &str = "20260101";

/// All checks and all tests; `all` adds those of features that everyday builds leave out.
pub(crate) fn run(no_e2e: bool, all: bool) -> anyhow::Result<()> {
    let mut steps = Steps::default();
    static_checks(&mut steps)?;
    steps.run("UI tests", &mut step::npm(["run", "test"]))?;
    steps.run(
        "build everything",
        &mut step::cargo(["build", "--workspace", "--all-targets"]),
    )?;
    steps.run(
        "Rust tests, beside a private PostgreSQL",
        seeded(&mut postgres::beside(&[
            "test",
            "--workspace",
            "--no-fail-fast",
        ])?),
    )?;
    if all {
        steps.run(
            "the engine with the sentence encoder",
            seeded(&mut step::cargo([
                "test",
                "-p",
                "lt-engine",
                "--features",
                "encoder",
            ])),
        )?;
    }
    if !no_e2e {
        for (title, script) in END_TO_END {
            steps.run(title, &mut node_under_display(script, &[])?)?;
        }
    }
    println!("\n{} passed, 0 failed", steps.passed);
    Ok(())
}

/// Tests that draw the same cases in each run; others where the environment names a seed.
fn seeded(tests: &mut Command) -> &mut Command {
    let seed = std::env::var(SEED).unwrap_or_else(|_| USUAL_SEED.to_owned());
    println!("\nProperty tests draw their cases by {SEED}={seed}.");
    tests.env(SEED, seed)
}

/// All checks that run no test.
pub(crate) fn check() -> anyhow::Result<()> {
    let mut steps = Steps::default();
    static_checks(&mut steps)?;
    println!("\n{} passed, 0 failed", steps.passed);
    Ok(())
}

/// The end-to-end tests: what they play, and their scripts.
const END_TO_END: &[(&str, &str)] = &[
    (
        "end to end: the chat page in a browser",
        "tests/e2e/widget.e2e.mjs",
    ),
    (
        "end to end: the console's screens over the real handlers",
        "tests/e2e/console.e2e.mjs",
    ),
    (
        "end to end: a ticket through two departments",
        "tests/e2e/tickets.e2e.mjs",
    ),
    (
        "end to end: from the queue to resolved without a mouse",
        "tests/e2e/keyboard.e2e.mjs",
    ),
    (
        "end to end: pictures and files, both ways",
        "tests/e2e/files.e2e.mjs",
    ),
    (
        "end to end: the numbers, behind them, out of them, and on a wall",
        "tests/e2e/metrics.e2e.mjs",
    ),
    (
        "end to end: what is sampled is scored, appealed against and decided",
        "tests/e2e/quality.e2e.mjs",
    ),
    ("end to end: the real window", "tests/e2e/shell.e2e.mjs"),
    (
        "end to end: a lead's alerts in the real windows",
        "tests/e2e/alerts.e2e.mjs",
    ),
    (
        "end to end: the key in a real keychain",
        "tests/e2e/keychain.e2e.mjs",
    ),
];

/// Counts what passed.
#[derive(Default)]
struct Steps {
    passed: u32,
}

impl Steps {
    fn run(&mut self, title: &str, command: &mut Command) -> anyhow::Result<()> {
        step::run(title, command)?;
        self.passed += 1;
        Ok(())
    }
}

fn static_checks(steps: &mut Steps) -> anyhow::Result<()> {
    setup::run()?;
    steps.run("format", &mut step::cargo(["fmt", "--all", "--check"]))?;
    bindings::run(true)?;
    steps.run("UI types", &mut step::npm(["run", "typecheck"]))?;
    steps.run("UI lint", &mut step::npm(["run", "lint"]))?;
    // The shell embeds ui/dist, so it must be there before anything compiles the shell.
    steps.run("UI build", &mut step::npm(["run", "build"]))?;
    steps.run(
        "clippy",
        &mut step::cargo([
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]),
    )?;
    let deny = deny()?;
    // Advisories need the network of a vulnerability database; these three need none.
    steps.run(
        "licences, bans and sources",
        &mut step::command(
            &deny.to_string_lossy(),
            ["check", "bans", "licenses", "sources"],
        ),
    )
}

/// cargo-deny: the one on the path if its version fits, else one built into the tools folder.
fn deny() -> anyhow::Result<PathBuf> {
    let fits = |program: &PathBuf| {
        Command::new(program)
            .arg("--version")
            .output()
            .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(DENY))
    };
    let on_path = PathBuf::from("cargo-deny");
    if fits(&on_path) {
        return Ok(on_path);
    }
    let target = step::bin_dir()?
        .parent()
        .context("the target folder has no parent")?
        .to_owned();
    let tools = target.join("tools");
    let program = tools.join("bin").join(if cfg!(windows) {
        "cargo-deny.exe"
    } else {
        "cargo-deny"
    });
    if !fits(&program) {
        let mut install = step::cargo([
            "install",
            "--locked",
            "--debug",
            "cargo-deny",
            "--version",
            DENY,
            "--root",
        ]);
        install
            .arg(&tools)
            .env("CARGO_TARGET_DIR", tools.join("build"));
        step::run("build cargo-deny once", &mut install)?;
    }
    Ok(program)
}

/// A Node script with the built programs at hand, under a private display and session bus where
/// there is a way to make them.
pub(crate) fn node_under_display(script: &str, args: &[&str]) -> anyhow::Result<Command> {
    let mut command = if cfg!(target_os = "linux") {
        step::command("bash", ["tests/e2e/run.sh", "node", script])
    } else {
        step::command("node", [script])
    };
    command.args(args).env("LINGTAI_BIN_DIR", step::bin_dir()?);
    Ok(command)
}
