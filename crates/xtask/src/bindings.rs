//! Generated TypeScript: written here, committed, and compared in CI.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

use crate::step;

/// Writes the bindings, or with `check` fails where the committed ones differ.
pub(crate) fn run(check: bool) -> anyhow::Result<()> {
    let root = step::root();
    let committed = root.join("ui/src/ipc/generated");
    let fresh = root.join("target/bindings");
    if fresh.exists() {
        fs::remove_dir_all(&fresh).context("clearing target/bindings")?;
    }
    fs::create_dir_all(&fresh)?;
    lt_protocol::export::write(&fresh).context("writing the TypeScript types")?;
    let new = files(&fresh)?;
    if check {
        let old = files(&committed).unwrap_or_default();
        let differing: Vec<_> = new
            .keys()
            .chain(old.keys())
            .filter(|name| old.get(*name) != new.get(*name))
            .collect();
        if !differing.is_empty() {
            bail!("the bindings are out of date ({differing:?}): run `cargo xtask bindings`");
        }
        println!("bindings: {} files, up to date", new.len());
        return Ok(());
    }
    if committed.exists() {
        fs::remove_dir_all(&committed)?;
    }
    fs::create_dir_all(&committed)?;
    for (name, text) in &new {
        fs::write(committed.join(name), text)?;
    }
    println!(
        "bindings: {} files written to {}",
        new.len(),
        committed.display()
    );
    Ok(())
}

fn files(folder: &Path) -> anyhow::Result<BTreeMap<PathBuf, String>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).with_context(|| format!("reading {}", next.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder)?.to_owned();
                found.insert(name, fs::read_to_string(&path)?);
            }
        }
    }
    Ok(found)
}
