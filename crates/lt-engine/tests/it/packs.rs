//! The question packs: labels are right, and no question is there twice or in the knowledge's words.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    fs,
    path::PathBuf,
};

use lt_engine::lab::{self, File, TurnLine};
use lt_model::priority::Priority;
use serde::Deserialize;

/// Texts that share this much of their pairs of characters are the same question.
const NEAR: f32 = 0.8;
/// Kinds that stand near the knowledge's words by their nature.
const MAY_BE_NEAR: [&str; 3] = ["typo", "short", "noisy"];
/// A message of so few characters leaves little choice of words.
const FRAGMENT: usize = 5;
const KINDS: [&str; 9] = [
    "paraphrase",
    "colloquial",
    "typo",
    "short",
    "long",
    "noisy",
    "multiturn",
    "mixed",
    "oos",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    text: String,
    history: Vec<TurnLine>,
    faq_id: Option<String>,
    kind: String,
    category: String,
    priority: Priority,
}

struct Pack {
    name: String,
    docs: Vec<lt_engine::Doc>,
    lines: Vec<Line>,
}

fn packs() -> Vec<Pack> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("packs");
    let mut packs: Vec<Pack> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("questions.jsonl").exists())
        .map(|path| {
            let read = |name: &str| fs::read(path.join(name)).unwrap();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let file = |name, bytes| File { name, bytes };
            let (kb, questions) = (read("kb.jsonl"), read("questions.jsonl"));
            Pack {
                docs: lab::read_kb(file(&format!("{name}/kb.jsonl"), &kb)).unwrap(),
                lines: lab::read_lines(file(&format!("{name}/questions.jsonl"), &questions))
                    .unwrap(),
                name,
            }
        })
        .collect();
    packs.sort_by(|a, b| a.name.cmp(&b.name));
    packs
}

/// Pairs of characters; marks, blanks and letter case do not count.
fn pairs(text: &str) -> HashSet<(char, char)> {
    let normal = lt_search::normalise(text);
    let chars: Vec<char> = std::iter::once('^')
        .chain(normal.chars().filter(|c| c.is_alphanumeric()))
        .chain(std::iter::once('$'))
        .collect();
    chars.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

fn n_chars(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

fn jaccard(a: &HashSet<(char, char)>, b: &HashSet<(char, char)>) -> f32 {
    let shared = a.intersection(b).count();
    shared as f32 / (a.len() + b.len() - shared).max(1) as f32
}

#[test]
fn labels_are_right_and_there_is_enough() {
    let packs = packs();
    let mut wrong = Vec::new();
    for pack in &packs {
        let name = &pack.name;
        let ids: HashSet<&str> = pack.docs.iter().map(|doc| doc.faq_id.as_str()).collect();
        let categories: BTreeSet<&str> =
            pack.docs.iter().map(|doc| doc.category.as_str()).collect();
        if ids.len() != pack.docs.len() {
            wrong.push(format!("{name}: an id is there twice"));
        }
        for doc in &pack.docs {
            if doc.question.trim().is_empty() || doc.answer.trim().is_empty() {
                wrong.push(format!(
                    "{name}: {} lacks its question or answer",
                    doc.faq_id
                ));
            }
        }
        let mut asked: HashMap<&str, usize> = HashMap::new();
        for (at, line) in (1..).zip(&pack.lines) {
            let mut bad = |what: &str| wrong.push(format!("{name}:{at}: {what}: {}", line.text));
            if line.text.trim().is_empty() {
                bad("empty");
            }
            if !KINDS.contains(&line.kind.as_str()) {
                bad("unknown kind");
            }
            if !categories.contains(line.category.as_str()) {
                bad("category not of the knowledge base");
            }
            // A follow-up may be out of scope too.
            if match line.kind.as_str() {
                "oos" => line.faq_id.is_some(),
                "multiturn" => false,
                _ => line.faq_id.is_none(),
            } {
                bad("out of scope and with an entry, or in scope without one");
            }
            if (line.kind == "multiturn") && line.history.is_empty() {
                bad("a follow-up without history");
            }
            if let Some(id) = &line.faq_id {
                *asked.entry(id).or_default() += 1;
                if !ids.contains(id.as_str()) {
                    bad("unknown entry");
                }
            }
        }
        let urgent = pack
            .lines
            .iter()
            .filter(|line| line.priority == Priority::Urgent);
        println!(
            "{name:14} {:4} entries {:4} questions {:3} urgent",
            pack.docs.len(),
            pack.lines.len(),
            urgent.count()
        );
        let never: Vec<&&str> = ids.iter().filter(|id| !asked.contains_key(**id)).collect();
        if !never.is_empty() {
            wrong.push(format!("{name}: nobody asks {never:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    let large = packs.iter().filter(|pack| pack.lines.len() >= 300).count();
    assert!(large >= 3, "{large} industries with 300 questions");
}

/// A question that the knowledge base has word for word, or that is there twice, would be learned by
/// heart instead of understood.
#[test]
fn no_question_is_a_near_duplicate() {
    struct Text<'a> {
        place: String,
        pack: &'a str,
        text: &'a str,
        pairs: HashSet<(char, char)>,
        n_chars: usize,
        /// With the turns before it, where it has some: an ellipsis may be said twice.
        history: String,
        is_wording: bool,
        may_be_near: bool,
    }
    let packs = packs();
    let mut texts: Vec<Text<'_>> = Vec::new();
    for pack in &packs {
        for doc in &pack.docs {
            for text in std::iter::once(&doc.question).chain(&doc.similar) {
                texts.push(Text {
                    place: format!("{} {}", pack.name, doc.faq_id),
                    pack: &pack.name,
                    text,
                    pairs: pairs(text),
                    n_chars: n_chars(text),
                    history: String::new(),
                    is_wording: true,
                    may_be_near: false,
                });
            }
        }
        for (at, line) in (1..).zip(&pack.lines) {
            let history: Vec<&str> = line.history.iter().map(|turn| turn.text.as_str()).collect();
            texts.push(Text {
                place: format!("{}:{at}", pack.name),
                pack: &pack.name,
                text: &line.text,
                pairs: pairs(&line.text),
                n_chars: n_chars(&line.text),
                history: history.join("\n"),
                is_wording: false,
                may_be_near: MAY_BE_NEAR.contains(&line.kind.as_str()),
            });
        }
    }
    // Near ones share a pair of characters that is rare in either, so that few are compared.
    let mut by_pair: BTreeMap<(char, char), Vec<usize>> = BTreeMap::new();
    for (at, text) in texts.iter().enumerate() {
        for pair in &text.pairs {
            by_pair.entry(*pair).or_default().push(at);
        }
    }
    let mut near = Vec::new();
    for (at, one) in texts.iter().enumerate().filter(|(_, one)| !one.is_wording) {
        // With NEAR of the pairs shared, at least one of the rarest fifth and one more is.
        let mut rare: Vec<&Vec<usize>> = one
            .pairs
            .iter()
            .filter_map(|pair| by_pair.get(pair))
            .collect();
        rare.sort_by_key(|list| list.len());
        let n = (one.pairs.len() as f32 * (1.0 - NEAR)).floor() as usize + 1;
        let others: BTreeSet<usize> = rare.into_iter().take(n).flatten().copied().collect();
        for (other_at, other) in others
            .into_iter()
            .filter_map(|at| Some((at, texts.get(at)?)))
        {
            let compared = if other.is_wording {
                other.pack == one.pack && !one.may_be_near
            } else {
                // Each pair of questions once. The same follow-up of other turns is another question,
                // and a fragment is the same in every industry.
                let fragment = one.n_chars.min(other.n_chars) <= FRAGMENT;
                other_at < at
                    && one.history == other.history
                    && (one.pack == other.pack || !fragment)
            };
            if compared && jaccard(&one.pairs, &other.pairs) >= NEAR {
                near.push(format!(
                    "{} 「{}」 = {} 「{}」",
                    one.place, one.text, other.place, other.text
                ));
            }
        }
    }
    println!("{} texts, {} near", texts.len(), near.len());
    assert_eq!(near, Vec::<String>::new());
}
