//! Counting outcomes.

use std::collections::BTreeMap;

use lt_model::priority::Priority;
use serde::Serialize;

use super::Outcome;
use crate::Decision;

/// Pairs and wrong answers that are listed.
const N_LISTED: usize = 200;
/// Points of the curve in the JSON and the table; the page draws all of them.
const STEPS: [f32; 12] = [
    0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.96, 0.98,
];

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// So many
    pub n: usize,
    /// of so many.
    pub of: usize,
}

impl Share {
    /// As a number from 0 to 1; none of nothing.
    #[must_use]
    pub fn value(self) -> Option<f32> {
        (self.of > 0).then(|| self.n as f32 / self.of as f32)
    }

    fn count(&mut self, yes: bool) {
        self.of += 1;
        self.n += usize::from(yes);
    }
}

impl Serialize for Share {
    /// A number with four digits, null of nothing.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value()
            .map(|value| (f64::from(value) * 1e4).round() / 1e4)
            .serialize(serializer)
    }
}

/// What was done with some questions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcomes {
    /// Questions.
    pub n: usize,
    /// Answered with the right entry.
    pub answered_right: usize,
    /// Answered with another one.
    pub answered_wrong: usize,
    /// Shown to an agent.
    pub suggested: usize,
    /// Given to a person.
    pub handed_over: usize,
}

impl Outcomes {
    fn count(&mut self, outcome: &Outcome) {
        self.n += 1;
        match outcome.decision {
            Decision::Answer if outcome.is_right() => self.answered_right += 1,
            Decision::Answer => self.answered_wrong += 1,
            Decision::Suggest => self.suggested += 1,
            Decision::HandOver(_) => self.handed_over += 1,
        }
    }
}

/// Questions of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Kind {
    /// Its name.
    pub kind: String,
    /// All of them.
    pub n: usize,
    /// Right entry first, of those that the knowledge covers.
    pub top1: Share,
    /// Right entry among the first three.
    pub top3: Share,
    /// Answers that are right.
    pub precision: Share,
    /// Answered at all.
    pub answered: Share,
}

/// What answering from a confidence on would give.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// The confidence.
    pub from: f32,
    /// Answers that are right.
    pub precision: Share,
    /// Questions that the knowledge covers and that are answered rightly.
    pub coverage: Share,
}

/// Questions by confidence in their first candidate, a tenth wide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Bin {
    /// Lower end.
    pub from: f32,
    /// Mean confidence.
    pub confidence: f32,
    /// First candidates that are right.
    pub right: Share,
    /// How many.
    pub n: usize,
}

impl Bin {
    /// Whether at least the stated share is right, to five points.
    #[must_use]
    pub fn is_honest(&self) -> bool {
        self.right
            .value()
            .is_none_or(|right| right >= self.confidence - 0.05)
    }
}

/// Right priorities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Priorities {
    /// The same.
    pub exact: Share,
    /// The same or the next one.
    pub within_one: Share,
    /// Urgent ones that were taken for urgent or high.
    pub urgent_seen: Share,
}

/// An entry that was taken for another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Confusion {
    /// Question of the right entry; none where the knowledge has no answer.
    pub gold: Option<String>,
    /// Question of the first candidate; none where nothing was found.
    pub got: Option<String>,
    /// How often.
    pub n: usize,
    /// One of the messages.
    pub example: String,
}

/// A question that was answered wrongly.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Wrong {
    /// The message.
    pub text: String,
    /// Question of the right entry.
    pub gold: Option<String>,
    /// Question of the entry that was answered with.
    pub got: Option<String>,
    /// How sure.
    pub confidence: f32,
}

/// All figures of an evaluation.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Entries of the knowledge.
    pub n_entries: usize,
    /// Questions.
    pub n: usize,
    /// Questions labelled with an entry that the knowledge does not have.
    pub n_unknown_labels: usize,
    /// From this confidence on, the engine answers.
    pub answer_from: f32,
    /// Right entry first, of the questions that the knowledge covers.
    pub top1: Share,
    /// Right entry among the first three.
    pub top3: Share,
    /// Answers that are right, those to uncovered questions included.
    pub precision: Share,
    /// Covered questions that are answered rightly.
    pub coverage: Share,
    /// Covered questions that are answered.
    pub answered: Share,
    /// Uncovered questions that are answered.
    pub oos_answered: Share,
    /// Right categories.
    pub category: Share,
    /// Right priorities.
    pub priority: Priorities,
    /// What was done with covered questions.
    pub in_scope: Outcomes,
    /// What was done with uncovered ones.
    pub out_of_scope: Outcomes,
    /// By kind, in the order of their names.
    pub kinds: Vec<Kind>,
    /// Ten bins of confidence.
    pub calibration: Vec<Bin>,
    /// The curve at round confidences.
    pub curve: Vec<Point>,
    /// The whole curve, confidence falling.
    #[serde(skip)]
    pub whole_curve: Vec<Point>,
    /// Coverage at the lowest confidence from which on 95 of 100 answers are right.
    pub coverage_at_95: Option<f32>,
    /// Median time, microseconds.
    pub latency_p50_us: u64,
    /// Ninety-nine of a hundred are faster, microseconds.
    pub latency_p99_us: u64,
    /// The most frequent first.
    #[serde(skip)]
    pub confusions: Vec<Confusion>,
    /// The surest first.
    #[serde(skip)]
    pub wrong: Vec<Wrong>,
}

impl Report {
    /// Counts; `name` gives an entry's question for its id.
    #[must_use]
    pub fn of(outcomes: &[Outcome], name: &dyn Fn(&str) -> String) -> Self {
        let mut report = Self {
            n: outcomes.len(),
            ..Self::default()
        };
        let mut kinds: BTreeMap<&str, Kind> = BTreeMap::new();
        for outcome in outcomes {
            report.count(outcome);
            if let Some(kind) = &outcome.kind {
                kinds.entry(kind).or_default().count(outcome);
            }
        }
        report.kinds = kinds
            .into_iter()
            .map(|(name, kind)| Kind {
                kind: name.to_owned(),
                ..kind
            })
            .collect();
        report.calibration = calibration(outcomes);
        report.whole_curve = curve(outcomes, report.in_scope.n);
        report.curve = STEPS
            .iter()
            .filter_map(|step| {
                let reached = report
                    .whole_curve
                    .iter()
                    .take_while(|point| point.from >= *step);
                reached.last().map(|point| Point {
                    from: *step,
                    ..*point
                })
            })
            .collect();
        report.coverage_at_95 = report
            .whole_curve
            .iter()
            .filter(|point| point.precision.value().is_some_and(|value| value >= 0.95))
            .filter_map(|point| point.coverage.value())
            .reduce(f32::max);
        let mut latencies: Vec<u64> = outcomes.iter().map(|one| one.latency_us).collect();
        latencies.sort_unstable();
        let rank = |share: usize| (latencies.len() * share).div_ceil(100).saturating_sub(1);
        let at = |share| latencies.get(rank(share)).copied().unwrap_or_default();
        (report.latency_p50_us, report.latency_p99_us) = (at(50), at(99));
        report.confusions = confusions(outcomes, name);
        report.wrong = wrong(outcomes, name);
        report
    }

    fn count(&mut self, outcome: &Outcome) {
        let answered = outcome.decision == Decision::Answer;
        if let Some(gold) = &outcome.gold {
            self.in_scope.count(outcome);
            self.top1.count(outcome.is_right());
            self.top3
                .count(outcome.candidates.iter().take(3).any(|id| id == gold));
            self.coverage.count(answered && outcome.is_right());
            self.answered.count(answered);
        } else {
            self.out_of_scope.count(outcome);
            self.oos_answered.count(answered);
        }
        if answered {
            self.precision.count(outcome.is_right());
        }
        if let Some((right, given)) = &outcome.category {
            self.category.count(right == given);
        }
        if let Some((right, given)) = outcome.priority {
            let level = |priority| match priority {
                Priority::Low => 0_u8,
                Priority::Normal => 1,
                Priority::High => 2,
                Priority::Urgent => 3,
            };
            self.priority.exact.count(right == given);
            self.priority
                .within_one
                .count(level(right).abs_diff(level(given)) <= 1);
            if right == Priority::Urgent {
                self.priority.urgent_seen.count(given >= Priority::High);
            }
        }
    }
}

impl Kind {
    fn count(&mut self, outcome: &Outcome) {
        self.n += 1;
        let answered = outcome.decision == Decision::Answer;
        if let Some(gold) = &outcome.gold {
            self.top1.count(outcome.is_right());
            self.top3
                .count(outcome.candidates.iter().take(3).any(|id| id == gold));
        }
        self.answered.count(answered);
        if answered {
            self.precision.count(outcome.is_right());
        }
    }
}

fn calibration(outcomes: &[Outcome]) -> Vec<Bin> {
    let mut bins: Vec<Bin> = (0..10_u8)
        .map(|at| Bin {
            from: f32::from(at) / 10.0,
            ..Bin::default()
        })
        .collect();
    for outcome in outcomes.iter().filter(|one| !one.candidates.is_empty()) {
        let at = ((outcome.confidence * 10.0) as usize).min(9);
        if let Some(bin) = bins.get_mut(at) {
            bin.n += 1;
            bin.confidence += outcome.confidence;
            bin.right.count(outcome.is_right());
        }
    }
    for bin in &mut bins {
        bin.confidence /= bin.n.max(1) as f32;
    }
    bins
}

/// A point for each confidence that occurs. What acts and rules decide is answered nowhere on it.
fn curve(outcomes: &[Outcome], n_in_scope: usize) -> Vec<Point> {
    let mut open: Vec<&Outcome> = outcomes
        .iter()
        .filter(|one| !one.decided_before && !one.candidates.is_empty())
        .collect();
    open.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut points: Vec<Point> = Vec::new();
    let mut precision = Share::default();
    for outcome in open {
        precision.count(outcome.is_right());
        let point = Point {
            from: outcome.confidence,
            precision,
            coverage: Share {
                n: precision.n,
                of: n_in_scope,
            },
        };
        match points.last_mut() {
            // Equal confidences are answered together or not at all.
            Some(last) if last.from <= outcome.confidence => *last = point,
            _ => points.push(point),
        }
    }
    points
}

fn confusions(outcomes: &[Outcome], name: &dyn Fn(&str) -> String) -> Vec<Confusion> {
    // The right entry and the one found: how often, and one of the messages.
    type Pair<'a> = (Option<&'a str>, Option<&'a str>);
    let mut pairs: BTreeMap<Pair<'_>, (usize, &str)> = BTreeMap::new();
    for outcome in outcomes {
        // An uncovered question is confused only where it is answered.
        let missed = match outcome.gold {
            Some(_) => !outcome.is_right(),
            None => outcome.decision == Decision::Answer,
        };
        if missed {
            let got = outcome.candidates.first().map(String::as_str);
            let pair = pairs.entry((outcome.gold.as_deref(), got));
            pair.or_insert((0, outcome.text.as_str())).0 += 1;
        }
    }
    let mut all: Vec<Confusion> = pairs
        .into_iter()
        .map(|((gold, got), (n, example))| Confusion {
            gold: gold.map(name),
            got: got.map(name),
            n,
            example: example.to_owned(),
        })
        .collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.n));
    all.truncate(N_LISTED);
    all
}

fn wrong(outcomes: &[Outcome], name: &dyn Fn(&str) -> String) -> Vec<Wrong> {
    let mut all: Vec<Wrong> = outcomes
        .iter()
        .filter(|one| one.decision == Decision::Answer && !one.is_right())
        .map(|one| Wrong {
            text: one.text.clone(),
            gold: one.gold.as_deref().map(name),
            got: one.candidates.first().map(|id| name(id)),
            confidence: one.confidence,
        })
        .collect();
    all.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    all.truncate(N_LISTED);
    all
}
