//! All models of a set of classes together, and what they say of a text.

use std::collections::BTreeSet;

use super::{
    features::{Names, Shares},
    linear::Linear,
    nearest::Nearest,
    net::{Net, softmax},
    vector::{Vector, Vocabulary},
};

/// What each family counts in the vectors of the linear model, and in those of the nets and of the
/// nearest text, which read no characters: words, pairs, characters, far pairs.
const FULL: Shares = [0.36, 0.22, 0.32, 0.1];
const GIST: Shares = [0.55, 0.35, 0.0, 0.1];
/// Seeds of the nets.
const SEEDS: [u64; 2] = [1, 2];
/// How much sharper a linear score is than a logit.
const LINEAR_SHARPNESS: f32 = 3.0;
/// Smallest logarithm of a probability that counts.
const LEAST_LOG: f32 = -12.0;
/// Passes over the texts, where there are not too many.
const LINEAR_EPOCHS: usize = 8;
const NET_EPOCHS: usize = 12;
/// What a feature costs a net, in weights.
const NET_COST: usize = 512;
/// Largest number of weights of the linear model (160 MB); rarer features are left out above.
const MAX_WEIGHTS: usize = 40_000_000;
/// Steps of weights, over all passes, above which there are fewer passes.
const MAX_STEPS: usize = 6_000_000_000;

/// Texts with classes, as a model is trained on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lesson<'a> {
    /// Features of each text with its class.
    pub(crate) texts: Vec<(&'a Names, usize)>,
    /// Number of classes; some may have no text.
    pub(crate) n_classes: usize,
    /// The class of texts that belong to no label, if there is one.
    pub(crate) background: Option<usize>,
}

/// Trained models.
#[derive(Debug)]
pub(crate) struct Model {
    vocabulary: Vocabulary,
    linear: Linear,
    nets: Vec<Net>,
    nearest: Nearest,
    /// Words of each class.
    class_words: BTreeSet<(usize, u32)>,
    background: Option<usize>,
}

/// Number of things that are said of a text.
pub(crate) const N_SIGNS: usize = 14;

/// What the models say of a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reading {
    /// The likeliest class that is not the background.
    pub(crate) class: usize,
    /// What speaks for it.
    pub(crate) signs: [f32; N_SIGNS],
    /// Whether any word or run of characters is known.
    pub(crate) is_known: bool,
}

impl Model {
    /// Trains all models; one thread.
    pub(crate) fn train(lesson: &Lesson<'_>) -> Self {
        let n_classes = lesson.n_classes;
        let most = MAX_WEIGHTS / n_classes.max(1);
        let vocabulary = Vocabulary::build(lesson.texts.iter().map(|(names, _)| *names), most);
        let vectors = |shares: &Shares| -> Vec<(Vector, usize)> {
            lesson
                .texts
                .iter()
                .map(|(names, class)| (vocabulary.vector(names, shares), *class))
                .collect()
        };
        let (full, gist) = (vectors(&FULL), vectors(&GIST));
        let passes = |wanted: usize, examples: &[(Vector, usize)], width: usize| {
            let n_items: usize = examples
                .iter()
                .map(|(vector, _)| vector.items().len())
                .sum();
            (MAX_STEPS / (n_items * width).max(1)).clamp(2, wanted)
        };
        let linear = Linear::train(
            &full,
            vocabulary.len(),
            n_classes,
            passes(LINEAR_EPOCHS, &full, n_classes),
        );
        let nets = SEEDS
            .iter()
            .map(|seed| {
                Net::train(
                    &gist,
                    vocabulary.len(),
                    n_classes,
                    passes(NET_EPOCHS, &gist, NET_COST),
                    *seed,
                )
            })
            .collect();
        let class_words = lesson
            .texts
            .iter()
            .flat_map(|(names, class)| vocabulary.words(names).map(|(id, _)| (*class, id)))
            .filter_map(|(class, id)| Some((class, id?)))
            .collect();
        Self {
            nearest: Nearest::build(&gist, vocabulary.len(), n_classes),
            vocabulary,
            linear,
            nets,
            class_words,
            background: lesson.background,
        }
    }

    /// What the models say of a text.
    pub(crate) fn read(&self, names: &Names) -> Reading {
        let full = self.vocabulary.vector(names, &FULL);
        let gist = self.vocabulary.vector(names, &GIST);
        let linear = self.linear.scores(&full);
        let (nets, energy) = self.net_scores(&gist, linear.len());
        let mut fused: Vec<f32> = linear
            .iter()
            .map(|score| score * LINEAR_SHARPNESS)
            .collect();
        log_softmax(&mut fused);
        for (fused, net) in fused.iter_mut().zip(&nets) {
            *fused = (fused.max(LEAST_LOG) + net) / 2.0;
        }
        let class = self.best(&fused, None);
        let rival = self.best(&fused, Some(class));
        let mut shares = fused.clone();
        softmax(&mut shares, 2.0);
        let share = at(&shares, class).max(1e-4);
        let near = self.nearest.classes(&gist);
        let strangeness = self.strangeness(names, class);
        let agree = self.best(&linear, None) == class && self.best(&nets, None) == class;
        Reading {
            class,
            signs: [
                at(&linear, class),
                at(&linear, class) - best_but(&linear, class, -2.0),
                (share / (1.0 - share).max(1e-4)).ln(),
                at(&nets, class),
                at(&fused, class) - at(&fused, rival),
                f32::from(u8::from(agree)),
                strangeness.unknown,
                strangeness.foreign,
                at(&near, class),
                best_but(&near, class, 0.0) - at(&near, class),
                (1.0 + strangeness.n_words as f32).ln(),
                energy,
                self.background
                    .map_or(0.0, |background| at(&linear, background)),
                self.background
                    .map_or(0.0, |background| at(&nets, background)),
            ],
            is_known: !full.items().is_empty(),
        }
    }

    /// Mean logarithm of each class's probability, and how much the nets recognise at all: the
    /// mean logarithm of the sum of their powers.
    fn net_scores(&self, gist: &Vector, n_classes: usize) -> (Vec<f32>, f32) {
        let n_nets = self.nets.len().max(1) as f32;
        let mut mean = vec![0.0_f32; n_classes];
        let mut energy = 0.0;
        for net in &self.nets {
            let mut logits = net.logits(gist);
            energy += log_softmax(&mut logits) / n_nets;
            for (mean, logit) in mean.iter_mut().zip(&logits) {
                *mean += logit.max(LEAST_LOG) / n_nets;
            }
        }
        (mean, energy)
    }

    fn strangeness(&self, names: &Names, class: usize) -> Strangeness {
        let (mut all, mut unknown, mut foreign, mut n_words) = (1e-6_f32, 0.0, 0.0, 0);
        for (id, idf) in self.vocabulary.words(names) {
            all += idf;
            n_words += 1;
            match id {
                None => unknown += idf,
                Some(id) if !self.class_words.contains(&(class, id)) => foreign += idf,
                Some(_) => {}
            }
        }
        Strangeness {
            unknown: unknown / all,
            foreign: (unknown + foreign) / all,
            n_words,
        }
    }

    /// The first of the best classes but the background and `but`.
    fn best(&self, scores: &[f32], but: Option<usize>) -> usize {
        let mut best = (0, f32::MIN);
        for (class, score) in scores.iter().enumerate() {
            if *score > best.1 && Some(class) != self.background && Some(class) != but {
                best = (class, *score);
            }
        }
        best.0
    }
}

/// How much of a text's words is strange, as shares of what they say.
struct Strangeness {
    /// To all training texts.
    unknown: f32,
    /// To those of the class.
    foreign: f32,
    n_words: usize,
}

fn at(scores: &[f32], class: usize) -> f32 {
    scores.get(class).copied().unwrap_or_default()
}

/// The best score of another class, at least `least`.
fn best_but(scores: &[f32], class: usize, least: f32) -> f32 {
    scores
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != class)
        .map(|(_, score)| *score)
        .fold(least, f32::max)
}

/// Turns logits into logarithms of probabilities; the logarithm of the sum of their powers.
fn log_softmax(logits: &mut [f32]) -> f32 {
    let top = logits.iter().copied().fold(f32::MIN, f32::max);
    let sum: f32 = logits.iter().map(|logit| (logit - top).exp()).sum();
    let energy = top + sum.max(1e-30).ln();
    logits.iter_mut().for_each(|logit| *logit -= energy);
    energy
}
