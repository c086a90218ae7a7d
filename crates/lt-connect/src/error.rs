//! Why a configuration cannot be used.

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// It is not the expected JSON.
    #[error("the configuration of connectors is not right (连接器配置有误): {0}")]
    Json(#[from] serde_json::Error),
    /// A connector in it is not right.
    #[error("connector {connector}: {why} (连接器配置有误)")]
    Wrong {
        /// Which.
        connector: String,
        /// What does not fit.
        why: String,
    },
    /// A sealed value cannot be opened with this server's key.
    #[error(
        "connector {connector}: the sealed header {header} was not sealed with this server's key \
         (密封的请求头无法打开，请用本服务器重新密封)"
    )]
    Sealed {
        /// Which.
        connector: String,
        /// Header.
        header: String,
    },
    /// The system's TLS cannot be used.
    #[error("TLS cannot be used: {0}")]
    Tls(#[source] rustls::Error),
    /// The HTTP client cannot be made.
    #[error("the HTTP client cannot be made")]
    Client(#[source] reqwest::Error),
    /// Sealing failed.
    #[error(transparent)]
    Seal(#[from] lt_seal::Error),
}
