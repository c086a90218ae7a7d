//! A small HTTPS client for the admin commands: one request a connection, one authority trusted.
//!
//! It is written by hand because the admin commands make a handful of calls to a known server; a
//! full client would be the only user of its dependencies here.

use std::{
    io::{self, BufRead, BufReader, ErrorKind, Read, Write},
    net::TcpStream,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, anyhow, bail, ensure};
use lt_protocol::{code::WireError, enrol::Enrolment};
use rustls::{ClientConfig, ClientConnection, StreamOwned, pki_types::ServerName};

use crate::pki;

/// How long a connection or an answer may take; an import builds a new index.
const PATIENCE: Duration = Duration::from_secs(90);
/// The longest answer that is read, in bytes.
const MAX_ANSWER_BYTES: u64 = 64 * 1024 * 1024;

/// A server that can be called.
pub struct Client {
    authority: String,
    host: String,
    port: u16,
    tls: Option<Arc<ClientConfig>>,
}

/// One call.
pub struct Request<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// Path, without query.
    pub path: &'a str,
    /// Further headers.
    pub headers: Vec<(&'a str, String)>,
    /// Body.
    pub body: &'a [u8],
}

/// A whole answer.
#[derive(Debug)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl Client {
    /// A client for the server that the enrolment names.
    pub fn new(enrolment: &Enrolment) -> Result<Self> {
        let (_, authority) = enrolment
            .url()
            .split_once("://")
            .context("the server's address has no scheme")?;
        let tls = enrolment
            .ca_der()
            .map(pki::client_config)
            .transpose()
            .map_err(|why| anyhow!("the authority's certificate cannot be used: {why}"))?;
        let (host, port) = split_authority(authority, if tls.is_some() { 443 } else { 80 })?;
        Ok(Self {
            authority: authority.to_owned(),
            host,
            port,
            tls,
        })
    }

    /// Sends a request and reads the whole answer.
    pub fn send(&self, request: &Request<'_>) -> Result<Response> {
        let socket = TcpStream::connect((self.host.as_str(), self.port)).with_context(|| {
            format!(
                "cannot reach {}:{}; is the server running? (无法连接服务器，请确认已启动)",
                self.host, self.port
            )
        })?;
        socket.set_read_timeout(Some(PATIENCE))?;
        socket.set_write_timeout(Some(PATIENCE))?;
        let socket = Patient(socket);
        match &self.tls {
            None => exchange(socket, &self.authority, request),
            Some(config) => {
                let name = ServerName::try_from(self.host.clone())
                    .context("the server's name cannot be in a certificate")?;
                let connection = ClientConnection::new(Arc::clone(config), name)?;
                exchange(
                    StreamOwned::new(connection, socket),
                    &self.authority,
                    request,
                )
            }
        }
    }
}

impl Response {
    /// The body of a success; the server's error otherwise.
    pub fn success(self) -> Result<Vec<u8>> {
        if (200..300).contains(&self.status) {
            return Ok(self.body);
        }
        match serde_json::from_slice::<WireError>(&self.body) {
            Ok(error) => Err(error.into()),
            Err(_) => bail!("the server answered {}", self.status),
        }
    }
}

fn split_authority(authority: &str, default_port: u16) -> Result<(String, u16)> {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => {
            (host, port.parse().context("the port is no number")?)
        }
        _ => (authority, default_port),
    };
    Ok((host.trim_matches(['[', ']']).to_owned(), port))
}

/// A connection that is still read when the other side takes nothing more: a server that refuses a
/// long body answers before it has read it all, and its answer counts. TLS reads only once everything
/// is written, so that what nobody takes counts as written here.
struct Patient(TcpStream);

impl Read for Patient {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Patient {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::BrokenPipe
                        | ErrorKind::ConnectionReset
                        | ErrorKind::ConnectionAborted
                ) =>
            {
                Ok(bytes.len())
            }
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn exchange(
    mut stream: impl Read + Write,
    authority: &str,
    request: &Request<'_>,
) -> Result<Response> {
    let mut head = format!(
        "{} {} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\ncontent-length: {}\r\n",
        request.method,
        request.path,
        request.body.len()
    );
    for (name, value) in &request.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream
        .write_all(head.as_bytes())
        .and_then(|()| stream.write_all(request.body))
        .and_then(|()| stream.flush())
        .context("the connection broke off")?;
    read_answer(BufReader::new(stream))
}

fn read_answer(mut reader: impl BufRead) -> Result<Response> {
    let status_line = read_line(&mut reader).context("no answer from the server")?;
    let status = status_line
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .context("the answer is not HTTP")?;
    let mut headers = Vec::new();
    loop {
        let line = read_line(&mut reader)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').context("a header is garbled")?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length: Option<u64> = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .map(|(_, value)| value.parse().context("the length is no number"))
        .transpose()?;
    let mut body = Vec::new();
    match length {
        Some(length) => {
            ensure!(length <= MAX_ANSWER_BYTES, "the answer is too long");
            reader.take(length).read_to_end(&mut body)?;
            ensure!(body.len() as u64 == length, "the answer was cut short");
        }
        None => {
            reader.take(MAX_ANSWER_BYTES).read_to_end(&mut body)?;
        }
    }
    Ok(Response {
        status,
        headers,
        body,
    })
}

fn read_line(reader: &mut impl BufRead) -> Result<String> {
    let mut line = Vec::new();
    reader.take(16 * 1024).read_until(b'\n', &mut line)?;
    ensure!(line.ends_with(b"\n"), "the answer was cut short");
    let text = String::from_utf8(line).context("a header is not text")?;
    Ok(text.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_whole_or_refused() {
        let whole = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
        let answer = read_answer(whole.as_bytes()).unwrap();
        assert_eq!((answer.status, answer.body), (200, b"{}".to_vec()));
        for broken in [
            "",
            "HTTP/1.1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        ] {
            assert!(read_answer(broken.as_bytes()).is_err(), "{broken:?}");
        }
    }

    #[test]
    fn addresses_are_split() {
        for (text, host, port) in [
            ("desk.example.com", "desk.example.com", 443),
            ("desk.example.com:8443", "desk.example.com", 8_443),
            ("[::1]:9000", "::1", 9_000),
            ("[::1]", "::1", 443),
        ] {
            assert_eq!(
                split_authority(text, 443).unwrap(),
                (host.to_owned(), port),
                "{text}"
            );
        }
    }
}
