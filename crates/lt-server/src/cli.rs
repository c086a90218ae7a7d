//! The command line.

pub mod admin;
mod args;
pub mod backup;
pub mod client;
mod connectors;
mod engine;
mod local;
mod metrics;
mod remote;

use std::io::{self, Write};

use anyhow::Result;

pub use args::Args;
use args::Command;

/// Does what the command line says.
///
/// # Errors
/// What stopped it, with what was being done.
pub fn run(args: Args) -> Result<()> {
    match args.command {
        Command::Init(init) => local::init(&init),
        Command::Renew(renew) => local::renew(&renew),
        Command::Serve(serve) => local::serve(serve),
        Command::Enrol(enrol) => local::enrol(&enrol),
        Command::Audit(audit) => local::audit(&audit),
        Command::Backup(backup) => backup::run(&backup),
        Command::Restore(restore) => backup::run_restore(&restore),
        Command::Engine(engine) => engine::engine(&engine),
        Command::Guard(guard) => local::guard(&guard),
        Command::Metrics(metrics) => metrics::metrics(&metrics),
        Command::Connectors(connectors) => connectors::run(&connectors),
        Command::Setup(setup) => remote::setup(setup),
        Command::Group(group) => remote::group(group),
        Command::Agent(agent) => remote::agent(agent),
        Command::Faq(faq) => remote::faq(faq),
    }
}

/// Prints a line; a reader that has gone away, as `head` does, is no error.
fn say(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// Prints a word for people beside the output that programs read.
fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
