//! A desk: the real machine and the real store, driven over the simulated network.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    path::PathBuf,
    rc::Rc,
    time::Duration,
};

use anyhow::{Context, Result};
use lt_model::{Millis, id::MessageId};
use lt_protocol::{
    sync::{
        Action, ClientFrame, Cursor, Hello, MIN_SCHEMA, PROTOCOL, RowChange, SCHEMA, ServerFrame,
        StreamHead,
    },
    view::ConnectionState,
};
use lt_seal::{
    device::DeviceKey,
    encode::{base64url_decode, base64url_encode},
    sha256,
};
use lt_store::{Opened, Store, StoreError};
use lt_sync::{
    Backoff,
    machine::{Input, Machine, Now, Output, StoreFailure},
};
use tokio::{
    sync::{Notify, mpsc},
    task::JoinSet,
    time::{Instant, sleep_until, timeout},
};
use turmoil::net::TcpStream;
use uuid::Uuid;

use super::{
    super::Dice,
    agent,
    notes::Notes,
    office::{EPOCH, Seat},
    snapshot,
    wire::{Came, Line},
    world::{PORT, server},
};

/// Opening a connection takes no longer.
const DIAL_WITHIN: Duration = Duration::from_secs(10);
/// One push in so many goes up twice, one goes up again later, and one changes places with the
/// frame behind it.
const ONE_IN_TWICE: u64 = 6;
const ONE_IN_AGAIN: u64 = 6;
const ONE_IN_SWAPPED: u64 = 60;
/// Pushes of a connection that may go up again.
const N_REMEMBERED: usize = 4;

/// What is broken on purpose, at the first desk: the oracle has to notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sabotage {
    None,
    /// After a crash the disk has what it had some time before.
    ForgetfulDisk,
    /// A message of every batch is lost, and so are the checksums that would tell.
    LostRows,
    /// After a new connection everything unanswered goes up again as something new.
    NaiveResend,
}

/// Where a desk stands, whether it runs or not.
pub(super) struct Place {
    pub(super) n: usize,
    pub(super) seat: Rc<Seat>,
    /// How wrong its clock is.
    pub(super) skew_ms: Millis,
    pub(super) n_servers: u64,
    pub(super) sabotage: Sabotage,
    pub(super) notes: Notes,
    pub(super) dice: RefCell<Dice>,
    /// Where its files are.
    pub(super) folder: RefCell<PathBuf>,
    /// Open while it runs.
    pub(super) store: RefCell<Option<Rc<Store>>>,
    pub(super) state: Cell<ConnectionState>,
    /// How far it came, as far as it acknowledged.
    pub(super) cursors: RefCell<Vec<Cursor>>,
    /// Texts that its user has written.
    pub(super) n_texts: Cell<u64>,
    /// A row of its next batch does not come through: its checksums have to notice.
    pub(super) loses_row: Cell<bool>,
    /// Its agent lost a group at some time: what waited for that group is refused at the desk.
    pub(super) is_regrouped: Cell<bool>,
    /// Its connection breaks now.
    pub(super) cut: Notify,
    /// Nobody writes any more, and nothing is broken.
    pub(super) is_calm: Rc<Cell<bool>>,
}

impl Place {
    /// The time by its clock.
    pub(super) fn wall(&self) -> Millis {
        let elapsed = turmoil::sim_elapsed().unwrap_or_default();
        EPOCH + Millis::try_from(elapsed.as_millis()).unwrap_or(0) + self.skew_ms
    }

    pub(super) fn chance(&self, one_in: u64) -> bool {
        !self.is_calm.get() && self.dice.borrow_mut().below(one_in) == 0
    }

    /// Whether something is broken on purpose here.
    pub(super) fn is_sabotaged(&self) -> bool {
        self.n == 0 && self.sabotage != Sabotage::None
    }

    fn now(&self) -> Now {
        Now {
            wall: self.wall(),
            mono_ms: mono_ms(),
            random: self.dice.borrow_mut().below(u64::MAX),
        }
    }
}

fn mono_ms() -> u64 {
    let elapsed = turmoil::sim_elapsed().unwrap_or_default();
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}

/// Runs the desk until it is killed.
pub(super) async fn run(place: Rc<Place>) -> Result<()> {
    let store = open(&place)?;
    let machine = Machine::new(Backoff::default(), store.synced_at()?, place.now());
    let (nudge, commands) = mpsc::unbounded_channel();
    let pages = nudge.clone();
    let work = agent::work(Rc::clone(&place), Rc::clone(&store), nudge);
    tokio::task::spawn_local(work);
    Driver {
        key: DeviceKey::from_pkcs8(&place.seat.account.device.key)?,
        place,
        store,
        machine,
        line: None,
        commands,
        fetches: JoinSet::new(),
        pages,
        held: None,
        pushed: VecDeque::new(),
    }
    .run()
    .await
}

/// Opens the store as it lies there, and looks whether it is what was left.
fn open(place: &Rc<Place>) -> Result<Rc<Store>> {
    let folder = place.folder.borrow().clone();
    let (store, opened) = Store::open(&folder, &place.seat.root, place.wall())?;
    let n = place.n;
    place.notes.trace(format_args!("d{n} starts"));
    if opened != Opened::Fine {
        place
            .notes
            .miss(format_args!("desk {n}: the store was found as {opened:?}"));
    }
    if let Err(error) = store.check() {
        place
            .notes
            .miss(format_args!("desk {n}: after a start: {error}"));
    }
    let (_, cursors) = store.cursors()?;
    if cursors != *place.cursors.borrow() {
        place
            .notes
            .miss(format_args!("desk {n}: I4: a kill moved a cursor"));
    }
    let notes = place.notes.clone();
    store.subscribe(move |change| change.news.iter().for_each(|news| notes.told(n, news)));
    let store = Rc::new(store);
    *place.store.borrow_mut() = Some(Rc::clone(&store));
    place.state.set(ConnectionState::Offline);
    Ok(store)
}

struct Driver {
    place: Rc<Place>,
    store: Rc<Store>,
    key: DeviceKey,
    machine: Machine,
    line: Option<Line>,
    commands: mpsc::UnboundedReceiver<Input>,
    /// Snapshots that are being fetched, and where they tell how far they are.
    fetches: JoinSet<Input>,
    pages: mpsc::UnboundedSender<Input>,
    /// A push that goes up behind the next frame.
    held: Option<String>,
    /// The last pushes of this connection.
    pushed: VecDeque<String>,
}

impl Driver {
    async fn run(mut self) -> Result<()> {
        loop {
            let input = self.next().await?;
            let mut inputs = VecDeque::from([input]);
            while let Some(input) = inputs.pop_front() {
                for output in self.machine.on(input, self.place.now()) {
                    inputs.extend(self.act(output).await?);
                }
            }
        }
    }

    async fn next(&mut self) -> Result<Input> {
        let wait_ms = self.machine.deadline_ms().saturating_sub(mono_ms());
        let deadline = Instant::now() + Duration::from_millis(wait_ms.min(3_600_000));
        let incoming = async {
            match &mut self.line {
                Some(line) => line.next().await,
                None => std::future::pending().await,
            }
        };
        let came = tokio::select! {
            biased;
            () = self.place.cut.notified() => Came::Closed(None),
            command = self.commands.recv() => return command.context("a user at the desk"),
            Some(fetched) = self.fetches.join_next() => return Ok(fetched?),
            () = sleep_until(deadline) => return Ok(Input::Tick),
            came = incoming => came,
        };
        let n = self.place.n;
        match came {
            Came::Text(text) => {
                let frame: ServerFrame = serde_json::from_str(&text)
                    .with_context(|| format!("desk {n} cannot read a frame"))?;
                self.trace(&frame);
                Ok(Input::Frame(Box::new(self.tampered(frame))))
            }
            Came::Closed(code) => {
                self.place
                    .notes
                    .trace(format_args!("d{n} is closed, {code:?}"));
                self.hang_up();
                Ok(Input::Closed(code))
            }
        }
    }

    /// Does what the machine says, and gives what became of it.
    async fn act(&mut self, output: Output) -> Result<Vec<Input>> {
        let at = self.place.wall();
        let input = match output {
            Output::Dial => Some(self.dial().await),
            Output::Hello { nonce } => self.hello(&nonce).await?,
            Output::Welcome {
                generation,
                streams,
                last_n,
                agent,
            } => {
                let resent = self.unanswered()?;
                let done = self.welcome(&generation, &streams, last_n, &agent, at);
                self.resend(resent, at);
                let input = self.input(done, |in_step| Input::Welcomed { in_step });
                return Ok(with_diverged(input, self.store.unsound_streams()?));
            }
            Output::Apply {
                batch,
                cuts,
                rows,
                sums,
                last,
            } => {
                let mut diverged = Vec::new();
                let done = self.store.apply_batch(&cuts, &rows, &sums, last, at);
                let input = self.input(done, |applied| {
                    diverged = applied.diverged;
                    Input::Applied { batch, last }
                });
                return Ok(with_diverged(input, diverged));
            }
            Output::Snapshot { stream, at, floor } => {
                let n = self.place.n;
                self.place
                    .notes
                    .trace(format_args!("d{n} fetches stream {stream} up to {at}"));
                self.place.notes.book().counts.snapshots += 1;
                let (place, store) = (Rc::clone(&self.place), Rc::clone(&self.store));
                let pages = self.pages.clone();
                self.fetches.spawn_local(async move {
                    match snapshot::fetch(&place, &store, stream, at, floor, pages).await {
                        Ok(at) => Input::Snapshotted { stream, at },
                        Err(error) => {
                            place
                                .notes
                                .trace(format_args!("d{n}: stream {stream} broke off: {error}"));
                            Input::SnapshotFailed(None)
                        }
                    }
                });
                None
            }
            Output::Answers(answers) => {
                let numbers = answers.iter().map(|answer| answer.n).collect();
                let results: Vec<_> = answers
                    .into_iter()
                    .map(|answer| (answer.op_id, answer.outcome))
                    .collect();
                let done = self.store.op_results(&results, at);
                self.input(done, |_| Input::Answered(numbers))
            }
            Output::ReadQueue { after_n, limit } => {
                let done = self.store.queue(after_n, limit);
                self.input(done, Input::Queue)
            }
            Output::ResetCache => {
                self.place.notes.book().counts.resets += 1;
                let n = self.place.n;
                self.place.notes.trace(format_args!("d{n} begins anew"));
                let done = self.store.reset_cache(at);
                self.place.cursors.borrow_mut().clear();
                self.input(done, |_| Input::Nudge)
            }
            Output::Renumber => {
                let n = self.place.n;
                self.place.notes.trace(format_args!("d{n} numbers anew"));
                self.place.notes.book().counts.renumbered += 1;
                let done = self.store.distrust_numbers(at);
                self.input(done, |_| Input::Nudge)
            }
            Output::Send(frame) => self.send(&frame).await?,
            Output::Close => {
                self.hang_up();
                None
            }
            Output::Publish(status) => {
                let (n, state) = (self.place.n, status.state);
                self.place.notes.trace(format_args!("d{n} is {state:?}"));
                self.place.state.set(state);
                None
            }
            Output::CustomerTyping(_) | Output::Colleague(_, _, _) => None,
            Output::End => {
                let n = self.place.n;
                self.place
                    .notes
                    .miss(format_args!("desk {n} was signed out"));
                std::future::pending().await
            }
        };
        Ok(input.into_iter().collect())
    }

    async fn dial(&mut self) -> Input {
        let n_servers = self.place.n_servers;
        let to = self.place.dice.borrow_mut().below(n_servers);
        let n = self.place.n;
        match timeout(DIAL_WITHIN, TcpStream::connect((server(to), PORT))).await {
            Ok(Ok(stream)) => {
                self.place.notes.trace(format_args!("d{n} reaches s{to}"));
                self.place.notes.book().counts.connections += 1;
                self.line = Some(Line::new(stream));
                Input::Opened
            }
            _ => {
                self.place
                    .notes
                    .trace(format_args!("d{n} does not reach s{to}"));
                Input::DialFailed { untrusted: false }
            }
        }
    }

    async fn hello(&mut self, nonce: &str) -> Result<Option<Input>> {
        let session = self.place.seat.account.session.as_ref();
        let token = &session.context("a desk that has signed in")?.token;
        let mut message = base64url_decode(nonce)?;
        message.extend_from_slice(&sha256(token.as_bytes()));
        let (generation, cursors) = self.store.cursors()?;
        let hello = ClientFrame::Hello(Hello {
            proto: PROTOCOL,
            schema: SCHEMA,
            min_schema: MIN_SCHEMA,
            app: "0.0.0".to_owned(),
            device: self.place.seat.account.device.id,
            token: token.expose().clone(),
            proof: base64url_encode(&self.key.sign(&message)),
            cursors,
            generation,
            now: self.place.wall(),
        });
        self.send(&hello).await
    }

    fn welcome(
        &self,
        generation: &str,
        streams: &[StreamHead],
        last_n: u64,
        agent: &lt_model::agent::Agent,
        at: Millis,
    ) -> lt_store::Result<bool> {
        let (_, cursors) = self.store.cursors()?;
        let head = |stream: u64| streams.iter().find(|head| head.stream == stream);
        if cursors
            .iter()
            .any(|cursor| head(cursor.stream).is_some_and(|head| cursor.seq > head.head))
        {
            let n = self.place.n;
            self.place
                .notes
                .miss(format_args!("desk {n} is ahead of its server"));
        }
        self.store
            .set_streams(generation, streams, last_n, agent, at)?;
        let (_, cursors) = self.store.cursors()?;
        Ok(streams.iter().all(|head| {
            cursors
                .iter()
                .any(|cursor| cursor.stream == head.stream && cursor.seq >= head.head)
        }))
    }

    /// Sends a frame; a push may come to the server twice, again, or out of its place.
    async fn send(&mut self, frame: &ClientFrame) -> Result<Option<Input>> {
        let text = serde_json::to_string(frame)?;
        let mut texts = vec![text];
        if let ClientFrame::Push { ops } = frame {
            let (n, from, to) = (
                self.place.n,
                ops.first().map_or(0, |op| op.n),
                ops.last().map_or(0, |op| op.n),
            );
            self.place
                .notes
                .trace(format_args!("d{n} pushes {from}..{to}"));
            self.mix_up(&mut texts);
        }
        texts.extend(self.held.take_if(|_| !texts.is_empty()));
        let Some(line) = &mut self.line else {
            return Ok(None);
        };
        for text in texts {
            if !line.send(&text).await {
                self.hang_up();
                return Ok(Some(Input::Closed(None)));
            }
        }
        Ok(None)
    }

    fn mix_up(&mut self, texts: &mut Vec<String>) {
        let place = Rc::clone(&self.place);
        let repeated = |n: u64| place.notes.book().counts.repeated_frames += n;
        let (Some(text), twice) = (texts.first().cloned(), place.chance(ONE_IN_TWICE)) else {
            return;
        };
        if place.chance(ONE_IN_SWAPPED) && self.held.is_none() {
            self.held = texts.pop();
        }
        if place.chance(ONE_IN_AGAIN)
            && let Some(earlier) = self.pushed.front()
        {
            repeated(1);
            texts.push(earlier.clone());
        }
        if twice {
            repeated(1);
            texts.push(text.clone());
        }
        self.pushed.push_back(text);
        if self.pushed.len() > N_REMEMBERED {
            self.pushed.pop_front();
        }
    }

    fn hang_up(&mut self) {
        self.line = None;
        self.fetches = JoinSet::new();
        self.held = None;
        self.pushed.clear();
    }

    /// What became of a call of the store.
    fn input<T>(&self, done: lt_store::Result<T>, of: impl FnOnce(T) -> Input) -> Option<Input> {
        let n = self.place.n;
        Some(match done {
            Ok(value) => {
                if let Ok((_, cursors)) = self.store.cursors() {
                    self.advanced(cursors);
                }
                of(value)
            }
            Err(StoreError::OutOfStep {
                stream,
                expected,
                got,
            }) => {
                self.place.notes.trace(format_args!(
                    "d{n} is out of step: stream {stream} at {got} for {expected}"
                ));
                Input::StoreFailed(StoreFailure::OutOfStep)
            }
            Err(error) => {
                self.place
                    .notes
                    .miss(format_args!("desk {n}: the store: {error}"));
                Input::StoreFailed(StoreFailure::Other)
            }
        })
    }

    /// I4: cursors never go back.
    fn advanced(&self, cursors: Vec<Cursor>) {
        let mut before = self.place.cursors.borrow_mut();
        let went_back = before.iter().any(|old| {
            cursors
                .iter()
                .any(|new| new.stream == old.stream && new.seq < old.seq)
        });
        if went_back {
            let n = self.place.n;
            self.place
                .notes
                .miss(format_args!("desk {n}: I4: a cursor went back"));
        }
        *before = cursors;
    }

    fn trace(&self, frame: &ServerFrame) {
        let (n, notes) = (self.place.n, &self.place.notes);
        match frame {
            ServerFrame::Batch { cuts, rows, .. } => {
                notes.book().counts.batches += 1;
                let cuts: Vec<_> = cuts
                    .iter()
                    .map(|cut| (cut.stream, cut.from, cut.to))
                    .collect();
                notes.trace(format_args!("d{n} gets {} rows {cuts:?}", rows.len()));
            }
            ServerFrame::Result {
                n: op_n,
                op_id,
                outcome,
            } => {
                let act = notes.book().number(n, *op_id);
                let outcome = match outcome {
                    lt_protocol::sync::OpOutcome::Done { .. } => "done".to_owned(),
                    other => format!("{other:?}"),
                };
                notes.trace(format_args!("d{n} hears of {op_n}, act {act:?}: {outcome}"));
            }
            other => {
                let kind = serde_json::to_value(other).map(|json| json["t"].clone());
                notes.trace(format_args!("d{n} hears {kind:?}"));
            }
        }
    }

    /// Where rows are lost on purpose.
    fn tampered(&self, mut frame: ServerFrame) -> ServerFrame {
        if let ServerFrame::Batch { rows, .. } = &mut frame
            && self.place.loses_row.get()
            && rows.pop().is_some()
        {
            self.place.loses_row.set(false);
        }
        if self.place.n == 0
            && self.place.sabotage == Sabotage::LostRows
            && let ServerFrame::Batch { rows, chk, .. } = &mut frame
        {
            chk.clear();
            let lost = rows.iter().position(|row| {
                matches!(&row.change, RowChange::Put { entity }
                    if entity.kind() == lt_model::change::EntityKind::Message)
            });
            if let Some(lost) = lost {
                rows.remove(lost);
            }
        }
        frame
    }

    /// What a desk without ids of operations would send again: texts that had no answer.
    fn unanswered(&self) -> Result<Vec<Action>> {
        if self.place.n != 0 || self.place.sabotage != Sabotage::NaiveResend {
            return Ok(Vec::new());
        }
        let queued = self.store.queue(0, 1_000)?;
        Ok(queued.into_iter().map(|op| op.action).collect())
    }

    fn resend(&self, actions: Vec<Action>, at: Millis) {
        for mut action in actions {
            if let Action::SendMessage {
                conversation_id,
                message_id,
                seen_seq,
                ..
            } = &mut action
            {
                *message_id = MessageId(Uuid::now_v7());
                if let Ok(Some(shown)) = self.store.conversation(*conversation_id) {
                    *seen_seq = shown.seq;
                }
                // What the store refuses now is not sent twice.
                let _ = self.store.enqueue(action, at);
            }
        }
    }
}

/// An input, and behind it that some streams are not as they should be.
fn with_diverged(input: Option<Input>, diverged: Vec<u64>) -> Vec<Input> {
    let diverged = (!diverged.is_empty()).then_some(Input::Diverged(diverged));
    input.into_iter().chain(diverged).collect()
}
