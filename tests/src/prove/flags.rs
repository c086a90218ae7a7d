//! Which flags a proof takes. One that it would not use is refused: taken in silence, it would say that
//! more was tried than was.

use anyhow::{Context, Result, bail};

use super::Scale;

/// The proofs, each with its flags beside `--seed`, which all of them take.
const OF: &[(&str, &[&str])] = &[
    ("feed", &["--changes", "--writers"]),
    ("kill", &["--edits", "--kills", "--minutes"]),
    ("net", &["--seeds", "--desks", "--minutes"]),
    ("nodes", &["--agents", "--minutes"]),
    ("rekey", &["--kills", "--minutes"]),
    ("rest", &["--texts"]),
    ("revoke", &["--rounds", "--minutes"]),
    ("sale", &["--rate"]),
    ("snapshot", &["--rows", "--kills", "--flips"]),
    ("surge", &["--seeds", "--days"]),
    ("tamper", &["--flips"]),
];

/// What can be typed.
#[must_use]
pub fn usage() -> String {
    let proofs: Vec<String> = OF
        .iter()
        .map(|(name, flags)| {
            let flags: String = flags.iter().map(|flag| format!(" [{flag} N]")).collect();
            format!("{name}{flags}")
        })
        .collect();
    format!("usage: prove {}, each with [--seed N]", proofs.join(" | "))
}

/// How much is done, by what was typed behind the name of a proof.
///
/// # Errors
/// A proof that there is not, a flag that it does not use, or no number behind one.
pub fn read(name: &str, args: impl IntoIterator<Item = String>) -> Result<Scale> {
    let (_, flags) = OF
        .iter()
        .find(|(known, _)| *known == name)
        .with_context(usage)?;
    let mut scale = Scale::default();
    if name == "surge" {
        // A year takes a minute or more.
        scale.seeds = 1;
    }
    let mut args = args.into_iter();
    while let Some(flag) = args.next() {
        if flag != "--seed" && !flags.contains(&flag.as_str()) {
            bail!("{name} does not use {flag}\n{}", usage());
        }
        let value = args
            .next()
            .with_context(|| format!("{flag} needs a number"))?;
        let number: u64 = value.parse().with_context(|| format!("{flag} {value}"))?;
        match flag.as_str() {
            "--edits" => scale.edits = number,
            "--kills" => scale.kills = number,
            "--changes" => scale.changes = number,
            "--writers" => scale.writers = number.max(1),
            "--flips" => scale.flips = number,
            "--texts" => scale.texts = number,
            "--rounds" => scale.rounds = number,
            "--rows" => scale.rows = number,
            "--agents" => scale.agents = number,
            "--seeds" => scale.seeds = number,
            "--desks" => scale.desks = number,
            "--minutes" => scale.minutes = number,
            "--days" => scale.days = number,
            "--rate" => scale.rate = number,
            "--seed" => scale.seed = number,
            _ => bail!("{flag} is read by nobody"),
        }
    }
    Ok(scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(line: &str) -> Option<Scale> {
        let mut words = line.split(' ').map(str::to_owned);
        let name = words.next().unwrap();
        read(&name, words).ok()
    }

    #[test]
    fn a_proof_takes_the_flags_that_it_uses_and_no_others() {
        for (name, flags) in OF {
            for flag in flags.iter().chain(&["--seed"]) {
                let read = scale(&format!("{name} {flag} 7"));
                assert_ne!(read, scale(name), "{name} {flag}");
                assert!(read.is_some(), "{name} {flag}");
            }
        }
        for line in [
            "feed --minutes 5",
            "rest --minutes 5",
            "tamper --minutes 5",
            "snapshot --minutes 5",
            "sale --minutes 5",
            "surge --minutes 5",
            "kill --seeds 3",
            "net --seeds",
            "net --seeds many",
            "net --worlds 3",
            "world --seed 3",
        ] {
            assert_eq!(scale(line), None, "{line}");
        }
        assert_eq!(scale("net").unwrap(), Scale::default());
        assert_eq!(scale("surge").unwrap().seeds, 1);
        assert!(usage().contains("feed [--changes N] [--writers N] | kill"));
    }
}
