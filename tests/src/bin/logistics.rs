//! The logistics service of the scenarios, for a demonstration: serves on a port and prints the
//! configuration for `lingtai serve --connectors`.

use anyhow::{Context, Result};
use scenarios::logistics::Logistics;

#[tokio::main]
async fn main() -> Result<()> {
    let port = match std::env::args().nth(1) {
        Some(port) => port.parse().context("usage: logistics [PORT]")?,
        None => 0,
    };
    let logistics = Logistics::open(port).await?;
    // A reader that has gone away is no error.
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout(), "{}", logistics.connectors());
    logistics.serve_forever().await
}
