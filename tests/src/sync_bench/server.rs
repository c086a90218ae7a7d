//! The server as a process of its own.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc::channel,
    thread,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use lt_protocol::enrol::{Enrolment, PREFIX};
use lt_server::Transport;

use super::backend::{Backend, Home};

/// The longest that it may take to start.
const START_WITHIN: Duration = Duration::from_secs(60);

/// A server that runs. Dropping it kills it.
pub struct Server {
    child: Child,
    /// Where it listens: `http://127.0.0.1:PORT` or `https://…`.
    pub url: String,
    /// How desks reach it.
    pub enrolment: Enrolment,
}

impl Server {
    /// Starts `lingtai serve` on a folder, on a free port of this machine.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn start(home: &Home, transport: Transport) -> Result<Self> {
        let mut command = Command::new(program()?);
        command
            .arg("serve")
            .arg("--data")
            .arg(home.data())
            .args(["--listen", "127.0.0.1:0"])
            .env(
                "RUST_LOG",
                std::env::var("RUST_LOG").unwrap_or("error".to_owned()),
            );
        if transport == Transport::LoopbackHttp {
            command.arg("--insecure-http");
        }
        if let Backend::Postgres(url) = &home.backend {
            // Not on the command line, where every user of the machine reads it.
            command.env("LINGTAI_DATABASE", url);
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting the server")?;
        let stdout = child.stdout.take().context("what the server prints")?;
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                // What comes after the start is read and dropped, so that the pipe never fills.
                let _ = sender.send(line);
            }
        });
        let mut url = None;
        loop {
            let line = lines
                .recv_timeout(START_WITHIN)
                .context("the server comes up")?;
            if let Some(rest) = line.strip_prefix("listening on ") {
                url = rest.split_whitespace().next().map(str::to_owned);
            }
            if line.starts_with(PREFIX) || line.starts_with("http://") {
                return Ok(Self {
                    child,
                    url: url.context("the server says where it listens")?,
                    enrolment: line.parse().or_else(|_| Enrolment::loopback(&line))?,
                });
            }
        }
    }

    /// Its process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is durable at every moment; a good-bye would only take time.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The server's program, beside this one.
fn program() -> Result<PathBuf> {
    let own = std::env::current_exe().context("finding this program's own path")?;
    let name = format!("lingtai{}", std::env::consts::EXE_SUFFIX);
    let path = own.with_file_name(name);
    ensure!(
        path.exists(),
        "{} is not built: cargo build -p lt-server",
        path.display()
    );
    Ok(path)
}
