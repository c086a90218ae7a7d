//! Suggestions beside a conversation, and the search of the knowledge.

use std::time::Instant;

use lt_engine::{Engine, Query, Turn, Understanding};
use lt_model::{agent::Permission, contact::ValueTier, priority::Priority};
use lt_protocol::{
    code::WireError,
    command::{ConversationArgs, SearchArgs},
    view::{AssistView, FaqHits},
};

use crate::{
    desk::Desk,
    error::wire,
    router::search::limit_of,
    turns::{self, Asked},
    view::assist,
};

/// Messages that are looked at: what a conversation was about before has faded.
const LOOK_BACK: u32 = 30;
/// Below this, a question that the customer wrote in several pieces may be understood better as a
/// whole.
const SURE_ENOUGH: f32 = 0.5;
/// From here on the best answer is held out as reliable.
const RELIABLE_FROM: f32 = 0.5;
/// Below a reliable answer, others are shown from this confidence on: what is less likely is only
/// more to read.
const WORTH_A_LOOK: f32 = 0.05;
/// Without a reliable answer, this many are shown for the agent to judge.
const MOST_WEAK: usize = 3;

/// `assist.suggest`
pub(super) fn suggest(desk: &Desk, args: &ConversationArgs) -> Result<AssistView, WireError> {
    desk.permit(Permission::FaqView)?;
    let line = desk.line(args.conversation_id)?;
    let page = desk
        .store
        .messages(line.id, None, LOOK_BACK)
        .map_err(wire)?;
    let messages = page.iter().map(|stored| &stored.message);
    let (Some(engine), Some(asked)) = (desk.brain.engine(), turns::asked(messages)) else {
        return Ok(nothing_asked(line.priority));
    };
    let begun = Instant::now();
    let mut understood = understand(&engine, &asked, line.value_tier);
    let took_us = u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX);
    desk.remember_confidences(line.id, &understood.candidates);
    // A calm last message does not take back what made the conversation urgent.
    if line.priority > understood.priority {
        let conversation = desk.store.conversation(line.id).map_err(wire)?;
        understood.priority = line.priority;
        understood.reasons = conversation.map_or_else(Vec::new, |stored| stored.reasons);
    }
    Ok(view(asked.seq, understood, took_us))
}

/// `faq.search`
pub(super) fn search(desk: &Desk, args: &SearchArgs) -> Result<FaqHits, WireError> {
    desk.permit(Permission::FaqView)?;
    let found = desk
        .brain
        .engine()
        .map(|engine| engine.search(&args.query, limit_of(args)));
    let items = found
        .unwrap_or_default()
        .into_iter()
        .map(assist::suggestion)
        .collect();
    Ok(FaqHits { items })
}

/// The last message in the light of what came before; where that is not understood, all that the
/// customer wrote since the agent's last reply, as one.
fn understand(engine: &Engine, asked: &Asked<'_>, tier: ValueTier) -> Understanding {
    let ask = |text: &str, history: &[Turn<'_>]| {
        engine.understand(&Query {
            text,
            history,
            tier,
        })
    };
    let last = ask(asked.last, &asked.history);
    match &asked.whole {
        Some(whole) if last.confidence < SURE_ENOUGH => {
            let together = ask(whole, &asked.before);
            if together.confidence > last.confidence {
                together
            } else {
                last
            }
        }
        _ => last,
    }
}

fn view(for_seq: u64, understood: Understanding, took_us: u32) -> AssistView {
    let shown = worth_showing(understood.candidates.iter().map(|one| one.confidence));
    let candidates = understood.candidates.into_iter().take(shown);
    AssistView {
        for_seq,
        suggestions: candidates.map(assist::suggestion).collect(),
        intent: understood.intent,
        intent_confidence: understood.confidence,
        category: understood.category,
        priority: understood.priority,
        reasons: understood.reasons.into_iter().map(assist::reason).collect(),
        took_us,
    }
}

/// How many of the ranked candidates, best first, an agent is shown.
fn worth_showing(mut confidences: impl Iterator<Item = f32>) -> usize {
    match confidences.next() {
        Some(best) if best >= RELIABLE_FROM => confidences
            .take_while(|confidence| *confidence >= WORTH_A_LOOK)
            .take(assist::MAX_SUGGESTIONS - 1)
            .count()
            .saturating_add(1),
        Some(_) => confidences.take(MOST_WEAK - 1).count().saturating_add(1),
        None => 0,
    }
}

/// The customer has not asked anything yet, or the engine is still being built; the window asks
/// again when it is there.
fn nothing_asked(priority: Priority) -> AssistView {
    AssistView {
        for_seq: 0,
        suggestions: Vec::new(),
        intent: String::new(),
        intent_confidence: 0.0,
        category: String::new(),
        priority,
        reasons: Vec::new(),
        took_us: 0,
    }
}

#[cfg(test)]
mod tests;
