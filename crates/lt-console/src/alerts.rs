//! Alerts at a desk: whom they wake, and their words.

use lt_model::{
    Millis,
    alert::{Alert, AlertState, Severity, Unit, notify::AlertPrefs},
};
use lt_protocol::{alert::AlertNews, view::Locale};

use crate::host::{Notification, Target};

/// Whether somebody with such wishes is woken by it now.
pub(crate) fn wakes(alert: &Alert, prefs: &AlertPrefs, now: Millis) -> bool {
    let is_wanted = prefs.popup_from.is_some_and(|from| alert.severity >= from);
    let is_rules_quiet = alert.quiet_until.is_some_and(|until| now < until);
    let quiet = prefs
        .quiet
        .filter(|quiet| !(quiet.let_critical_through && alert.severity == Severity::Critical));
    let is_quiet = quiet.is_some_and(|quiet| quiet.is_quiet(now));
    is_wanted && !is_rules_quiet && !is_quiet && alert.state != AlertState::Silenced
}

/// The words of a notification: the rule's name and the number, and nothing that anybody wrote.
pub(crate) fn notification(alert: &Alert, news: AlertNews, locale: Locale) -> Notification {
    let level = alert.reading.level.unwrap_or(alert.worst);
    let (level, limit) = (
        shown(level, alert.measure.unit(), locale),
        shown(alert.limit, alert.measure.unit(), locale),
    );
    let body = match (news, locale) {
        (AlertNews::Resolved, Locale::ZhCn) => format!("{}：现在 {level}", alert.name),
        (AlertNews::Resolved, Locale::En) => format!("{}: {level} now", alert.name),
        (_, Locale::ZhCn) => format!("{}：{level}，阈值 {limit}", alert.name),
        (_, Locale::En) => format!("{}: {level}, limit {limit}", alert.name),
    };
    Notification {
        opens: Target::Alert(alert.id),
        title: title(news, locale).to_owned(),
        body,
    }
}

/// Its first line.
pub(crate) fn title(news: AlertNews, locale: Locale) -> &'static str {
    match (news, locale) {
        (AlertNews::Fired, Locale::ZhCn) => "预警",
        (AlertNews::Escalated, Locale::ZhCn) => "预警升级，还没有人处理",
        (AlertNews::Resolved, Locale::ZhCn) => "预警已恢复",
        (AlertNews::Fired, Locale::En) => "Alert",
        (AlertNews::Escalated, Locale::En) => "Alert escalated: nobody looks after it",
        (AlertNews::Resolved, Locale::En) => "Alert is over",
    }
}

fn shown(level: i64, unit: Unit, locale: Locale) -> String {
    match (unit, locale) {
        (Unit::BasisPoints, _) => format!("{}.{}%", level / 100, level % 100 / 10),
        (Unit::Count, _) => level.to_string(),
        (Unit::Seconds, Locale::ZhCn) => format!("{level} 秒"),
        (Unit::Seconds, Locale::En) => format!("{level} s"),
    }
}
