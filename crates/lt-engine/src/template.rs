//! Answers with variables: `您的包裹{{物流.状态}}。` is filled from a connector's values.
//!
//! A variable is `{{connector.name}}`. What stands after `{{否则}}` (or `{{else}}`) is said when
//! no value came; without it, the sentences that hold variables are left out.
//!
//! **Invariant:** no braces of a variable ever reach a reader: a sentence whose variables are not
//! all known, or are written wrongly, is not said.

/// Marks the text that is said when no value came.
const OTHERWISE: [&str; 2] = ["{{否则}}", "{{else}}"];

/// A variable.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Variable {
    /// Whose it is.
    pub connector: String,
    /// Which.
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Variable(Variable),
    /// Something in braces that is no variable.
    Broken,
}

/// An answer in its sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    sentences: Vec<Vec<Part>>,
    otherwise: Option<String>,
}

/// A text made of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// What is said.
    pub text: String,
    /// Whether it holds values of the moment.
    pub live: bool,
}

/// Whether an answer holds variables.
#[must_use]
pub fn is_template(answer: &str) -> bool {
    answer.contains("{{")
}

/// What is said where no value is at hand; an answer without variables stays as it is. May be
/// empty.
#[must_use]
pub fn plain(answer: &str) -> String {
    if is_template(answer) {
        Template::parse(answer).plain()
    } else {
        answer.to_owned()
    }
}

impl Template {
    /// Reads an answer. What is written wrongly is kept as a hole that nothing fills; see
    /// [`Template::is_sound`].
    #[must_use]
    pub fn parse(answer: &str) -> Self {
        let (live, otherwise) = OTHERWISE
            .iter()
            .find_map(|mark| answer.split_once(mark))
            .map_or((answer, None), |(live, rest)| {
                let sound = Self::parse(rest);
                (live, Some(sound.without_variables()))
            });
        let mut sentences = vec![Vec::new()];
        let mut text = String::new();
        let mut rest = live;
        while let Some(c) = rest.chars().next() {
            if let Some(after) = rest.strip_prefix("{{") {
                push_text(&mut sentences, &mut text);
                let (part, after) = match after.split_once("}}") {
                    Some((inner, after)) => (variable(inner), after),
                    None => (Part::Broken, ""),
                };
                push(&mut sentences, part);
                rest = after;
                continue;
            }
            text.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            if matches!(c, '。' | '！' | '？' | '!' | '?' | '；' | '\n') {
                push_text(&mut sentences, &mut text);
                sentences.push(Vec::new());
            }
        }
        push_text(&mut sentences, &mut text);
        sentences.retain(|sentence| !sentence.is_empty());
        Self {
            sentences,
            otherwise,
        }
    }

    /// Whether every brace is that of a well-written variable, and something is said without
    /// values.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let parts = || self.sentences.iter().flatten();
        let whole = parts().all(|part| match part {
            Part::Broken => false,
            Part::Text(text) => !text.contains("{{") && !text.contains("}}"),
            Part::Variable(_) => true,
        });
        let otherwise = self
            .otherwise
            .as_ref()
            .is_none_or(|text| !text.contains("}}") && !text.trim().is_empty());
        whole && otherwise
    }

    /// The connectors that are asked, each once, in the order of their first variable.
    #[must_use]
    pub fn connectors(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for part in self.sentences.iter().flatten() {
            if let Part::Variable(variable) = part
                && !names.contains(&variable.connector.as_str())
            {
                names.push(&variable.connector);
            }
        }
        names
    }

    /// Fills it. Sentences with a value that is not known are left out; when no value is known at
    /// all it is [`Template::plain`].
    #[must_use]
    pub fn fill(&self, value: impl Fn(&Variable) -> Option<String>) -> Filled {
        let mut text = String::new();
        let mut live = false;
        for sentence in &self.sentences {
            if let Some((said, holds_values)) = say(sentence, &value) {
                text.push_str(&said);
                live |= holds_values;
            }
        }
        if live {
            Filled {
                text: text.trim().to_owned(),
                live,
            }
        } else {
            Filled {
                text: self.plain(),
                live,
            }
        }
    }

    /// What is said without values. May be empty.
    #[must_use]
    pub fn plain(&self) -> String {
        match &self.otherwise {
            Some(otherwise) => otherwise.trim().to_owned(),
            None => self.without_variables(),
        }
    }

    fn without_variables(&self) -> String {
        let sentences: String = self
            .sentences
            .iter()
            .filter_map(|sentence| say(sentence, &|_| None))
            .map(|(said, _)| said)
            .collect();
        sentences.trim().to_owned()
    }
}

fn push(sentences: &mut [Vec<Part>], part: Part) {
    if let Some(last) = sentences.last_mut() {
        last.push(part);
    }
}

fn push_text(sentences: &mut [Vec<Part>], text: &mut String) {
    if !text.is_empty() {
        push(sentences, Part::Text(std::mem::take(text)));
    }
}

fn variable(inner: &str) -> Part {
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
    };
    match inner.trim().split_once('.') {
        Some((connector, name)) if is_name(connector) && is_name(name) => {
            Part::Variable(Variable {
                connector: connector.to_owned(),
                name: name.to_owned(),
            })
        }
        _ => Part::Broken,
    }
}

/// A sentence and whether it holds values; none where one of them is not known.
fn say(sentence: &[Part], value: &impl Fn(&Variable) -> Option<String>) -> Option<(String, bool)> {
    let mut said = String::new();
    let mut holds_values = false;
    for part in sentence {
        match part {
            Part::Text(text) => said.push_str(text),
            Part::Variable(variable) => {
                said.push_str(&value(variable)?);
                holds_values = true;
            }
            Part::Broken => return None,
        }
    }
    Some((said, holds_values))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PARCEL: &str =
        "您的包裹{{物流.状态}}，最新位置：{{物流.位置}}。查询于{{物流.时间}}。签收前请当面验货。";

    fn fill(answer: &str, known: &[(&str, &str)]) -> Filled {
        Template::parse(answer).fill(|variable| {
            known
                .iter()
                .find(|(name, _)| *name == variable.name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn sentences_without_their_values_are_left_out() {
        for (known, expected, live) in [
            (
                &[("状态", "运输中"), ("位置", "杭州"), ("时间", "刚刚")][..],
                "您的包裹运输中，最新位置：杭州。查询于刚刚。签收前请当面验货。",
                true,
            ),
            (&[("时间", "刚刚")], "查询于刚刚。签收前请当面验货。", true),
            (&[("状态", "运输中")], "签收前请当面验货。", false),
            (&[], "签收前请当面验货。", false),
        ] {
            let filled = fill(PARCEL, known);
            assert_eq!(
                (filled.text.as_str(), filled.live),
                (expected, live),
                "{known:?}"
            );
        }
        assert_eq!(plain(PARCEL), "签收前请当面验货。");
        assert_eq!(Template::parse(PARCEL).connectors(), ["物流"]);
    }

    #[test]
    fn a_stated_text_is_said_instead() {
        let answer = "您的包裹{{parcel.status}}。{{else}}打开“我的订单”能看到轨迹。";
        assert_eq!(
            fill(answer, &[("status", "已签收")]).text,
            "您的包裹已签收。"
        );
        assert_eq!(fill(answer, &[]).text, "打开“我的订单”能看到轨迹。");
        assert!(Template::parse(answer).is_sound());
    }

    #[test]
    fn what_is_written_wrongly_is_not_said() {
        for answer in [
            "包裹{{物流。好的。",
            "包裹{{}}。好的。",
            "包裹{{a.b.c}}。好的。",
            "包裹{{物流 状态}}。好的。",
        ] {
            assert!(!Template::parse(answer).is_sound(), "{answer}");
            assert!(!plain(answer).contains("{{"), "{answer}");
        }
        assert_eq!(plain("没有变量。"), "没有变量。");
    }

    proptest! {
        #[test]
        fn no_braces_are_ever_said(text in "[{}a.否则物流。\n]{0,40}", known in any::<bool>()) {
            let filled = Template::parse(&text).fill(|_| known.then(|| "值".to_owned()));
            prop_assert!(!filled.text.contains("{{"), "{}", filled.text);
        }
    }
}
