//! The words of a notification, and how often one may come.

use std::collections::HashMap;

use lt_model::{
    Millis,
    attachment::FileKind,
    id::{ConversationId, TicketId},
};
use lt_protocol::{
    alert::AlertNews,
    ticket::TicketNews,
    view::{Locale, NotificationContent},
};
use lt_store::LastText;

use crate::{
    alerts,
    host::{Notification, Target},
    view::{self, mask},
};

/// Notifications that may come at once; after them one every [`REFILL_MS`]. A flood is seen in the
/// list, and a desk that pops up without end is switched off.
const BURST: i64 = 5;
/// Time after which one more notification may come.
const REFILL_MS: Millis = 2_000;
/// A conversation or a ticket tells of the same at most once in this time.
const SAME_MS: Millis = 5_000;

/// What the agent is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Told {
    /// A colleague named the agent in a note.
    Mentioned,
    /// A lead whispered to the agent, or an agent to the lead at this desk.
    Whispered,
    /// A conversation is offered to the agent.
    Offered,
    /// What the agent had set aside is open again.
    Woken,
    /// A conversation began to wait in one of the agent's groups.
    Waiting,
    /// The customer wrote in one of the agent's conversations.
    Wrote,
    /// Something happened to a ticket.
    Ticket(TicketNews),
    /// An alert.
    Alert(AlertNews),
}

/// How many notifications may still come.
#[derive(Debug)]
pub(crate) struct Allowance {
    left: i64,
    refilled_at: Millis,
    told_at: HashMap<(Target, Told), Millis>,
}

impl Default for Allowance {
    fn default() -> Self {
        Self {
            left: BURST,
            refilled_at: 0,
            told_at: HashMap::new(),
        }
    }
}

impl Allowance {
    /// Whether it may be told now; counts it if so.
    pub(crate) fn take(&mut self, id: Target, told: Told, now: Millis) -> bool {
        let refills = (now - self.refilled_at).max(0) / REFILL_MS;
        if refills > 0 {
            self.left = BURST.min(self.left.saturating_add(refills));
            self.refilled_at = now;
        }
        self.told_at.retain(|_, at| now - *at < SAME_MS);
        if self.left == 0 || self.told_at.contains_key(&(id, told)) {
            return false;
        }
        self.left -= 1;
        self.told_at.insert((id, told), now);
        true
    }
}

/// What the customer wrote, or that it is a picture or file, with its name.
pub(crate) fn line(last: &LastText, locale: Locale) -> String {
    let word = match (last.file.map(FileKind::is_image), locale) {
        (None, _) => return last.text.clone(),
        (Some(true), Locale::ZhCn) => "图片",
        (Some(true), Locale::En) => "Picture",
        (Some(false), Locale::ZhCn) => "文件",
        (Some(false), Locale::En) => "File",
    };
    format!("[{word}] {}", last.text)
}

/// The words of a notification. What the customer wrote is in it, masked, only where the settings
/// say so; a name never is.
pub(crate) fn notification(
    conversation_id: ConversationId,
    number: u64,
    told: Told,
    last_text: Option<&str>,
    content: NotificationContent,
    locale: Locale,
) -> Notification {
    let number = view::number(number);
    let (title, what) = match (locale, told) {
        (Locale::ZhCn, Told::Mentioned) => ("同事提到了您", "的备注里提到了您"),
        (Locale::ZhCn, Told::Whispered) => ("悄悄话", "有给您的悄悄话"),
        (Locale::En, Told::Whispered) => ("A whisper", "has a whisper for you"),
        (Locale::ZhCn, Told::Offered) => ("派给您的会话", "请在限时内接起"),
        (Locale::ZhCn, Told::Woken) => ("挂起到时间了", "的挂起结束，请继续跟进"),
        (Locale::En, Told::Woken) => ("Time to go on", "is no longer set aside"),
        (Locale::ZhCn, Told::Waiting) => ("新会话", "等待接待"),
        (Locale::ZhCn, Told::Wrote) => ("新消息", "客户有新消息"),
        (Locale::En, Told::Mentioned) => ("A colleague named you", "has a note that names you"),
        (Locale::En, Told::Offered) => ("A conversation for you", "is offered: accept in time"),
        (Locale::En, Told::Waiting) => ("New conversation", "is waiting"),
        (Locale::En, Told::Wrote) => ("New message", "has a new message"),
        (_, Told::Ticket(news)) => ticket_words(news, locale),
        (_, Told::Alert(news)) => (alerts::title(news, locale), ""),
    };
    let line = match content {
        NotificationContent::Hidden => None,
        NotificationContent::Masked => last_text.map(mask::line).filter(|line| !line.is_empty()),
    };
    Notification {
        opens: Target::Conversation(conversation_id),
        title: title.to_owned(),
        body: format!("{number} {}", line.as_deref().unwrap_or(what)),
    }
}

/// The words of a notification of a ticket: its number and what happened, and nothing that anybody
/// wrote.
pub(crate) fn ticket_notification(
    ticket_id: TicketId,
    number: u64,
    news: TicketNews,
    locale: Locale,
) -> Notification {
    let (title, what) = ticket_words(news, locale);
    let number = view::ticket::number(number);
    Notification {
        opens: Target::Ticket(ticket_id),
        title: title.to_owned(),
        body: format!("{number} {what}"),
    }
}

fn ticket_words(news: TicketNews, locale: Locale) -> (&'static str, &'static str) {
    use TicketNews as N;
    match (locale, news) {
        (Locale::ZhCn, N::Arrived) => ("新到工单", "转到了您的部门"),
        (Locale::ZhCn, N::Returned) => ("工单退回", "已退回给您"),
        (Locale::ZhCn, N::Assigned) => ("指派给您的工单", "指派给了您"),
        (Locale::ZhCn, N::Resolved) => ("工单已解决", "已解决，请您验收"),
        (Locale::ZhCn, N::Cancelled) => ("工单已取消", "已取消，不再处理"),
        (Locale::ZhCn, N::Merged) => ("工单已合并", "已并入另一张工单"),
        (Locale::ZhCn, N::Reopened) => ("工单重新打开", "重新打开了"),
        (Locale::ZhCn, N::Mentioned) => ("同事提到了您", "的备注里提到了您"),
        (Locale::ZhCn, N::Commented) => ("工单有新备注", "有新备注"),
        (Locale::ZhCn, N::CustomerAnswered) => ("客户已回复", "的客户已回复"),
        (Locale::ZhCn, N::Warned) => ("工单快到时限", "快到时限"),
        (Locale::ZhCn, N::Breached) => ("工单已超时", "已超时"),
        (Locale::En, N::Arrived) => ("New ticket", "came to your department"),
        (Locale::En, N::Returned) => ("Ticket returned", "came back to you"),
        (Locale::En, N::Assigned) => ("A ticket for you", "was given to you"),
        (Locale::En, N::Resolved) => ("Ticket resolved", "is resolved: please verify it"),
        (Locale::En, N::Cancelled) => ("Ticket cancelled", "was cancelled"),
        (Locale::En, N::Merged) => ("Ticket merged", "was merged into another one"),
        (Locale::En, N::Reopened) => ("Ticket reopened", "is open again"),
        (Locale::En, N::Mentioned) => ("A colleague named you", "has a note that names you"),
        (Locale::En, N::Commented) => ("Note on a ticket", "has a new note"),
        (Locale::En, N::CustomerAnswered) => ("The customer answered", "has an answer"),
        (Locale::En, N::Warned) => ("Ticket due soon", "is due soon"),
        (Locale::En, N::Breached) => ("Ticket is late", "is late"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> Target {
        Target::Conversation(ConversationId(uuid::Uuid::from_u128(n)))
    }

    #[test]
    fn a_flood_is_cut_and_time_lets_more_through() {
        let mut allowance = Allowance::default();
        let taken = |allowance: &mut Allowance, from: u128, now| {
            (from..from + 20)
                .filter(|n| allowance.take(id(*n), Told::Waiting, now))
                .count()
        };
        assert_eq!(taken(&mut allowance, 0, 100_000), 5);
        assert_eq!(taken(&mut allowance, 20, 100_500), 0);
        assert_eq!(taken(&mut allowance, 40, 104_100), 2);
        assert_eq!(taken(&mut allowance, 60, 900_000), 5);
    }

    #[test]
    fn one_conversation_tells_once_in_a_while() {
        let mut allowance = Allowance::default();
        assert!(allowance.take(id(1), Told::Waiting, 10_000));
        assert!(allowance.take(id(1), Told::Wrote, 10_000));
        assert!(!allowance.take(id(1), Told::Wrote, 14_999));
        assert!(allowance.take(id(1), Told::Wrote, 15_000));
    }

    #[test]
    fn a_ticket_is_told_by_its_number_and_what_happened() {
        let id = TicketId(uuid::Uuid::from_u128(7));
        let told = ticket_notification(id, 817, TicketNews::Mentioned, Locale::ZhCn);
        assert_eq!(told.opens, Target::Ticket(id));
        assert_eq!(told.body, "T-00817 的备注里提到了您");
    }

    #[test]
    fn a_picture_is_told_as_one() {
        let mut last = LastText {
            file: Some(FileKind::Jpeg),
            author: lt_store::LastAuthor::Customer,
            text: "破损.jpg".to_owned(),
        };
        assert_eq!(line(&last, Locale::ZhCn), "[图片] 破损.jpg");
        last.file = Some(FileKind::Pdf);
        assert_eq!(line(&last, Locale::En), "[File] 破损.jpg");
        last.file = None;
        assert_eq!(line(&last, Locale::En), "破损.jpg");
    }
}
