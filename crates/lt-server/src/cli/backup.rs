//! Backups of the server: made while it serves, checked, and restored into a new folder.
//!
//! An archive holds the database, still sealed under the server's own key, and the certificates,
//! so that desktops trust the restored server. It is sealed under a child of the root key. The root
//! key itself is never in it: whoever restores brings `server.key`.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use lt_model::{
    Millis,
    audit::{Actor, AuditEntry, Outcome},
};
use lt_seal::{
    Key32,
    archive::{self, ArchiveWriter, Manifest, Way},
    password::Cost,
};

use super::{args, note, say};
use crate::{DataDir, app::now, data::read_key};

/// What a server's archive says that it is.
const KIND: &str = "server";
/// What an archive of another program's dump says.
const DUMP: &str = "dump";
const DATABASE: &str = "lingtai.db";
const TLS: &str = "tls";
const PIECE: usize = 1024 * 1024;

pub(super) fn run(args: &args::Backup) -> Result<()> {
    match (&args.command, &args.make) {
        (Some(args::BackupCommand::Verify { input, key }), _) => {
            let manifest = verify(input, &key.root()?)?;
            say(&format!(
                "{} is whole: {} of {}, {} files (备份完好)",
                input.display(),
                manifest.kind,
                date(&manifest),
                manifest.files.len()
            ));
            list(&manifest);
            Ok(())
        }
        (Some(args::BackupCommand::Seal { key, out }), _) => {
            let manifest = seal(&key.root()?, io::stdin().lock(), out, now())?;
            told(&manifest, out);
            Ok(())
        }
        (Some(args::BackupCommand::Unseal { input, key }), _) => {
            unseal(&key.root()?, input, &mut io::stdout().lock())
        }
        (None, Some(make_args)) => {
            let manifest = make(&DataDir::new(&make_args.data), &make_args.out, now())?;
            told(&manifest, &make_args.out);
            note(
                "server.key is not in it: keep a copy of that elsewhere. (备份不含 server.key，请另外保管)",
            );
            Ok(())
        }
        (None, None) => bail!("--data DIR and --out FILE are needed"),
    }
}

pub(super) fn run_restore(args: &args::Restore) -> Result<()> {
    let manifest = restore(&args.data, &args.input, &args.key, now())?;
    say(&format!(
        "{} is restored from the backup of {}. (已恢复)\n\
         Desktops fetch everything anew; what they had not sent comes then. Accounts and sessions \
         are as they were at the backup: end again what was ended since.\n\
         (桌面端会重新同步，未发送的内容随后补发；账号与登录状态回到备份时刻，此后停用的账号请再停用一次)\n\
         Next: lingtai serve --data {}",
        args.data.display(),
        date(&manifest),
        args.data.display()
    ));
    list(&manifest);
    Ok(())
}

/// Makes an archive of a folder's database and certificates, also while a server has it.
///
/// # Errors
/// When the file is there already, the folder is none, or the database cannot be copied; nothing
/// is left then.
pub fn make(data: &DataDir, out: &Path, now: Millis) -> Result<Manifest> {
    let root = data.root_key()?;
    ensure!(
        data.database().exists(),
        "{} holds no database. With `serve --database postgres://…` the data is PostgreSQL's: \
         pg_dump -Fc URL | lingtai backup seal --data {} --out FILE \
         (数据在 PostgreSQL 中：请用 pg_dump 导出，并交给 lingtai backup seal 加密)",
        data.root().display(),
        data.root().display()
    );
    let copy = data.root().join("backup.part.db");
    remove(&copy)?;
    let made = write_new(out, |file| {
        let n_acts = lt_db::copy::copy(&data.database(), &root, &copy)
            .context("copying the database (复制数据库)")?;
        let mut archive = ArchiveWriter::new(&way(&root), Cost::STANDARD, file)?;
        put(&mut archive, DATABASE, &copy)?;
        for path in files_of(&data.tls())? {
            let name = path.file_name().and_then(|name| name.to_str());
            let name = name.with_context(|| format!("the name of {}", path.display()))?;
            put(&mut archive, &format!("{TLS}/{name}"), &path)?;
        }
        let notes = [
            ("version", env!("CARGO_PKG_VERSION")),
            ("acts", &n_acts.to_string()),
        ];
        Ok(archive.finish(KIND, now, &notes)?)
    });
    remove(&copy)?;
    made
}

/// Reads an archive to its end and checks everything in it.
///
/// # Errors
/// What is wrong with it, and where.
pub fn verify(from: &Path, root: &Key32) -> Result<Manifest> {
    let mut file = open(from)?;
    archive::verify(&way(root), &mut file).with_context(|| {
        format!(
            "{} is no sound backup of this server's (备份不可用)",
            from.display()
        )
    })
}

/// Makes a new data folder from an archive, with the root key of this file. The archive is checked
/// as a whole before anything is written, the database and its audit log before the folder is
/// there. The data gets a new generation.
///
/// # Errors
/// When the folder is not empty, the archive or the key is not right, or the disk refuses. The
/// folder is as it was then.
pub fn restore(to: &Path, from: &Path, key: &Path, now: Millis) -> Result<Manifest> {
    let is_empty = match fs::read_dir(to) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
        Err(error) => return Err(error).context(format!("reading {}", to.display())),
    };
    ensure!(
        is_empty,
        "{} is not empty: a backup is restored into a new folder (目标文件夹不是空的)",
        to.display()
    );
    let root = read_key(key)?;
    let manifest = verify(from, &root)?;
    ensure!(
        manifest.kind == KIND,
        "{} is an archive of something else: lingtai backup unseal gives it back",
        from.display()
    );
    let beside = beside(to)?;
    let built = build(&beside, from, &root, &manifest, now).and_then(|()| {
        fs::copy(key, beside.join("server.key")).context("copying the key")?;
        if to.exists() {
            fs::remove_dir(to).context("replacing the empty folder")?;
        }
        fs::rename(&beside, to).with_context(|| format!("making {}", to.display()))
    });
    if built.is_err() {
        let _ = fs::remove_dir_all(&beside);
    }
    built.map(|()| manifest)
}

/// Seals whatever comes, such as a dump of another database, into an archive of its own.
///
/// # Errors
/// When the file is there already, or cannot be written.
pub fn seal(root: &Key32, mut input: impl Read, out: &Path, now: Millis) -> Result<Manifest> {
    write_new(out, |file| {
        let mut archive = ArchiveWriter::new(&way(root), Cost::STANDARD, file)?;
        archive.begin("dump")?;
        io::copy(&mut input, &mut archive).context("reading what is to be sealed")?;
        Ok(archive.finish(DUMP, now, &[("version", env!("CARGO_PKG_VERSION"))])?)
    })
}

/// Gives back what [`seal`] sealed, after all of it was checked.
///
/// # Errors
/// What is wrong with it, and where.
pub fn unseal(root: &Key32, from: &Path, output: &mut impl Write) -> Result<()> {
    let manifest = verify(from, root)?;
    ensure!(manifest.kind == DUMP, "it is a backup: lingtai restore");
    archive::open(&way(root), &manifest, open(from)?, &mut |_, piece| {
        Ok(output.write_all(piece)?)
    })?;
    Ok(output.flush()?)
}

/// Writes the archive's files into a new folder and takes its database into use.
fn build(beside: &Path, from: &Path, root: &Key32, manifest: &Manifest, now: Millis) -> Result<()> {
    make_private_dir(beside)?;
    make_private_dir(&beside.join(TLS))?;
    let mut outs = Vec::new();
    for file in &manifest.files {
        let is_known = file.name == DATABASE
            || file
                .name
                .strip_prefix("tls/")
                .is_some_and(|name| !name.contains('/'));
        ensure!(
            is_known,
            "the backup holds a file that does not belong there"
        );
        outs.push(create(&beside.join(&file.name))?);
    }
    archive::open(
        &way(root),
        manifest,
        open(from)?,
        &mut |idx, piece| match outs.get_mut(idx) {
            Some(out) => Ok(out.write_all(piece)?),
            None => Err(lt_seal::Error::Malformed("archive")),
        },
    )?;
    for out in outs {
        out.sync_all()?;
    }
    let entry = AuditEntry {
        at: now,
        actor: Actor::System,
        action: "backup.restore".to_owned(),
        object: "store:server".to_owned(),
        outcome: Outcome::Allowed,
        reason: format!("backup of {}", date(manifest)),
    };
    let report = lt_db::copy::take_into_use(&beside.join(DATABASE), root, entry)
        .context("checking the database (检查数据库)")?;
    if let Some(n) = report.broken_at {
        bail!("record {n} of the audit log is missing or changed (审计日志第 {n} 条被改动)");
    }
    Ok(())
}

/// The key of archives is a child of the root key.
fn way(root: &Key32) -> Way {
    Way::Key(lt_seal::derive(root, "backup/v1", b""))
}

fn put(archive: &mut ArchiveWriter<impl Write>, name: &str, path: &Path) -> Result<()> {
    archive.begin(name)?;
    let mut file = File::open(path).with_context(|| format!("reading {}", path.display()))?;
    io::copy(&mut file, archive).with_context(|| format!("sealing {}", path.display()))?;
    Ok(())
}

/// Writes a new file whole or not at all, for its owner alone.
fn write_new(
    out: &Path,
    write: impl FnOnce(BufWriter<File>) -> Result<(Manifest, BufWriter<File>)>,
) -> Result<Manifest> {
    ensure!(
        !out.exists(),
        "{} is there already (文件已存在)",
        out.display()
    );
    let mut name = out.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    let written = create(&part)
        .and_then(|file| write(BufWriter::with_capacity(PIECE, file)))
        .and_then(|(manifest, output)| {
            output
                .into_inner()
                .map_err(io::IntoInnerError::into_error)?
                .sync_all()?;
            fs::rename(&part, out)?;
            Ok(manifest)
        });
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written.with_context(|| format!("writing {} (写备份)", out.display()))
}

fn create(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .with_context(|| format!("creating {}", path.display()))
}

fn make_private_dir(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(path)
        .with_context(|| format!("creating {}", path.display()))
}

fn open(path: &Path) -> Result<BufReader<File>> {
    let file = File::open(path).with_context(|| format!("reading {}", path.display()))?;
    Ok(BufReader::with_capacity(PIECE, file))
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn files_of(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// A name beside the new folder that is free.
fn beside(to: &Path) -> Result<PathBuf> {
    let name = to.file_name().context("a folder with a name")?;
    let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    fs::create_dir_all(parent).with_context(|| format!("creating {}", parent.display()))?;
    let mut part = std::ffi::OsString::from(".");
    part.push(name);
    part.push(format!(".restoring-{}", std::process::id()));
    let part = parent.join(part);
    ensure!(!part.exists(), "{} is in the way", part.display());
    Ok(part)
}

fn told(manifest: &Manifest, out: &Path) {
    say(&format!(
        "{} is written and sealed. (备份完成)",
        out.display()
    ));
    list(manifest);
}

fn list(manifest: &Manifest) {
    for file in &manifest.files {
        say(&format!(
            "{:>14} {} {}",
            file.n_bytes,
            file.sha256.chars().take(16).collect::<String>(),
            file.name
        ));
    }
}

/// When it was made, in universal time.
fn date(manifest: &Manifest) -> String {
    let seconds = manifest.made_at_ms.div_euclid(1_000);
    time_text(seconds)
}

fn time_text(seconds: i64) -> String {
    time::OffsetDateTime::from_unix_timestamp(seconds)
        .ok()
        .map_or_else(
            || seconds.to_string(),
            |at| format!("{} {:02}:{:02} UTC", at.date(), at.hour(), at.minute()),
        )
}

impl args::RootKey {
    fn root(&self) -> Result<Key32> {
        match (&self.key, &self.data) {
            (Some(file), _) => Ok(read_key(file)?),
            (None, Some(data)) => Ok(DataDir::new(data).root_key()?),
            (None, None) => bail!("--key FILE or --data DIR is needed"),
        }
    }
}
