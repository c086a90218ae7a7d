//! What the complaints of a surge say: typical messages, masked, and the words that they have in
//! common.
//!
//! Words are compared with what other complaints say by the log-likelihood ratio of T. Dunning
//! (*Accurate methods for the statistics of surprise and coincidence*, Computational Linguistics 19,
//! 1993), over messages and not over occurrences: who says a word five times counts once. A message
//! is typical where its words are near those of all of them (cosine to the mean).

use std::collections::{BTreeMap, BTreeSet};

use lt_search::tokenizer::Jieba;

use crate::{
    Engine, features,
    text::{Folded, MATCH_WINDOW},
};

/// Messages that are shown.
pub const N_EXAMPLES: usize = 3;
/// Words that are shown.
pub const N_WORDS: usize = 6;
/// Messages that are looked at; of more, the last ones.
pub const MAX_MESSAGES: usize = 400;
/// Longest example, characters.
const MAX_CHARS: usize = 100;
/// A word is common from this share of the messages on.
const COMMON: f64 = 0.2;
/// And where the other complaints do not explain it: chance of one in a thousand.
const LEAST_RATIO: f64 = 10.8;

/// What somebody wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said<'a> {
    /// Who, by any number.
    pub person: u128,
    /// What, as it was written.
    pub text: &'a str,
}

/// What the messages have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The most typical first, masked, of different people.
    pub examples: Vec<String>,
    /// Words that are far commoner in them than elsewhere, the most telling first.
    pub words: Vec<String>,
}

/// One message as words.
struct Read {
    person: u128,
    masked: String,
    words: Vec<String>,
}

impl Engine {
    /// What the messages of a surge have in common that `elsewhere`, other complaints, has not; by
    /// the words of this engine's dictionary.
    #[must_use]
    pub fn gather_evidence(&self, said: &[Said<'_>], elsewhere: &[&str]) -> Evidence {
        gather(self.dictionary(), said, elsewhere)
    }
}

/// What `said` has in common that `elsewhere`, other complaints, has not.
#[must_use]
fn gather(dictionary: &Jieba, said: &[Said<'_>], elsewhere: &[&str]) -> Evidence {
    let said = said.get(said.len().saturating_sub(MAX_MESSAGES)..);
    let read: Vec<Read> = said
        .unwrap_or_default()
        .iter()
        .filter(|said| !said.text.trim().is_empty())
        .map(|said| {
            let masked = lt_guard::mask(said.text).text;
            Read {
                person: said.person,
                words: words(dictionary, &masked),
                masked,
            }
        })
        .collect();
    let elsewhere = elsewhere.get(elsewhere.len().saturating_sub(MAX_MESSAGES)..);
    let other: Vec<Vec<String>> = elsewhere
        .unwrap_or_default()
        .iter()
        .map(|text| words(dictionary, &lt_guard::mask(text).text))
        .collect();
    let here = counts(read.iter().map(|read| &read.words));
    let there = counts(other.iter());
    Evidence {
        examples: examples(&read, &here, &there, other.len()),
        words: common(&here, read.len(), &there, other.len()),
    }
}

fn words(dictionary: &Jieba, masked: &str) -> Vec<String> {
    let mut words = features::words(dictionary, &Folded::new(masked, MATCH_WINDOW).text());
    words.retain(|word| word.chars().count() > 1 && word.chars().any(char::is_alphabetic));
    words
}

fn counts<'a>(texts: impl Iterator<Item = &'a Vec<String>>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for word in texts.flatten() {
        *counts.entry(word.as_str()).or_default() += 1;
    }
    counts
}

fn examples(
    read: &[Read],
    here: &BTreeMap<&str, usize>,
    there: &BTreeMap<&str, usize>,
    n_there: usize,
) -> Vec<String> {
    let n = read.len() as f64;
    // A word that complaints have anyhow says little.
    let weight = |word: &str| {
        let elsewhere = there.get(word).copied().unwrap_or_default() as f64;
        (1.0 + (n_there as f64 + 1.0) / (elsewhere + 1.0)).ln()
    };
    let length = |words: &[String]| {
        let squares = words.iter().map(|word| weight(word).powi(2));
        squares.sum::<f64>().sqrt().max(1e-9)
    };
    let typical = |words: &[String]| {
        let near = words.iter().map(|word| {
            let share = here.get(word.as_str()).copied().unwrap_or_default() as f64 / n;
            weight(word).powi(2) * share
        });
        near.sum::<f64>() / length(words)
    };
    let mut order: Vec<(f64, usize)> = read
        .iter()
        .enumerate()
        .map(|(place, read)| (typical(&read.words), place))
        .collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut people = BTreeSet::new();
    let mut chosen: Vec<String> = Vec::new();
    for (_, place) in order {
        let Some(read) = read.get(place) else {
            continue;
        };
        let text = short(&read.masked);
        if chosen.len() < N_EXAMPLES && !chosen.contains(&text) && people.insert(read.person) {
            chosen.push(text);
        }
    }
    chosen
}

/// On one line, with the beginning of what is long.
fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

fn common(
    here: &BTreeMap<&str, usize>,
    n_here: usize,
    there: &BTreeMap<&str, usize>,
    n_there: usize,
) -> Vec<String> {
    let least = ((n_here as f64 * COMMON).ceil() as usize).max(2);
    let mut telling: Vec<(f64, &str, usize)> = here
        .iter()
        .filter(|(_, count)| **count >= least)
        .filter_map(|(word, count)| {
            let elsewhere = there.get(word).copied().unwrap_or_default();
            // Without anything to compare with, the commonest words are shown.
            if n_there == 0 {
                return Some((*count as f64, *word, *count));
            }
            let ratio = likelihood_ratio(*count, n_here, elsewhere, n_there);
            (ratio >= LEAST_RATIO).then_some((ratio, *word, *count))
        })
        .collect();
    telling.sort_by(|a, b| {
        let order = b.0.total_cmp(&a.0);
        order.then(b.1.len().cmp(&a.1.len())).then(a.1.cmp(b.1))
    });
    let mut chosen: Vec<(&str, usize)> = Vec::new();
    for (_, word, count) in telling {
        // Long words come with the words inside them.
        let is_part = |(known, _): &(&str, usize)| known.contains(word);
        if chosen.iter().any(is_part) {
            continue;
        }
        let inside = chosen
            .iter()
            .position(|(known, of)| word.contains(*known) && *of <= count + count / 4);
        let has_room = chosen.len() < N_WORDS;
        match inside.and_then(|place| chosen.get_mut(place)) {
            Some(known) => *known = (word, count),
            None if has_room => chosen.push((word, count)),
            None => {}
        }
    }
    chosen
        .into_iter()
        .map(|(word, _)| word.to_owned())
        .collect()
}

/// Twice the log-likelihood ratio of two shares; 0 where the first is not the larger one.
fn likelihood_ratio(a: usize, of_a: usize, b: usize, of_b: usize) -> f64 {
    let (a, of_a, b, of_b) = (a as f64, of_a as f64, b as f64, of_b as f64);
    if a * of_b <= b * of_a {
        return 0.0;
    }
    let ln = |count: f64, all: f64, share: f64| {
        let part = |count: f64, share: f64| if count > 0.0 { count * share.ln() } else { 0.0 };
        part(count, share) + part(all - count, 1.0 - share)
    };
    let both = (a + b) / (of_a + of_b);
    2.0 * (ln(a, of_a, a / of_a) + ln(b, of_b, b / of_b) - ln(a, of_a, both) - ln(b, of_b, both))
}

#[cfg(test)]
mod tests {
    use lt_search::tokenizer::dictionary;

    use super::*;

    const SURGE: &[&str] = &[
        "扫地机器人一充电就冒烟，我要退货",
        "你们的扫地机器人充电的时候冒烟了！吓死人",
        "机器人充电冒烟，联系我 13812345678",
        "刚买的扫地机充电就冒烟，这是质量问题",
        "充电冒烟，差点着火，必须给个说法",
        "客服态度太差了",
    ];
    const OTHERS: &[&str] = &[
        "快递三天没动了，我要投诉",
        "客服态度太差了，没人回复",
        "退款一直不到账，什么时候退",
        "衣服有色差，质量问题，要退货",
        "手机充电慢，怎么回事",
        "发错货了，给我换",
        "说好的赠品没有送",
        "包裹破损，里面碎了",
        "价格刚买就降，要求退差价",
        "物流把我的件弄丢了",
        "投诉无门，质量问题没人管",
        "退货运费谁出",
    ];

    #[test]
    fn words_are_those_that_others_do_not_say() {
        let said: Vec<Said<'_>> = (1..)
            .zip(SURGE)
            .map(|(person, text)| Said { person, text })
            .collect();
        let evidence = gather(&dictionary(), &said, OTHERS);
        assert!(evidence.words.contains(&"冒烟".to_owned()), "{evidence:?}");
        assert!(!evidence.words.contains(&"质量".to_owned()), "{evidence:?}");
        assert_eq!(evidence.examples.len(), N_EXAMPLES);
        for example in &evidence.examples {
            assert!(example.contains("冒烟"), "{example}");
            assert!(!example.contains("13812345678"), "{example}");
        }
    }

    #[test]
    fn examples_are_masked_and_of_different_people() {
        let texts = [
            "充电冒烟，打我电话13812345678",
            "充电冒烟了，电话 139 1234 5678",
            "充电冒烟",
            "充电冒烟",
        ];
        let said = [(1, 0), (1, 1), (2, 2), (3, 3)].map(|(person, place): (u128, usize)| Said {
            person,
            text: texts[place],
        });
        let evidence = gather(&dictionary(), &said, &[]);
        assert_eq!(evidence.examples.len(), 2, "{evidence:?}");
        let all = evidence.examples.join("\n");
        assert!(
            !all.contains("13812345678") && !all.contains("1234 5678"),
            "{all}"
        );
    }

    #[test]
    fn nothing_said_is_no_evidence() {
        assert_eq!(gather(&dictionary(), &[], OTHERS), Evidence::default());
        let blank = [Said {
            person: 1,
            text: " ",
        }];
        assert_eq!(gather(&dictionary(), &blank, &[]), Evidence::default());
    }
}
