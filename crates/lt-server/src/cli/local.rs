//! Commands that work on files of this machine, and the server itself.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Write},
    path::Path,
};

use anyhow::{Context, Result, bail};
use lt_backoffice::DayBytes;

use super::{
    args::{Audit, Enrol, Guard, Init, Renew, Serve},
    say,
};
use crate::{DataDir, Running, ServeConfig, Transport, app::now, logs, offline, pki, serve, start};

/// Bytes of one MiB.
const MIB: u64 = 1024 * 1024;
/// Where desktops look when nothing else is said.
const DEFAULT_PORT: u16 = 8443;

pub(super) fn init(args: &Init) -> Result<()> {
    let data = DataDir::new(&args.data);
    data.create(&args.names, now())?;
    say(&format!(
        "{} is ready. (初始化完成)\n\
         Keep a copy of server.key in a safe place: without it nothing in the database can be read.\n\
         请把 server.key 另存一份，丢失后数据库无法打开。\n\
         Next: lingtai serve --data {}",
        args.data.display(),
        args.data.display()
    ));
    Ok(())
}

pub(super) fn renew(args: &Renew) -> Result<()> {
    let data = DataDir::new(&args.data);
    let names = (!args.names.is_empty()).then_some(args.names.as_slice());
    let issued = pki::renew(&data, names, now())?;
    let days = (issued.not_after - now()) / 86_400_000;
    say(&format!(
        "The certificate for {} is good for {days} days; restart the server. (证书已续签，请重启服务)",
        issued.names.join(", ")
    ));
    Ok(())
}

pub(super) fn serve(args: Serve) -> Result<()> {
    let wanted = std::env::var("RUST_LOG").ok();
    logs::init(args.log, wanted.as_deref(), logs::stderr());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    runtime.block_on(serve_until_told(ServeConfig {
        data: args.data,
        listen: args.listen,
        transport: if args.insecure_http {
            Transport::LoopbackHttp
        } else {
            Transport::Tls
        },
        public_url: args.public_url,
        database: args.database,
        connectors: args.connectors,
        encoder: args.encoder,
        uploads: DayBytes {
            customer: args.customer_uploads * MIB,
            agent: args.agent_uploads * MIB,
        },
    }))
}

async fn serve_until_told(config: ServeConfig) -> Result<()> {
    let mut running = start(config).await?;
    announce(&running);
    tokio::select! {
        told = told_to_stop() => told?,
        error = running.ended() => return Err(error.into()),
    }
    running.shutdown().await;
    Ok(())
}

/// Everything that a person needs at a start, on standard output; codes never go to the log.
fn announce(running: &Running) {
    say(&format!("Lingtai 聆台 {}", env!("CARGO_PKG_VERSION")));
    say(&format!("listening on {} (已启动)", running.local_url()));
    if let Some(code) = &running.setup_code {
        say(&format!(
            "set-up code: {} (设置码，只能用一次；用 lingtai setup --code 完成首次设置)",
            code.expose()
        ));
    }
    say(&format!(
        "enrolment code for desktops (桌面端接入码):\n{}",
        running.enrolment
    ));
}

#[cfg(unix)]
async fn told_to_stop() -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        done = tokio::signal::ctrl_c() => done.context("cannot wait for Ctrl C"),
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn told_to_stop() -> Result<()> {
    tokio::signal::ctrl_c()
        .await
        .context("cannot wait for Ctrl C")
}

pub(super) fn enrol(args: &Enrol) -> Result<()> {
    let data = DataDir::new(&args.data);
    let code = serve::enrolment_code(&data, args.url.as_deref(), DEFAULT_PORT)?;
    say(&code.to_string());
    Ok(())
}

pub(super) fn audit(args: &Audit) -> Result<()> {
    let Audit::Verify { data } = args;
    let report = offline::verify_audit(&DataDir::new(data))?;
    say(&serde_json::to_string(&report)?);
    match report.broken_at {
        None => Ok(()),
        Some(n) => {
            bail!("record {n} of the audit log is missing or changed (审计日志第 {n} 条被改动)")
        }
    }
}

pub(super) fn guard(args: &Guard) -> Result<()> {
    let Guard::Pii { input } = args;
    let mut out = BufWriter::new(io::stdout().lock());
    lt_guard::lab::pii(open(input)?, &mut out)
        .map_err(|error| error.in_file(input.display().to_string()))?;
    out.flush().context("cannot write the result")
}

fn open(path: &Path) -> Result<BufReader<File>> {
    File::open(path)
        .map(BufReader::new)
        .with_context(|| format!("cannot read {} (无法读取文件)", path.display()))
}
