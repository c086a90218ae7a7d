//! The engine's shipped parameters, made anew from our own text.

use std::{fs, path::PathBuf};

use anyhow::Context;

use crate::step;

/// Trains, and says what changed.
pub(crate) fn run() -> anyhow::Result<()> {
    let folder = step::root().join("crates/lt-engine/defaults");
    let before = files(&folder)?;
    println!(
        "trains on crates/lt-engine/packs and the sample shop; the figures are of industries that were left out"
    );
    step::run(
        "train",
        &mut step::cargo([
            "run",
            "--package",
            "lt-engine",
            "--example",
            "evaluate",
            "--",
            "train",
        ]),
    )?;
    println!();
    let mut same = true;
    for (name, bytes) in files(&folder)? {
        let old = before.iter().find(|(known, _)| *known == name);
        let what = match old {
            None => "new".to_owned(),
            Some((_, old)) if *old == bytes => "unchanged".to_owned(),
            Some((_, old)) => changes(old, &bytes),
        };
        same &= what == "unchanged";
        println!("{name}: {} KiB, {what}", bytes.len() / 1024);
    }
    if same {
        println!("the shipped parameters are what the text makes of them");
    }
    Ok(())
}

fn files(folder: &PathBuf) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        let path = entry.context("listing the parameters")?.path();
        let name = path.file_name().unwrap_or_default();
        let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        found.push((name.to_string_lossy().into_owned(), bytes));
    }
    found.sort();
    Ok(found)
}

/// In JSON, the numbers that changed; in other files, how many bytes.
fn changes(old: &[u8], new: &[u8]) -> String {
    let numbers = |bytes: &[u8]| {
        let value = serde_json::from_slice(bytes).ok()?;
        let mut found = Vec::new();
        flatten("", &value, &mut found);
        Some(found)
    };
    if let (Some(old), Some(new)) = (numbers(old), numbers(new)) {
        let mut changed: Vec<(f64, String)> = new
            .iter()
            .filter_map(|(name, value)| {
                let before = old.iter().find(|(known, _)| known == name);
                let before = before.map_or(0.0, |(_, value)| *value);
                let step = (value - before).abs();
                (step > 0.0).then(|| (step, format!("\n  {name}: {before} → {value}")))
            })
            .collect();
        let gone = old
            .iter()
            .filter(|(name, _)| !new.iter().any(|(known, _)| known == name));
        let gone = gone.count();
        changed.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        let n = changed.len();
        let largest: String = changed.into_iter().take(8).map(|(_, line)| line).collect();
        return format!(
            "{n} of {} numbers changed, {gone} gone; the largest:{largest}",
            new.len()
        );
    }
    if old.len() != new.len() {
        return format!("was {} KiB", old.len() / 1024);
    }
    let n = old.iter().zip(new).filter(|(old, new)| old != new).count();
    format!("{n} bytes changed")
}

fn flatten(name: &str, value: &serde_json::Value, found: &mut Vec<(String, f64)>) {
    match value {
        serde_json::Value::Object(fields) => fields
            .iter()
            .for_each(|(key, value)| flatten(&format!("{name}/{key}"), value, found)),
        serde_json::Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, value)| flatten(&format!("{name}/{at}"), value, found)),
        serde_json::Value::Number(number) => {
            found.extend(number.as_f64().map(|number| (name.to_owned(), number)));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_numbers_are_named() {
        let old = br#"{"answer_from":0.7,"fusion":{"a":1.0,"b":2.0}}"#;
        let new = br#"{"answer_from":0.7,"fusion":{"a":1.5,"c":3.0}}"#;
        assert_eq!(
            changes(old, new),
            "2 of 3 numbers changed, 1 gone; the largest:\n  /fusion/c: 0 → 3\n  /fusion/a: 1 → 1.5"
        );
        assert_eq!(changes(&[1, 2, 3], &[1, 9, 3]), "1 bytes changed");
        assert_eq!(changes(&[0; 2048], &[1; 10]), "was 2 KiB");
    }
}
