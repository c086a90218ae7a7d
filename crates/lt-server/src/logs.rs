//! Logs: one line an event, no body, no name, no token, and personal data masked in whatever
//! slipped in after all.

use std::{
    io::{self, Write},
    sync::Arc,
};

use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

/// What a log line looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For machines: one JSON object a line.
    Json,
}

const DEFAULT_FILTER: &str = "warn,lt_server=info,lt_backoffice=info";
const CARRIERS: [&str; 8] = [
    "tungstenite",
    "tokio_tungstenite",
    "hyper",
    "hyper_util",
    "h2",
    "rustls",
    "axum",
    "mio",
];

/// Where finished lines go. Shared by all threads; each call gets one whole line.
pub type Sink = Arc<dyn Fn(&str) + Send + Sync>;

/// Writes lines to standard error.
#[must_use]
pub fn stderr() -> Sink {
    Arc::new(|line| {
        // A log that cannot be written must not stop the server.
        let _ = io::stderr().write_all(line.as_bytes());
    })
}

/// Starts logging for the whole process. `wanted` is a filter as in `RUST_LOG`; without one, the
/// server's own events at `info` and everything else at `warn`. Does nothing when logging runs.
pub fn init(format: Format, wanted: Option<&str>, sink: Sink) {
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter(wanted.unwrap_or(DEFAULT_FILTER)))
        .with_target(false)
        .with_ansi(false)
        .with_writer(RedactedLines { sink });
    // A second start in one process, as tests do it, keeps the first one's subscriber.
    let _ = match format {
        Format::Text => builder.try_init(),
        Format::Json => builder.json().flatten_event(true).try_init(),
    };
}

/// The libraries that carry bodies are never let below `info`: at `trace` they print them.
fn filter(wanted: &str) -> EnvFilter {
    CARRIERS
        .iter()
        .filter_map(|carrier| format!("{carrier}=info").parse().ok())
        .fold(EnvFilter::new(wanted), EnvFilter::add_directive)
}

/// Makes a [`Line`] for every event.
#[derive(Clone)]
struct RedactedLines {
    sink: Sink,
}

impl<'a> MakeWriter<'a> for RedactedLines {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line {
            bytes: Vec::new(),
            sink: Arc::clone(&self.sink),
        }
    }
}

/// Collects one event's text; it leaves redacted and whole, when the event ends.
struct Line {
    bytes: Vec<u8>,
    sink: Sink,
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if !self.bytes.is_empty() {
            let text = String::from_utf8_lossy(&self.bytes);
            (self.sink)(&lt_guard::redact_log(&text));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn a_number_that_slips_into_a_line_is_masked() {
        let lines = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&lines);
        let writer = RedactedLines {
            sink: Arc::new(move |line| kept.lock().unwrap().push_str(line)),
        };
        let mut line = writer.make_writer();
        line.write_all("INFO failed for 手机号 138".as_bytes())
            .unwrap();
        line.write_all("12345678, status=500\n".as_bytes()).unwrap();
        drop(line);
        let lines = lines.lock().unwrap();
        assert!(!lines.contains("13812345678"), "{lines}");
        assert!(lines.contains("status=500"), "{lines}");
    }
}
