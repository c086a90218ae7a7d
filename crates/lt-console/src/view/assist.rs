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
            words: without_half_a_number(mask::text(&words).0),
            to,
        },
        tier @ Reason::Tier { .. } => tier,
    }
}

/// An excerpt of a message is cut after so many characters.
const CUT_CHARS: usize = 20;

/// An excerpt that was cut before it was masked may end in half a number, which no mask knows.
fn without_half_a_number(words: String) -> String {
    let bare = words.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_cut = words.chars().count() >= CUT_CHARS;
    match is_cut && words.len() - bare.len() > 3 {
        true => format!("{bare}****"),
        false => words,
    }
}

fn marks(text: &str, ranges: &[CharRange]) -> Vec<Range> {
    let pairs: Vec<_> = ranges
        .iter()
        .map(|range| (range.start, range.end))
        .collect();
    mask::utf16(text, &pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_number_is_no_evidence() {
        for (kept, shown) in [
            ("我卡被盗刷了！卡号62999700451", "我卡被盗刷了！卡号****"),
            (
                "我卡被盗刷了，密码也被人改了，我付了80",
                "我卡被盗刷了，密码也被人改了，我付了80",
            ),
            ("12315", "12315"),
        ] {
            assert_eq!(without_half_a_number(kept.to_owned()), shown);
        }
    }
}
