//! The binary `lingtai`: the central server and its admin commands.

use std::{io::Write, process::ExitCode};

use clap::Parser;
use lt_server::cli;

fn main() -> ExitCode {
    match cli::run(cli::Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A closed standard error leaves nobody to tell.
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
