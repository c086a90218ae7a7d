//! Why the server does not start, or an admin command stops.

use std::{io, net::SocketAddr, path::PathBuf};

/// What can go wrong before the first request. Every text says what to do; the Chinese half is for
/// whoever runs the shop's server.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Another program listens on the port.
    #[error(
        "port {port} is taken by another program: choose another with --listen 127.0.0.1:PORT \
         (端口 {port} 已被其他程序占用，请用 --listen 换一个)",
        port = .0.port()
    )]
    PortTaken(SocketAddr),
    /// The address is not one of this machine, or may not be used.
    #[error("cannot listen on {address} (无法监听该地址)")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Plain HTTP on an address that others reach.
    #[error(
        "--insecure-http works on the loopback address only, not on {0}: leave it out to serve \
         with TLS (明文 HTTP 只能用于本机地址，请去掉 --insecure-http)"
    )]
    NotLoopback(SocketAddr),
    /// The folder has not been initialised.
    #[error(
        "{} is no data folder: run `lingtai init --data {}` first (数据目录不存在或尚未初始化)",
        .0.display(), .0.display()
    )]
    NoData(PathBuf),
    /// The folder has been initialised already.
    #[error(
        "{} holds a server already: nothing was changed (该目录已初始化，未做任何改动)",
        .0.display()
    )]
    DataExists(PathBuf),
    /// Another server process works on the folder.
    #[error(
        "another lingtai server uses {} (该数据目录正被另一个 lingtai 进程使用)",
        .0.display()
    )]
    InUse(PathBuf),
    /// The shared database cannot be used.
    #[error("the database of --database cannot be used: {0} (无法使用 --database 指定的数据库)")]
    NoDatabase(String),
    /// The shared database was written by servers with another key.
    #[error(
        "server.key is not the one that this database was written with: all servers of one \
         database have the same (各服务节点须使用同一个 server.key)"
    )]
    OtherKey,
    /// The key file cannot be read as one.
    #[error("{} is not a key file of this server: {why} (密钥文件无效)", path.display())]
    KeyFile {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        why: &'static str,
    },
    /// The key file does not open the database.
    #[error(
        "server.key does not open {}: put back the key file that belongs to it \
         (密钥文件与数据库不匹配，请放回原来的 server.key)",
        .0.display()
    )]
    WrongKey(PathBuf),
    /// The key file is gone and the database is not.
    #[error(
        "{} is missing and the database is not: put back the key file that belongs to it, nothing \
         else opens it (密钥文件丢失，请放回原来的 server.key，否则数据库无法打开)",
        .0.display()
    )]
    KeyMissing(PathBuf),
    /// The database is gone and its lock file remembers it.
    #[error(
        "{} is missing or empty, although {n_acts} acts were recorded in it: put it back from a \
         copy; to begin anew without them, remove {}.lock \
         (数据库文件丢失或被清空，请从备份恢复)",
        path.display(), path.display()
    )]
    Emptied {
        /// The database.
        path: PathBuf,
        /// Acts that were in it, at least.
        n_acts: u64,
    },
    /// A part of the database does not authenticate.
    #[error(
        "{} is damaged ({why}): nothing was changed, put it back from a copy \
         (数据库文件已损坏，未做任何改动，请从备份恢复)",
        path.display()
    )]
    Damaged {
        /// The database.
        path: PathBuf,
        /// The first finding.
        why: String,
    },
    /// The database cannot be used.
    #[error("the database cannot be used (数据库无法使用): {0}")]
    Database(String),
    /// The certificates cannot be made or read.
    #[error("the certificates in {} cannot be used (证书无法使用): {why}", path.display())]
    Certificate {
        /// Where.
        path: PathBuf,
        /// What does not fit.
        why: String,
    },
    /// The connectors cannot be used as configured.
    #[error("{}: {source}", path.display())]
    Connectors {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        #[source]
        source: lt_connect::ConnectError,
    },
    /// The sentence encoder cannot be used.
    #[error("the sentence encoder: {0}")]
    Encoder(#[from] lt_engine::encoder::EncoderError),
    /// A file cannot be read or written.
    #[error("cannot {what} {} (文件读写失败)", path.display())]
    File {
        /// `read`, `write`, `create` or `use`.
        what: &'static str,
        /// Which.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The operating system gave no randomness.
    #[error("cannot make keys (无法生成密钥): {0}")]
    Keys(#[from] lt_seal::Error),
    /// The server stopped by itself.
    #[error("the server stopped (服务已停止): {0}")]
    Stopped(String),
}

impl ServeError {
    pub(crate) fn file(
        what: &'static str,
        path: &std::path::Path,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { what, path, source }
    }
}
