//! The main job, played with real parts: server, browser, window.

use std::path::PathBuf;

use crate::{setup, step, test::node_under_display};

/// Builds, then plays the story of `tests/e2e/demo.mjs`, which prints every step.
pub(crate) fn run(data: Option<PathBuf>, port: Option<u16>, headless: bool) -> anyhow::Result<()> {
    setup::run()?;
    step::run("UI build", &mut step::npm(["run", "build"]))?;
    step::run(
        "build everything",
        &mut step::cargo(["build", "--workspace", "--all-targets"]),
    )?;
    let mut args = Vec::new();
    if let Some(data) = &data {
        args.push(format!("--data={}", std::path::absolute(data)?.display()));
    }
    if let Some(port) = port {
        args.push(format!("--port={port}"));
    }
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some());
    let mut story = if has_display && !headless {
        let mut command = step::command("node", ["tests/e2e/demo.mjs"]);
        command.args(&args).env("LINGTAI_BIN_DIR", step::bin_dir()?);
        command
    } else {
        node_under_display("tests/e2e/demo.mjs", &args)?
    };
    story.env("LINGTAI_OUT", step::root().join("target/demo"));
    step::run("the main job", &mut story)
}
