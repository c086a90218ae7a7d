//! The rules that a new organisation begins with.

use super::{
    Measure, Severity,
    notify::NotifyChannel,
    quiet::QuietHours,
    rule::{Audience, Condition, Direction, Escalation, RuleDraft},
};
use crate::hours::CHINA_OFFSET_MINUTES;

/// Every way out of the server that is set up.
#[must_use]
pub fn ways() -> Vec<NotifyChannel> {
    vec![
        NotifyChannel::Email,
        NotifyChannel::Sms,
        NotifyChannel::Webhook,
    ]
}

/// At night, by China's clock, nobody is woken but by what is critical.
#[must_use]
pub fn night() -> QuietHours {
    QuietHours {
        from: 22 * 60,
        to: 8 * 60,
        utc_offset_minutes: CHINA_OFFSET_MINUTES,
        let_critical_through: true,
    }
}

/// Administrators are told too, where nobody has acknowledged it for so long.
#[must_use]
pub fn to_admins(after_min: u32) -> Vec<Escalation> {
    vec![Escalation {
        after_min,
        to: Audience::Everyone,
        by: vec![NotifyChannel::Email, NotifyChannel::Sms],
    }]
}

/// They.
#[must_use]
pub fn rules() -> Vec<RuleDraft> {
    let above = |limit, clear| Condition::Above { limit, clear };
    let rule = |name: &str, measure, condition, (window_min, min_count), severity| RuleDraft {
        name: name.to_owned(),
        enabled: true,
        measure,
        group_id: None,
        condition,
        window_min,
        min_count,
        for_min: 0,
        severity,
        to: Audience::Leads,
        by: ways(),
        escalation: Vec::new(),
        quiet: Some(night()),
        rest_min: 30,
    };
    let drop = Condition::Change {
        direction: Direction::Down,
        by_percent: 15,
        clear_percent: 8,
        days: 7,
    };
    vec![
        RuleDraft {
            escalation: to_admins(15),
            ..rule(
                "响应失败率过高",
                Measure::ResponseFailure,
                above(1_000, 800),
                (15, 20),
                Severity::Critical,
            )
        },
        RuleDraft {
            escalation: to_admins(30),
            ..rule(
                "积压过多",
                Measure::Backlog,
                above(50, 40),
                (1, 0),
                Severity::Critical,
            )
        },
        rule(
            "首次响应过慢",
            Measure::FirstResponse,
            above(180, 120),
            (30, 10),
            Severity::Warning,
        ),
        rule(
            "时限超时过多",
            Measure::SlaBreaches,
            above(5, 2),
            (60, 0),
            Severity::Warning,
        ),
        rule(
            "满意度下降",
            Measure::Satisfaction,
            drop,
            (1_440, 20),
            Severity::Warning,
        ),
        rule(
            "系统接口出错",
            Measure::ConnectorErrors,
            above(2_000, 1_000),
            (10, 20),
            Severity::Warning,
        ),
        RuleDraft {
            for_min: 2,
            ..rule(
                "同步延迟",
                Measure::SyncLag,
                above(60, 20),
                (1, 0),
                Severity::Warning,
            )
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_fit_and_differ_in_what_they_watch() {
        let rules = rules();
        for rule in &rules {
            assert_eq!(rule.problems(), [], "{}", rule.name);
        }
        let mut measures: Vec<Measure> = rules.iter().map(|rule| rule.measure).collect();
        measures.sort_unstable();
        measures.dedup();
        assert_eq!(measures.len(), rules.len());
    }
}
