//! How a review begins: sampled by rules, or picked by hand (手动抽取).

use super::{
    form::QaForm,
    pre::prescore,
    review::{FormUsed, QaBy, QaNotDone, QaReview, QaState},
    sample::{SampleReason, SampleWhy},
};
use crate::{
    Millis,
    conversation::{Conversation, Status},
    id::{AgentId, QaReviewId},
    message::Message,
    survey::marked,
};

/// Messages of a conversation that are looked at: the last ones.
pub const N_LOOKED_AT: u32 = 1_000;

/// A conversation that may be reviewed.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// It.
    pub conversation: &'a Conversation,
    /// What was said last, oldest first.
    pub messages: &'a [Message],
    /// The customer's mark, if there is one.
    pub mark: Option<u8>,
}

impl About<'_> {
    /// Whose work it is. What only the bot answered is nobody's.
    #[must_use]
    pub fn agent(&self) -> Option<AgentId> {
        marked(self.messages).and_then(|marked| marked.agent)
    }

    /// Whose work somebody who picks it by hand wants to be reviewed.
    ///
    /// # Errors
    /// [`QaNotDone::NotEnded`], [`QaNotDone::NobodysWork`] and [`QaNotDone::OwnWork`].
    pub fn pickable(&self, by: AgentId) -> Result<AgentId, QaNotDone> {
        ended(self.conversation)?;
        match self.agent() {
            Some(agent) if agent == by => Err(QaNotDone::OwnWork),
            agent => agent.ok_or(QaNotDone::NobodysWork),
        }
    }
}

/// That a conversation has ended: what can be said of a pick without its messages.
///
/// # Errors
/// [`QaNotDone::NotEnded`].
pub fn ended(conversation: &Conversation) -> Result<(), QaNotDone> {
    match conversation.status {
        Status::Resolved | Status::Closed => Ok(()),
        Status::Open | Status::Snoozed => Err(QaNotDone::NotEnded),
    }
}

impl QaReview {
    /// A review that nobody has scored.
    #[must_use]
    pub fn begun(
        id: QaReviewId,
        (about, agent): (&About<'_>, AgentId),
        form: &QaForm,
        reasons: Vec<SampleReason>,
        at: Millis,
    ) -> Self {
        let conversation = about.conversation;
        Self {
            id,
            conversation_id: conversation.id,
            number: conversation.number,
            group_id: conversation.group_id,
            agent,
            ended_at: conversation.resolved_at.unwrap_or(at),
            sampled_at: at,
            reasons,
            mark: about.mark,
            form: FormUsed {
                id: form.id,
                edition: form.edition,
                draft: form.draft.clone(),
            },
            pre: prescore(&form.draft, agent, about.messages),
            scored: None,
            appeal: None,
        }
    }

    /// Whether a conversation has gone on and ended again since, before anybody scored it.
    #[must_use]
    pub fn is_behind(&self, conversation: &Conversation) -> bool {
        let ends_later = conversation
            .resolved_at
            .is_some_and(|ended_at| ended_at > self.ended_at);
        self.state() == QaState::Open && ended(conversation).is_ok() && ends_later
    }

    /// The conversation ended again: what is reviewed is what there is now, with whoever answered last,
    /// still by the form that it was sampled by. Returns whether anything is new.
    pub fn catch_up(&mut self, about: &About<'_>) -> bool {
        let conversation = about.conversation;
        let (Some(agent), Some(ended_at)) = (about.agent(), conversation.resolved_at) else {
            return false;
        };
        if !self.is_behind(conversation) {
            return false;
        }
        self.group_id = conversation.group_id;
        self.agent = agent;
        self.ended_at = ended_at;
        self.mark = about.mark;
        self.pre = prescore(&self.form.draft, agent, about.messages);
        true
    }

    /// A review that somebody picks by hand. That there is none of the conversation is not looked at.
    ///
    /// # Errors
    /// As [`About::pickable`].
    pub fn picked(
        id: QaReviewId,
        by: QaBy,
        about: &About<'_>,
        form: &QaForm,
    ) -> Result<Self, QaNotDone> {
        let agent = about.pickable(by.agent)?;
        let reason = SampleReason {
            rule_id: None,
            name: by.name,
            why: SampleWhy::Picked,
        };
        Ok(Self::begun(id, (about, agent), form, vec![reason], by.at))
    }
}
