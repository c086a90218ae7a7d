//! What the customer asks now, out of a conversation.

use lt_engine::{Role, Turn, acts, learn};
use lt_model::{
    id::MessageId,
    message::{Author, Message},
};

/// Turns before the question that the engine is given.
const MAX_HISTORY: usize = 6;
/// Pieces of a question that are put together at most.
const MAX_PIECES: usize = 3;

/// What the customer asks.
pub(crate) struct Asked<'a> {
    /// `seq` of the customer's last message that asks more than for a person; of the last one where
    /// none does.
    pub(crate) seq: u64,
    /// That message.
    pub(crate) last: &'a str,
    /// Turns before it, oldest first.
    pub(crate) history: Vec<Turn<'a>>,
    /// What the customer wrote up to that message since the agent's last reply, without wishes for a
    /// person, as one, where that is more than one message.
    pub(crate) whole: Option<String>,
    /// Turns before the first message of `whole`.
    pub(crate) before: Vec<Turn<'a>>,
}

/// Finds it among messages, oldest first. None when the customer has written nothing.
///
/// A wish for a person (转人工) asks nothing that an agent could answer: the question before it is
/// what the agent is there for.
pub(crate) fn asked<'a>(messages: impl IntoIterator<Item = &'a Message>) -> Option<Asked<'a>> {
    let said: Vec<(&Message, Turn<'a>)> = messages.into_iter().filter_map(turn).collect();
    let is_customers = |turn: &Turn<'_>| turn.role == Role::Customer;
    let asks = |turn: &Turn<'_>| is_customers(turn) && !acts::only_asks_person(turn.text);
    let last_idx = said
        .iter()
        .rposition(|(_, turn)| asks(turn))
        .or_else(|| said.iter().rposition(|(_, turn)| is_customers(turn)))?;
    let (last, last_turn) = said.get(last_idx)?;
    let answered = said.iter().rposition(|(message, _)| is_agents(message));
    let open_from = answered.map_or(0, |idx| idx + 1);
    let mut pieces: Vec<(usize, &str)> = said
        .iter()
        .enumerate()
        .take(last_idx + 1)
        .skip(open_from)
        .filter(|(_, (_, turn))| asks(turn))
        .map(|(idx, (_, turn))| (idx, turn.text))
        .collect();
    pieces.drain(..pieces.len().saturating_sub(MAX_PIECES));
    let first_idx = pieces.first().map_or(last_idx, |(idx, _)| *idx);
    let texts: Vec<&str> = pieces.iter().map(|(_, text)| *text).collect();
    Some(Asked {
        seq: last.seq,
        last: last_turn.text,
        history: before(&said, last_idx),
        whole: (texts.len() > 1).then(|| texts.join("\n")),
        before: before(&said, first_idx),
    })
}

/// Which message of the customer's an answer before `seq` is for: the last one that asks something
/// by itself, so no 转人工 or 在吗 that came behind it; the last one where none does.
pub(crate) fn question<'a>(
    messages: impl DoubleEndedIterator<Item = &'a Message>,
    seq: u64,
) -> Option<MessageId> {
    let recent: Vec<&Message> = messages
        .rev()
        .filter(|message| message.author == Author::Customer)
        .filter(|message| message.seq > 0 && message.seq < seq)
        .take(MAX_PIECES)
        .collect();
    let asks = |message: &&&Message| learn::is_teachable(message.text().unwrap_or_default());
    recent
        .iter()
        .find(asks)
        .or(recent.first())
        .map(|message| message.id)
}

fn before<'a>(said: &[(&Message, Turn<'a>)], idx: usize) -> Vec<Turn<'a>> {
    let from = idx.saturating_sub(MAX_HISTORY);
    said.iter()
        .take(idx)
        .skip(from)
        .map(|(_, turn)| *turn)
        .collect()
}

fn is_agents(message: &Message) -> bool {
    matches!(message.author, Author::Agent { .. })
}

fn turn(message: &Message) -> Option<(&Message, Turn<'_>)> {
    let role = match message.author {
        Author::Customer => Role::Customer,
        Author::Bot { .. } | Author::Agent { .. } => Role::Agent,
        Author::System => return None,
    };
    let text = message.text().filter(|text| !text.trim().is_empty())?;
    Some((message, Turn { role, text }))
}

#[cfg(test)]
mod tests;
