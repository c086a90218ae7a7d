//! One world of one seed: desks and servers in one simulated network, until they are in step again
//! or should have been.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    fs::OpenOptions,
    io::Write,
    path::{Path, PathBuf},
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, anyhow};
use lt_backoffice::Backoffice;
use lt_model::Millis;
use lt_protocol::{sync::Cursor, view::ConnectionState};
use lt_server::sync::{Desks, serve_wire};
use lt_store::Store;
use tokio::sync::{Notify, watch};
use turmoil::{Sim, net::TcpListener};

use super::{
    super::{Dice, count, files},
    agent::Customers,
    desk::{self, Place, Sabotage},
    fault::{self, Event, LATENCY_MS, Plan, Shape},
    notes::{Counts, Notes},
    office::{self, EPOCH, Office},
    oracle::Oracle,
    snapshot,
    wire::{Line, Served},
};

/// Where servers listen.
pub(super) const PORT: u16 = 8_443;
/// Step of the world.
const TICK: Duration = Duration::from_millis(50);
/// From healing on, everything is in step within this time.
const CONVERGE_WITHIN_MS: u64 = 60_000;
/// It is looked at this often then.
const LOOK_EVERY_MS: u64 = 500;
/// Clocks of desks are wrong by up to this much, those of servers by less.
const DESK_SKEW_MS: u64 = 600_000;
const SERVER_SKEW_MS: u64 = 2_000;
/// One frame of a server in so many goes down twice.
const ONE_IN_REPEATED: u64 = 150;

/// What came of a world.
pub(super) struct Outcome {
    /// Of the trace.
    pub(super) hash: u64,
    pub(super) trace: Vec<String>,
    pub(super) misses: Vec<String>,
    pub(super) counts: Counts,
    pub(super) n_acts: u64,
    pub(super) n_refused: u64,
    pub(super) n_heard: u64,
    /// From healing until everything was in step, ms.
    pub(super) converged_ms: u64,
}

/// A server's name in the network.
pub(super) fn server(n: u64) -> String {
    format!("server-{n}")
}

fn desk_name(n: usize) -> String {
    format!("desk-{n}")
}

/// Runs the world of a seed.
pub(super) fn run(office: &Office, seed: u64, shape: Shape, sabotage: Sabotage) -> Result<Outcome> {
    let folder = office.copy()?;
    let backoffice = office::open(folder.path(), &office.root)?;
    let mut world = World::new(office, &backoffice, folder.path(), seed, shape, sabotage)?;
    let mut plan = match sabotage {
        Sabotage::ForgetfulDisk => fault::forgetful(shape),
        _ => fault::plan(seed, shape),
    };
    let converged_ms = world.live(&mut plan)?;
    let oracle = Oracle::new(&backoffice, folder.path(), office, &world.places)?;
    let refused = oracle.judge(&world.notes)?;
    let mut book = world.notes.book();
    Ok(Outcome {
        hash: book.hash,
        n_acts: book.acts.values().map(|acts| count(acts.len())).sum(),
        n_refused: refused,
        n_heard: book.heard.values().map(|heard| count(heard.len())).sum(),
        misses: std::mem::take(&mut book.misses),
        trace: std::mem::take(&mut book.lines),
        counts: book.counts,
        converged_ms,
    })
}

struct World<'a> {
    sim: Sim<'a>,
    shape: Shape,
    office: &'a Office,
    backoffice: &'a Arc<Backoffice>,
    folder: &'a Path,
    places: Vec<Rc<Place>>,
    /// Tell a server's sessions to say good-bye.
    stops: Rc<RefCell<BTreeMap<u64, watch::Sender<bool>>>>,
    aside: BTreeMap<usize, PathBuf>,
    /// Images of machines, each with how far its desk had come.
    images: BTreeMap<usize, (PathBuf, Vec<Cursor>)>,
    /// Desks that have lost a row.
    robbed: BTreeSet<usize>,
    is_calm: Rc<Cell<bool>>,
    notes: Notes,
    n_folders: u64,
}

impl<'a> World<'a> {
    fn new(
        office: &'a Office,
        backoffice: &'a Arc<Backoffice>,
        folder: &'a Path,
        seed: u64,
        shape: Shape,
        sabotage: Sabotage,
    ) -> Result<Self> {
        let mut builder = turmoil::Builder::new();
        builder
            .rng_seed(seed)
            .enable_random_order()
            .tick_duration(TICK)
            .simulation_duration(Duration::from_secs(86_400))
            .tcp_capacity(1_024)
            .max_message_latency(Duration::from_millis(LATENCY_MS));
        let mut world = Self {
            sim: builder.build(),
            shape,
            office,
            backoffice,
            folder,
            places: Vec::new(),
            stops: Rc::default(),
            aside: BTreeMap::new(),
            images: BTreeMap::new(),
            robbed: BTreeSet::new(),
            is_calm: Rc::default(),
            notes: Notes::default(),
            n_folders: 0,
        };
        for n in 0..shape.n_servers {
            world.add_server(n, seed);
        }
        for n in 0..shape.n_desks {
            world.add_desk(n, seed, sabotage)?;
        }
        Ok(world)
    }

    fn add_server(&mut self, n: u64, seed: u64) {
        let mut dice = Dice::new(seed, 1_000 + n);
        let skew = skew(&mut dice, SERVER_SKEW_MS);
        let clock = move || {
            let elapsed = turmoil::sim_elapsed().unwrap_or_default();
            EPOCH + Millis::try_from(elapsed.as_millis()).unwrap_or(0) + skew
        };
        let tokens = Rc::new(self.office.customers.clone());
        let (backoffice, notes) = (Arc::clone(self.backoffice), self.notes.clone());
        let (stops, is_calm) = (Rc::clone(&self.stops), Rc::clone(&self.is_calm));
        let n_starts = Cell::new(0);
        self.sim.host(server(n), move || {
            n_starts.set(n_starts.get() + 1);
            let mut dice = Dice::new(seed, 10_000 * n_starts.get() + 1_000 + n);
            let (stop, stopped) = watch::channel(false);
            stops.borrow_mut().insert(n, stop);
            let chance = std::sync::Mutex::new(dice.fork());
            let chance = move || match chance.lock() {
                Ok(mut dice) => dice.below(u64::MAX),
                Err(_) => 0,
            };
            let desks = Desks::simulated(Arc::clone(&backoffice), stopped, clock, chance);
            let desks = Arc::new(desks);
            let customers = Customers {
                server: n,
                backoffice: Arc::clone(&backoffice),
                tokens: Rc::clone(&tokens),
                clock: Rc::new(clock),
                notes: notes.clone(),
                dice: dice.fork(),
                is_calm: Rc::clone(&is_calm),
            };
            let (notes, is_calm) = (notes.clone(), Rc::clone(&is_calm));
            let pages = Arc::clone(&backoffice);
            async move {
                notes.trace(format_args!("s{n} starts"));
                tokio::task::spawn_local(customers.write());
                tokio::task::spawn_local(snapshot::serve(pages, clock));
                let listener = TcpListener::bind(("0.0.0.0", PORT)).await?;
                loop {
                    let (stream, _) = listener.accept().await?;
                    let wire = Served {
                        line: Line::new(stream),
                        notes: notes.clone(),
                        dice: dice.fork(),
                        one_in_repeated: if is_calm.get() { 0 } else { ONE_IN_REPEATED },
                    };
                    let desks = Arc::clone(&desks);
                    tokio::task::spawn_local(async move { serve_wire(&desks, wire).await });
                }
            }
        });
    }

    fn add_desk(&mut self, n: usize, seed: u64, sabotage: Sabotage) -> Result<()> {
        let mut dice = Dice::new(seed, 100 + count(n));
        let seat = self.office.seats.get(n).context("a seat for every desk")?;
        let place = Rc::new(Place {
            n,
            seat: Rc::clone(seat),
            skew_ms: skew(&mut dice, DESK_SKEW_MS),
            n_servers: self.shape.n_servers,
            sabotage,
            notes: self.notes.clone(),
            dice: RefCell::new(dice),
            folder: RefCell::new(self.folder.join(office::desk(n))),
            store: RefCell::default(),
            state: Cell::new(ConnectionState::Offline),
            cursors: RefCell::default(),
            n_texts: Cell::new(0),
            loses_row: Cell::new(false),
            is_regrouped: Cell::new(false),
            cut: Notify::new(),
            is_calm: Rc::clone(&self.is_calm),
        });
        self.places.push(Rc::clone(&place));
        self.sim.host(desk_name(n), move || {
            let place = Rc::clone(&place);
            async move { Ok(desk::run(place).await?) }
        });
        Ok(())
    }

    /// Lives through the plan, heals, and waits until everything is in step; gives how long that
    /// took.
    fn live(&mut self, plan: &mut Plan) -> Result<u64> {
        let mut events = std::mem::take(plan).into_iter().peekable();
        while self.at_ms() < self.shape.heal_ms {
            let now = self.at_ms();
            self.notes.book().at_ms = now;
            while let Some((_, event)) = events.next_if(|(at, _)| *at <= now) {
                self.happens(event)?;
            }
            self.step()?;
        }
        self.heal()?;
        let healed = self.at_ms();
        loop {
            let until = self.at_ms() + LOOK_EVERY_MS;
            while self.at_ms() < until {
                let now = self.at_ms();
                self.notes.book().at_ms = now;
                self.step()?;
            }
            let took = self.at_ms() - healed;
            let behind: Vec<String> = self
                .places
                .iter()
                .filter_map(|place| self.is_behind(place).transpose())
                .collect::<Result<_>>()?;
            if behind.is_empty() {
                return Ok(took);
            }
            if took >= CONVERGE_WITHIN_MS {
                for what in behind {
                    self.notes
                        .miss(format_args!("after {took} ms still {what}"));
                }
                return Ok(took);
            }
        }
    }

    fn step(&mut self) -> Result<()> {
        self.sim
            .step()
            .map(drop)
            .map_err(|error| anyhow!("at {} ms: {error}", self.at_ms()))
    }

    fn at_ms(&self) -> u64 {
        u64::try_from(self.sim.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Why a desk is not in step, where it is not.
    fn is_behind(&self, place: &Place) -> Result<Option<String>> {
        let (n, store) = (place.n, place.store.borrow().clone());
        let Some(store) = store else {
            return Ok(Some(format!("desk {n}: it does not run")));
        };
        let state = place.state.get();
        let (n_queued, _) = store.outbox_counts()?;
        let session = place.seat.account.session.as_ref().context("a session")?;
        let now = EPOCH + Millis::try_from(self.at_ms())?;
        let principal = self.backoffice.authenticate(session.token.expose(), now)?;
        let heads = self.backoffice.streams(&principal)?;
        let (_, cursors) = store.cursors()?;
        let is_there = heads.len() == cursors.len()
            && heads.iter().all(|head| {
                cursors
                    .iter()
                    .any(|cursor| (cursor.stream, cursor.seq) == (head.stream, head.head))
            });
        let is_fine = state == ConnectionState::Online && n_queued == 0 && is_there;
        Ok((!is_fine)
            .then(|| format!("desk {n}: {state:?}, {n_queued} queued, at the heads: {is_there}")))
    }

    fn happens(&mut self, event: Event) -> Result<()> {
        self.notes.trace(format_args!("{event:?}"));
        self.notes.book().counts.faults += u64::from(!matches!(
            event,
            Event::Release { .. }
                | Event::Repair { .. }
                | Event::StartDesk { .. }
                | Event::StartServer { .. }
                // Whether something comes of them is counted by itself.
                | Event::KeepImage { .. }
                | Event::PutBack { .. }
        ));
        let ends = |desk: usize, with: u64| (desk_name(desk), server(with));
        match event {
            Event::Hold { desk, server } => {
                let (a, b) = ends(desk, server);
                self.sim.hold(a, b);
            }
            Event::Release { desk, server } => {
                let (a, b) = ends(desk, server);
                self.sim.release(a, b);
            }
            Event::Part { desk, server } => {
                let (a, b) = ends(desk, server);
                self.sim.partition(a, b);
            }
            Event::PartUp { desk, server } => {
                let (a, b) = ends(desk, server);
                self.sim.partition_oneway(a, b);
            }
            Event::PartDown { desk, server } => {
                let (a, b) = ends(desk, server);
                self.sim.partition_oneway(b, a);
            }
            Event::Repair { desk, server } => {
                let (a, b) = ends(desk, server);
                self.sim.repair(a, b);
            }
            Event::Slow { desk, most_ms } => self.set_latency(desk, most_ms),
            Event::Cut { desk } => {
                if let Some(place) = self.places.get(desk) {
                    place.cut.notify_one();
                }
            }
            Event::CrashDesk { desk, is_torn } => self.crash_desk(desk, is_torn)?,
            Event::StartDesk { desk } => self.start_desk(desk),
            Event::LoseRow { desk } => {
                // Once: a stream that was just fetched again is left alone for a while.
                if let Some(place) = self.places.get(desk)
                    && self.robbed.insert(desk)
                {
                    place.loses_row.set(true);
                }
            }
            Event::KeepAside { desk } => {
                if let Some(place) = self.places.get(desk) {
                    let aside = self.folder.join(format!("aside-{desk}"));
                    files::copy(&place.folder.borrow(), &aside)?;
                    self.aside.insert(desk, aside);
                }
            }
            Event::KeepImage { desk } => self.keep_image(desk)?,
            Event::PutBack { desk } => self.put_back(desk)?,
            Event::Drain { server } => {
                if let Some(stop) = self.stops.borrow().get(&server) {
                    stop.send_replace(true);
                }
            }
            Event::CrashServer { server: n } => {
                if self.sim.is_host_running(server(n)) {
                    self.notes.book().counts.server_crashes += 1;
                    self.sim.crash(server(n));
                }
            }
            Event::StartServer { server: n } => {
                if !self.sim.is_host_running(server(n)) {
                    self.sim.bounce(server(n));
                }
            }
            Event::Publish { edition } => {
                let now = EPOCH + Millis::try_from(self.at_ms())?;
                let admin = self.backoffice.authenticate(&self.office.admin, now)?;
                let entries = office::entries(edition);
                self.backoffice
                    .import_faq(&admin, entries.as_bytes(), now)?;
            }
            Event::Regroup { desk, without } => self.regroup(desk, without)?,
            Event::Hire { n } => {
                let now = EPOCH + Millis::try_from(self.at_ms())?;
                let admin = self.backoffice.authenticate(&self.office.admin, now)?;
                self.backoffice
                    .create_agent(&admin, office::newcomer(n), now)?;
            }
        }
        Ok(())
    }

    fn regroup(&self, desk: usize, without: Option<usize>) -> Result<()> {
        let Some(place) = self.places.get(desk) else {
            return Ok(());
        };
        let mut groups = place.seat.account.agent.groups.clone();
        if let Some(without) = without {
            groups.remove(without % groups.len());
        }
        let now = EPOCH + Millis::try_from(self.at_ms())?;
        let admin = self.backoffice.authenticate(&self.office.admin, now)?;
        let agent = place.seat.account.agent.id.to_string();
        self.backoffice
            .set_agent_groups(&admin, &agent, groups, now)?;
        place.is_regrouped.set(true);
        Ok(())
    }

    fn set_latency(&self, desk: usize, most_ms: u64) {
        for n in 0..self.shape.n_servers {
            self.sim.set_link_max_message_latency(
                desk_name(desk),
                server(n),
                Duration::from_millis(most_ms),
            );
        }
    }

    /// Kills a desk: what it has on its disk now, log and all, is what it starts from again.
    fn crash_desk(&mut self, desk: usize, is_torn: bool) -> Result<()> {
        let Some(place) = self.places.get(desk).cloned() else {
            return Ok(());
        };
        if !self.sim.is_host_running(desk_name(desk)) {
            return Ok(());
        }
        self.n_folders += 1;
        let next = self.folder.join(format!("{desk}-{}", self.n_folders));
        match self.aside.remove(&desk) {
            Some(aside) => std::fs::rename(aside, &next)?,
            None => files::copy(&place.folder.borrow(), &next)?,
        }
        self.sim.crash(desk_name(desk));
        drop(place.store.take());
        if is_torn {
            tear(&next.join("store.db-wal"))?;
        }
        let before = place.folder.replace(next);
        std::fs::remove_dir_all(before)?;
        self.notes.book().counts.desk_crashes += 1;
        Ok(())
    }

    /// A desk that runs, if nothing of what its user did there is at this desk alone.
    fn settled(&self, desk: usize) -> Result<Option<(Rc<Place>, Rc<Store>)>> {
        let Some(place) = self.places.get(desk) else {
            return Ok(None);
        };
        let Some(store) = place.store.borrow().clone() else {
            return Ok(None);
        };
        let is_settled = store.outbox_counts()? == (0, 0);
        Ok(is_settled.then(|| (Rc::clone(place), store)))
    }

    fn keep_image(&mut self, desk: usize) -> Result<()> {
        let Some((place, store)) = self.settled(desk)? else {
            return Ok(());
        };
        if self.images.contains_key(&desk) {
            return Ok(());
        }
        let image = self.folder.join(format!("image-{desk}"));
        files::copy(&place.folder.borrow(), &image)?;
        let (_, cursors) = store.cursors()?;
        self.images.insert(desk, (image, cursors));
        Ok(())
    }

    fn put_back(&mut self, desk: usize) -> Result<()> {
        let Some((place, store)) = self.settled(desk)? else {
            return Ok(());
        };
        drop(store);
        let Some((image, cursors)) = self.images.remove(&desk) else {
            return Ok(());
        };
        for n in 0..self.shape.n_servers {
            self.sim.partition(desk_name(desk), server(n));
        }
        self.aside.insert(desk, image);
        self.crash_desk(desk, false)?;
        // It has to stand where it stood then.
        place.cursors.replace(cursors);
        self.notes.book().counts.put_back += 1;
        self.notes.trace(format_args!("d{desk} is as it was"));
        Ok(())
    }

    fn start_desk(&mut self, desk: usize) {
        if !self.sim.is_host_running(desk_name(desk)) {
            self.sim.bounce(desk_name(desk));
        }
    }

    /// Everything works again, everybody is there, and nobody writes any more.
    fn heal(&mut self) -> Result<()> {
        self.notes.trace(format_args!("all is well again"));
        self.is_calm.set(true);
        for desk in 0..self.shape.n_desks {
            self.set_latency(desk, LATENCY_MS);
            for n in 0..self.shape.n_servers {
                self.sim.release(desk_name(desk), server(n));
            }
            self.start_desk(desk);
        }
        for n in 0..self.shape.n_servers {
            self.happens(Event::StartServer { server: n })?;
        }
        Ok(())
    }
}

/// A crash in the middle of a write leaves a part of it behind the last commit.
fn tear(log: &Path) -> Result<()> {
    if log.exists() {
        let mut log = OpenOptions::new().append(true).open(log)?;
        log.write_all(&[0x5a; 1_234])?;
    }
    Ok(())
}

fn skew(dice: &mut Dice, most_ms: u64) -> Millis {
    let up = Millis::try_from(dice.below(2 * most_ms + 1)).unwrap_or(0);
    up - Millis::try_from(most_ms).unwrap_or(0)
}
