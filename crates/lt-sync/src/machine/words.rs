//! The words of the machine: what happens to it and what it asks for.

use lt_model::{
    Millis,
    agent::{Agent, Doing},
    id::{AgentId, ConversationId, OpId},
};
use lt_protocol::{
    sync::{ClientFrame, Cut, Op, OpOutcome, Row, ServerFrame, StreamHead, StreamSum},
    view::ConnectionState,
};

/// How long to wait before connecting again: full jitter, from zero up to a limit that doubles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The first limit, ms.
    pub first_ms: u64,
    /// The last limit, ms.
    pub most_ms: u64,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            first_ms: 500,
            // A desktop is back within ten seconds after a server that was away for long.
            most_ms: 8_000,
        }
    }
}

impl Backoff {
    pub(super) fn wait_ms(self, n_failures: u32, random: u64) -> u64 {
        let doubled = self.first_ms.saturating_mul(1_u64 << n_failures.min(20));
        random % doubled.min(self.most_ms).saturating_add(1)
    }
}

/// The moment of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Time of day, for showing.
    pub wall: Millis,
    /// A clock that never jumps, ms, for deadlines.
    pub mono_ms: u64,
    /// Fresh random bits.
    pub random: u64,
}

/// Where the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// Where.
    pub state: ConnectionState,
    /// Since when.
    pub since: Millis,
    /// When everything was last in step with the server; while online it is.
    pub synced_at: Option<Millis>,
    /// What is in the way, where it is more than a lost connection.
    pub problem: Option<Problem>,
    /// How far a first fetch is, while there is one.
    pub fetching: Option<Progress>,
    /// By how much the server's clock is ahead of this one, ms, as of the last greeting.
    pub skew_ms: Millis,
}

/// How far a fetch by pages is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows that are here.
    pub n_rows: u64,
    /// Rows that there are; 0 before the first page.
    pub n_total: u64,
}

/// What is in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The server's certificate is not the expected one.
    Untrusted,
    /// The store takes nothing: full or damaged.
    Store,
    /// The account may not sign in any more.
    AccountEnded,
}

/// Why a store did not take something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreFailure {
    /// The batch does not continue where the stream stands.
    OutOfStep,
    /// Anything else.
    Other,
}

/// What the server answered to an operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Number of the operation.
    pub n: u64,
    /// Its id.
    pub op_id: OpId,
    /// What became of it.
    pub outcome: OpOutcome,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The socket is open.
    Opened,
    /// It could not be opened.
    DialFailed {
        /// Because of the certificate.
        untrusted: bool,
    },
    /// A frame came.
    Frame(Box<ServerFrame>),
    /// The welcome is in the store. `in_step`: nothing is to be fetched.
    Welcomed {
        /// Whether the cursors are at the heads.
        in_step: bool,
    },
    /// A batch is in the store.
    Applied {
        /// Its id.
        batch: u64,
        /// Whether the desktop is in step after it.
        last: bool,
    },
    /// The rows of these streams are not those of the server.
    Diverged(Vec<u64>),
    /// A page of a snapshot is in the store.
    Fetched {
        /// Of which stream.
        stream: u64,
        /// How far it is.
        progress: Progress,
    },
    /// A snapshot is in the store.
    Snapshotted {
        /// Of which stream.
        stream: u64,
        /// The change up to which it goes.
        at: u64,
    },
    /// A snapshot broke off. The store keeps what it has of it.
    SnapshotFailed(Option<Problem>),
    /// Answers came, in their order: as frames one by one, told together.
    Answers(Vec<Answer>),
    /// Answers are in the store: those of the operations of these numbers.
    Answered(Vec<u64>),
    /// Operations to push, as they were asked for.
    Queue(Vec<Op>),
    /// The store did not take what it should.
    StoreFailed(StoreFailure),
    /// The outbox got an operation.
    Nudge,
    /// The agent types.
    Typing(ConversationId),
    /// The agent looks at a conversation, writes in it, or has left it.
    Watching(ConversationId, Doing),
    /// Somebody wants the connection now.
    RetryNow,
    /// A deadline has passed.
    Tick,
    /// The socket is closed, with a code where the server gave one.
    Closed(Option<u16>),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Connect.
    Dial,
    /// Sign this nonce and send the hello.
    Hello {
        /// As it came, base64url.
        nonce: String,
    },
    /// Put the welcome into the store; answer [`Input::Welcomed`].
    Welcome {
        /// Generation of the server's data.
        generation: String,
        /// Granted streams.
        streams: Vec<StreamHead>,
        /// Last answered number.
        last_n: u64,
        /// The agent.
        agent: Box<Agent>,
    },
    /// Put a batch into the store; answer [`Input::Applied`].
    Apply {
        /// Its id.
        batch: u64,
        /// Its cuts.
        cuts: Vec<Cut>,
        /// Its rows.
        rows: Vec<Row>,
        /// The server's checksums.
        sums: Vec<StreamSum>,
        /// Whether it is the last one.
        last: bool,
    },
    /// Fetch a snapshot, beside all else; answer [`Input::Fetched`] after each page, and in the end
    /// [`Input::Snapshotted`] or [`Input::SnapshotFailed`].
    Snapshot {
        /// Of which stream.
        stream: u64,
        /// The change up to which it goes.
        at: u64,
        /// One that was begun before is of no use if it is older than this.
        floor: u64,
    },
    /// Put answers into the store, in one transaction; answer [`Input::Answered`].
    Answers(Vec<Answer>),
    /// Read the outbox after a number; answer [`Input::Queue`].
    ReadQueue {
        /// After this one.
        after_n: u64,
        /// At most so many.
        limit: u32,
    },
    /// Drop the cache and the cursors.
    ResetCache,
    /// Number anew what waits, at the next welcome.
    Renumber,
    /// Send a frame.
    Send(ClientFrame),
    /// The customer is typing.
    CustomerTyping(ConversationId),
    /// A colleague looks at a conversation, writes in it, or has left it.
    Colleague(ConversationId, AgentId, Doing),
    /// Close the socket.
    Close,
    /// The status changed.
    Publish(Status),
    /// The session is over; nothing more is to be done.
    End,
}
