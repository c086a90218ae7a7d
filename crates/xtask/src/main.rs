//! `cargo xtask …`: every chore of the project, the same here and in CI.

#![expect(clippy::print_stdout, reason = "a command-line tool speaks on standard output")]

mod bindings;

use clap::Parser;

/// The project's chores.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Cli {
    /// Writes the TypeScript of the wire types into ui/src/ipc/generated.
    Bindings {
        /// Only compares, and fails where something differs.
        #[arg(long)]
        check: bool,
    },
}

fn main() -> anyhow::Result<()> {
    match Cli::parse() {
        Cli::Bindings { check } => bindings::run(check),
    }
}
