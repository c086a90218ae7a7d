//! Runs other programs, says what it runs, and stops at the first that fails.

use std::{ffi::OsStr, path::PathBuf, process::Command, time::Instant};

use anyhow::{Context, bail};

/// Root of the project. Cargo says at each run where that is: a target folder that several clones
/// share holds a program that may have been compiled in another one.
pub(crate) fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR");
    let package = package.map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    let here = package.join("../..");
    here.canonicalize().unwrap_or(here)
}

/// Folder of the built programs: where this one stands.
pub(crate) fn bin_dir() -> anyhow::Result<PathBuf> {
    let exe = std::env::current_exe().context("finding this program's own path")?;
    Ok(exe
        .parent()
        .context("this program has no folder")?
        .to_owned())
}

/// A command in the root of the project.
pub(crate) fn command<S: AsRef<OsStr>>(
    program: &str,
    args: impl IntoIterator<Item = S>,
) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(root());
    command
}

/// `cargo`, the one that runs this.
pub(crate) fn cargo<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Command {
    command(
        &std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()),
        args,
    )
}

/// `npm` in ui/.
pub(crate) fn npm<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Command {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut command = command(program, args);
    command.current_dir(root().join("ui"));
    command
}

/// Runs a command under a title.
///
/// # Errors
/// When it cannot be started, or ends with anything but success.
pub(crate) fn run(title: &str, command: &mut Command) -> anyhow::Result<()> {
    println!("\n▶ {title}");
    let start = Instant::now();
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .status()
        .with_context(|| format!("starting {program} for {title}"))?;
    let seconds = start.elapsed().as_secs_f32();
    if !status.success() {
        bail!("{title} failed after {seconds:.1} s ({program}: {status})");
    }
    println!("✓ {title} ({seconds:.1} s)");
    Ok(())
}

/// Whether a program runs and answers `--version`.
pub(crate) fn has(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
}
