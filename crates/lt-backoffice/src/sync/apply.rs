//! Applying an operation of a desktop, once.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
};

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

const NUMBER_USED: Refused = Refused::new(
    Code::BadRequest,
    "the number was used for another operation",
);

const FAILED: Refused = Refused::new(Code::Internal, "the server fails at it each time");

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
    /// The number was used for another operation, and this one is not known by any other: the socket
    /// closes with [`lt_protocol::sync::close::NUMBER_USED`], and the desktop numbers anew.
    #[error("the number was used for another operation, {expected} comes next")]
    NumberUsed {
        /// The number that comes next.
        expected: u64,
    },
    /// The login is not good any more, or the server failed.
    #[error(transparent)]
    Wire(#[from] WireError),
}

/// What the transaction found.
enum Applied {
    Outcome(OpOutcome, Vec<ContactId>),
    Gap(u64),
    NumberUsed(u64),
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
    /// one, or its number was used for another, those after it are not applied and have no result.
    pub fn apply_all(
        &self,
        principal: &Principal,
        ops: &[Op],
        now: Millis,
    ) -> Vec<Result<OpOutcome, ApplyError>> {
        let mut results = Vec::with_capacity(ops.len());
        let uploads = self.config.uploads;
        for some in ops.chunks(OPS_AT_ONCE) {
            // What comes after an operation that has to get another number comes again after it.
            let is_stuck = &Cell::new(false);
            let acts = some
                .iter()
                .map(|op| {
                    move |tx: &Tx<'_>| {
                        if is_stuck.get() {
                            return Ok(Acted::nothing(Ok(Applied::NumberUsed(op.n))));
                        }
                        let acted = apply(tx, principal, op, uploads, now)?;
                        is_stuck.set(matches!(acted.value(), Ok(Applied::NumberUsed(_))));
                        Ok(acted)
                    }
                })
                .collect();
            let done = match self.act_all(acts) {
                Ok(done) => done,
                Err(error) => vec![Err(error)],
            };
            for (op, applied) in some.iter().zip(done) {
                let failed = match &applied {
                    Ok(applied) => matches!(applied, Applied::NumberUsed(_)),
                    Err(error) => !matches!(error, Error::Refused(_)),
                };
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
            Applied::NumberUsed(expected) => Err(ApplyError::NumberUsed { expected }),
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
        return replay(tx, principal, &agent, op, (last_n, now));
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
        let performed = catch_unwind(AssertUnwindSafe(|| op::perform(tx, agent, op, now)));
        performed.unwrap_or(Err(Error::Panicked))
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
        Err(lasting) if lasting.is_lasting() => {
            // It would fail for ever, and everything behind it would wait: the agent sees it refused.
            let cause = std::error::Error::source(&lasting).map(ToString::to_string);
            tracing::error!(op = %op.id, action = name, error = %lasting, cause, "an operation cannot be applied");
            (
                OpOutcome::Refused {
                    code: Code::Internal,
                },
                Vec::new(),
                audit::denied(now, actor, name, object, FAILED),
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

/// The number was answered before: the stored answer of the operation, by whichever number it came
/// first.
fn replay(
    tx: &Tx<'_>,
    principal: &Principal,
    agent: &Agent,
    op: &Op,
    (last_n, now): (u64, Millis),
) -> Result<Acted<Result<Applied, Refused>>, Error> {
    let stored = match applied_op::by_number(tx, principal.device, op.n)? {
        Some(stored) if stored.op_id == op.id => Some(stored),
        _ => applied_op::by_op(tx, op.id, agent.id)?,
    };
    if let Some(stored) = stored {
        let applied = Applied::Outcome(stored.outcome, Vec::new());
        return Ok(Acted::nothing(Ok(applied)));
    }
    // An older image of the desktop was put back, or two installations have one identity, as after a
    // copied disk. It is not lost: it comes again by a number of its own.
    let actor = audit::agent(agent, principal.device);
    let object = audit::object("op", op.id);
    let entry = audit::denied(now, actor, op.action.name(), object, NUMBER_USED);
    Ok(Acted::logged(
        Ok(Applied::NumberUsed(last_n.saturating_add(1))),
        entry,
    ))
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
