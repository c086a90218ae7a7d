//! Screenshots of the console, from the sample shop over the real handlers.

use std::path::Path;

use crate::{setup, step, test::node_under_display};

/// Light and dark, zh-CN and en, 1024×640 and 1440×900: one PNG a room, named by what it shows.
pub(crate) fn run(out: &Path) -> anyhow::Result<()> {
    setup::run()?;
    step::run("UI build", &mut step::npm(["run", "build"]))?;
    step::run(
        "build everything",
        &mut step::cargo(["build", "--workspace", "--all-targets"]),
    )?;
    let mut script = node_under_display("tests/e2e/shots.mjs", &[])?;
    script.env("LINGTAI_OUT", std::path::absolute(out)?);
    step::run("screenshots", &mut script)
}
