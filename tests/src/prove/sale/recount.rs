//! The numbers once more, from the raw messages, by the same definitions as a log that was written
//! down elsewhere.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use lt_model::{
    Millis,
    conversation::{Conversation, Handler, Status},
    id::ConversationId,
    message::{Author, Content, Event, Message},
    metric::lab::{self, Logs},
};
use serde_json::{Value, json};

/// Everything that was said and happened, as it was sent to desktops.
#[derive(Clone, Default)]
pub(super) struct Recount {
    conversations: BTreeMap<ConversationId, (Millis, bool)>,
    messages: BTreeMap<(ConversationId, u64), Message>,
}

/// Numbers by name: a part and a whole, or a time in ms and of how many, or a count.
pub(super) type Numbers = BTreeMap<&'static str, (Option<i64>, i64)>;

impl Recount {
    pub(super) fn opened(&mut self, one: &Conversation) {
        let is_queued = one.status == Status::Open && one.handler == Handler::Queue;
        self.conversations
            .insert(one.id, (one.created_at, is_queued));
    }

    pub(super) fn said(&mut self, message: Message) {
        let key = (message.conversation_id, message.seq);
        self.messages.insert(key, message);
    }

    /// The same without the last answer of the bot: what is counted then is wrong.
    pub(super) fn without_one(&self) -> Result<Self> {
        let mut short = self.clone();
        let is_answer = |message: &Message| kind(message) == Some("auto_answered");
        let last = self.messages.iter().rev();
        let (key, _) = last
            .clone()
            .find(|(_, message)| is_answer(message))
            .context("the bot answered")?;
        short.messages.retain(|other, _| other.0 != key.0);
        Ok(short)
    }

    /// The numbers of what was opened in a period.
    pub(super) fn numbers(&self, (from, to): (Millis, Millis), as_of: Millis) -> Result<Numbers> {
        let mut events: Vec<Value> = Vec::new();
        let mut tell = |id: &ConversationId, at: Millis, kind: &str| {
            events.push(json!({"t": at, "conv": id.to_string(), "kind": kind}));
        };
        for (id, (at, _)) in &self.conversations {
            tell(id, *at, "opened");
        }
        for ((id, _), message) in &self.messages {
            if let Some(kind) = kind(message) {
                tell(id, message.at, kind);
            }
        }
        let logs = json!({"logs": [{"name": "sale", "from": from, "to": to, "as_of": as_of,
            "tz": "+08:00", "sla_first_response_s": 180, "events": events}]});
        let logs: Logs = serde_json::from_value(logs)?;
        let log = logs.logs.first().context("a log")?;
        let computed = lab::compute(log, false)?;
        let share = |share: Option<(u64, u64)>| -> Result<(Option<i64>, i64)> {
            let (part, whole) = share.unwrap_or((0, 0));
            Ok((Some(i64::try_from(part)?), i64::try_from(whole)?))
        };
        let n_answered = i64::try_from(computed.frt_samples_s.len())?;
        let ms = |seconds: Option<lab::Seconds>| seconds.map(|seconds| seconds.0);
        let handling = computed.aht_s.map_or((None, 0), |(sum, of)| {
            let of = i64::try_from(of).unwrap_or(i64::MAX);
            (Some((sum.0 + of / 2) / of), of)
        });
        let opened = self.conversations.values();
        let volume = opened.filter(|(at, _)| (from..to).contains(at)).count();
        let queue = self
            .conversations
            .values()
            .filter(|(_, is_queued)| *is_queued);
        Ok(BTreeMap::from([
            ("volume", (Some(i64::try_from(volume)?), 0)),
            ("auto_response", share(computed.auto_response_rate)?),
            ("coverage", share(computed.coverage)?),
            ("first_response_p50", (ms(computed.frt_p50_s), n_answered)),
            ("first_response_p90", (ms(computed.frt_p90_s), n_answered)),
            ("handling", handling),
            ("first_contact", share(computed.fcr_rate)?),
            ("satisfaction", share(computed.satisfaction)?),
            ("queue", (Some(i64::try_from(queue.count())?), 0)),
            ("sla_breach", share(computed.sla_breach_rate)?),
        ]))
    }
}

/// What a message is to a log.
fn kind(message: &Message) -> Option<&'static str> {
    match (&message.author, &message.content) {
        (_, Content::Event(event)) => match event {
            Event::HandedOver { .. }
            | Event::LeftMessage { .. }
            | Event::Claimed { .. }
            | Event::TakenOver { .. } => Some("handed_over"),
            Event::Resolved { .. } => Some("resolved"),
            Event::Reopened => Some("reopened"),
            _ => None,
        },
        (Author::Bot { source }, _) => source.is_some().then_some("auto_answered"),
        (Author::Agent { .. }, _) => message.is_said().then_some("first_response"),
        (Author::Customer | Author::System, _) => None,
    }
}

/// The numbers that the lead's desktop shows.
pub(super) fn shown(board: &Value) -> Result<BTreeMap<String, (Option<i64>, i64)>> {
    let cards = board["cards"].as_array().context("cards")?;
    let mut shown = BTreeMap::new();
    for card in cards {
        let (name, now) = (&card["metric"], &card["now"]);
        let value = match now["kind"].as_str() {
            Some("share") => (now["part"].as_i64(), now["whole"].as_i64()),
            Some("time") => (now["ms"].as_i64(), now["of"].as_i64()),
            _ => (now["n"].as_i64(), Some(0)),
        };
        let name = name.as_str().context("a name")?.to_owned();
        shown.insert(name, (value.0, value.1.context("of how many")?));
    }
    Ok(shown)
}

/// Numbers that are not shown as they were counted.
pub(super) fn differ(
    shown: &BTreeMap<String, (Option<i64>, i64)>,
    counted: &Numbers,
) -> Vec<String> {
    let differs = |(name, value): &(&&str, &(Option<i64>, i64))| shown.get(**name) != Some(*value);
    counted
        .iter()
        .filter(differs)
        .map(|(name, value)| format!("{name}: {value:?} counted, {:?} shown", shown.get(*name)))
        .collect()
}
