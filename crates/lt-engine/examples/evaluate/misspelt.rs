//! How much two homophone errors in every question cost.

use anyhow::Result;
use lt_engine::{Query, parts::Parts, train::Homophones};

use crate::labelled::{Set, Which, sets};

const N_ERRORS: usize = 2;

pub(crate) fn run() -> Result<()> {
    let parts = Parts::shipped();
    for which in [Which::Own, Which::Other] {
        let sets: Vec<Set> = sets(which)?;
        let (mut n, mut before, mut after) = (0, 0, 0);
        for set in &sets {
            let engine = set.engine(&parts)?;
            let wordings = set
                .docs
                .iter()
                .flat_map(|doc| std::iter::once(&doc.question).chain(&doc.similar));
            let asked = set.questions.iter().map(|question| &question.text);
            let homophones = Homophones::of(wordings.chain(asked).map(String::as_str));
            for (seed, question) in (0_u64..).zip(&set.questions) {
                let Some(gold) = &question.faq_id else {
                    continue;
                };
                let misspelt = homophones.misspelt(&question.text, N_ERRORS, seed);
                let is_right = |text: &str| {
                    question.with_query(|query| {
                        let found = engine.ranking(&Query { text, ..*query });
                        let first = found
                            .rows
                            .first()
                            .and_then(|row| engine.docs().get(row.place));
                        first.is_some_and(|doc| doc.faq_id == *gold)
                    })
                };
                n += 1;
                before += usize::from(is_right(&question.text));
                after += usize::from(is_right(&misspelt));
            }
        }
        let share = |right: usize| right as f32 / n.max(1) as f32;
        println!(
            "{which:?}: {n} questions, top-1 {:.3}, with {N_ERRORS} homophone errors each {:.3}",
            share(before),
            share(after)
        );
    }
    Ok(())
}
