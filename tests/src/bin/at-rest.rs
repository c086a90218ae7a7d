//! `at-rest TEXTS FOLDER…`: searches folders for the texts (one a line in the file TEXTS), then the
//! same texts in a store that is deliberately not encrypted. Fails where a folder has one of them,
//! or where the control has not all.

#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks on standard output"
)]

use std::path::Path;

use anyhow::{Context, bail};
use scenarios::at_rest;

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args_os().skip(1);
    let texts = args.next().context("usage: at-rest TEXTS FOLDER…")?;
    let texts: Vec<String> = std::fs::read_to_string(&texts)
        .context("reading the texts")?
        .lines()
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect();
    if texts.is_empty() {
        bail!("there is no text to search for");
    }
    let mut found = 0;
    for folder in args {
        let folder = Path::new(&folder);
        let report = at_rest::search(folder, &texts)
            .with_context(|| format!("searching {}", folder.display()))?;
        for hit in &report.hits {
            println!(
                "  FOUND text {} as {:?} in {}",
                hit.needle,
                hit.encoding,
                hit.file.display()
            );
        }
        println!(
            "{} texts, {} files, {} KiB in {}: {} found",
            texts.len(),
            report.files,
            report.bytes / 1024,
            folder.file_name().unwrap_or_default().to_string_lossy(),
            report.hits.len()
        );
        found += report.hits.len();
    }
    let control = tempfile::tempdir()?;
    at_rest::write_control(control.path(), &texts)?;
    let seen = at_rest::search(control.path(), &texts)?.hits.len();
    println!(
        "control, the same search on a store without encryption: {seen} of {} found",
        texts.len()
    );
    if found > 0 || seen < texts.len() {
        bail!(
            "{found} texts stand unencrypted; the control found {seen} of {}",
            texts.len()
        );
    }
    Ok(())
}
