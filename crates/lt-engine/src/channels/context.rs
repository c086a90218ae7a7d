//! Short follow-ups (那要多久呢, 运费呢): what was talked about before is a decaying prior.
//!
//! Earlier turns are never joined to the message: that was measured to hurt.

/// Weight of a turn compared to the next one of the same speaker.
const DECAY: f32 = 0.5;
/// Similarity from which a turn is taken to be about its nearest entry.
const ABOUT_SOMETHING: f32 = 0.25;
/// How many earlier turns of the customer count.
pub(crate) const N_CUSTOMER_TURNS: usize = 2;
/// From so many meaningful characters on, a message speaks for itself.
const LONG: f32 = 16.0;

/// How much a message leans on what was said before, 0 to 1: short ones do, and those that begin
/// with 那 or end with 呢 more so.
pub(crate) fn ellipsis(chars: &[char], n_meaningful: usize) -> f32 {
    let short = (1.0 - n_meaningful as f32 / LONG).max(0.0);
    let mark = matches!(chars.first(), Some('那' | '还' | '但' | '它' | '再' | '要'))
        || chars
            .iter()
            .rev()
            .find(|c| c.is_alphanumeric())
            .is_some_and(|c| *c == '呢');
    if mark { (short + 0.25).min(1.0) } else { short }
}

/// What earlier turns say about one entry.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Before {
    /// Nearness to what the customer said.
    pub(crate) customer: f32,
    /// Nearness to what the other side said last.
    pub(crate) agent: f32,
    /// Nearness of the category's nearest entry.
    pub(crate) category: f32,
}

impl Before {
    fn topic(&self) -> f32 {
        self.customer.max(self.agent)
    }
}

/// What earlier turns say about each entry, from their similarities with the entries: one list for
/// each earlier customer turn, latest first, and one for the other side's last turn.
pub(crate) fn before(
    customer: &[Vec<f32>],
    agent: Option<&Vec<f32>>,
    categories: &[usize],
) -> Vec<Before> {
    let mut all = vec![Before::default(); categories.len()];
    let mut weight = 1.0;
    for turn in customer {
        let scale = scale(turn);
        for (one, similarity) in all.iter_mut().zip(turn) {
            let similarity = similarity * scale;
            one.customer = one.customer.max(similarity * weight);
        }
        weight *= DECAY;
    }
    if let Some(turn) = agent {
        let scale = scale(turn);
        for (one, similarity) in all.iter_mut().zip(turn) {
            one.agent = similarity * scale;
        }
    }
    let n_categories = categories.iter().max().map_or(0, |last| last + 1);
    let mut nearest = vec![0.0_f32; n_categories];
    for (one, category) in all.iter().zip(categories) {
        if let Some(nearest) = nearest.get_mut(*category) {
            *nearest = nearest.max(one.topic());
        }
    }
    for (one, category) in all.iter_mut().zip(categories) {
        one.category = nearest.get(*category).copied().unwrap_or_default();
    }
    all
}

/// Brings the nearest entry of a turn that is about something to 1.
fn scale(turn: &[f32]) -> f32 {
    1.0 / turn.iter().copied().fold(ABOUT_SOMETHING, f32::max)
}
