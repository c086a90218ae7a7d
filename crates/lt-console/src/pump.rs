//! Turns what the store and the sync client say into events of the window and notifications.

use std::{sync::Weak, time::Duration};

use lt_model::{Millis, alert::Alert, id::TicketId};
use lt_protocol::{
    alert::AlertNews,
    bell::BellNews,
    event::{NoticeCode, Tag, UiEvent},
    ticket::TicketNews,
    view::{SessionView, Toggle},
};
use lt_store::{Change, News};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, MissedTickBehavior, interval_at},
};

use crate::{
    alarm, alerts,
    bell::{self, ServerWatch},
    desk::Desk,
    host::{Host, NotifyError, Target},
    news::{Allowance, Told, ticket_notification},
    view,
};

/// Least time between two [`UiEvent::Changed`]: a first fetch commits many batches a second, and a
/// window redraws for each event.
const CHANGED_EVERY: Duration = Duration::from_millis(50);

/// How often a desk that is online notes that it is, and one that is not looks whether it may still
/// show what it has.
const LOOK_AT_LEASE_EVERY: Duration = Duration::from_secs(60);

/// How often it is looked at whether the server has been away for too long.
const LOOK_AT_SERVER_EVERY: Duration = Duration::from_secs(5);

/// Runs until the desk goes away or it is told to stop; what it has begun to tell it tells whole.
pub(crate) async fn run(
    desk: Weak<Desk>,
    mut changes: mpsc::UnboundedReceiver<Change>,
    mut stop: oneshot::Receiver<()>,
) {
    let mut telling = Telling::default();
    let mut next_at = Instant::now();
    let mut lease = interval_at(next_at + LOOK_AT_LEASE_EVERY, LOOK_AT_LEASE_EVERY);
    lease.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut server = interval_at(next_at + LOOK_AT_SERVER_EVERY, LOOK_AT_SERVER_EVERY);
    server.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let first = tokio::select! {
            _ = &mut stop => return,
            first = changes.recv() => first,
            _ = lease.tick() => {
                let Some(desk) = desk.upgrade() else { return };
                let told = tokio::task::spawn_blocking(move || {
                    desk.keep_lease();
                    telling.tell_session(&desk);
                    telling
                });
                telling = told.await.unwrap_or_default();
                continue;
            }
            _ = server.tick() => {
                let Some(desk) = desk.upgrade() else { return };
                let told = tokio::task::spawn_blocking(move || {
                    telling.look_at_server(&desk);
                    // Quiet hours begin and end by the clock.
                    alarm::look(&desk);
                    desk.fetch_numbers();
                    telling
                });
                telling = told.await.unwrap_or_default();
                continue;
            }
        };
        let Some(first) = first else { return };
        tokio::time::sleep_until(next_at).await;
        let mut gathered = first;
        while let Ok(more) = changes.try_recv() {
            add(&mut gathered, more);
        }
        next_at = Instant::now() + CHANGED_EVERY;
        let Some(desk) = desk.upgrade() else { return };
        let told = tokio::task::spawn_blocking(move || {
            telling.tell(&desk, gathered);
            telling
        });
        telling = told.await.unwrap_or_default();
    }
}

fn add(gathered: &mut Change, more: Change) {
    for tag in more.tags {
        if !gathered.tags.contains(&tag) {
            gathered.tags.push(tag);
        }
    }
    gathered.news.extend(more.news);
}

/// What is remembered between two events.
#[derive(Default)]
struct Telling {
    allowance: Allowance,
    told_unavailable: bool,
    session: Option<SessionView>,
    server: ServerWatch,
    /// Until when the bell was told what went back to the queues.
    returned_until: Option<Millis>,
}

impl Telling {
    fn tell(&mut self, desk: &Desk, gathered: Change) {
        let Change { tags, news, .. } = gathered;
        if tags.contains(&Tag::Faq) || tags.contains(&Tag::Engine) {
            desk.brain.wake();
            desk.trial.forget();
            desk.checkup.outdate();
        }
        desk.index.wake();
        let outbox = tags.contains(&Tag::Outbox);
        if tags.contains(&Tag::Inbox) {
            self.tell_session(desk);
            self.returned_until = bell::ring_returned(desk, self.returned_until);
        }
        let may_call = [Tag::Alerts, Tag::Personal, Tag::Settings]
            .iter()
            .any(|tag| tags.contains(tag));
        if !tags.is_empty() {
            desk.host.emit(UiEvent::Changed { tags });
        }
        if may_call {
            alarm::look(desk);
        }
        if outbox {
            desk.link.tell();
        }
        self.tell_outcomes(desk, &news);
        for one in news {
            self.tell_news(desk, &one);
        }
    }

    /// Groups, presence and load of the agent come with the same rows as the inbox.
    fn tell_session(&mut self, desk: &Desk) {
        let now = desk.session().ok();
        if now != self.session {
            self.session.clone_from(&now);
            if let Some(session) = now {
                desk.host.emit(UiEvent::Session(session));
            }
            alarm::look(desk);
        }
    }

    /// At most one notice of each kind, however many operations were answered.
    fn tell_outcomes(&self, desk: &Desk, news: &[News]) {
        let reached_since = desk.link.reached_since();
        let waited = |one: &News| match one {
            // Made before the connection came back: the agent saw it waiting.
            News::Delivered {
                message_id: Some(_),
                made_at,
                ..
            } => reached_since.is_none_or(|since| *made_at < since),
            _ => false,
        };
        let refused = |one: &News| {
            matches!(
                one,
                News::Refused {
                    message_id: Some(_),
                    ..
                }
            )
        };
        let conflicted = |one: &News| matches!(one, News::Conflicted { .. });
        for (code, happened) in [
            (NoticeCode::PendingDelivered, news.iter().any(waited)),
            (NoticeCode::ReplyRefused, news.iter().any(refused)),
            (NoticeCode::EditConflict, news.iter().any(conflicted)),
        ] {
            if happened {
                bell::notice(&desk.store, &*desk.host, code);
            }
        }
    }

    fn tell_news(&mut self, desk: &Desk, news: &News) {
        if let News::Ticket {
            ticket_id,
            number,
            news,
        } = news
        {
            self.tell_ticket(desk, *ticket_id, *number, *news);
            return;
        }
        if let News::Alert { alert, news } = news {
            self.tell_alert(desk, alert, *news);
            return;
        }
        let (id, told) = match news {
            News::Mentioned {
                conversation_id, ..
            } => (*conversation_id, Told::Mentioned),
            News::Whispered { conversation_id } => (*conversation_id, Told::Whispered),
            News::Offered { conversation_id } => (*conversation_id, Told::Offered),
            News::Woken { conversation_id } => (*conversation_id, Told::Woken),
            News::Queued { conversation_id } => (*conversation_id, Told::Waiting),
            News::CustomerWrote {
                conversation_id, ..
            } => (*conversation_id, Told::Wrote),
            News::Ticket { .. }
            | News::Alert { .. }
            | News::Delivered { .. }
            | News::Refused { .. }
            | News::Conflicted { .. } => return,
        };
        if let Some((kept, code)) = bell::about(desk, id, told) {
            bell::ring(&desk.store, vec![kept], desk.now());
            if desk.host.window_focused() {
                desk.host.emit(UiEvent::Notice { code });
            }
        }
        if desk.host.window_focused() || !desk.concerns_me(id, told) {
            return;
        }
        let settings = desk.store.settings().unwrap_or_default();
        let about = Target::Conversation(id);
        if settings.notifications == Toggle::Off || !self.allowance.take(about, told, desk.now()) {
            return;
        }
        let Some(notification) = desk.notification(id, told, &settings) else {
            return;
        };
        if let Err(error) = desk.host.notify(notification) {
            self.tell_unavailable(desk, &error);
            // The news itself is said inside the window.
            let code = NoticeCode::NewConversation;
            desk.host.emit(UiEvent::Notice { code });
        }
    }

    /// The window says it in any case; an agent who does not look at it is told by the system too.
    fn tell_ticket(&mut self, desk: &Desk, ticket_id: TicketId, number: u64, news: TicketNews) {
        let shown = view::ticket::number(number);
        let kept = BellNews::Ticket {
            ticket_id,
            number: shown.clone(),
            news,
        };
        bell::ring(&desk.store, vec![kept], desk.now());
        desk.host.emit(UiEvent::Ticket {
            ticket_id,
            number: shown,
            news,
        });
        if desk.host.window_focused() {
            return;
        }
        let settings = desk.store.settings().unwrap_or_default();
        let (about, told) = (Target::Ticket(ticket_id), Told::Ticket(news));
        if settings.notifications == Toggle::Off || !self.allowance.take(about, told, desk.now()) {
            return;
        }
        let notification = ticket_notification(ticket_id, number, news, settings.locale);
        if let Err(error) = desk.host.notify(notification) {
            self.tell_unavailable(desk, &error);
        }
    }

    /// The bell keeps every alert; a popup comes of what is bad enough for the agent, outside of quiet
    /// hours, whether or not they look at the window: it is about something else than what they do.
    fn tell_alert(&mut self, desk: &Desk, alert: &Alert, news: AlertNews) {
        let (name, severity) = (alert.name.clone(), alert.severity);
        let kept = BellNews::Alert {
            alert_id: alert.id,
            name: name.clone(),
            severity,
            news,
        };
        bell::ring(&desk.store, vec![kept], desk.now());
        let prefs = desk.store.alert_prefs().unwrap_or_default();
        if !alerts::wakes(alert, &prefs, desk.now()) {
            return;
        }
        desk.host.emit(UiEvent::Alert {
            alert_id: alert.id,
            name,
            severity,
            news,
        });
        let settings = desk.store.settings().unwrap_or_default();
        let (about, told) = (Target::Alert(alert.id), Told::Alert(news));
        if settings.notifications == Toggle::Off || !self.allowance.take(about, told, desk.now()) {
            return;
        }
        let notification = alerts::notification(alert, news, settings.locale);
        if let Err(error) = desk.host.notify(notification) {
            self.tell_unavailable(desk, &error);
        }
    }

    /// A lead whose desk has lost the server is told so, and when it is back.
    fn look_at_server(&mut self, desk: &Desk) {
        let Ok(me) = desk.me() else { return };
        let lost_since = desk.link.lost_since().filter(|_| desk.is_signed_in());
        let Some(code) = self.server.look(me.role, lost_since, desk.now()) else {
            return;
        };
        bell::notice(&desk.store, &*desk.host, code);
        let settings = desk.store.settings().unwrap_or_default();
        let wants = settings.notifications == Toggle::On && !desk.host.window_focused();
        if code == NoticeCode::ServerLost
            && wants
            && let Err(error) = desk.host.notify(bell::server_lost(settings.locale))
        {
            self.tell_unavailable(desk, &error);
        }
    }

    /// The system shows no notifications: that is said once.
    fn tell_unavailable(&mut self, desk: &Desk, error: &NotifyError) {
        if !self.told_unavailable {
            self.told_unavailable = true;
            tracing::warn!(%error, "notifications are told inside the window");
            let code = NoticeCode::NotificationsUnavailable;
            desk.host.emit(UiEvent::Notice { code });
        }
    }
}
