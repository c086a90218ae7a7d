//! What comes up: operations, each answered once it is committed, and typing.

use lt_backoffice::{Backoffice, sync::ApplyError};
use lt_model::{
    agent::Doing,
    id::{ConversationId, OpId},
};
use lt_protocol::{
    code::{Code, WireError},
    sync::{Op, OpOutcome, ServerFrame, close},
};

use super::{
    super::{
        hello::end_of,
        wire::{Wire, complain, send},
    },
    Session,
};
use crate::socket::End;

impl Session {
    pub(super) async fn on_push(&mut self, wire: &mut impl Wire, ops: Vec<Op>) -> Result<(), End> {
        // What was on its way when the one before it got stuck comes again after that, in one push
        // that begins with it.
        let first = ops.first().map_or(0, |op| op.n);
        if self.stuck_at.is_some_and(|stuck| first > stuck) {
            return Ok(());
        }
        let names: Vec<(u64, OpId)> = ops.iter().map(|op| (op.n, op.id)).collect();
        for ((n, op_id), result) in names.into_iter().zip(self.apply(ops).await?) {
            match result {
                Ok(outcome) => {
                    self.stuck_at = None;
                    self.down.is_behind = true;
                    let result = ServerFrame::Result { n, op_id, outcome };
                    send(wire, &result).await?;
                }
                Err(ApplyError::SequenceGap { expected }) => {
                    complain(wire, Code::BadRequest).await;
                    let reason = format!("expected={expected}");
                    return Err(End::close(close::SEQUENCE, &reason));
                }
                Err(ApplyError::NumberUsed { expected }) => {
                    complain(wire, Code::BadRequest).await;
                    let reason = format!("expected={expected}");
                    return Err(End::close(close::NUMBER_USED, &reason));
                }
                Err(ApplyError::Wire(error)) => {
                    self.stuck_at = Some(n);
                    self.in_trouble(wire, &error).await?;
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// What came of the operations, as far as they were done.
    async fn apply(&self, ops: Vec<Op>) -> Result<Vec<Result<OpOutcome, ApplyError>>, End> {
        let principal = self.principal.clone();
        let at = self.desks.now();
        self.desks
            .call(move |backoffice| Ok(backoffice.apply_all(&principal, &ops, at)))
            .await
            .map_err(|error: WireError| end_of(&error))
    }

    pub(super) async fn on_watching(&self, conversation: ConversationId, doing: Doing) {
        let principal = self.principal.clone();
        let act = move |backoffice: &Backoffice| {
            backoffice.agent_watching(&principal, conversation, doing)
        };
        // A conversation may have gone to another group since the agent opened it.
        let _ = self.desks.call::<_, WireError, _>(act).await;
    }

    pub(super) async fn on_typing(&self, conversation: ConversationId) {
        let principal = self.principal.clone();
        let act = move |backoffice: &Backoffice| backoffice.agent_typing(&principal, conversation);
        // Typing in a conversation that is not there any more is no fault of the agent.
        let _ = self.desks.call::<_, WireError, _>(act).await;
    }
}
