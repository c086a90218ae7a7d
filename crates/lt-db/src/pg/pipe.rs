//! A connection over which statements follow each other before the first of them is answered: under
//! load, waiting for each answer costs more than the statements do.

use std::{
    collections::VecDeque,
    future::poll_fn,
    pin::{Pin, pin},
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    runtime::Runtime,
};
use tokio_postgres::{Client, Connection, Error, Row, error::SqlState};

use crate::error::{DbError, Result};

/// Moves the bytes while it is polled, until the connection ends.
type Mover = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;
/// Says how many rows a statement touched.
type Answer = Pin<Box<dyn Future<Output = Result<u64, Error>> + Send>>;

/// A question that was sent: its rows are there once all that was sent has been waited for.
pub(crate) struct Asked(Arc<Mutex<Option<Vec<Row>>>>);

/// A connection; whoever has it waits on their own thread.
pub(super) struct Pipe {
    runtime: Runtime,
    client: Arc<Client>,
    /// None once it has ended.
    connection: Option<Mover>,
    /// What was sent and not waited for, in order.
    sent: VecDeque<Answer>,
    /// The server said that nothing can be written at it any more: it is a standby now.
    is_at_standby: bool,
}

impl Pipe {
    /// Over a client and the connection that belongs to it, both made on this runtime.
    pub(super) fn new<S, T>(
        runtime: Runtime,
        (client, connection): (Client, Connection<S, T>),
    ) -> Self
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        Self {
            runtime,
            client: Arc::new(client),
            connection: Some(Box::pin(connection)),
            sent: VecDeque::new(),
            is_at_standby: false,
        }
    }

    pub(super) fn client(&self) -> Arc<Client> {
        Arc::clone(&self.client)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.is_at_standby || self.connection.is_none() || self.client.is_closed()
    }

    /// Puts a request behind those that were sent; the answer comes with the next [`Pipe::wait`], and
    /// so does an error.
    pub(super) fn send(
        &mut self,
        request: impl Future<Output = Result<u64, Error>> + Send + 'static,
    ) {
        let mut answer: Answer = Box::pin(request);
        // Its first step puts it into the connection's queue.
        match answer
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Pending => self.sent.push_back(answer),
            Poll::Ready(done) => self.sent.push_back(Box::pin(async move { done })),
        }
    }

    /// The same for a request whose rows somebody wants later, by [`Pipe::answer`].
    pub(super) fn ask(
        &mut self,
        request: impl Future<Output = Result<Vec<Row>, Error>> + Send + 'static,
    ) -> Asked {
        let place = Arc::new(Mutex::new(None));
        let asked = Asked(Arc::clone(&place));
        self.send(async move {
            let rows = request.await?;
            *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(rows);
            Ok(0)
        });
        asked
    }

    /// Waits for the rows, and for everything else that was sent.
    ///
    /// # Errors
    /// The first error of all that was sent.
    pub(super) fn answer(&mut self, asked: &Asked) -> Result<Vec<Row>> {
        self.settle()?;
        let rows = asked
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        rows.ok_or(DbError::Shape("an answer"))
    }

    /// Lets the bytes of what was sent go, without waiting for an answer.
    pub(super) fn flush(&mut self) {
        let connection = &mut self.connection;
        self.runtime.block_on(poll_fn(|cx| {
            drive(connection, cx);
            Poll::Ready(())
        }));
    }

    /// Waits for the answer to a request, and to all that were sent before it.
    ///
    /// # Errors
    /// The first error of all of them: after it, a transaction does nothing more.
    pub(super) fn wait<T>(&mut self, request: impl Future<Output = Result<T, Error>>) -> Result<T> {
        let (answer, earlier) = self.answers(request);
        self.heard(earlier)?;
        self.heard(answer)
    }

    /// The same, where it does not matter how those went that were sent before.
    ///
    /// # Errors
    /// That of the request.
    pub(super) fn wait_whatever<T>(
        &mut self,
        request: impl Future<Output = Result<T, Error>>,
    ) -> Result<T> {
        let (answer, _) = self.answers(request);
        self.heard(answer)
    }

    fn heard<T>(&mut self, said: Result<T, Error>) -> Result<T> {
        said.map_err(|error| {
            self.is_at_standby |= error.code() == Some(&SqlState::READ_ONLY_SQL_TRANSACTION);
            error.into()
        })
    }

    /// Waits for everything that was sent.
    ///
    /// # Errors
    /// The first error.
    pub(super) fn settle(&mut self) -> Result<()> {
        if self.sent.is_empty() {
            return Ok(());
        }
        self.wait(async { Ok(()) })
    }

    /// The answer, and the first error of those that were sent before.
    fn answers<T>(
        &mut self,
        request: impl Future<Output = Result<T, Error>>,
    ) -> (Result<T, Error>, Result<(), Error>) {
        let Self {
            runtime,
            connection,
            sent,
            ..
        } = self;
        let mut request = pin!(request);
        let mut answer = None;
        let mut earlier = Ok(());
        runtime.block_on(poll_fn(|cx| {
            // Before the connection, so that it goes out together with what waits to be sent.
            if answer.is_none() {
                answer = done(request.as_mut().poll(cx));
            }
            drive(connection, cx);
            while let Some(first) = sent.front_mut() {
                let Poll::Ready(said) = first.as_mut().poll(cx) else {
                    break;
                };
                if earlier.is_ok() {
                    earlier = said.map(drop);
                }
                sent.pop_front();
            }
            if answer.is_none() {
                answer = done(request.as_mut().poll(cx));
            }
            match answer.take() {
                Some(said) if sent.is_empty() => {
                    Poll::Ready((said, std::mem::replace(&mut earlier, Ok(()))))
                }
                unfinished => {
                    answer = unfinished;
                    Poll::Pending
                }
            }
        }))
    }
}

fn done<T>(poll: Poll<T>) -> Option<T> {
    match poll {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

/// Moves what can be moved.
fn drive(connection: &mut Option<Mover>, cx: &mut Context<'_>) {
    if let Some(open) = connection
        && open.as_mut().poll(cx).is_ready()
    {
        // Whoever waits for an answer hears that there is none.
        *connection = None;
    }
}
