//! Ranked answers on the screen. Published knowledge is shown as published; the customer's own
//! words in the reasons are masked.

use lt_engine::{Candidate, CharRange};
use lt_model::priority::Reason;
use lt_protocol::view::{Range, Suggestion};

use crate::view::mask;

/// Most suggestions beside a conversation.
pub(crate) const MAX_SUGGESTIONS: usize = 5;

/// Shows a candidate.
pub(crate) fn suggestion(candidate: Candidate) -> Suggestion {
    Suggestion {
        question_marks: marks(&candidate.question, &candidate.question_marks),
        answer_marks: marks(&candidate.answer, &candidate.answer_marks),
        faq_id: candidate.faq_id,
        version: candidate.version,
        question: candidate.question,
        answer: candidate.answer,
        category: candidate.category,
        business_line: candidate.business_line,
        confidence: candidate.confidence,
    }
}

/// Shows why a priority is what it is.
pub(crate) fn reason(reason: Reason) -> Reason {
    match reason {
        Reason::Words { rule, words, to } => Reason::Words {
            rule,
            words: mask::text(&words).0,
            to,
        },
        tier @ Reason::Tier { .. } => tier,
    }
}

fn marks(text: &str, ranges: &[CharRange]) -> Vec<Range> {
    let pairs: Vec<_> = ranges
        .iter()
        .map(|range| (range.start, range.end))
        .collect();
    mask::utf16(text, &pairs)
}
