//! Proofs: promises that are tried out until they break or hold.

use crate::step;

/// How much is done; what is not given has a short default.
#[derive(clap::Args)]
pub(crate) struct Scale {
    /// Replies that are written, at least (kill).
    #[arg(long)]
    edits: Option<u64>,
    /// Times that the desk is killed, at least (kill).
    #[arg(long)]
    kills: Option<u64>,
    /// Changes that come into the feed (feed).
    #[arg(long)]
    changes: Option<u64>,
    /// Threads that write them (feed).
    #[arg(long)]
    writers: Option<u64>,
    /// Bytes that are flipped in each kind of file (tamper).
    #[arg(long)]
    flips: Option<u64>,
    /// Texts that are planted (rest).
    #[arg(long)]
    texts: Option<u64>,
    /// Seed of everything random.
    #[arg(long)]
    seed: Option<u64>,
}

/// What can be proved.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Proof {
    /// The feed has no gaps and its batches are consistent cuts, whatever writes; with a control.
    Feed,
    /// A desk that is killed at any moment loses no reply that it acknowledged, and doubles none.
    Kill,
    /// No text of a customer and no secret stands readable in any file; with a control.
    Rest,
    /// A flipped byte in a database, its log, a key or the audit chain is noticed or does no harm;
    /// with a control.
    Tamper,
}

/// Builds the proofs, runs one; its last line is one JSON object.
pub(crate) fn run(proof: Proof, scale: &Scale) -> anyhow::Result<()> {
    step::run(
        "build the proofs",
        &mut step::cargo(["build", "--package", "scenarios", "--bin", "prove"]),
    )?;
    let program = step::bin_dir()?.join(if cfg!(windows) { "prove.exe" } else { "prove" });
    let name = match proof {
        Proof::Feed => "feed",
        Proof::Kill => "kill",
        Proof::Rest => "rest",
        Proof::Tamper => "tamper",
    };
    let given = [
        ("--edits", scale.edits),
        ("--kills", scale.kills),
        ("--changes", scale.changes),
        ("--writers", scale.writers),
        ("--flips", scale.flips),
        ("--texts", scale.texts),
        ("--seed", scale.seed),
    ];
    let mut args = vec![name.to_owned()];
    for (option, value) in given {
        if let Some(value) = value {
            args.extend([option.to_owned(), value.to_string()]);
        }
    }
    // Not through `step::run`, which prints after it: the JSON object stays the last line.
    let status = step::command(&program.to_string_lossy(), args).status()?;
    anyhow::ensure!(status.success(), "{name} is not proved: {status}");
    Ok(())
}
