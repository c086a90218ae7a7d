//! Reviews that this desk has picked by hand, and which reviews are in a list.

use std::cmp::Reverse;

use lt_model::{
    Millis,
    agent::Agent,
    conversation::Conversation,
    id::{AgentId, ConversationId, QaReviewId},
    message::Message,
    quality::{
        act::QaAct,
        pick::{About, N_LOOKED_AT, ended},
        review::{QaBy, QaNotDone, QaReview, QaState},
    },
};
use lt_protocol::quality::QaScope;
use rusqlite::Connection;

use super::{find, shown_forms, with};
use crate::{
    Result, StoreError,
    table::{
        conversation_body, message,
        quality::{self, Place},
        survey,
    },
};

/// A conversation as far as this desk has it.
struct Looked {
    conversation: Conversation,
    messages: Vec<Message>,
    mark: Option<u8>,
}

impl Looked {
    /// One that goes on is not looked at: its messages are many, and say nothing of a pick.
    fn of(connection: &Connection, id: ConversationId) -> Result<Self> {
        let conversation = conversation_body::shown(connection, id)?;
        let conversation = conversation.ok_or(StoreError::NotFound("conversation"))?;
        ended(&conversation)?;
        let end = u64::try_from(i64::MAX).unwrap_or(u64::MAX);
        let stored = message::before(connection, id, end, N_LOOKED_AT)?.into_iter();
        let answer = survey::newest(connection, id)?.and_then(|survey| survey.answer);
        Ok(Self {
            conversation,
            messages: stored.map(|stored| stored.message).collect(),
            mark: answer.map(|answer| answer.score),
        })
    }

    fn about(&self) -> About<'_> {
        About {
            conversation: &self.conversation,
            messages: &self.messages,
            mark: self.mark,
        }
    }
}

/// The review that comes of a pick, as far as this desk can tell. None: it is none.
pub(super) fn begun(
    connection: &Connection,
    me: &Agent,
    act: &QaAct,
    at: Millis,
) -> Result<Option<QaReview>> {
    let QaAct::Pick {
        review_id,
        conversation_id,
        form_id,
    } = act
    else {
        return Ok(None);
    };
    if let Some(known) = quality::of_conversation(connection, *conversation_id)? {
        return Err(taken(connection, known, me)?.into());
    }
    let looked = Looked::of(connection, *conversation_id)?;
    let mut forms = shown_forms(connection)?.into_iter().map(|one| one.form);
    let form = forms
        .find(|form| form.id == *form_id && form.draft.enabled)
        .ok_or(StoreError::NotFound("scoring form"))?;
    let by = QaBy {
        agent: me.id,
        name: me.display_name.clone(),
        at,
    };
    let review = QaReview::picked(*review_id, by, &looked.about(), &form)?;
    Ok(Some(review))
}

/// Why what has a review is not picked. Of their own work nobody hears that it is to be reviewed.
fn taken(connection: &Connection, id: QaReviewId, me: &Agent) -> Result<QaNotDone> {
    let known = quality::review(connection, id)?;
    Ok(match known.is_some_and(|review| review.agent == me.id) {
        true => QaNotDone::OwnWork,
        false => QaNotDone::Picked,
    })
}

/// The review that a pick of a conversation waits to make.
fn picked(waiting: &[(QaAct, Millis)], id: ConversationId) -> Option<QaReviewId> {
    waiting.iter().find_map(|(act, _)| match act {
        QaAct::Pick {
            review_id,
            conversation_id,
            ..
        } if *conversation_id == id => Some(*review_id),
        _ => None,
    })
}

/// Whether no other pick of the same conversation waits.
pub(super) fn is_free(waiting: &[(QaAct, Millis)], act: &QaAct) -> Result<(), QaNotDone> {
    match act {
        QaAct::Pick {
            conversation_id, ..
        } if picked(waiting, *conversation_id).is_some() => Err(QaNotDone::Picked),
        _ => Ok(()),
    }
}

/// The review of a conversation, and why it cannot be picked.
pub(super) fn look(
    connection: &Connection,
    id: ConversationId,
    me: &Agent,
    waiting: &[(QaAct, Millis)],
) -> Result<(Option<QaReviewId>, Option<QaNotDone>)> {
    let known = quality::of_conversation(connection, id)?.or_else(|| picked(waiting, id));
    if let Some(known) = known {
        return Ok((Some(known), Some(taken(connection, known, me)?)));
    }
    match Looked::of(connection, id) {
        Ok(looked) => Ok((None, looked.about().pickable(me.id).err())),
        Err(StoreError::Quality(why)) => Ok((None, Some(why))),
        Err(error) => Err(error),
    }
}

/// The reviews of a list, in its order.
pub(super) fn places(
    connection: &Connection,
    scope: QaScope,
    agent: Option<AgentId>,
    me: &Agent,
    waiting: &[(QaAct, Millis)],
) -> Result<Vec<Place>> {
    use QaState as S;
    let states: &[QaState] = match scope {
        QaScope::Todo => &[S::Open],
        QaScope::Appeals => &[S::Appealed],
        QaScope::Done | QaScope::Calibrate => &[S::Done, S::Appealed, S::Decided],
        QaScope::All => &[S::Open, S::Done, S::Appealed, S::Decided],
    };
    let mut places = Vec::new();
    for state in states {
        places.extend(quality::places(connection, *state)?);
    }
    // What this desk did to a review may have brought it to another state.
    let touched: Vec<QaReviewId> = waiting.iter().filter_map(|(act, _)| act.review()).collect();
    places.retain(|place| !touched.contains(&place.id));
    for (n, id) in touched.iter().enumerate() {
        if touched.iter().take(n).any(|known| known == id) {
            continue;
        }
        if let Some(found) = find(connection, *id, me, waiting)? {
            let stored = with(connection, found, me, waiting)?;
            places.push(Place::of(&stored.review));
        }
    }
    places.retain(|place| {
        let is_others = place.agent != me.id;
        let is_shown = match scope {
            QaScope::Todo | QaScope::Appeals | QaScope::Calibrate => is_others,
            QaScope::Done | QaScope::All => is_others || place.scored_at.is_some(),
        };
        is_shown && states.contains(&place.state) && agent.is_none_or(|agent| agent == place.agent)
    });
    match scope {
        QaScope::Todo | QaScope::Appeals => places.sort_by_key(|one| (one.at, one.id)),
        QaScope::Done | QaScope::Calibrate | QaScope::All => {
            places.sort_by_key(|one| (Reverse(one.scored_at.unwrap_or(one.at)), one.id));
        }
    }
    Ok(places)
}
