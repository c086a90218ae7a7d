//! From acts, rules and confidence to a decision.

use lt_model::message::HandoverReason;

use crate::{acts::Act, priority::Person, words::Decision};

/// Below this confidence nothing fits.
pub const SUGGEST_FROM: f32 = 0.3;

/// What is known before deciding.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grounds {
    /// From this confidence on, the bot answers by itself.
    pub(crate) answer_from: f32,
    /// The message's act.
    pub(crate) act: Option<Act>,
    /// Whether the priority rules ask for a person.
    pub(crate) person: Person,
    /// Confidence in the first candidate; none without candidates.
    pub(crate) confidence: Option<f32>,
    /// Whether the message is, letter by letter, a question of the first candidate.
    pub(crate) exact: bool,
}

/// The decision.
pub(crate) fn decide(grounds: Grounds) -> Decision {
    let confidence = grounds.confidence.unwrap_or_default();
    let sure = confidence >= grounds.answer_from;
    match grounds.act {
        // A wish for a person is granted, also where the knowledge has an entry about it.
        Some(Act::AskPerson) => return Decision::HandOver(HandoverReason::Asked),
        Some(act) if act.is_chitchat() && !grounds.exact => return Decision::Suggest,
        // Whoever asks a question of the knowledge word for word gets its answer, angry or not.
        _ if grounds.exact && sure => return Decision::Answer,
        Some(Act::Angry) => return Decision::HandOver(HandoverReason::NeedsPerson),
        _ => {}
    }
    match grounds.person {
        Person::Always => Decision::HandOver(HandoverReason::NeedsPerson),
        Person::UnlessSure if !sure => Decision::HandOver(HandoverReason::NeedsPerson),
        _ if sure => Decision::Answer,
        _ if confidence >= SUGGEST_FROM => Decision::Suggest,
        _ => Decision::HandOver(HandoverReason::NoAnswer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        use Decision::{Answer, HandOver, Suggest};
        use HandoverReason::{Asked, NeedsPerson, NoAnswer};
        for (act, person, confidence, exact, expected) in [
            (None, Person::No, Some(0.99), false, Answer),
            (None, Person::No, Some(0.5), false, Suggest),
            (None, Person::No, Some(0.01), false, HandOver(NoAnswer)),
            (None, Person::No, None, false, HandOver(NoAnswer)),
            (
                None,
                Person::Always,
                Some(0.99),
                false,
                HandOver(NeedsPerson),
            ),
            (None, Person::Always, Some(0.99), true, Answer),
            (None, Person::UnlessSure, Some(0.99), false, Answer),
            (
                None,
                Person::UnlessSure,
                Some(0.5),
                false,
                HandOver(NeedsPerson),
            ),
            (
                Some(Act::AskPerson),
                Person::No,
                Some(0.99),
                true,
                HandOver(Asked),
            ),
            (
                Some(Act::Angry),
                Person::No,
                Some(0.99),
                false,
                HandOver(NeedsPerson),
            ),
            (Some(Act::Greeting), Person::No, None, false, Suggest),
            (Some(Act::Greeting), Person::No, Some(0.99), false, Suggest),
            (Some(Act::SmallTalk), Person::No, Some(0.99), true, Answer),
        ] {
            let grounds = Grounds {
                answer_from: 0.9,
                act,
                person,
                confidence,
                exact,
            };
            assert_eq!(decide(grounds), expected, "{grounds:?}");
        }
    }
}
