//! Reading a choice: 1, 第二个, 前者, 都要, 都不是, or the words of the question themselves.

use super::letters;

/// What a reply to a choice says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// These places, at least one.
    Picks(Vec<usize>),
    /// None of them.
    None,
    /// Something else.
    Else,
}

const DIGITS: &str = "一二三四五六七八九";
/// Longest reply that is read for a place rather than for its words.
const MAX_PLACE_CHARS: usize = 12;
/// Said around a place without changing it.
const AROUND: &[&str] = &[
    "我想问的是",
    "我想了解",
    "我问的是",
    "我要问",
    "我选择",
    "应该是",
    "我选",
    "我要",
    "我是",
    "就是",
    "选择",
    "是",
    "选",
    "要",
    "问",
    "回复",
    "答案",
    "那",
    "嗯",
    "对",
    "请",
    "看",
];
const AFTER: &[&str] = &[
    "个问题",
    "个吧",
    "个啊",
    "个呢",
    "个",
    "条",
    "种",
    "项",
    "号",
    "吧",
    "啊",
    "呀",
    "呢",
    "哦",
    "的",
    "谢谢",
    "问题",
];
const FIRST: &[&str] = &[
    "前者",
    "前面",
    "前面那",
    "上面",
    "上面那",
    "前一",
    "上一",
    "头一",
    "头",
];
const LAST: &[&str] = &[
    "后者",
    "后面",
    "后面那",
    "下面",
    "下面那",
    "后一",
    "最后一",
    "最后",
    "末",
];
const ALL: &[&str] = &[
    "都要",
    "都是",
    "都想知道",
    "都想问",
    "都问",
    "两个都要",
    "两个都是",
    "两个",
    "全部",
    "都",
    "一起",
    "都说下",
    "都说说",
    "两个都说",
    "两者都是",
    "all",
    "both",
];
const YES: &[&str] = &[
    "是",
    "是的",
    "对",
    "对的",
    "嗯",
    "嗯嗯",
    "就是这个",
    "是这个",
    "没错",
    "yes",
];
/// Words that stand in some question without naming it.
const NAMELESS: &[&str] = &["怎么", "什么", "为什么", "哪里", "可以", "如何", "请问"];
const NONE: &[&str] = &[
    "都不是",
    "都不对",
    "不是",
    "不对",
    "没有",
    "都没有",
    "都不",
    "两个都不是",
    "没一个是",
    "都不沾边",
    "不是这些",
    "不是这个",
    "不是这两个",
    "都不是我要的",
    "都不是我想问的",
    "没有我要的",
    "没有我想问的",
    "none",
    "neither",
    "no",
];

pub(super) fn read(questions: &[&str], reply: &str) -> Reading {
    let said = letters(reply);
    if said.is_empty() || questions.is_empty() {
        return Reading::Else;
    }
    let text: String = said.iter().collect();
    if NONE.contains(&text.as_str()) {
        return Reading::None;
    }
    if questions.len() == 1 && YES.contains(&text.as_str()) {
        return Reading::Picks(vec![0]);
    }
    if said.len() <= MAX_PLACE_CHARS
        && let Some(picks) = places(&text, questions.len())
    {
        return Reading::Picks(picks);
    }
    by_words(questions, &said).map_or(Reading::Else, |place| Reading::Picks(vec![place]))
}

fn places(text: &str, n_choices: usize) -> Option<Vec<usize>> {
    if ALL.contains(&text) {
        return Some((0..n_choices).collect());
    }
    let core = strip(text);
    if core.is_empty() {
        return None;
    }
    if FIRST.contains(&core) {
        return Some(vec![0]);
    }
    if LAST.contains(&core) {
        return Some(vec![n_choices - 1]);
    }
    let mut picks = Vec::new();
    for c in core.strip_prefix('第').unwrap_or(core).chars() {
        if matches!(c, '和' | '跟' | '第') {
            continue;
        }
        let number = c.to_digit(10).or_else(|| {
            DIGITS
                .chars()
                .position(|digit| digit == c)
                .and_then(|place| u32::try_from(place + 1).ok())
        })?;
        let place = usize::try_from(number).ok()?.checked_sub(1)?;
        if place >= n_choices {
            return None;
        }
        picks.push(place);
    }
    picks.dedup();
    (!picks.is_empty() && picks.len() <= n_choices).then_some(picks)
}

/// Without what is said around a place.
fn strip(text: &str) -> &str {
    let mut core = text;
    loop {
        let shorter = AROUND
            .iter()
            .find_map(|word| core.strip_prefix(word))
            .or_else(|| AFTER.iter().find_map(|word| core.strip_suffix(word)));
        match shorter {
            Some(shorter) if !shorter.is_empty() => core = shorter,
            _ => return core,
        }
    }
}

/// The one question that the reply is, or names with words that only it has.
fn by_words(questions: &[&str], said: &[char]) -> Option<usize> {
    let all: Vec<Vec<char>> = questions.iter().map(|question| letters(question)).collect();
    if let Some(place) = all.iter().position(|question| question == said) {
        return Some(place);
    }
    let contains = |question: &[char]| question.windows(said.len()).any(|part| part == said);
    let mut inside = (0..all.len()).filter(|place| all.get(*place).is_some_and(|q| contains(q)));
    let text: String = said.iter().collect();
    if said.len() >= 2
        && !NAMELESS.contains(&text.as_str())
        && let (Some(place), None) = (inside.next(), inside.next())
    {
        return Some(place);
    }
    // 退款多久到账呢: the question with something around it.
    let mut around = (0..all.len()).filter(|place| {
        all.get(*place).is_some_and(|question| {
            question.len() >= 4
                && said.len() <= question.len() + 6
                && said.windows(question.len()).any(|part| part == question)
        })
    });
    match (around.next(), around.next()) {
        (Some(place), None) => Some(place),
        _ => None,
    }
}
