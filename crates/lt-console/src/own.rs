//! The agent's own picks as wordings of this desk's engine: what one agent said helps that agent's
//! suggestions at once. The desk answers nobody by itself.

use std::collections::{HashMap, HashSet};

use lt_engine::{Doc, learn};
use lt_store::OwnPick;

/// From this weight on, a pick is a wording, in thousandths.
const COUNTS_FROM: i32 = 600;

/// The entries with what the agent picked for them, newest pick first: of a text that was picked
/// twice the last word counts.
pub(crate) fn with_picks(mut docs: Vec<Doc>, picks: Vec<(OwnPick, String)>) -> Vec<Doc> {
    let places: HashMap<String, usize> = docs
        .iter()
        .enumerate()
        .map(|(place, doc)| (doc.faq_id.clone(), place))
        .collect();
    let mut seen: HashSet<String> = docs
        .iter()
        .flat_map(|doc| std::iter::once(&doc.question).chain(&doc.similar))
        .map(|text| learn::key(text))
        .collect();
    for (pick, text) in picks {
        if pick.kind.weight() < COUNTS_FROM || !learn::is_teachable(&text) {
            continue;
        }
        let doc = places
            .get(&pick.faq_id)
            .and_then(|place| docs.get_mut(*place));
        if let Some(doc) = doc
            && seen.insert(learn::key(&text))
        {
            doc.similar.push(text);
        }
    }
    docs
}

#[cfg(test)]
mod tests {
    use lt_model::learn::PickKind;
    use uuid::Uuid;

    use super::*;

    fn doc(faq_id: &str, question: &str) -> Doc {
        Doc {
            faq_id: faq_id.to_owned(),
            version: 1,
            business_line: String::new(),
            category: String::new(),
            question: question.to_owned(),
            similar: Vec::new(),
            answer: "答".to_owned(),
        }
    }

    #[test]
    fn the_last_word_on_a_text_counts() {
        let pick = |faq_id: &str, kind, text: &str| {
            let pick = OwnPick {
                message_id: Uuid::from_u128(1).into(),
                faq_id: faq_id.to_owned(),
                kind,
            };
            (pick, text.to_owned())
        };
        let docs = vec![doc("a", "怎么申请退款"), doc("b", "怎么申请换货")];
        let found = with_picks(
            docs,
            vec![
                pick("b", PickKind::Sent, "买大了想换小一号"),
                pick("a", PickKind::Sent, "买大了想换小一号。"),
                pick("a", PickKind::Down, "钱什么时候能退"),
                pick("a", PickKind::Edited { kept_permille: 100 }, "钱怎么退回来"),
                pick("a", PickKind::Up, "怎么申请退款？"),
                pick("gone", PickKind::Up, "发票抬头怎么改"),
            ],
        );
        assert_eq!(found[0].similar, Vec::<String>::new());
        assert_eq!(found[1].similar, ["买大了想换小一号"]);
    }
}
