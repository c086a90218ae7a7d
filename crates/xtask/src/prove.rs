//! Proofs: promises that are tried out until they break or hold.

use crate::step;

/// How much is done; what is not given has a short default.
#[derive(clap::Args)]
pub(crate) struct Scale {
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
    /// No text of a customer and no secret stands readable in any file; with a control.
    Rest,
}

/// Builds the proofs, runs one; its last line is one JSON object.
pub(crate) fn run(proof: Proof, scale: &Scale) -> anyhow::Result<()> {
    step::run(
        "build the proofs",
        &mut step::cargo(["build", "--package", "scenarios", "--bin", "prove"]),
    )?;
    let program = step::bin_dir()?.join(if cfg!(windows) { "prove.exe" } else { "prove" });
    let name = match proof {
        Proof::Rest => "rest",
    };
    let given = [("--texts", scale.texts), ("--seed", scale.seed)];
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
