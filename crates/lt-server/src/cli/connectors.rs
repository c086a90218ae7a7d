//! Commands about connectors: their configuration is a file of this machine.

use std::io::{self, BufRead};

use anyhow::{Context, Result, ensure};
use lt_connect::{config::Config, secret};
use lt_seal::Secret;

use super::{args::Connectors, say};
use crate::{DataDir, connect::sealing_key};

pub(super) fn run(args: &Connectors) -> Result<()> {
    match args {
        Connectors::Seal { data } => {
            let key = sealing_key(&DataDir::new(data).root_key()?);
            let mut line = String::new();
            io::stdin()
                .lock()
                .read_line(&mut line)
                .context("cannot read standard input")?;
            let value = Secret::new(line.trim().to_owned());
            ensure!(
                !value.expose().is_empty(),
                "the value is empty: give it on standard input (请从标准输入提供要密封的值)"
            );
            say(&secret::seal(&key, &value)?);
        }
        Connectors::Check { data, file } => {
            let key = sealing_key(&DataDir::new(data).root_key()?);
            let json = std::fs::read(file)
                .with_context(|| format!("cannot read {} (无法读取文件)", file.display()))?;
            let config = Config::read(&json)?;
            let n_connectors = config.connectors.len();
            lt_connect::Connectors::new(config, &key)?;
            say(&format!("{n_connectors} connectors are right (配置正确)"));
        }
    }
    Ok(())
}
