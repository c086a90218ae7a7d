//! Proofs: promises that are tried out until they break or hold.

use crate::{setup, step};

/// How much is done; what is not given has a short default. A proof refuses what it does not use.
#[derive(clap::Args)]
pub(crate) struct Scale {
    /// Replies that are written, at least (kill).
    #[arg(long)]
    edits: Option<u64>,
    /// Times that the desk is killed, at least; a third of them the server too
    /// (kill), changes of its key (rekey), or closings on the way (snapshot).
    #[arg(long)]
    kills: Option<u64>,
    /// Changes that come into the feed (feed).
    #[arg(long)]
    changes: Option<u64>,
    /// Threads that write them (feed).
    #[arg(long)]
    writers: Option<u64>,
    /// Bytes that are flipped in each kind of file (tamper), or rows that a store loses (snapshot).
    #[arg(long)]
    flips: Option<u64>,
    /// Texts that are planted (rest).
    #[arg(long)]
    texts: Option<u64>,
    /// Simulated worlds, each of a seed of its own, beside the kept ones (net), or simulated years
    /// (surge).
    #[arg(long)]
    seeds: Option<u64>,
    /// Desks in each of them (net).
    #[arg(long)]
    desks: Option<u64>,
    /// Agents who work at once (nodes).
    #[arg(long)]
    agents: Option<u64>,
    /// Goes on for so long, whatever else is done already (kill, net, nodes, rekey, revoke).
    #[arg(long)]
    minutes: Option<u64>,
    /// Rows of a stream that a desk has nothing of (snapshot).
    #[arg(long)]
    rows: Option<u64>,
    /// Times that a right is taken (revoke).
    #[arg(long)]
    rounds: Option<u64>,
    /// Days of a simulated year (surge).
    #[arg(long)]
    days: Option<u64>,
    /// Conversations of a normal day, of which a sale day has ten times as many (sale).
    #[arg(long)]
    rate: Option<u64>,
    /// Seed of everything random.
    #[arg(long)]
    seed: Option<u64>,
}

/// What can be proved.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Proof {
    /// The feed has no gaps and its batches are consistent cuts, whatever writes; with a control.
    Feed,
    /// A desk and a server that are killed at any moment lose no reply that was acknowledged, and
    /// double none; with a control.
    Kill,
    /// Whatever the network does, desks come into step again, and nothing is lost or done twice;
    /// simulated worlds, each of a seed; with controls.
    Net,
    /// Nodes that are killed on a database that crashes lose and double nothing that they
    /// acknowledged, and agents are back at once; with a control. Give it --minutes.
    Nodes,
    /// A change of the store's key that is killed at any moment leaves a store that opens, with
    /// nothing lost; with a control.
    Rekey,
    /// No text of a customer and no secret stands readable in any file; with a control.
    Rest,
    /// What an agent may no longer see leaves the desk, all files of it, at once or at the next
    /// contact; a desk without the server shows nothing after its lease; with a control.
    Revoke,
    /// A sale day with a product that goes bad: backlog, failure rate and surge are told once each by
    /// popup, mail and short message, acknowledging stops the escalation, and the numbers equal a
    /// recount; with a control.
    Sale,
    /// A desk that has nothing of a long stream gets its rows by pages, also when it is closed on the
    /// way; one that lost rows notices and gets them back.
    Snapshot,
    /// A surge of complaints of five times the usual is told within five minutes, and chance tells at
    /// most one a week, over a simulated year; beside a ratio threshold.
    Surge,
    /// A flipped byte in a database, its log, a key or the audit chain is noticed or does no harm;
    /// with a control.
    Tamper,
}

/// Builds the proofs, runs one; its last line is one JSON object.
pub(crate) fn run(proof: Proof, scale: &Scale) -> anyhow::Result<()> {
    if matches!(proof, Proof::Feed | Proof::Nodes) {
        setup::postgresql()?;
    }
    step::run(
        "build the proofs",
        &mut step::cargo(["build", "--package", "scenarios", "--bin", "prove"]),
    )?;
    let program = step::bin_dir()?.join(if cfg!(windows) { "prove.exe" } else { "prove" });
    let name = match proof {
        Proof::Feed => "feed",
        Proof::Kill => "kill",
        Proof::Net => "net",
        Proof::Nodes => "nodes",
        Proof::Rekey => "rekey",
        Proof::Rest => "rest",
        Proof::Revoke => "revoke",
        Proof::Sale => "sale",
        Proof::Snapshot => "snapshot",
        Proof::Surge => "surge",
        Proof::Tamper => "tamper",
    };
    let given = [
        ("--edits", scale.edits),
        ("--kills", scale.kills),
        ("--changes", scale.changes),
        ("--writers", scale.writers),
        ("--flips", scale.flips),
        ("--texts", scale.texts),
        ("--rounds", scale.rounds),
        ("--rows", scale.rows),
        ("--agents", scale.agents),
        ("--seeds", scale.seeds),
        ("--desks", scale.desks),
        ("--minutes", scale.minutes),
        ("--days", scale.days),
        ("--rate", scale.rate),
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
