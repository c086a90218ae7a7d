//! Character n-grams and words of a text, and how much each of them says.

use serde::{Deserialize, Serialize};

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use lt_search::tokenizer::{self, Jieba};

use crate::text::is_run;

/// One n-gram: up to three characters packed, or the hash of a whole Latin word or number.
pub(crate) type Gram = u64;

const RUN: Gram = 1 << 63;
/// Weights of n-grams by length. Single characters weigh most: customers and knowledge bases share
/// characters rather than words (top-1 over both sets rose from .69 to .74 against `[0.6, 1, 1]`,
/// `evaluate -- fit`).
const BY_LENGTH: [f32; 3] = [2.0, 1.0, 0.5];
/// Weight of a whole Latin word or number.
const RUN_WEIGHT: f32 = 1.2;

/// Sparse vector of unit length, sorted by feature.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub(crate) struct Sparse(Vec<(u32, f32)>);

impl Sparse {
    pub(crate) fn items(&self) -> &[(u32, f32)] {
        &self.0
    }

    /// Several side by side, each with the number of its first feature and its weight, made of unit
    /// length together.
    pub(crate) fn beside<'a>(parts: impl Iterator<Item = (&'a Self, u32, f32)>) -> Self {
        let mut items: Vec<(u32, f32)> = parts
            .flat_map(|(part, first, weight)| {
                part.0
                    .iter()
                    .map(move |(feature, value)| (feature + first, value * weight))
            })
            .collect();
        let norm = norm(items.iter().map(|(_, w)| *w));
        items.iter_mut().for_each(|(_, w)| *w /= norm);
        Self(items)
    }
}

fn norm(weights: impl Iterator<Item = f32>) -> f32 {
    weights.map(|w| w * w).sum::<f32>().sqrt().max(1e-6)
}

/// Which n-grams the knowledge base has and how much each says (inverse document frequency over
/// entries).
#[derive(Debug, Default, Deserialize, Serialize)]
pub(crate) struct Lexicon {
    ids: HashMap<Gram, u32>,
    /// Weight of each n-gram: that of its kind times what it says.
    weights: Vec<f32>,
    idf_unknown: f32,
}

impl Lexicon {
    /// Counts in how many entries each n-gram stands. Each text comes with the number of its entry,
    /// the texts of an entry one after another.
    pub(crate) fn build(texts: impl Iterator<Item = (usize, Vec<(Gram, f32)>)>) -> Self {
        let mut lexicon = Self::default();
        let mut df: Vec<(usize, f32)> = Vec::new();
        let mut n_entries = 0;
        for (entry, grams) in texts {
            n_entries = entry + 1;
            for (gram, weight) in grams {
                let next = df.len() as u32;
                let id = *lexicon.ids.entry(gram).or_insert(next);
                if id == next {
                    df.push((entry, 1.0));
                    lexicon.weights.push(weight);
                } else if let Some((last, n)) = df.get_mut(id as usize)
                    && *last != entry
                {
                    (*last, *n) = (entry, *n + 1.0);
                }
            }
        }
        let n = n_entries as f32;
        let idf = |df: f32| (1.0 + (n - df + 0.5).max(0.0) / (df + 0.5)).ln().max(0.05);
        for (weight, (_, n)) in lexicon.weights.iter_mut().zip(df) {
            *weight *= idf(n);
        }
        lexicon.idf_unknown = idf(0.5);
        lexicon.ids.shrink_to_fit();
        lexicon.weights.shrink_to_fit();
        lexicon
    }

    /// The vector of a text, of unit length counting what the knowledge base does not know, and
    /// the share of its weight that is unknown.
    pub(crate) fn vector(&self, grams: &[(Gram, f32)]) -> (Sparse, f32) {
        let mut known: Vec<(u32, f32)> = Vec::new();
        let mut unknown: Vec<(Gram, f32)> = Vec::new();
        for (gram, weight) in grams {
            match self.ids.get(gram) {
                Some(id) => known.push((*id, self.weight(*id))),
                None => unknown.push((*gram, weight * self.idf_unknown)),
            }
        }
        known.sort_by_key(|(id, _)| *id);
        known.dedup_by_key(|(id, _)| *id);
        unknown.sort_by_key(|(gram, _)| *gram);
        unknown.dedup_by_key(|(gram, _)| *gram);
        let known_sum: f32 = known.iter().map(|(_, w)| w).sum();
        let unknown_sum: f32 = unknown.iter().map(|(_, w)| w).sum();
        let norm = norm(
            known
                .iter()
                .map(|(_, w)| *w)
                .chain(unknown.iter().map(|(_, w)| *w)),
        );
        known.iter_mut().for_each(|(_, w)| *w /= norm);
        let share = unknown_sum / (known_sum + unknown_sum).max(1e-6);
        (Sparse(known), share)
    }

    /// Weight of a known n-gram.
    pub(crate) fn weight(&self, id: u32) -> f32 {
        self.weights.get(id as usize).copied().unwrap_or_default()
    }

    /// Number of known n-grams.
    pub(crate) fn len(&self) -> usize {
        self.weights.len()
    }

    /// The known features among n-grams, each once, sorted.
    pub(crate) fn features<'a>(&self, grams: impl Iterator<Item = &'a (Gram, f32)>) -> Vec<u32> {
        let mut ids: Vec<u32> = grams
            .filter_map(|(gram, _)| self.ids.get(gram).copied())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// Number of characters of an n-gram, 0 for a whole Latin word or number.
pub(crate) fn length(gram: Gram) -> usize {
    if gram & RUN != 0 {
        0
    } else {
        1 + usize::from(gram >> 21 != 0) + usize::from(gram >> 42 != 0)
    }
}

/// N-grams of a folded text with their weights. Marks are left out and part the text; every
/// number counts as `0` besides itself as a whole.
pub(crate) fn grams(chars: &[char]) -> Vec<(Gram, f32)> {
    let mut all = Vec::with_capacity(chars.len() * 3);
    let mut segment: Vec<char> = Vec::new();
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        if is_run(*c) {
            let run: Vec<char> = chars
                .iter()
                .skip(at)
                .take_while(|c| is_run(**c))
                .copied()
                .collect();
            all.push((hash(&run), RUN_WEIGHT));
            at += run.len();
            let mut in_number = false;
            for c in run {
                if c.is_ascii_digit() {
                    if !in_number {
                        segment.push('0');
                    }
                    in_number = true;
                } else {
                    segment.push(c);
                    in_number = false;
                }
            }
            continue;
        }
        if c.is_alphanumeric() {
            segment.push(*c);
        } else if *c != ' ' {
            segment_grams(&segment, &mut all);
            segment.clear();
        }
        at += 1;
    }
    segment_grams(&segment, &mut all);
    all
}

fn segment_grams(segment: &[char], all: &mut Vec<(Gram, f32)>) {
    for (n, weight) in (1..).zip(BY_LENGTH) {
        for window in segment.windows(n) {
            let packed = window
                .iter()
                .fold(0, |packed, c| (packed << 21) | u64::from(u32::from(*c)));
            all.push((packed, weight));
        }
    }
}

/// FNV-1a, with the top bit set so that no packed n-gram equals it.
fn hash(run: &[char]) -> Gram {
    run.iter().fold(0xcbf2_9ce4_8422_2325_u64, |h, c| {
        (h ^ u64::from(u32::from(*c))).wrapping_mul(0x0100_0000_01b3)
    }) | RUN
}

/// Words that say little about what a question is about.
const STOP_WORDS: &str = "的 了 吗 呢 吧 啊 呀 嘛 么 是 我 你 您 他 她 它 我们 你们 他们 咱 咱们 俺 这 那 这个 那个 这些 那些 这里 那里 这边 那边 这样 那样 哪 哪里 哪儿 哪个 什么 怎么 怎样 怎么样 咋 咋办 咋样 啥 \
     为什么 为啥 如何 多少 几 能 能不能 可以 可不可以 会 会不会 要 想 想要 需要 请 请问 麻烦 帮 帮我 帮忙 给 给我 把 被 让 在 有 有没有 没有 没 不 别 就 都 也 还 还是 才 再 又 很 太 更 最 和 跟 与 或 或者 但 但是 如果 要是 \
     因为 所以 然后 一下 一个 个 一 下 上 里 去 来 到 从 对 向 用 行 好 好的 着 过 得 地 之 呗 哦 嗯 哈 哎 唉 诶 家 店 店里 亲 现在 今天 昨天 刚 刚才 刚刚 已经 一直 的话 时候 时 后 前 东西 玩意 玩意儿 问 问题 办 弄 整 搞 \
     瞅瞅 看 看看 说 知道 告诉 这种 那种 这款 这件 那件 件 款 the a an is are i you my me it to do does of for in on and can what how where when please";

static STOPS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| STOP_WORDS.split_whitespace().collect());

/// Informative words of a folded text, each once, sorted.
pub(crate) fn words(dictionary: &Jieba, text: &str) -> Vec<String> {
    let mut words: Vec<String> = tokenizer::words(dictionary, text)
        .into_iter()
        .map(|piece| piece.text)
        .filter(|word| !STOPS.contains(word))
        .map(str::to_owned)
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Share of a text's words that are not among the sorted `known` ones; 0 without words.
pub(crate) fn unknown_share(words: &[String], known: &[String]) -> f32 {
    let unknown = words
        .iter()
        .filter(|word| known.binary_search(word).is_err())
        .count();
    unknown as f32 / words.len().max(1) as f32
}
