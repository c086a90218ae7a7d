//! What stands at the other end of the post: a mail server that speaks SMTP over TLS, and a system that
//! takes HTTP calls. Both keep what they were given.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// The longest that a scenario waits for one thing.
const PATIENCE: Duration = Duration::from_secs(120);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A mail that was taken.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Who signed in.
    pub user: bool,
    /// Whom it is for.
    pub to: Vec<String>,
    /// Headers and text, as they came.
    pub text: String,
}

/// A call that was taken.
#[derive(Clone, Debug)]
pub struct Call {
    /// First line, such as `POST /send HTTP/1.1`.
    pub line: String,
    /// Names in small letters, and values.
    pub headers: Vec<(String, String)>,
    /// What it holds.
    pub body: String,
}

impl Call {
    /// A header by its name in small letters.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Something at the other end that keeps what it is given.
pub struct Sink<T> {
    /// Where it listens.
    pub address: SocketAddr,
    kept: Arc<Mutex<Vec<T>>>,
}

impl<T: Clone + Send + 'static> Sink<T> {
    fn open(
        serve: impl Fn(TcpStream, &Mutex<Vec<T>>) -> Result<()> + Send + Sync + 'static,
    ) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let kept: Arc<Mutex<Vec<T>>> = Arc::default();
        let keeps = Arc::clone(&kept);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // One at a time: whoever breaks off leaves nothing behind.
                let _ = stream.set_read_timeout(Some(PATIENCE));
                let _ = serve(stream, &keeps);
            }
        });
        Ok(Self { address, kept })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<T>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything so far.
    #[must_use]
    pub fn kept(&self) -> Vec<T> {
        self.lock().clone()
    }

    /// Waits until so many came.
    ///
    /// # Errors
    /// When they did not in time.
    pub async fn wait_for(&self, n: usize) -> Result<Vec<T>> {
        let waiting = async {
            while self.lock().len() < n {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        let came = tokio::time::timeout(PATIENCE, waiting).await;
        let kept = self.kept();
        match came {
            Ok(()) => Ok(kept),
            Err(_) => bail!("{} instead of {n} came", kept.len()),
        }
    }
}

impl Sink<Mail> {
    /// A mail server with this certificate. It takes mail of whoever signs in.
    ///
    /// # Errors
    /// When it cannot listen.
    pub fn mail(tls: Arc<ServerConfig>) -> Result<Self> {
        Self::open(move |stream, kept| {
            let connection = ServerConnection::new(Arc::clone(&tls))?;
            smtp(StreamOwned::new(connection, stream), kept)
        })
    }
}

impl Sink<Call> {
    /// A system that answers `{"code":"OK"}` to everything.
    ///
    /// # Errors
    /// When it cannot listen.
    pub fn http() -> Result<Self> {
        Self::open(http)
    }
}

fn smtp(stream: impl Read + Write, kept: &Mutex<Vec<Mail>>) -> Result<()> {
    let mut stream = BufReader::new(stream);
    let says = |stream: &mut BufReader<_>, line: &str| -> Result<()> {
        let out: &mut dyn Write = BufReader::get_mut(stream);
        out.write_all(line.as_bytes())?;
        out.write_all(b"\r\n")?;
        Ok(out.flush()?)
    };
    says(&mut stream, "220 sink ready")?;
    let (mut user, mut to) = (false, Vec::new());
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let line = line.trim_end();
        let word = line.split(' ').next().unwrap_or_default();
        match word.to_ascii_uppercase().as_str() {
            "EHLO" => {
                says(&mut stream, "250-sink")?;
                says(&mut stream, "250-8BITMIME")?;
                says(&mut stream, "250 AUTH PLAIN")?;
            }
            "AUTH" => {
                user = true;
                says(&mut stream, "235 welcome")?;
            }
            "MAIL" if !user => says(&mut stream, "530 sign in first")?,
            "MAIL" => {
                to.clear();
                says(&mut stream, "250 ok")?;
            }
            "RCPT" => {
                let address = line.split(['<', '>']).nth(1).unwrap_or_default();
                to.push(address.to_owned());
                says(&mut stream, "250 ok")?;
            }
            "DATA" => {
                says(&mut stream, "354 go on")?;
                let text = data(&mut stream)?;
                let mail = Mail {
                    user,
                    to: to.clone(),
                    text,
                };
                kept.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(mail);
                says(&mut stream, "250 taken")?;
            }
            "QUIT" => {
                says(&mut stream, "221 bye")?;
                return Ok(());
            }
            _ => says(&mut stream, "250 ok")?,
        }
    }
}

/// Up to the line with a dot alone.
fn data(stream: &mut impl BufRead) -> Result<String> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            bail!("the mail broke off");
        }
        if line.trim_end() == "." {
            return Ok(text);
        }
        text.push_str(&line);
    }
}

fn http(stream: TcpStream, kept: &Mutex<Vec<Call>>) -> Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        stream.read_line(&mut header)?;
        let Some((name, value)) = header.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let call = Call {
        line: line.trim_end().to_owned(),
        headers,
        body: String::new(),
    };
    let length = call.header("content-length").unwrap_or("0").parse()?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    let body = String::from_utf8(body).context("the body is text")?;
    kept.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(Call { body, ..call });
    let answer = r#"{"code":"OK"}"#;
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
    let answer = format!("{head}\r\ncontent-length: {}\r\n\r\n{answer}", answer.len());
    stream.get_mut().write_all(answer.as_bytes())?;
    Ok(stream.get_mut().flush()?)
}
