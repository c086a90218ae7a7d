//! Suggestions beside a conversation, and the search of the knowledge.

use std::time::Instant;

use lt_engine::{Engine, Query, Turn, Understanding};
use lt_model::{agent::Permission, contact::ValueTier, priority::Priority};
use lt_protocol::{
    code::WireError,
    command::{ConversationArgs, ExplainArgs, SearchArgs},
    knowledge::ExplanationView,
    view::{AssistView, FaqHits},
};

use crate::{
    desk::Desk,
    error::wire,
    router::search::limit_of,
    turns::{self, Asked},
    view::{self, assist},
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
    let (mut understood, _) = understand(&engine, &asked, line.value_tier);
    let took_us = u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX);
    desk.remember_confidences(line.id, &understood.candidates);
    // A calm last message does not take back what made the conversation urgent.
    if line.priority > understood.priority {
        let conversation = desk.store.conversation(line.id).map_err(wire)?;
        understood.priority = line.priority;
        understood.reasons = conversation.map_or_else(Vec::new, |stored| stored.reasons);
    }
    Ok(shown(asked.seq, understood, took_us))
}

/// `assist.explain`: only the few suggestions of the question that is asked now can be explained.
pub(super) fn explain(desk: &Desk, args: &ExplainArgs) -> Result<ExplanationView, WireError> {
    desk.permit(Permission::FaqView)?;
    let line = desk.line(args.conversation_id)?;
    let page = desk
        .store
        .messages(line.id, None, LOOK_BACK)
        .map_err(wire)?;
    let messages = page.iter().map(|stored| &stored.message);
    let (Some(engine), Some(asked)) = (desk.brain.engine(), turns::asked(messages)) else {
        return Ok(view::engine::nothing(&args.faq_id));
    };
    let tier = line.value_tier;
    let (_, taken) = understand(&engine, &asked, tier);
    let (text, history) = match (taken, &asked.whole) {
        (Taken::Whole, Some(whole)) => (whole.as_str(), &asked.before),
        _ => (asked.last, &asked.history),
    };
    let explained = engine.explain(&Query {
        text,
        history,
        tier,
    });
    let of_entry = explained
        .into_iter()
        .find(|one| one.faq_id == args.faq_id)
        .map(view::engine::explanation);
    Ok(of_entry.unwrap_or_else(|| view::engine::nothing(&args.faq_id)))
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

/// Which text of the customer's was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    /// The last message.
    Last,
    /// All that was written since the agent's last reply.
    Whole,
}

/// The last message in the light of what came before; where that is not understood, all that the
/// customer wrote since the agent's last reply, as one.
fn understand(engine: &Engine, asked: &Asked<'_>, tier: ValueTier) -> (Understanding, Taken) {
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
                (together, Taken::Whole)
            } else {
                (last, Taken::Last)
            }
        }
        _ => (last, Taken::Last),
    }
}

fn shown(for_seq: u64, understood: Understanding, took_us: u32) -> AssistView {
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
