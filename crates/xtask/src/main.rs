//! `cargo xtask …`: every chore of the project, the same here and in CI.
//!
//! To add a chore: a variant of [`Cli`] with its sentence, and a module with a `run` function that
//! goes through [`step`], so that it prints what it does, how long it took, and stops at a failure.

#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks on standard output"
)]

mod bench;
mod bindings;
mod defaults;
mod demo;
mod postgres;
mod prove;
mod setup;
mod shots;
mod step;
mod test;
#[cfg(test)]
mod tidy;

use std::path::PathBuf;

use clap::Parser;

/// The project's chores.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Cli {
    /// Installs what is missing: system packages, and the packages of ui/.
    Setup,
    /// Plays the main job with real parts: a customer asks, the desk answers, online and offline.
    Demo {
        /// Keeps the server's data here; without it a temporary folder is used and removed.
        #[arg(long)]
        data: Option<PathBuf>,
        /// Port of the server on loopback; without it a free one.
        #[arg(long)]
        port: Option<u16>,
        /// Uses Xvfb although there is a display.
        #[arg(long)]
        headless: bool,
    },
    /// Formats, lints, checks and tests everything.
    Test {
        /// Leaves out the end-to-end tests.
        #[arg(long)]
        no_e2e: bool,
        /// Also tests what everyday builds leave out because it takes long to compile.
        #[arg(long)]
        all: bool,
    },
    /// Formats, lints and checks everything, without running a test.
    Check,
    /// Writes the TypeScript of the wire types into ui/src/ipc/generated.
    Bindings {
        /// Only compares, and fails where something differs.
        #[arg(long)]
        check: bool,
    },
    /// Makes the engine's shipped parameters anew from our own question packs, and says what changed.
    TrainDefaults,
    /// Measures speed and memory beside a naive twin; the last line is one JSON object.
    Bench {
        /// What.
        name: bench::Bench,
        /// Knowledge bases of 100,000 entries too.
        #[arg(long)]
        large: bool,
        /// Seed of what is made up.
        #[arg(long)]
        seed: Option<u64>,
        /// Goes through the steps of `desk` with what is built and little data.
        #[arg(long, hide = true)]
        rehearsal: bool,
    },
    /// Proves a promise, and fails where it is missed; the last line is one JSON object.
    Prove {
        /// Which.
        name: prove::Proof,
        #[command(flatten)]
        scale: Box<prove::Scale>,
    },
    /// Keeps a private PostgreSQL until Ctrl+C, and prints what tests need to find it.
    Postgres,
    /// Makes the screenshots of the console from the sample shop.
    Shots {
        /// Where they go.
        #[arg(long, default_value = "target/shots")]
        out: PathBuf,
    },
}

fn main() -> anyhow::Result<()> {
    match Cli::parse() {
        Cli::Setup => setup::run(),
        Cli::Demo {
            data,
            port,
            headless,
        } => demo::run(data, port, headless),
        Cli::Test { no_e2e, all } => test::run(no_e2e, all),
        Cli::Check => test::check(),
        Cli::Bindings { check } => bindings::run(check),
        Cli::TrainDefaults => defaults::run(),
        Cli::Bench {
            name,
            large,
            seed,
            rehearsal,
        } => bench::run(name, large, seed, rehearsal),
        Cli::Prove { name, scale } => prove::run(name, &scale),
        Cli::Postgres => postgres::run(),
        Cli::Shots { out } => shots::run(&out),
    }
}
