//! The numbers of the service on files of this machine.

use std::{
    fs,
    io::{self, BufWriter, Write},
};

use anyhow::{Context, Result};
use lt_model::metric::lab::{self, Logs};

use super::args::Metrics;

pub(super) fn metrics(args: &Metrics) -> Result<()> {
    let Metrics::Compute { input, ids } = args;
    let file = input.display().to_string();
    let bytes = fs::read(input).with_context(|| format!("cannot read {file} (无法读取文件)"))?;
    let logs: Logs = serde_json::from_slice(&bytes)
        .with_context(|| format!("{file}: not a file of logs (不是日志文件)"))?;
    let mut out = BufWriter::new(io::stdout().lock());
    for log in &logs.logs {
        let computed = lab::compute(log, *ids).with_context(|| file.clone())?;
        serde_json::to_writer(&mut out, &computed).context("cannot write the result")?;
        out.write_all(b"\n").context("cannot write the result")?;
    }
    out.flush().context("cannot write the result")
}
