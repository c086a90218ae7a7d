//! Whether the login still holds, and the agent still sees the same.

use std::{collections::BTreeSet, ops::RangeInclusive, time::Duration};

use lt_model::id::AgentId;
use lt_protocol::{
    code::{Code, WireError},
    sync::ServerFrame,
};
use tokio::time::Instant;

use super::{
    super::{
        hello::end_of,
        wire::{Wire, complain, send},
    },
    Session,
};
use crate::socket::{End, GOING_AWAY};

/// Without any hint, it is looked at this often, ms: a hint that was lost costs no more than this.
const LOOK_EVERY_MS: RangeInclusive<u64> = 45_000..=60_000;
/// A hint that concerns everybody is not followed by everybody at once, ms.
const SPREAD_MS: RangeInclusive<u64> = 0..=200;

impl Session {
    /// The next look: after its time, or when the login ends.
    pub(super) fn look_later(&mut self) {
        let left_ms = self.principal.expires_at.saturating_sub(self.desks.now());
        // A login is over at that very millisecond.
        let left_ms = u64::try_from(left_ms).unwrap_or(0);
        let wait_ms = self.desks.within(LOOK_EVERY_MS).min(left_ms);
        self.look_at = Instant::now() + Duration::from_millis(wait_ms);
    }

    /// Something about these agents' access has changed; about anybody's where none is named.
    pub(super) fn on_access(&mut self, agents: &[AgentId]) {
        let wait_ms = if agents.is_empty() {
            self.desks.within(SPREAD_MS)
        } else if agents.contains(&self.principal.agent.id) {
            0
        } else {
            return;
        };
        let soon = Instant::now() + Duration::from_millis(wait_ms);
        self.look_at = self.look_at.min(soon);
    }

    /// The session still stands, the agent sees the same streams, and no change was missed.
    pub(super) async fn look_again(&mut self, wire: &mut impl Wire) -> Result<(), End> {
        let token = self.token.clone();
        let at = self.desks.now();
        let found = self
            .desks
            .call(move |backoffice| {
                let principal = backoffice.authenticate(token.expose(), at)?;
                let streams = backoffice.streams(&principal)?;
                Ok::<_, WireError>((principal, streams))
            })
            .await;
        let (principal, heads) = match found {
            Ok(found) => found,
            Err(error) if error.retry => {
                self.in_trouble(wire, &error).await?;
                self.look_at = self.slow_until.unwrap_or(self.look_at);
                return Ok(());
            }
            Err(error) => {
                if error.code == Code::SignedOut {
                    complain(wire, error.code).await;
                }
                return Err(end_of(&error));
            }
        };
        let streams: BTreeSet<u64> = heads.iter().map(|head| head.stream).collect();
        if streams != self.streams || principal.agent.role != self.principal.agent.role {
            // A new welcome tells the desktop what to fetch and what to drop.
            let bye = ServerFrame::Bye { retry_after_ms: 0 };
            send(wire, &bye).await?;
            return Err(End::close(GOING_AWAY, "what the agent may see has changed"));
        }
        self.principal = principal;
        self.down.look(&heads);
        self.look_later();
        Ok(())
    }
}
