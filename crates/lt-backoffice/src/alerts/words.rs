//! What is sent of an alert: its rule's name and its numbers. Nothing that a customer said leaves by
//! mail or by a short message.

use lt_model::{
    Millis,
    alert::{Alert, AlertState, Measure, Severity, Unit, notify::Notification},
    hours::WallTime,
};
use serde_json::json;

use super::post::Parcel;

/// What is sent for a row of the outbox, by the organisation's clock, so many minutes ahead of UTC.
/// `group` is the name of its group, empty for the organisation.
pub(super) fn parcel(
    (organisation, utc_offset_minutes): (&str, i32),
    alert: &Alert,
    group: &str,
    one: &Notification,
    to: &str,
    now: Millis,
) -> Parcel {
    let level = alert.reading.level.unwrap_or(alert.worst);
    let unit = alert.measure.unit();
    let of = if group.is_empty() {
        organisation
    } else {
        group
    };
    let what = format!(
        "{}：{}（{} {}）",
        alert.name,
        shown(level, unit),
        against(alert.measure),
        shown(alert.limit, unit)
    );
    let is_again = if one.is_escalation { "升级·" } else { "" };
    let subject = format!("【{is_again}{}】{what}", severity(alert.severity));
    let mut lines = vec![
        subject.clone(),
        format!("范围：{of}"),
        format!("开始：{}", moment(alert.fired_at, utc_offset_minutes)),
    ];
    if alert.window_min > 0 {
        lines.push(format!("口径：{}", basis(alert)));
    }
    if !alert.about.topics.is_empty() {
        lines.push(format!("集中在：{}", alert.about.topics.join("、")));
    }
    lines.push(match alert.state {
        AlertState::Resolved => "现状：发出时已恢复".to_owned(),
        AlertState::Acknowledged => "现状：已有人在处理".to_owned(),
        AlertState::Silenced => "现状：已静默".to_owned(),
        AlertState::Firing if one.is_escalation => "现状：还没有人确认，已升级通知".to_owned(),
        AlertState::Firing => "现状：等待确认，请在聆台「预警」里处理".to_owned(),
    });
    let id = format!("alert-{}-{}", alert.id, one.step);
    let json = json!({
        "event": "alert",
        "alert": {
            "id": alert.id, "rule_id": alert.rule_id, "name": alert.name,
            "measure": alert.measure, "unit": unit, "group": group,
            "severity": alert.severity, "state": alert.state, "level": alert.reading.level,
            "n": alert.reading.n, "n_bad": alert.reading.n_bad, "limit": alert.limit,
            "window_min": alert.window_min, "fired_at": alert.fired_at,
            "topics": alert.about.topics,
        },
        "step": one.step,
        "escalation": one.is_escalation,
        "sent_at": now,
    });
    Parcel {
        to: to.to_owned(),
        subject,
        text: lines.join("\n"),
        html: String::new(),
        files: Vec::new(),
        json: json.to_string(),
        id: match one.agent {
            Some(agent) => format!("{id}-{agent}-{}", one.channel.name()),
            None => id,
        },
        now,
    }
}

/// The same in one short line, for a telephone.
pub(super) fn short(organisation: &str, alert: &Alert, one: &Notification) -> String {
    let level = alert.reading.level.unwrap_or(alert.worst);
    let unit = alert.measure.unit();
    let escalated = if one.is_escalation {
        "，还没有人确认"
    } else {
        ""
    };
    format!(
        "{organisation}{}预警：{} {}，{} {}{escalated}",
        severity(alert.severity),
        alert.name,
        shown(level, unit),
        against(alert.measure),
        shown(alert.limit, unit)
    )
}

/// What somebody gets who tries a way.
pub(super) fn trial(organisation: &str, to: &str, id: String, now: Millis) -> Parcel {
    let text = format!("{organisation}：这是聆台预警的测试消息，收到即表示通道可用。");
    let json = json!({"event": "test", "sent_at": now});
    Parcel {
        to: to.to_owned(),
        subject: format!("{organisation}：聆台预警通道测试"),
        text,
        html: String::new(),
        files: Vec::new(),
        json: json.to_string(),
        id,
        now,
    }
}

/// What a level is held against.
fn against(measure: Measure) -> &'static str {
    match measure {
        Measure::Surge => "平时",
        _ => "阈值",
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Notice => "提示",
        Severity::Warning => "警告",
        Severity::Critical => "严重",
    }
}

fn basis(alert: &Alert) -> String {
    let (window, reading) = (alert.window_min, alert.reading);
    match alert.measure {
        Measure::ResponseFailure => format!(
            "近 {window} 分钟 {} 轮里 {} 轮没有可靠答案",
            reading.n, reading.n_bad
        ),
        Measure::Satisfaction => format!(
            "近 {window} 分钟 {} 个评价里 {} 个低于 4 分",
            reading.n, reading.n_bad
        ),
        Measure::ConnectorErrors => format!(
            "近 {window} 分钟 {} 次查询里 {} 次失败",
            reading.n, reading.n_bad
        ),
        Measure::FirstResponse => format!("近 {window} 分钟 {} 次首次响应的 p90", reading.n),
        Measure::SlaBreaches | Measure::Opened | Measure::Surge => format!("近 {window} 分钟"),
        Measure::Backlog | Measure::Waiting | Measure::SyncLag => "当前".to_owned(),
    }
}

fn shown(level: i64, unit: Unit) -> String {
    match unit {
        Unit::BasisPoints => format!("{}.{}%", level / 100, level % 100 / 10),
        Unit::Count => level.to_string(),
        Unit::Seconds => format!("{level} 秒"),
    }
}

fn moment(at: Millis, utc_offset_minutes: i32) -> String {
    let at = WallTime::of(at, utc_offset_minutes);
    let (_, month, day) = at.day.date();
    format!("{month} 月 {day} 日 {}", at.time())
}

#[cfg(test)]
mod tests {
    use lt_model::alert::{
        Reading,
        judge::{self, Seen},
        notify::{DeliveryState, NotifyChannel},
        standard,
    };
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_moment_is_that_of_the_organisation() {
        let (draft, seen) = (
            standard::rules().remove(1),
            Seen {
                reading: Reading {
                    level: Some(51),
                    n: 51,
                    n_bad: 51,
                },
                bounds: None,
            },
        );
        // 2026-11-26 17:05 UTC
        let at = 1_795_712_700_000;
        let ids = (Uuid::from_u128(1).into(), Uuid::from_u128(2).into());
        let (alert, _) = judge::begin(ids, &draft, seen, at);
        for (utc_offset_minutes, expected) in [
            (0, "开始：11 月 26 日 17:05"),
            (480, "开始：11 月 27 日 01:05"),
            (540, "开始：11 月 27 日 02:05"),
            (-330, "开始：11 月 26 日 11:35"),
        ] {
            let one = Notification {
                alert_id: alert.id,
                step: 1,
                agent: None,
                channel: NotifyChannel::Email,
                is_escalation: false,
                is_postponed: false,
                is_asked: false,
                state: DeliveryState::Pending,
                attempts: 0,
                next_at: at,
                at,
                sent_at: None,
                error: None,
            };
            let by = ("聆选旗舰店", utc_offset_minutes);
            let parcel = parcel(by, &alert, "", &one, "a@b.cn", at);
            assert!(parcel.text.contains(expected), "{}", parcel.text);
        }
        assert_eq!(moment(951_782_400_000, 480), "2 月 29 日 08:00");
    }

    #[test]
    fn levels_have_their_units() {
        assert_eq!(shown(1_320, Unit::BasisPoints), "13.2%");
        assert_eq!(shown(51, Unit::Count), "51");
        assert_eq!(shown(184, Unit::Seconds), "184 秒");
    }
}
