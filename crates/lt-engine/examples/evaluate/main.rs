//! Measures the engine on labelled questions. Run: `cargo run -p lt-engine --example evaluate` for the
//! sample shop and, where it is present, a bank, which nothing is fitted on; `-- own` for our own packs, which the
//! shipped parameters were fitted on; `-- cross` for parameters fitted on three quarters of the
//! industries and measured on the others; `-- urgency` for that alone; `-- misspelt` for questions
//! with homophone errors; `-- train` to fit and write the shipped parameters. `-- wrong` lists what
//! went wrong, `-- acts` lists acts.

#![expect(
    clippy::print_stdout,
    reason = "a developers' command prints its findings"
)]

mod cross;
mod fit;
mod labelled;
mod misspelt;
mod urgency;

use std::{collections::BTreeMap, time::Instant};

use anyhow::Result;
use labelled::{Labelled, Which};
use lt_engine::{Decision, Understanding, parts::Parts};
use lt_model::{message::HandoverReason, priority::Priority};

#[derive(Default)]
struct Tally {
    n: usize,
    top1: usize,
    top3: usize,
    answered: usize,
    answered_right: usize,
    suggested: usize,
    asked: usize,
    needs_person: usize,
    no_answer: usize,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    if has("cross") || has("curve") || has("train") {
        return fit::run(match (has("curve"), has("train")) {
            (_, true) => fit::Write::All,
            (true, false) => fit::Write::Curve,
            (false, false) => fit::Write::Nothing,
        });
    }
    if has("misspelt") {
        return misspelt::run();
    }
    if has("urgency") {
        return urgency::cross(&labelled::sets(Which::Own)?);
    }
    let which = if has("own") { Which::Own } else { Which::Other };
    let parts = Parts::shipped();
    for set in labelled::sets(which)? {
        let from = Instant::now();
        let engine = set.engine(&parts)?;
        println!(
            "\n== {}: {} entries, built in {} ms",
            set.name,
            set.docs.len(),
            from.elapsed().as_millis()
        );
        let mut kinds: BTreeMap<&str, Tally> = BTreeMap::new();
        let (mut in_scope, mut outside) = (Tally::default(), Tally::default());
        let (mut category, mut urgency) = ((0, 0), (0, 0));
        let mut confusion: BTreeMap<(String, String), usize> = BTreeMap::new();
        let mut latencies = Vec::new();
        let mut bands: BTreeMap<u32, (usize, usize, f32)> = BTreeMap::new();
        for (_, question) in set
            .questions
            .iter()
            .enumerate()
            .filter(|(at, _)| !has("odd") || at % 2 == 1)
        {
            let from = Instant::now();
            let found = question.with_query(|query| engine.understand(query));
            latencies.push(from.elapsed().as_micros());
            kinds
                .entry(&question.kind)
                .or_default()
                .add(question, &found);
            if question.faq_id.is_some() {
                &mut in_scope
            } else {
                &mut outside
            }
            .add(question, &found);
            if !found.candidates.is_empty() {
                let band = bands.entry((found.confidence * 10.0) as u32).or_default();
                band.0 += 1;
                band.1 += usize::from(is_right(question, &found));
                band.2 += found.confidence;
            }
            if let Some(expected) = &question.category {
                category = (
                    category.0 + usize::from(*expected == found.category),
                    category.1 + 1,
                );
            }
            if let Some(expected) = &question.priority {
                let name = priority_name(found.priority);
                urgency = (urgency.0 + usize::from(expected == name), urgency.1 + 1);
                if has("wrong") && expected != name {
                    println!(
                        "priority {expected} → {name}: {}  {:?}",
                        question.text, found.reasons
                    );
                }
                *confusion
                    .entry((expected.clone(), name.to_owned()))
                    .or_default() += 1;
            }
            if has("wrong") && (found.decision == Decision::Answer) && !is_right(question, &found) {
                println!(
                    "answered wrongly ({:.2}): {} → {} (right: {:?})",
                    found.confidence, question.text, found.intent, question.faq_id
                );
            }
            if has("wrong")
                && question.kind == "human"
                && !matches!(found.decision, Decision::HandOver(_))
            {
                println!("not handed over: {} → {:?}", question.text, found.decision);
            }
            if has("wrong")
                && question.faq_id.is_some()
                && matches!(found.decision, Decision::HandOver(_))
            {
                println!(
                    "handed over {:?} ({:.2}): {} (right: {:?})",
                    found.decision, found.confidence, question.text, question.faq_id
                );
            }
            if has("acts") && found.act.is_some() {
                println!("{:?} {}", found.act, question.text);
            }
        }
        println!(
            "{:12} {:>4} {:>6} {:>6} {:>9} {:>9} {:>9} {:>6} {:>6} {:>6}",
            "kind",
            "n",
            "top-1",
            "top-3",
            "answered",
            "right",
            "suggested",
            "asked",
            "person",
            "none"
        );
        for (kind, tally) in &kinds {
            tally.print(kind);
        }
        in_scope.print("in scope");
        outside.print("outside");
        let answered = in_scope.answered + outside.answered;
        println!(
            "precision of answered, outside ones included: {:.3} ({} of {answered}); coverage of in-scope: {:.3}",
            in_scope.answered_right as f32 / answered.max(1) as f32,
            in_scope.answered_right,
            in_scope.answered_right as f32 / in_scope.n.max(1) as f32
        );
        println!(
            "category right: {} of {}; priority right: {} of {}",
            category.0, category.1, urgency.0, urgency.1
        );
        for ((expected, found), n) in confusion {
            println!("  priority {expected} → {found}: {n}");
        }
        println!("confidence band: questions, mean confidence, right");
        for (band, (n, right, sum)) in bands {
            println!(
                "  {:.1}: {n:4} {:.2} {:.2}",
                band as f32 / 10.0,
                sum / n as f32,
                right as f32 / n as f32
            );
        }
        latencies.sort_unstable();
        let at = |share: usize| {
            latencies
                .get(latencies.len() * share / 100)
                .copied()
                .unwrap_or_default()
        };
        println!("latency in µs: p50 {} p99 {}", at(50), at(99));
    }
    Ok(())
}

fn is_right(question: &Labelled, found: &Understanding) -> bool {
    let first = found.candidates.first().map(|first| &first.faq_id);
    first.is_some() && first == question.faq_id.as_ref()
}

fn priority_name(priority: Priority) -> &'static str {
    match priority {
        Priority::Low => "low",
        Priority::Normal => "normal",
        Priority::High => "high",
        Priority::Urgent => "urgent",
    }
}

impl Tally {
    fn add(&mut self, question: &Labelled, found: &Understanding) {
        self.n += 1;
        let right = is_right(question, found);
        self.top1 += usize::from(right);
        self.top3 += usize::from(
            found
                .candidates
                .iter()
                .take(3)
                .any(|one| Some(&one.faq_id) == question.faq_id.as_ref()),
        );
        match found.decision {
            Decision::Answer => {
                self.answered += 1;
                self.answered_right += usize::from(right);
            }
            Decision::Suggest => self.suggested += 1,
            Decision::HandOver(HandoverReason::Asked) => self.asked += 1,
            Decision::HandOver(HandoverReason::NeedsPerson) => self.needs_person += 1,
            Decision::HandOver(_) => self.no_answer += 1,
        }
    }

    fn print(&self, name: &str) {
        let share = |n: usize| n as f32 / self.n.max(1) as f32;
        println!(
            "{name:12} {:4} {:6.3} {:6.3} {:9} {:9} {:9} {:6} {:6} {:6}",
            self.n,
            share(self.top1),
            share(self.top3),
            self.answered,
            self.answered_right,
            self.suggested,
            self.asked,
            self.needs_person,
            self.no_answer
        );
    }
}
