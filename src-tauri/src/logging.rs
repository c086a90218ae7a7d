//! The log: redacted lines in the data directory, warnings of libraries only.

use std::path::Path;

use lt_console::log::RedactedFile;
use tracing_subscriber::EnvFilter;

/// Our own crates tell what they do, others only what is wrong. `LINGTAI_LOG` rules over it.
const DEFAULT_FILTER: &str = "warn,lingtai_desk=info,lt_console=info,lt_store=info,lt_sync=info";

/// Starts logging to `logs/` in the data directory. A desk that cannot log works all the same.
pub(crate) fn start(data_dir: &Path) {
    let Ok(file) = RedactedFile::open(&data_dir.join("logs")) else {
        return;
    };
    let filter =
        EnvFilter::try_from_env("LINGTAI_LOG").unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    // Only a second call in one process fails, and then the first one's log goes on.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(move || file.clone())
        .try_init();
}
