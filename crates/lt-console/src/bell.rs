//! What is kept in the bell, and what the desk says by itself of a server that is not there.

use lt_model::{Millis, agent::Role, id::ConversationId};
use lt_protocol::{
    bell::BellNews,
    event::{NoticeCode, UiEvent},
    view::Locale,
};
use lt_store::Store;

use crate::{
    desk::{Desk, now},
    host::{Host, Notification, Target},
    news::Told,
    view,
};

/// What went back to the queue longer ago is of no interest to whoever had it.
pub(crate) const RETURNED_SHOWN_MS: Millis = 24 * 3_600_000;
/// A desk that leads is told of a server that was not there for so long.
const LOST_AFTER_MS: Millis = 60_000;

/// Keeps what the agent is told. What cannot be kept was said all the same.
pub(crate) fn ring(store: &Store, told: Vec<BellNews>, at: Millis) {
    if told.is_empty() {
        return;
    }
    if let Err(error) = store.ring(told, at) {
        tracing::warn!(%error, "the bell keeps nothing of it");
    }
}

/// Says a notice in the window and keeps it.
pub(crate) fn notice(store: &Store, host: &dyn Host, code: NoticeCode) {
    host.emit(UiEvent::Notice { code });
    ring(store, vec![BellNews::Notice { code }], now());
}

/// What went back to the queues since the bell was told of that last; gives until when it is told.
pub(crate) fn ring_returned(desk: &Desk, until: Option<Millis>) -> Option<Millis> {
    let until = until.or_else(|| told_until(desk))?;
    let mut returned: Vec<(Millis, BellNews)> = desk
        .store
        .returned(until)
        .ok()?
        .into_iter()
        .filter_map(|conversation| {
            let returned = conversation.routing.returned?;
            let news = BellNews::Returned {
                conversation_id: conversation.id,
                number: view::number(conversation.number),
                reason: returned.reason,
            };
            (returned.at > until).then_some((returned.at, news))
        })
        .collect();
    returned.sort_by_key(|(at, _)| *at);
    let last = returned.last().map_or(until, |(at, _)| *at);
    for (at, news) in returned {
        ring(&desk.store, vec![news], at);
    }
    Some(last)
}

fn told_until(desk: &Desk) -> Option<Millis> {
    let lines = desk.store.bell().ok()?.lines;
    let told = lines
        .iter()
        .filter(|line| matches!(line.what, BellNews::Returned { .. }))
        .map(|line| line.at)
        .max();
    Some(told.unwrap_or_else(|| desk.now() - RETURNED_SHOWN_MS))
}

/// What of a conversation concerns the agent in person: as the bell keeps it, and what the window says
/// to an agent who looks at it.
pub(crate) fn about(desk: &Desk, id: ConversationId, told: Told) -> Option<(BellNews, NoticeCode)> {
    let number = || Some(view::number(desk.line(id).ok()?.number));
    let conversation_id = id;
    Some(match told {
        Told::Mentioned => {
            let number = number()?;
            let kept = BellNews::Mentioned {
                conversation_id,
                number,
            };
            (kept, NoticeCode::Mentioned)
        }
        Told::Whispered => {
            let number = number()?;
            let kept = BellNews::Whispered {
                conversation_id,
                number,
            };
            (kept, NoticeCode::Whispered)
        }
        Told::Woken => {
            let number = number()?;
            let kept = BellNews::Woken {
                conversation_id,
                number,
            };
            (kept, NoticeCode::Woken)
        }
        Told::Offered | Told::Waiting | Told::Wrote | Told::Ticket(_) | Told::Alert(_) => {
            return None;
        }
    })
}

/// Whether a desk that leads was told that the server is not there.
#[derive(Debug, Default)]
pub(crate) struct ServerWatch {
    told: bool,
}

impl ServerWatch {
    /// What is to be told now, once each time.
    pub(crate) fn look(
        &mut self,
        role: Role,
        lost_since: Option<Millis>,
        now: Millis,
    ) -> Option<NoticeCode> {
        match lost_since {
            Some(since) => {
                let is_due = role >= Role::TeamLead && now - since >= LOST_AFTER_MS;
                let is_news = is_due && !self.told;
                self.told |= is_due;
                is_news.then_some(NoticeCode::ServerLost)
            }
            None => std::mem::take(&mut self.told).then_some(NoticeCode::ServerBack),
        }
    }
}

/// The words of the notification that the server is not there.
pub(crate) fn server_lost(locale: Locale) -> Notification {
    let (title, body) = match locale {
        Locale::ZhCn => (
            "连不上服务器",
            "已断开 1 分钟，预警和新会话暂时收不到；恢复后自动补上",
        ),
        Locale::En => (
            "The server cannot be reached",
            "for a minute now: alerts and new conversations come when it is back",
        ),
    };
    Notification {
        opens: Target::Desk,
        title: title.to_owned(),
        body: body.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_is_told_once_that_the_server_is_gone_and_once_that_it_is_back() {
        let mut watch = ServerWatch::default();
        let lead = Role::TeamLead;
        assert_eq!(watch.look(lead, Some(1_000), 60_999), None);
        assert_eq!(
            watch.look(lead, Some(1_000), 61_000),
            Some(NoticeCode::ServerLost)
        );
        assert_eq!(watch.look(lead, Some(1_000), 90_000), None);
        assert_eq!(watch.look(lead, None, 91_000), Some(NoticeCode::ServerBack));
        assert_eq!(watch.look(lead, None, 92_000), None);
        assert_eq!(
            watch.look(lead, Some(100_000), 160_000),
            Some(NoticeCode::ServerLost)
        );
    }

    #[test]
    fn an_agent_and_a_short_loss_are_not_bothered() {
        let mut watch = ServerWatch::default();
        assert_eq!(watch.look(Role::Agent, Some(0), 600_000), None);
        assert_eq!(watch.look(Role::Agent, None, 600_000), None);
        assert_eq!(watch.look(Role::Admin, Some(0), 59_999), None);
        assert_eq!(watch.look(Role::Admin, None, 70_000), None);
    }
}
