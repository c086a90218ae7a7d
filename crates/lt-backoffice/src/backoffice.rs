//! [`Backoffice`]: the data, the engine, and who listens.

use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    thread::JoinHandle,
};

use arc_swap::ArcSwap;
use tokio::sync::oneshot;

use lt_db::{
    Acted, Committed, Db, DbError, ServerKeys, Tx,
    table::{
        audit::AuditReport,
        engine_settings, faq_entry,
        inbox::{self, Inbox},
        meta, org, skill_group,
    },
};
use lt_engine::{Doc, Engine, tailoring};
use lt_model::{
    Millis,
    agent::{Agent, Permission, SkillGroup},
    id::ContactId,
};
use lt_protocol::code::WireError;

use crate::{
    access::{Hashing, Principal, Throttle, current_agent},
    alerts::{Alerts, LookUps, counted},
    attach::Drawing,
    audit,
    authz::{self, Scope},
    cluster::{Cluster, Knowledge, Sending},
    config::Config,
    error::{Error, Refused},
    hint::Hint,
    learning::Learning,
    listeners::{Hints, Listeners},
    quality::Sampling,
    routing::{Places, Watch},
    surge::Listening,
    survey::Reading,
    visitor::{Known, Recent},
};

/// The server's use cases.
pub struct Backoffice {
    pub(crate) db: Db,
    pub(crate) keys: ServerKeys,
    pub(crate) config: Config,
    pub(crate) engine: ArcSwap<Engine>,
    /// Held while knowledge is published, so that the engine is of what was published last. Holds
    /// what the engine was built from.
    pub(crate) publishing: Mutex<Knowledge>,
    /// Builds the engine after its settings have changed.
    pub(crate) building: Mutex<Option<JoinHandle<()>>>,
    /// Itself, for that thread.
    pub(crate) me: Weak<Self>,
    pub(crate) learning: Learning,
    pub(crate) alerts: Alerts,
    /// How look-ups in other systems ended.
    pub(crate) look_ups: Arc<LookUps>,
    pub(crate) throttle: Throttle,
    pub(crate) watch: Watch,
    pub(crate) places: Places,
    pub(crate) surveys: Reading,
    pub(crate) sampling: Sampling,
    pub(crate) surges: Listening,
    pub(crate) visitors: Known,
    pub(crate) recent: Recent,
    pub(crate) hashing: Hashing,
    pub(crate) drawing: Drawing,
    hints: Listeners,
    pub(crate) cluster: Cluster,
    gone: Mutex<Option<oneshot::Receiver<()>>>,
    /// Declared last, so that it goes when everything above has gone.
    _alive: oneshot::Sender<()>,
}

impl Backoffice {
    /// Loads the published knowledge and builds the engine from it. Call [`Backoffice::resume`]
    /// next, so that customers who wrote before a restart are answered.
    ///
    /// # Errors
    /// When the store cannot be read or the engine cannot be built.
    pub fn open(db: Db, keys: ServerKeys, config: Config) -> Result<Arc<Self>, Error> {
        let (published, settings, knowledge) = db.read(|reader| {
            Ok::<_, Error>((
                faq_entry::published(reader)?,
                engine_settings::current(reader)?,
                Knowledge::read(reader)?,
            ))
        })?;
        let (sending, listener) = match db.channel() {
            Some((channel, listener)) => {
                let sending = Sending::start(channel)?;
                let listener = (listener, sending.from());
                (Some(sending), Some(listener))
            }
            None => (None, None),
        };
        let (alive, gone) = oneshot::channel();
        let look_ups = Arc::new(LookUps::default());
        let config = Config {
            connectors: config.connectors.map(|inner| counted(inner, &look_ups)),
            ..config
        };
        let docs = published.into_iter().map(Doc::from).collect();
        let engine = Engine::build_with(docs, tailoring::parts(settings.as_ref()))?;
        let backoffice = Arc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            building: Mutex::default(),
            db,
            keys,
            config,
            engine: ArcSwap::from_pointee(engine),
            publishing: Mutex::new(knowledge),
            cluster: Cluster::new(sending.as_ref()),
            gone: Mutex::new(Some(gone)),
            _alive: alive,
            learning: Learning::default(),
            alerts: Alerts::default(),
            look_ups,
            throttle: Throttle::default(),
            watch: Watch::default(),
            places: Places::default(),
            surveys: Reading::default(),
            sampling: Sampling::default(),
            surges: Listening::default(),
            visitors: Known::default(),
            recent: Recent::default(),
            hashing: Hashing::default(),
            drawing: Drawing::default(),
            hints: Listeners::default(),
        });
        backoffice.join_cluster(listener)?;
        if backoffice.config.encoder.is_some() {
            // Encoding takes its time; customers are answered without it until then.
            backoffice.rebuild_engine();
        }
        Ok(backoffice)
    }

    /// Becomes ready when the last holder has let go and the data is closed; none for everybody but
    /// the first who asks.
    pub fn gone(&self) -> Option<oneshot::Receiver<()>> {
        self.gone
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// From now on, tells when somebody should look.
    pub fn hints(&self) -> Hints {
        self.hints.listen()
    }

    /// Name of the organisation; empty before the set-up.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn organisation(&self) -> Result<String, WireError> {
        Ok(self.read(org::name)?.unwrap_or_default())
    }

    /// Whether the first administrator exists.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn is_set_up(&self) -> Result<bool, WireError> {
        Ok(self.read(org::name)?.is_some())
    }

    /// How many entries the engine answers from.
    pub fn n_faq_entries(&self) -> usize {
        self.engine.load().docs().len()
    }

    /// The configured sources of messages.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn inboxes(&self) -> Result<Vec<Inbox>, WireError> {
        Ok(self.read(inbox::all)?)
    }

    /// The skill groups.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn groups(&self) -> Result<Vec<SkillGroup>, WireError> {
        Ok(self.read(skill_group::all)?)
    }

    /// The generation of the data, see [`lt_protocol::sync::ServerFrame::Welcome`].
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn generation(&self) -> Result<String, WireError> {
        Ok(self.read(meta::generation)?)
    }

    /// Checks the whole audit chain.
    ///
    /// # Errors
    /// When the store cannot be read; a broken chain is a report.
    pub fn verify_audit(&self) -> Result<AuditReport, WireError> {
        Ok(self.db.verify_audit().map_err(Error::from)?)
    }

    pub(crate) fn read<T>(
        &self,
        look: impl FnOnce(&lt_db::Reader<'_>) -> Result<T, DbError>,
    ) -> Result<T, Error> {
        Ok(self.db.read(look)?)
    }

    /// Runs an act and tells who should look. A refusal is a value of the act, not a failure: its
    /// entry in the log is kept.
    pub(crate) fn act<T>(
        &self,
        act: impl FnOnce(&Tx<'_>) -> Result<Acted<Result<T, Refused>>, Error>,
    ) -> Result<T, Error> {
        self.told(self.db.write(act)?)
    }

    /// The same for acts one after the other in one transaction, as long as the store does not fail.
    /// What came of each that was run.
    pub(crate) fn act_all<T, A>(&self, acts: Vec<A>) -> Result<Vec<Result<T, Error>>, Error>
    where
        A: FnOnce(&Tx<'_>) -> Result<Acted<Result<T, Refused>>, Error>,
    {
        let done = self.db.write_all(acts)?;
        Ok(done
            .into_iter()
            .map(|committed| self.told(committed?))
            .collect())
    }

    fn told<T>(&self, committed: Committed<Result<T, Refused>>) -> Result<T, Error> {
        for contact in committed.contacts {
            self.recent.forget(contact);
        }
        if !committed.streams.is_empty() {
            self.cluster.heads_known(&committed.streams);
            let streams = committed.streams.iter().map(|(stream, _)| *stream);
            self.hint(Hint::Streams(streams.collect()));
        }
        if let Some(change) = committed.access {
            self.hint_access(change);
        }
        Ok(committed.value?)
    }

    /// An act of an agent that needs a permission in the whole organisation: checked here, inside
    /// the transaction, against the account as it is now. `act` gives its value and the object, or
    /// more of what the log says; when it refuses, what it wrote is taken back and the refusal is audited.
    pub(crate) fn act_as<T, N: Into<audit::Note>>(
        &self,
        principal: &Principal,
        action: &'static str,
        permission: Permission,
        now: Millis,
        act: impl FnOnce(&Tx<'_>, &Agent) -> Result<(T, N), Error>,
    ) -> Result<T, Error> {
        let actor = audit::agent(&principal.agent, principal.device);
        self.act(|tx| {
            let result = tx.attempt(|tx| {
                let agent = current_agent(tx, principal, Some(now))?;
                authz::check(&agent, permission, Scope::Organisation)?;
                act(tx, &agent)
            });
            match result {
                Ok((value, note)) => {
                    let note: audit::Note = note.into();
                    let entry = note.entry(now, actor, action);
                    Ok(Acted::logged(Ok(value), entry))
                }
                Err(Error::Refused(why)) => {
                    let object = audit::object("action", action);
                    let entry = audit::denied(now, actor, action, object, why);
                    Ok(Acted::logged(Err(why), entry))
                }
                Err(other) => Err(other),
            }
        })
    }

    /// Tells whom it concerns, here and in the other processes.
    pub(crate) fn hint(&self, hint: Hint) {
        self.cluster.pass_on(&hint);
        self.tell(&hint);
    }

    /// Tells whom it concerns here.
    pub(crate) fn tell(&self, hint: &Hint) {
        if let Hint::Contact(contact) = hint {
            self.recent.forget(*contact);
        }
        self.hints.tell(hint);
    }

    pub(crate) fn hint_contacts(&self, mut contacts: Vec<ContactId>) {
        contacts.sort_unstable();
        contacts.dedup();
        for contact in contacts {
            self.hint(Hint::Contact(contact));
        }
    }
}
