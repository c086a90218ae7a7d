//! Measures what picks do: half of the questions of some of our question packs arrive as picks, the
//! other half is asked; the embedding has seen the other packs only.
//! Run: `cargo run -p lt-engine --example learning` (`-- near` to see how near the questions of one
//! entry are to each other, and those of different ones).

#![expect(
    clippy::print_stdout,
    reason = "a developers' command prints its findings"
)]

#[expect(dead_code, reason = "shared with another example that uses the rest")]
#[path = "../evaluate/labelled.rs"]
mod labelled;

mod world;

use std::sync::Arc;

use anyhow::Result;
use labelled::{Set, Which};
use lt_engine::{
    learn::Closeness,
    parts::Parts,
    train::{self, embedding::Corpus},
};
use world::{Base, Tally, Wrong};

/// The packs that are measured; the embedding is trained on the others.
const MEASURED: [&str; 5] = ["bank", "express", "fashion", "insurance", "telecom"];
const SEED: u64 = 20_26;

/// What an engine is given of the picks.
const WAYS: [(&str, Given, bool); 5] = [
    ("weights alone", Given::Nothing, true),
    ("every pick a wording", Given::All, false),
    ("every pick a wording, retrained", Given::All, true),
    ("what two agree on", Given::Agreed, false),
    ("what two agree on, retrained", Given::Agreed, true),
];

#[derive(Clone, Copy)]
enum Given {
    Nothing,
    All,
    Agreed,
}

fn main() -> Result<()> {
    let (measured, others): (Vec<Set>, Vec<Set>) = labelled::sets(Which::Own)?
        .into_iter()
        .partition(|set| MEASURED.contains(&set.name.as_str()));
    let corpora: Vec<Corpus> = others.iter().map(Set::corpus).collect();
    let embedding = train::embedding::train(&corpora.iter().collect::<Vec<_>>(), SEED);
    let shipped = Parts::shipped();
    let parts = shipped.with(Arc::new(embedding), shipped.weights().clone());
    if std::env::args().any(|argument| argument == "near") {
        near(&measured, &parts);
        return Ok(());
    }
    let bases: Vec<Base> = measured
        .iter()
        .map(|set| Base::new(set, &parts))
        .collect::<Result<_>>()?;
    let before: Tally = bases.iter().map(|base| base.before).sum();
    println!("{:36} {before}", "before");
    for (name, wrong) in [
        ("all picks right", Wrong::Share(0)),
        ("10 % of the picks wrong", Wrong::Share(10)),
        ("20 % of the picks wrong", Wrong::Share(20)),
        ("one of eight agents always wrong", Wrong::Agent(0)),
    ] {
        println!("{name}");
        let mut sums = [Tally::default(); WAYS.len()];
        let (mut n_learned, mut n_false) = (0, 0);
        for base in &bases {
            let picks = base.picks(wrong);
            let agreed = base.agreed(&picks);
            n_learned += agreed.learned.len();
            n_false += base.n_false(&agreed);
            let [plain, all, some] = [
                base.docs(),
                base.with_all(&picks),
                base.with_agreed(&agreed),
            ]
            .map(|docs| base.moved(&picks, &docs));
            let (plain, all, some) = (plain?, all?, some?);
            for (sum, (_, given, retrained)) in sums.iter_mut().zip(WAYS) {
                let (docs, moved) = match given {
                    Given::Nothing => (base.docs(), &plain),
                    Given::All => (base.with_all(&picks), &all),
                    Given::Agreed => (base.with_agreed(&agreed), &some),
                };
                *sum = *sum + base.tally(docs, if retrained { moved } else { &parts })?;
            }
        }
        for ((name, ..), sum) in WAYS.iter().zip(sums) {
            println!("  {name:34} {sum}");
        }
        println!("  learned {n_learned} wordings, {n_false} of them with the wrong entry");
    }
    Ok(())
}

/// How near two questions of one entry are, and two of different entries.
fn near(sets: &[Set], parts: &Arc<Parts>) {
    let closeness = Closeness::new(parts);
    let mut bands = [(0_u32, 0_u32); 20];
    for set in sets {
        let worded: Vec<_> = set
            .questions
            .iter()
            .filter(|question| question.kind != "multiturn")
            .filter_map(|question| {
                Some((question.faq_id.as_ref()?, closeness.worded(&question.text)))
            })
            .collect();
        for (at, (entry, text)) in worded.iter().enumerate() {
            for (other, other_text) in worded.iter().skip(at + 1) {
                let cosine = closeness.cosine(text, other_text).max(0.0);
                if let Some(band) = bands.get_mut(((cosine * 20.0) as usize).min(19)) {
                    band.0 += 1;
                    band.1 += u32::from(entry == other);
                }
            }
        }
    }
    println!("cosine: pairs, share of them about one entry");
    for (at, (n, same)) in bands.iter().enumerate() {
        println!(
            "  {:.2}: {n:7} {:.3}",
            at as f32 / 20.0,
            *same as f32 / (*n).max(1) as f32
        );
    }
}
