//! Answers with variables: filled with what other systems say at this moment, plain where they
//! say nothing in time.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use lt_engine::template::{self, Filled, Template};
use lt_model::{
    dialogue::Dialogue,
    slot::{SlotKind, Slots},
};

use crate::{
    connectors::{Connectors, LookUp},
    texts,
};

/// All look-ups of one answer together end within this time, so that the answer is there within
/// a second.
const LIMIT: Duration = Duration::from_millis(800);

/// What becomes of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// It is said.
    Text(Filled),
    /// A value has to be asked for first.
    Ask {
        slot: SlotKind,
        /// Whether a value was there and the other side does not know it.
        is_wrong: bool,
    },
}

/// Fills an answer.
pub(super) fn tell(
    answer: &str,
    dialogue: &Dialogue,
    slots: &Slots,
    connectors: Option<&dyn Connectors>,
) -> Told {
    if !template::is_template(answer) {
        return Told::Text(Filled {
            text: answer.to_owned(),
            live: false,
        });
    }
    let template = Template::parse(answer);
    let began = Instant::now();
    let mut values = HashMap::new();
    for name in connectors.map_or_else(Vec::new, |_| template.connectors()) {
        let Some(connectors) = connectors else {
            break;
        };
        let left = LIMIT.saturating_sub(began.elapsed());
        let (slot, is_wrong) = match connectors.look_up(name, slots, left) {
            LookUp::Found { values: found, .. } => {
                values.insert(name.to_owned(), found);
                continue;
            }
            LookUp::Missing(slot) => (slot, false),
            LookUp::NotFound(slot) => (slot, true),
            LookUp::Unavailable => continue,
        };
        // Nothing is asked for twice: then the plain answer has to do.
        if !dialogue.asked_for.contains(&slot) {
            return Told::Ask { slot, is_wrong };
        }
    }
    let filled = template.fill(|variable| {
        values
            .get(&variable.connector)
            .and_then(|found| found.get(&variable.name))
            .cloned()
    });
    Told::Text(or_something(filled))
}

/// The answer without values.
pub(super) fn plain(answer: &str) -> Filled {
    or_something(Filled {
        text: template::plain(answer),
        live: false,
    })
}

/// An answer that says nothing without its values is replaced.
fn or_something(filled: Filled) -> Filled {
    if filled.text.trim().is_empty() {
        Filled {
            text: texts::NO_LIVE_STATE.to_owned(),
            live: false,
        }
    } else {
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says the same to everybody.
    #[derive(Debug)]
    struct Says(LookUp);

    impl Connectors for Says {
        fn names(&self) -> Vec<(String, Vec<String>)> {
            Vec::new()
        }

        fn look_up(&self, connector: &str, _: &Slots, limit: Duration) -> LookUp {
            assert!(limit <= LIMIT);
            if connector == "物流" {
                self.0.clone()
            } else {
                LookUp::Unavailable
            }
        }
    }

    const ANSWER: &str = "您的包裹{{物流.状态}}。{{否则}}请在订单里查看。";

    fn told(answer: &str, look_up: LookUp, asked_for: &[SlotKind]) -> Told {
        let dialogue = Dialogue {
            asked_for: asked_for.to_vec(),
            ..Dialogue::default()
        };
        tell(answer, &dialogue, &Slots::default(), Some(&Says(look_up)))
    }

    fn text(text: &str, live: bool) -> Told {
        let text = text.to_owned();
        Told::Text(Filled { text, live })
    }

    #[test]
    fn table() {
        let found = || LookUp::Found {
            values: [("状态".to_owned(), "运输中".to_owned())].into(),
            age_ms: 0,
        };
        let plain = text("请在订单里查看。", false);
        let ask = |is_wrong| Told::Ask {
            slot: SlotKind::Order,
            is_wrong,
        };
        for (look_up, asked_for, expected) in [
            (found(), &[][..], text("您的包裹运输中。", true)),
            (LookUp::Unavailable, &[], plain.clone()),
            (LookUp::Missing(SlotKind::Order), &[], ask(false)),
            (LookUp::NotFound(SlotKind::Order), &[], ask(true)),
            (
                LookUp::Missing(SlotKind::Order),
                &[SlotKind::Order],
                plain.clone(),
            ),
            (LookUp::NotFound(SlotKind::Order), &[SlotKind::Order], plain),
        ] {
            assert_eq!(
                told(ANSWER, look_up.clone(), asked_for),
                expected,
                "{look_up:?}"
            );
        }
        assert_eq!(
            told("没有变量。", LookUp::Unavailable, &[]),
            text("没有变量。", false)
        );
        assert_eq!(
            told("包裹{{物流.状态}}。", LookUp::Unavailable, &[]),
            text(texts::NO_LIVE_STATE, false)
        );
        assert_eq!(
            tell(ANSWER, &Dialogue::default(), &Slots::default(), None),
            text("请在订单里查看。", false)
        );
    }
}
