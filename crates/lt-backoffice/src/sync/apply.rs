//! Applying an operation of a desktop, once.

use lt_db::{
    Acted, Tx,
    table::{
        applied_op::{self, AppliedOp},
        device,
    },
};
use lt_model::{Millis, agent::Agent, id::ContactId};
use lt_protocol::{
    code::{Code, WireError},
    sync::{Op, OpOutcome},
};

use super::op;
use crate::{
    access::{Principal, current_agent},
    attach, audit,
    backoffice::Backoffice,
    config::DayBytes,
    engine,
    error::{Error, Refused},
    routing,
};

/// Operations in one transaction: others wait for its end.
const OPS_AT_ONCE: usize = 32;

/// Why an operation has no outcome. It stays in the desktop's outbox.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// An earlier one is missing; the socket closes with
    /// [`lt_protocol::sync::close::SEQUENCE`].
    #[error("operation {expected} was expected")]
    SequenceGap {
        /// The number that comes next.
        expected: u64,
    },
    /// The login is not good any more, the number was used for something else, or the server
    /// failed.
    #[error(transparent)]
    Wire(#[from] WireError),
}

/// What the transaction found.
enum Applied {
    Outcome(OpOutcome, Vec<ContactId>),
    Gap(u64),
}

impl Backoffice {
    /// Applies an operation, or gives the stored answer when it was applied before. A refusal is
    /// an outcome, is stored like one, and is audited.
    ///
    /// # Errors
    /// See [`ApplyError`].
    pub fn apply(
        &self,
        principal: &Principal,
        op: &Op,
        now: Millis,
    ) -> Result<OpOutcome, ApplyError> {
        let applied = self
            .act(|tx| apply(tx, principal, op, self.config.uploads, now))
            .map_err(WireError::from)?;
        self.follow(op, applied, now)
    }

    /// The same for operations one after the other, in few transactions. Where the server fails at
    /// one, those after it have no result.
    pub fn apply_all(
        &self,
        principal: &Principal,
        ops: &[Op],
        now: Millis,
    ) -> Vec<Result<OpOutcome, ApplyError>> {
        let mut results = Vec::with_capacity(ops.len());
        let uploads = self.config.uploads;
        for some in ops.chunks(OPS_AT_ONCE) {
            let acts = some
                .iter()
                .map(|op| move |tx: &Tx<'_>| apply(tx, principal, op, uploads, now))
                .collect();
            let done = match self.act_all(acts) {
                Ok(done) => done,
                Err(error) => vec![Err(error)],
            };
            for (op, applied) in some.iter().zip(done) {
                let failed =
                    matches!(applied, Err(ref error) if !matches!(error, Error::Refused(_)));
                results.push(match applied {
                    Ok(applied) => self.follow(op, applied, now),
                    Err(error) => Err(ApplyError::Wire(error.into())),
                });
                if failed {
                    return results;
                }
            }
        }
        results
    }

    /// What an applied operation leads to.
    fn follow(&self, op: &Op, applied: Applied, now: Millis) -> Result<OpOutcome, ApplyError> {
        match applied {
            Applied::Gap(expected) => Err(ApplyError::SequenceGap { expected }),
            Applied::Outcome(outcome, contacts) => {
                self.hint_contacts(contacts);
                if routing::concerns_queue(&op.action) {
                    self.run_queues_soon(now);
                }
                if engine::concerns_engine(&op.action) && matches!(outcome, OpOutcome::Done { .. })
                {
                    self.rebuild_engine();
                }
                Ok(outcome)
            }
        }
    }
}

fn apply(
    tx: &Tx<'_>,
    principal: &Principal,
    op: &Op,
    uploads: DayBytes,
    now: Millis,
) -> Result<Acted<Result<Applied, Refused>>, Error> {
    let agent = match current_agent(tx, principal, Some(now)) {
        Ok(agent) => agent,
        Err(Error::Refused(why)) => return Ok(refuse(principal, op, why, now)),
        Err(other) => return Err(other),
    };
    let last_n = device::by_id(tx, principal.device)?.map_or(0, |device| device.last_n);
    if op.n <= last_n {
        return replay(tx, principal, op, now);
    }
    if op.n > last_n + 1 {
        return Ok(Acted::nothing(Ok(Applied::Gap(last_n + 1))));
    }
    if let Some(earlier) = applied_op::by_op(tx, op.id, agent.id)? {
        // The same operation by another number, as after a desktop was restored from a backup.
        remember(tx, principal, op, &earlier, now)?;
        let actor = audit::agent(&agent, principal.device);
        let object = audit::object("op", op.id);
        let entry = audit::allowed(now, actor, "op.repeat", object);
        let applied = Applied::Outcome(earlier.outcome, Vec::new());
        return Ok(Acted::logged(Ok(applied), entry));
    }
    perform(tx, principal, &agent, (op, uploads), now)
}

fn perform(
    tx: &Tx<'_>,
    principal: &Principal,
    agent: &Agent,
    (op, uploads): (&Op, DayBytes),
    now: Millis,
) -> Result<Acted<Result<Applied, Refused>>, Error> {
    let actor = audit::agent(agent, principal.device);
    let (name, object) = (op.action.name(), op::object(&op.action, agent));
    let attempt = |tx: &Tx<'_>| {
        follows(tx, agent, op)?;
        op::perform(tx, agent, op, now)
    };
    let (outcome, contacts, entry) = match tx.attempt(attempt) {
        Ok(performed) => {
            let outcome = performed.outcome(now);
            let mut entry = audit::allowed(now, actor, name, object);
            if let OpOutcome::Partial { conflicts, .. } = &outcome {
                entry.reason = audit::fields(conflicts);
            }
            (outcome, performed.contacts, entry)
        }
        Err(Error::Refused(why)) => {
            let why = attach::reason(tx, agent, &op.action, why, uploads, now)?;
            (
                OpOutcome::Refused { code: why.code },
                Vec::new(),
                audit::denied(now, actor, name, object, why),
            )
        }
        Err(other) => return Err(other),
    };
    let applied = AppliedOp {
        op_id: op.id,
        agent: agent.id,
        outcome,
    };
    remember(tx, principal, op, &applied, now)?;
    let applied = Applied::Outcome(applied.outcome, contacts);
    Ok(Acted::logged(Ok(applied), entry))
}

/// What makes sense after another operation only goes the way of that one.
fn follows(tx: &Tx<'_>, agent: &Agent, op: &Op) -> Result<(), Error> {
    let Some(after) = op.after else {
        return Ok(());
    };
    match applied_op::by_op(tx, after, agent.id)? {
        Some(AppliedOp {
            outcome: OpOutcome::Refused { .. },
            ..
        }) => Err(Refused::new(Code::AfterRefused, "the operation before it was refused").into()),
        Some(_) | None => Ok(()),
    }
}

/// The number was answered before: the stored answer, if it was for the same operation.
fn replay(
    tx: &Tx<'_>,
    principal: &Principal,
    op: &Op,
    now: Millis,
) -> Result<Acted<Result<Applied, Refused>>, Error> {
    match applied_op::by_number(tx, principal.device, op.n)? {
        Some(stored) if stored.op_id == op.id => Ok(Acted::nothing(Ok(Applied::Outcome(
            stored.outcome,
            Vec::new(),
        )))),
        // Two installations with one identity, as after a copied disk.
        _ => {
            let why = Refused::new(
                Code::BadRequest,
                "the number was used for another operation",
            );
            Ok(refuse(principal, op, why, now))
        }
    }
}

fn refuse(
    principal: &Principal,
    op: &Op,
    why: Refused,
    now: Millis,
) -> Acted<Result<Applied, Refused>> {
    let actor = audit::agent(&principal.agent, principal.device);
    let object = audit::object("op", op.id);
    let entry = audit::denied(now, actor, op.action.name(), object, why);
    Acted::logged(Err(why), entry)
}

fn remember(
    tx: &Tx<'_>,
    principal: &Principal,
    op: &Op,
    applied: &AppliedOp,
    now: Millis,
) -> Result<(), Error> {
    applied_op::insert(tx, principal.device, op.n, applied, now)?;
    device::set_last_n(tx, principal.device, op.n)?;
    Ok(())
}
