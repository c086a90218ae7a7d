//! The matching engine on files of this machine.

use std::{
    fs,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    thread,
    time::Instant,
};

use anyhow::{Context, Result, bail};
use lt_engine::lab;
use lt_seal::{Key32, Secret};

use super::{args::Engine, note, say};
use crate::data::write_private;

pub(super) fn engine(args: &Engine) -> Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match args {
        Engine::Match {
            kb,
            queries,
            train,
            threads,
        } => {
            let kb = read(kb)?;
            let queries = read(queries)?;
            let train = train.as_deref().map(read).transpose()?;
            lab::match_files(
                kb.as_file(),
                queries.as_file(),
                train.as_ref().map(Input::as_file),
                *threads,
                &clock(),
                &mut out,
            )?;
        }
        Engine::Classify {
            train,
            test,
            threads,
        } => {
            let (train, test) = (read(train)?, read(test)?);
            let threads =
                threads.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
            lt_engine::classify::files::classify_files(
                train.as_file(),
                test.as_file(),
                threads,
                &mut out,
            )?;
        }
        Engine::Eval {
            kb,
            queries,
            train,
            out: page,
        } => eval(kb, queries, train.as_deref(), page.as_deref(), &mut out)?,
        Engine::Train { kb, out, key_file } => train(kb, out, key_file.as_deref())?,
        Engine::Explain {
            kb,
            query,
            history,
            json,
        } => {
            let history = history
                .iter()
                .map(|said| match lab::explain::turn(said) {
                    Some(turn) => Ok(turn),
                    None => bail!("--history {said}: begin with customer: or agent:"),
                })
                .collect::<Result<Vec<_>>>()?;
            let explained = lab::explain::explain(read(kb)?.as_file(), query, &history)?;
            if *json {
                writeln!(out, "{}", serde_json::to_string(&explained)?)?;
            } else {
                out.write_all(lab::explain::text(&explained).as_bytes())?;
            }
        }
        Engine::Health { kb, json } => {
            let mut told = 0;
            let report = lab::health::check(read(kb)?.as_file(), &mut |progress| {
                let tenth = progress.done * 10 / progress.total.max(1);
                if tenth > told {
                    told = tenth;
                    note(&format!(
                        "{} of {} wordings asked",
                        progress.done, progress.total
                    ));
                }
            })?;
            if *json {
                writeln!(out, "{}", serde_json::to_string(&report)?)?;
            } else {
                out.write_all(lab::health::text(&report).as_bytes())?;
            }
        }
    }
    out.flush().context("cannot write the result")
}

fn eval(
    kb: &Path,
    queries: &Path,
    train: Option<&Path>,
    page: Option<&Path>,
    out: &mut impl Write,
) -> Result<()> {
    let (kb, queries) = (read(kb)?, read(queries)?);
    let train = train.map(read).transpose()?;
    let report = lab::eval::evaluate(
        kb.as_file(),
        queries.as_file(),
        train.as_ref().map(Input::as_file),
        &clock(),
    )?;
    if let Some(path) = page {
        let html = lab::eval::page::html(&report, [&kb.name, &queries.name]);
        fs::write(path, html)
            .with_context(|| format!("cannot write {} (无法写入文件)", path.display()))?;
        note(&format!("the page is {} (报告已生成)", path.display()));
    }
    out.write_all(lab::eval::table::text(&report).as_bytes())?;
    writeln!(out, "{}", serde_json::to_string(&report)?)?;
    Ok(())
}

/// Trains into a sealed folder, then opens it again, as a start does.
fn train(kb: &Path, folder: &Path, key_file: Option<&Path>) -> Result<()> {
    let kb = read(kb)?;
    let key_file = key_file.map_or_else(
        || {
            let mut name = folder.as_os_str().to_owned();
            name.push(".key");
            PathBuf::from(name)
        },
        Path::to_owned,
    );
    let key = key(&key_file)?;
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make {} (无法创建目录)", folder.display()))?;
    let open = || {
        let from = Instant::now();
        let kept = lab::train::keep(kb.as_file(), folder, key.clone())
            .with_context(|| format!("cannot seal {} (无法写入目录)", folder.display()))?;
        anyhow::Ok((kept, from.elapsed().as_millis()))
    };
    let (kept, trained_ms) = open()?;
    let (again, opened_ms) = open()?;
    if again.is_new {
        bail!("{} does not open again", folder.display());
    }
    let (folder, n_entries) = (folder.display(), kept.n_entries);
    say(&if kept.is_new {
        format!(
            "{n_entries} entries trained in {trained_ms} ms, sealed in {folder}; it opens in \
             {opened_ms} ms (训练完成)\n\
             The key is {}: without it the folder is of no use. (密钥文件)",
            key_file.display()
        )
    } else {
        format!(
            "{folder} is of these {n_entries} entries already; it opens in {opened_ms} ms \
             (无需重新训练)"
        )
    });
    Ok(())
}

/// The key of a file: its last word. Made where there is no file.
fn key(path: &Path) -> Result<Key32> {
    match fs::read_to_string(path) {
        Ok(text) => {
            let text = Secret::new(text);
            let hex = text.expose().split_whitespace().last().unwrap_or_default();
            Key32::from_hex(hex)
                .ok()
                .with_context(|| format!("{}: 64 hexadecimal digits are expected", path.display()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = Key32::random().context("making a key")?;
            let line = Secret::new(format!("{}\n", key.to_hex_secret().expose()));
            write_private(path, line.expose().as_bytes())?;
            Ok(key)
        }
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// Microseconds since the call.
fn clock() -> impl Fn() -> u64 + Sync {
    let started = Instant::now();
    move || u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX)
}

/// A lab file in memory, with its name for messages.
struct Input {
    name: String,
    bytes: Vec<u8>,
}

impl Input {
    fn as_file(&self) -> lab::File<'_> {
        lab::File {
            name: &self.name,
            bytes: &self.bytes,
        }
    }
}

fn read(path: impl AsRef<Path>) -> Result<Input> {
    let path: PathBuf = path.as_ref().to_owned();
    let bytes = fs::read(&path)
        .with_context(|| format!("cannot read {} (无法读取文件)", path.display()))?;
    Ok(Input {
        name: path.display().to_string(),
        bytes,
    })
}
