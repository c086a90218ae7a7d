//! Those who answer, without desktops of their own.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use lt_backoffice::Principal;
use lt_model::{
    Millis,
    agent::Presence,
    conversation::{Conversation, Handler, Status},
    id::{ConversationId, MessageId, OpId},
};
use lt_protocol::sync::{Action, Composed, Entity, Op, OpOutcome, RowChange};
use lt_store::Device;
use uuid::Uuid;

use super::{ADMIN, MINUTE, Office, recount::Recount};

/// So long somebody waits on a good day.
const WAITS: Millis = MINUTE;
/// How long it takes to bring one to its end.
const TAKES: Millis = 3 * MINUTE;
const MAX_ROWS: usize = 1_000;

struct Person {
    principal: Principal,
    n_ops: u64,
    /// What they have, and since when.
    has: Vec<(ConversationId, Millis)>,
}

pub(super) struct Staff {
    people: Vec<Person>,
    n_ids: u128,
    /// Through whose eyes everything is seen.
    admin: Principal,
    cursors: BTreeMap<u64, u64>,
    queue: BTreeMap<ConversationId, Conversation>,
    seqs: BTreeMap<ConversationId, u64>,
}

impl Staff {
    pub(super) fn sign_in(office: &Office, at: Millis) -> Result<Self> {
        let mut staff = Self {
            people: Vec::new(),
            n_ids: 1 << 80,
            admin: office.sign_in(ADMIN, &Device::generate(at)?, at)?,
            cursors: BTreeMap::new(),
            queue: BTreeMap::new(),
            seqs: BTreeMap::new(),
        };
        for username in ["li", "zhao", "sun"] {
            staff.people.push(Person {
                principal: office.sign_in(username, &Device::generate(at)?, at)?,
                n_ops: 0,
                has: Vec::new(),
            });
        }
        let presence = Presence::Online;
        for place in 0..staff.people.len() {
            staff.act(office, place, Action::SetPresence { presence }, at)?;
        }
        Ok(staff)
    }

    /// Takes who waits, at most `pace`, oldest first, and brings to its end what was taken before.
    pub(super) fn work(
        &mut self,
        office: &Office,
        recount: &mut Recount,
        at: Millis,
        pace: usize,
    ) -> Result<()> {
        self.see(office, recount)?;
        let mut waiting: Vec<(Millis, ConversationId)> = self
            .queue
            .values()
            .map(|one| (one.waiting_since.unwrap_or(one.last_message_at), one.id))
            .filter(|(since, _)| at - since >= WAITS)
            .collect();
        waiting.sort_unstable();
        for place in 0..self.people.len() {
            let Some(person) = self.people.get_mut(place) else {
                continue;
            };
            let all = std::mem::take(&mut person.has).into_iter();
            let (done, has): (Vec<_>, Vec<_>) = all.partition(|(_, since)| at - since >= TAKES);
            person.has = has;
            for (conversation_id, _) in done {
                self.act(office, place, Action::Resolve { conversation_id }, at)?;
            }
        }
        for (_, conversation_id) in waiting.into_iter().take(pace) {
            let free = (0..self.people.len()).min_by_key(|place| self.has(*place));
            // Each of them has eight at the most.
            let Some(place) = free.filter(|place| self.has(*place) < 8) else {
                break;
            };
            self.act(office, place, Action::Claim { conversation_id }, at)?;
            self.see(office, recount)?;
            self.n_ids += 1;
            let reply = Action::SendMessage {
                conversation_id,
                message_id: MessageId(Uuid::from_u128(self.n_ids)),
                text: "您好，已经为您处理".to_owned(),
                seen_seq: self.seqs.get(&conversation_id).copied().unwrap_or(0),
                source: None,
                question: None,
                composed: Composed::default(),
            };
            self.act(office, place, reply, at)?;
            if let Some(person) = self.people.get_mut(place) {
                person.has.push((conversation_id, at));
            }
        }
        Ok(())
    }

    fn has(&self, place: usize) -> usize {
        self.people.get(place).map_or(0, |person| person.has.len())
    }

    /// Looks at what is new.
    pub(super) fn see(&mut self, office: &Office, recount: &mut Recount) -> Result<()> {
        while let Some(batch) = office.bo.batch(&self.admin, &mut self.cursors, MAX_ROWS)? {
            for row in batch.rows {
                let RowChange::Put { entity } = row.change else {
                    continue;
                };
                match entity {
                    Entity::Conversation(one) => {
                        recount.opened(&one);
                        self.seqs.insert(one.id, one.seq);
                        if one.status == Status::Open && one.handler == Handler::Queue {
                            self.queue.insert(one.id, *one);
                        } else {
                            self.queue.remove(&one.id);
                        }
                    }
                    Entity::Message(message) => recount.said(message),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn act(&mut self, office: &Office, place: usize, action: Action, at: Millis) -> Result<()> {
        let Some(person) = self.people.get_mut(place) else {
            return Ok(());
        };
        person.n_ops += 1;
        self.n_ids += 1;
        let name = action.name();
        let op = Op {
            after: None,
            n: person.n_ops,
            id: OpId(Uuid::from_u128(self.n_ids)),
            at,
            action,
        };
        let outcome = office.bo.apply(&person.principal, &op, at)?;
        ensure!(
            matches!(outcome, OpOutcome::Done { .. }),
            "{name}: {outcome:?}"
        );
        Ok(())
    }
}
