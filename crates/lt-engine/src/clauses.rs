//! The clauses of a message: in a long story only one of them asks.

use crate::text::is_run;

/// Clauses that are looked at, from the end.
const N_CLAUSES: usize = 8;
/// Shorter ones join the next.
const SHORTEST: usize = 3;
/// What a clause that asks has.
const ASKS: &[&str] = &[
    "?",
    "？",
    "吗",
    "呢",
    "怎么",
    "什么",
    "多久",
    "多少",
    "哪",
    "几",
    "谁",
    "能不能",
    "可以",
    "可否",
    "行不",
    "是不是",
    "要不要",
    "有没有",
    "为什么",
    "会不会",
    "该不该",
    "咋",
    "如何",
    "办",
    "how",
    "what",
    "when",
    "where",
    "why",
    "can",
    "how much",
];

/// The clauses of folded characters, and which of them asks: the last one that has a question word,
/// else the last one. Nothing for a message of one clause.
pub(crate) fn clauses(chars: &[char]) -> Option<(Vec<Vec<char>>, usize)> {
    let mut all: Vec<(Vec<char>, bool)> = Vec::new();
    let mut clause: Vec<char> = Vec::new();
    for (at, c) in chars.iter().enumerate() {
        let between_runs = *c == ' '
            || (matches!(c, '.' | ',' | ':' | '-' | '/')
                && chars.get(at + 1).is_some_and(|next| is_run(*next))
                && at
                    .checked_sub(1)
                    .and_then(|at| chars.get(at))
                    .is_some_and(|before| is_run(*before)));
        if c.is_alphanumeric() || between_runs || matches!(c, '%' | '+') {
            clause.push(*c);
            continue;
        }
        let asks = matches!(c, '?' | '？');
        if clause.iter().filter(|c| c.is_alphanumeric()).count() >= SHORTEST {
            all.push((std::mem::take(&mut clause), asks));
        } else if let Some((_, last)) = all.last_mut().filter(|_| clause.is_empty() && asks) {
            *last = true;
        }
    }
    if clause.iter().any(|c| c.is_alphanumeric()) {
        all.push((clause, false));
    }
    if all.len() < 2 {
        return None;
    }
    let from = all.len().saturating_sub(N_CLAUSES);
    all.drain(..from);
    let asks = |(clause, marked): &(Vec<char>, bool)| {
        let text: String = clause.iter().collect();
        *marked || ASKS.iter().any(|word| text.contains(word))
    };
    let asking = all.iter().rposition(asks).unwrap_or(all.len() - 1);
    Some((all.into_iter().map(|(clause, _)| clause).collect(), asking))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_asking_clause_is_found() {
        for (text, n, asking) in [
            (
                "上周买的锅,今天才到,盖子碎了怎么赔,我很着急",
                4,
                "盖子碎了怎么赔",
            ),
            ("买了两件。退一件可以吗?谢谢啊", 3, "退一件可以吗"),
            ("到货了,颜色不对", 2, "颜色不对"),
            ("价格是3.5,能便宜吗", 2, "能便宜吗"),
        ] {
            let (clauses, at) = clauses(&text.chars().collect::<Vec<_>>()).unwrap();
            assert_eq!(clauses.len(), n, "{text}");
            assert_eq!(clauses[at].iter().collect::<String>(), asking);
        }
        assert_eq!(clauses(&['怎', '么', '退']), None);
        assert_eq!(clauses(&[]), None);
    }
}
