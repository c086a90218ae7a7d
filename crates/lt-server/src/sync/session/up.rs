//! What comes up: operations, each answered once it is committed, and typing.

use lt_backoffice::{Backoffice, sync::ApplyError};
use lt_model::id::ConversationId;
use lt_protocol::{
    code::{Code, WireError},
    sync::{Op, OpOutcome, ServerFrame, close},
};

use super::{
    super::wire::{Wire, complain, send},
    Session,
};
use crate::socket::End;

impl Session {
    pub(super) async fn on_push(&mut self, wire: &mut impl Wire, ops: Vec<Op>) -> Result<(), End> {
        for op in ops {
            let (n, op_id) = (op.n, op.id);
            if self.stuck_at.is_some_and(|stuck| n > stuck) {
                // It was on its way when the one before it got stuck, and comes again after that.
                continue;
            }
            match self.apply(op).await {
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
                Err(ApplyError::Wire(error)) => {
                    self.stuck_at = Some(n);
                    self.in_trouble(wire, &error).await?;
                }
            }
        }
        Ok(())
    }

    async fn apply(&self, op: Op) -> Result<OpOutcome, ApplyError> {
        let principal = self.principal.clone();
        let at = self.desks.now();
        self.desks
            .call(move |backoffice| backoffice.apply(&principal, &op, at))
            .await
    }

    pub(super) async fn on_typing(&self, conversation: ConversationId) {
        let principal = self.principal.clone();
        let act = move |backoffice: &Backoffice| backoffice.agent_typing(&principal, conversation);
        // Typing in a conversation that is not there any more is no fault of the agent.
        let _ = self.desks.call::<_, WireError, _>(act).await;
    }
}
