//! Writes the TypeScript that the window is checked against.

use std::path::Path;

use ts_rs::{Config, ExportError, TS};

use crate::{code::WireError, command, event::UiEvent, widget};

/// Writes every type and the map of commands into `folder`.
///
/// # Errors
/// When a file cannot be written.
pub fn write(folder: &Path) -> Result<(), ExportError> {
    let config = Config::new().with_large_int("number").with_out_dir(folder);
    UiEvent::export_all(&config)?;
    WireError::export_all(&config)?;
    widget::ServerEvent::export_all(&config)?;
    widget::ClientEvent::export_all(&config)?;
    let lines = command::typescript(&config)?;
    let imports = command::typescript_imports(&config);
    let mut text = String::from("// Generated from crates/lt-protocol; do not edit.\n");
    for name in imports {
        text.push_str(&format!("import type {{ {name} }} from \"./{name}\";\n"));
    }
    text.push_str("\nexport type Commands = {\n");
    text.push_str(&lines.join("\n"));
    text.push_str("\n};\n\nexport type CommandName = keyof Commands;\n");
    std::fs::write(folder.join("Commands.ts"), text)?;
    Ok(())
}
