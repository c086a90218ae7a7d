//! `engine explain`: why the first candidates of one question stand where they stand.

use std::fmt::Write;

use lt_model::{
    message::HandoverReason,
    priority::{Priority, Reason},
};
use serde::Serialize;

use super::{File, RoleWord, TurnLine, read_kb, with_query};
use crate::{
    Decision, Engine, EngineError, Query, Row, Understanding,
    acts::Act,
    decide::SUGGEST_FROM,
    explain::{self, Explanation, MatchKind},
    fusion,
};

/// Candidates that are explained.
const N_CANDIDATES: usize = 5;
/// Channels of a candidate that the table shows.
const N_SHOWN: usize = 8;
/// Smaller parts of a score are not listed.
const LEAST: f32 = 0.005;

/// What the engine made of a question, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explained {
    /// `answer`, `suggest` or `handoff`.
    pub decision: &'static str,
    /// Why, in a sentence.
    pub why: String,
    /// Calibrated probability that the first candidate is right.
    pub confidence: f32,
    /// From this confidence on, the engine answers.
    pub answer_from: f32,
    /// Below this confidence nothing fits.
    pub suggest_from: f32,
    /// The dialogue act, where the message is one.
    pub act: Option<&'static str>,
    /// The category.
    pub category: String,
    /// The priority.
    pub priority: Priority,
    /// Why the priority.
    pub reasons: Vec<Reason>,
    /// The first candidates, best first.
    pub candidates: Vec<ExplainedCandidate>,
}

/// One candidate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExplainedCandidate {
    /// Entry.
    pub faq_id: String,
    /// Its standard question.
    pub question: String,
    /// Fused score: the sum of all parts.
    pub score: f32,
    /// Calibrated probability that it is right.
    pub confidence: f32,
    /// Its score less the best rival's.
    pub lead: f32,
    /// What made the score, what sets it apart from the best rival the most first.
    pub parts: Vec<Part>,
    /// What speaks for it, by ground, as shares of 1.
    pub grounds: Vec<GroundShare>,
    /// The customer's words that it has.
    pub matches: Vec<Match>,
}

/// A channel's part in a score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    /// The channel; `lead_` before the name where its lead over the best rival counts.
    pub channel: String,
    /// What it says.
    pub value: f32,
    /// Its weight.
    pub weight: f32,
    /// Both multiplied.
    pub product: f32,
    /// The product less the best rival's.
    pub over_rival: f32,
}

/// How much of a candidate's advantage is of one kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroundShare {
    /// The kind.
    pub ground: explain::Ground,
    /// Share of 1.
    pub share: f32,
}

/// A matched word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Match {
    /// The customer's word.
    pub asked: String,
    /// The entry's.
    pub found: String,
    /// Whether it is the same word, or another one of the same meaning.
    pub same: bool,
}

/// An earlier turn as said on a command line: `customer:…` or `agent:…`. `None` for anything else.
#[must_use]
pub fn turn(text: &str) -> Option<TurnLine> {
    let (role, text) = text.split_once([':', '：'])?;
    let role = match role.trim() {
        "customer" | "客户" => RoleWord::Customer,
        "agent" | "bot" | "坐席" | "客服" => RoleWord::Agent,
        _ => return None,
    };
    Some(TurnLine {
        role,
        text: text.trim().to_owned(),
    })
}

/// Explains one question of the knowledge of `kb`.
///
/// # Errors
/// [`EngineError::BadLine`] with file and line, [`EngineError::Index`].
pub fn explain(kb: File<'_>, text: &str, history: &[TurnLine]) -> Result<Explained, EngineError> {
    let engine = Engine::build(read_kb(kb)?)?;
    with_query(text, history, |query| of_query(&engine, query))
}

fn of_query(engine: &Engine, query: &Query<'_>) -> Result<Explained, EngineError> {
    let ranking = engine.ranking(query);
    let found = engine.understand(query);
    let weights = engine.parts().weights();
    let confidences = weights.calibrator.confidences(&ranking);
    let explanations = engine.explain(query);
    let inputs = fusion::inputs(&ranking.rows);
    let candidates = ranking
        .rows
        .iter()
        .zip(confidences)
        .take(N_CANDIDATES)
        .enumerate()
        .filter_map(|(rank, (row, confidence))| {
            let doc = engine.docs().get(row.place)?;
            let rival = usize::from(rank == 0);
            let nothing = [0.0; fusion::N_INPUTS];
            let parts = parts(
                inputs.get(rank)?,
                inputs.get(rival).unwrap_or(&nothing),
                &weights.fusion.0,
            );
            let rival_score = ranking.rows.get(rival).map_or(0.0, |rival| rival.score);
            let explanation = explanations.iter().find(|one| one.faq_id == doc.faq_id);
            Some(candidate(
                doc,
                row,
                confidence,
                rival_score,
                parts,
                explanation,
            ))
        })
        .collect();
    Ok(Explained {
        decision: match found.decision {
            Decision::Answer => "answer",
            Decision::Suggest => "suggest",
            Decision::HandOver(_) => "handoff",
        },
        why: why(&found, weights.answer_from),
        confidence: found.confidence,
        answer_from: weights.answer_from,
        suggest_from: SUGGEST_FROM,
        act: found.act.map(act_name),
        category: found.category,
        priority: found.priority,
        reasons: found.reasons,
        candidates,
    })
}

fn candidate(
    doc: &crate::Doc,
    row: &Row,
    confidence: f32,
    rival_score: f32,
    parts: Vec<Part>,
    explanation: Option<&Explanation>,
) -> ExplainedCandidate {
    let grounds = explanation.map_or(&[][..], |one| &one.grounds);
    let matches = explanation.map_or(&[][..], |one| &one.matches);
    ExplainedCandidate {
        faq_id: doc.faq_id.clone(),
        question: doc.question.clone(),
        score: row.score,
        confidence,
        lead: row.score - rival_score,
        parts,
        grounds: grounds
            .iter()
            .map(|(ground, share)| GroundShare {
                ground: *ground,
                share: *share,
            })
            .collect(),
        matches: matches
            .iter()
            .map(|one| Match {
                asked: one.asked.clone(),
                found: one.found.clone(),
                same: one.kind == MatchKind::Same,
            })
            .collect(),
    }
}

fn parts(
    own: &[f32; fusion::N_INPUTS],
    rival: &[f32; fusion::N_INPUTS],
    weights: &[f32; fusion::N_INPUTS],
) -> Vec<Part> {
    let mut parts: Vec<Part> = fusion::input_names()
        .zip(weights)
        .zip(own.iter().zip(rival))
        .map(|((channel, weight), (value, rival))| Part {
            channel,
            value: *value,
            weight: *weight,
            product: value * weight,
            over_rival: (value - rival) * weight,
        })
        .filter(|part| part.product.abs() >= LEAST || part.over_rival.abs() >= LEAST)
        .collect();
    parts.sort_by(|a, b| b.over_rival.abs().total_cmp(&a.over_rival.abs()));
    parts
}

fn act_name(act: Act) -> &'static str {
    match act {
        Act::AskPerson => "ask_person",
        Act::Angry => "angry",
        Act::Greeting => "greeting",
        Act::Thanks => "thanks",
        Act::Bye => "bye",
        Act::Acknowledge => "acknowledge",
        Act::SmallTalk => "small_talk",
    }
}

fn why(found: &Understanding, answer_from: f32) -> String {
    let confidence = found.confidence;
    let first = found.candidates.first();
    let exact = first.is_some_and(|first| first.evidence.get("near_exact") >= 1.0);
    let act = found.act.map(act_name).unwrap_or_default();
    match found.decision {
        Decision::Answer if exact => {
            "the message is word for word a question of the entry".to_owned()
        }
        Decision::Answer => format!("confidence {confidence:.2} reaches {answer_from:.2}"),
        Decision::Suggest if found.act.is_some_and(Act::is_chitchat) => {
            format!("the message is talk ({act}) that a fixed text meets")
        }
        Decision::Suggest => format!(
            "confidence {confidence:.2} is below {answer_from:.2} and at least {SUGGEST_FROM:.2}"
        ),
        Decision::HandOver(HandoverReason::Asked) => "the customer asks for a person".to_owned(),
        Decision::HandOver(HandoverReason::NeedsPerson) if found.act == Some(Act::Angry) => {
            "the customer is angry".to_owned()
        }
        Decision::HandOver(HandoverReason::NeedsPerson) => {
            "a rule of priority asks for a person".to_owned()
        }
        Decision::HandOver(HandoverReason::Unsure | HandoverReason::NoAnswer) => {
            if first.is_some() {
                format!("nothing fits: confidence {confidence:.2} is below {SUGGEST_FROM:.2}")
            } else {
                "no entry has anything of the message".to_owned()
            }
        }
    }
}

/// The explanation as text for people.
#[must_use]
pub fn text(explained: &Explained) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = write(explained, &mut out);
    out
}

fn write(explained: &Explained, out: &mut String) -> std::fmt::Result {
    writeln!(out, "decision   {}: {}", explained.decision, explained.why)?;
    writeln!(out, "category   {}", explained.category)?;
    let reasons: Vec<String> = explained.reasons.iter().map(reason).collect();
    let priority = format!("{:?}", explained.priority).to_lowercase();
    writeln!(
        out,
        "priority   {priority}{}{}",
        if reasons.is_empty() { "" } else { ": " },
        reasons.join("; ")
    )?;
    for (rank, one) in (1..).zip(&explained.candidates) {
        writeln!(
            out,
            "\n{rank}. {}  {}\n   confidence {:.2}   score {:.2}   {} {:+.2}",
            one.faq_id,
            one.question,
            one.confidence,
            one.score,
            if rank == 1 {
                "over the second"
            } else {
                "to the first"
            },
            one.lead
        )?;
        if !one.matches.is_empty() {
            let words: Vec<String> = one
                .matches
                .iter()
                .map(|word| {
                    if word.same {
                        word.asked.clone()
                    } else {
                        format!("{} ≈ {}", word.asked, word.found)
                    }
                })
                .collect();
            writeln!(out, "   words      {}", words.join(", "))?;
        }
        if !one.grounds.is_empty() {
            let grounds: Vec<String> = one
                .grounds
                .iter()
                .map(|one| format!("{:?} {:.0} %", one.ground, one.share * 100.0).to_lowercase())
                .collect();
            writeln!(out, "   speaks for it: {}", grounds.join(", "))?;
        }
        writeln!(
            out,
            "   {:24} {:>6} × {:>6} = {:>6}   {:>8}",
            "channel", "value", "weight", "part", "to rival"
        )?;
        for part in one.parts.iter().take(N_SHOWN) {
            writeln!(
                out,
                "   {:24} {:>6.2} × {:>6.2} = {:>6.2}   {:>+8.2}",
                part.channel, part.value, part.weight, part.product, part.over_rival
            )?;
        }
        let rest = one.parts.get(N_SHOWN..).unwrap_or_default();
        if !rest.is_empty() {
            let product: f32 = rest.iter().map(|part| part.product).sum();
            let over: f32 = rest.iter().map(|part| part.over_rival).sum();
            let name = format!("{} more", rest.len());
            writeln!(out, "   {name:42} {product:>6.2}   {over:>+8.2}")?;
        }
    }
    Ok(())
}

fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Words { rule, words, to } => {
            let to = format!("{to:?}").to_lowercase();
            format!("「{words}」 ({rule}) makes it {to}")
        }
        Reason::Tier { tier, raised } => {
            format!(
                "customer is {tier:?}{}",
                if *raised { ", which raises it" } else { "" }
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KB: &str = r#"{"id":"a","category":"售后","question":"怎么申请退款","similar":["退钱流程"],"answer":"点退款"}
{"id":"b","category":"售后","question":"运费谁出","similar":[],"answer":"商家出"}"#;

    fn run(text: &str, history: &[&str]) -> Explained {
        let history: Vec<TurnLine> = history.iter().filter_map(|one| turn(one)).collect();
        let kb = File {
            name: "kb.jsonl",
            bytes: KB.as_bytes(),
        };
        explain(kb, text, &history).unwrap()
    }

    #[test]
    fn parts_sum_to_the_score_and_say_why() {
        let found = run("我想把钱退回来", &[]);
        let first = &found.candidates[0];
        assert_eq!(first.faq_id, "a");
        let sum: f32 = first.parts.iter().map(|part| part.product).sum();
        assert!(
            (sum - first.score).abs() < 0.05 + LEAST * 40.0,
            "{sum} {}",
            first.score
        );
        let lead: f32 = first.parts.iter().map(|part| part.over_rival).sum();
        assert!(
            (lead - first.lead).abs() < 0.05 + LEAST * 40.0,
            "{lead} {}",
            first.lead
        );
        assert!(first.lead > 0.0 && found.candidates[1].lead < 0.0);
        let text = text(&found);
        assert!(
            text.contains("decision   ") && text.contains("怎么申请退款"),
            "{text}"
        );
    }

    #[test]
    fn every_decision_has_its_reason() {
        for (message, decision, why) in [
            ("怎么申请退款", "answer", "word for word"),
            ("转人工", "handoff", "asks for a person"),
            ("你好", "suggest", "greeting"),
            ("Wie spät ist es", "handoff", "no"),
        ] {
            let found = run(message, &[]);
            assert_eq!(found.decision, decision, "{message}: {}", found.why);
            assert!(found.why.contains(why), "{message}: {}", found.why);
        }
    }

    #[test]
    fn turns_as_said_on_a_command_line() {
        for (text, expected) in [
            ("customer:退款呢", Some((true, "退款呢"))),
            ("agent: 已收到：谢谢", Some((false, "已收到：谢谢"))),
            ("客户：运费", Some((true, "运费"))),
            ("运费", None),
            ("x:运费", None),
        ] {
            let found = turn(text);
            let found = found
                .as_ref()
                .map(|turn| (matches!(turn.role, RoleWord::Customer), turn.text.as_str()));
            assert_eq!(found, expected, "{text}");
        }
    }
}
