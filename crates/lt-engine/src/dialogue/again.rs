//! Asking again, saying that it did not help, and not having what was asked for.

use std::{collections::HashMap, sync::LazyLock};

use super::letters;
use crate::{
    pattern::Patterns,
    text::Folded,
    words::{Role, Turn},
};

/// Turns back in which a question counts as asked before.
const REACH: usize = 8;
/// Two messages are the same question from this share of common character pairs on.
const SAME_FROM: f64 = 0.8;
/// Shorter messages are too little to be called a repetition.
const MIN_CHARS: usize = 4;
/// Longer ones say more than that it did not help.
const MAX_COMPLAINT_CHARS: usize = 16;

static DID_NOT_HELP: LazyLock<Patterns> = LazyLock::new(|| {
    Patterns::new([
        "没解决|没有解决|解决不了|未解决|没帮到|没有帮到|没用啊|没有用|不管用|没啥用|不顶用 还是不行|还是没用|还是不懂|还是不明白|还是没有|还是不会 \
         不是这个|不是问这个|不是我要的|不是我想问的|不是我问的|没回答我|没有回答|答错了|回答错了|说的不对|说得不对|回答不对|不对啊|不对吧 \
         我问的不是|我不是问|没听懂|没看懂|看不懂|没说清楚|说了等于没说|等于没说 试过|试了~没用|不行|不好使 \
         not~helpful|answer|asked not_helpful|doesnt_help|does_not_help|didnt_help|wrong_answer",
        "行不行|用不了怎么",
    ])
});

static CANNOT_GIVE: LazyLock<Patterns> = LazyLock::new(|| {
    Patterns::new([
        "不知道|不记得|记不得|忘了|忘记了|找不到|找不着|没有单号|没单号|没有订单号|没订单号|没有号码|查不到|看不到|没看到|不清楚|没得 \
         不想给|不方便|不给|没有了|没有啊|没有呢|没有的 dont_know|do_not_know|no_idea|cant_find",
    ])
});

/// Whether a short message says that the answer did not help.
pub(super) fn did_not_help(message: &str) -> bool {
    let folded = Folded::new(message, 200);
    if folded.n_meaningful() > MAX_COMPLAINT_CHARS {
        return false;
    }
    let hits = DID_NOT_HELP.find_all(&folded.chars);
    hits.iter().any(|hit| hit.rule == 0) && !hits.iter().any(|hit| hit.rule == 1)
}

/// Whether the customer cannot or will not give what was asked for.
pub(super) fn cannot_give(message: &str) -> bool {
    let folded = Folded::new(message, 200);
    let said = folded.text();
    matches!(said.as_str(), "没有" | "没" | "无" | "no")
        || (folded.n_meaningful() <= MAX_COMPLAINT_CHARS
            && !CANNOT_GIVE.find_all(&folded.chars).is_empty())
}

/// Whether the message asks what an earlier one asked and got a reply to.
pub(super) fn repeats(message: &str, earlier: &[Turn<'_>]) -> bool {
    let said = letters(message);
    if said.len() < MIN_CHARS {
        return false;
    }
    let replied = earlier.iter().rposition(|turn| turn.role == Role::Agent);
    let Some(replied) = replied else {
        return false;
    };
    earlier
        .iter()
        .take(replied)
        .rev()
        .take(REACH)
        .filter(|turn| turn.role == Role::Customer)
        .any(|turn| is_same(&said, &letters(turn.text)))
}

/// Dice's measure over pairs of characters; digits must be the same, since they tell one matter
/// from another.
fn is_same(one: &[char], other: &[char]) -> bool {
    let digits = |text: &[char]| -> String { text.iter().filter(|c| c.is_ascii_digit()).collect() };
    if other.len() < MIN_CHARS || digits(one) != digits(other) {
        return false;
    }
    let mut pairs: HashMap<&[char], usize> = HashMap::new();
    for pair in other.windows(2) {
        *pairs.entry(pair).or_default() += 1;
    }
    let mut common = 0_u32;
    for pair in one.windows(2) {
        if let Some(left) = pairs.get_mut(pair).filter(|left| **left > 0) {
            *left -= 1;
            common += 1;
        }
    }
    let all = u32::try_from(one.len() + other.len() - 2).unwrap_or(u32::MAX);
    2.0 * f64::from(common) >= SAME_FROM * f64::from(all)
}
