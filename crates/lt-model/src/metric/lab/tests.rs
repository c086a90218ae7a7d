use serde_json::{Value, json};

use super::*;

/// Monday 2026-11-23, 09:00 in China, in seconds.
const NINE: i64 = 1_795_395_600;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// A log of office hours on weekdays, by lines of `[second, conversation, kind]`.
fn log(lines: &[(i64, &str, &str)]) -> Value {
    let events: Vec<Value> = lines
        .iter()
        .map(|(t, conv, kind)| match kind.strip_prefix("csat") {
            Some("") => json!({"t": t, "conv": conv, "kind": "csat", "score": null}),
            Some(score) => {
                json!({"t": t, "conv": conv, "kind": "csat", "score": score.parse::<u8>().unwrap()})
            }
            None => json!({"t": t, "conv": conv, "kind": kind, "actor": "x", "extra": [1]}),
        })
        .collect();
    json!({
        "name": "l", "from": NINE - 9 * HOUR, "to": NINE + 15 * HOUR, "as_of": NINE + 10 * DAY,
        "tz": "Asia/Shanghai", "business_hours": ["09:00", "18:00"],
        "business_days": [1, 2, 3, 4, 5], "sla_first_response_s": 120, "events": events,
    })
}

fn run(log: Value) -> Value {
    let log: Log = serde_json::from_value(log).unwrap();
    serde_json::to_value(compute(&log, false).unwrap()).unwrap()
}

/// Asserts some of the numbers.
fn check(lines: &[(i64, &str, &str)], expected: Value) {
    let told = run(log(lines));
    for (number, expected) in expected.as_object().unwrap() {
        assert_eq!(&told[number], expected, "{number} of {lines:?}");
    }
}

#[test]
fn of_nothing_nothing_can_be_said() {
    let told = run(log(&[]));
    assert_eq!(
        told,
        json!({
            "name": "l", "auto_response_rate": null, "coverage": null, "frt_samples_s": [],
            "frt_p50_s": null, "frt_p90_s": null, "fcr_rate": null, "satisfaction": null,
            "backlog": 0, "aht_s": null, "sla_breach_rate": null,
        })
    );
}

#[test]
fn the_bot_answers_first_or_covers_the_whole() {
    let bot = |conv: &'static str| [(NINE, conv, "opened"), (NINE + 5, conv, "auto_answered")];
    check(
        &bot("a"),
        json!({"auto_response_rate": [1, 1], "coverage": [0, 1], "backlog": 1}),
    );
    let mut lines = bot("a").to_vec();
    lines.push((NINE + 9, "a", "resolved"));
    check(
        &lines,
        json!({"auto_response_rate": [1, 1], "coverage": [1, 1], "fcr_rate": [1, 1]}),
    );
    // Handed over: the bot answered first, and did not cover it.
    lines.push((NINE + 7, "a", "handed_over"));
    check(
        &lines,
        json!({"auto_response_rate": [1, 1], "coverage": [0, 1]}),
    );
    // A person was first, or at the same moment.
    for t in [NINE + 4, NINE + 5] {
        let mut lines = bot("a").to_vec();
        lines.push((t, "a", "first_response"));
        check(&lines, json!({"auto_response_rate": [0, 1]}));
    }
    check(
        &[(NINE, "a", "opened"), (NINE + 9, "a", "resolved")],
        json!({"auto_response_rate": [0, 1], "coverage": [0, 1], "fcr_rate": [1, 1]}),
    );
}

#[test]
fn only_what_was_opened_in_the_period_counts_but_for_the_backlog() {
    let midnight = NINE - 9 * HOUR;
    check(
        &[
            (midnight - 1, "before", "opened"),
            (midnight, "first", "opened"),
            (midnight + DAY - 1, "last", "opened"),
            (midnight + DAY, "after", "opened"),
            (NINE, "never", "resolved"),
        ],
        json!({"auto_response_rate": [0, 2], "backlog": 4, "fcr_rate": null}),
    );
    // Events up to the moment count, that moment included.
    let end = NINE + 10 * DAY;
    check(
        &[(NINE, "a", "opened"), (end, "a", "resolved")],
        json!({"backlog": 0}),
    );
    check(
        &[(NINE, "a", "opened"), (end + 1, "a", "resolved")],
        json!({"backlog": 1}),
    );
}

#[test]
fn first_responses_are_of_business_seconds() {
    let evening = NINE + 8 * HOUR + 3_590;
    let lines = [
        // Within the day.
        (NINE, "a", "opened"),
        (NINE + 10, "a", "handed_over"),
        (NINE + 130, "a", "first_response"),
        (NINE + 500, "a", "first_response"),
        // Ten seconds before the evening, and five after the morning.
        (evening, "b", "opened"),
        (evening, "b", "handed_over"),
        (NINE + DAY + 5, "b", "first_response"),
        // Never handed over: no sample. Never answered: none either.
        (NINE, "c", "opened"),
        (NINE + 10, "c", "first_response"),
        (NINE, "d", "opened"),
        (NINE, "d", "handed_over"),
        // Handed over twice: the first time counts.
        (NINE, "e", "opened"),
        (NINE + 60, "e", "handed_over"),
        (NINE + 90, "e", "handed_over"),
        (NINE + 181, "e", "first_response"),
        // Before the morning: the clock stands.
        (NINE - HOUR, "f", "opened"),
        (NINE - HOUR, "f", "handed_over"),
        (NINE - 60, "f", "first_response"),
    ];
    check(
        &lines,
        json!({
            "frt_samples_s": [0, 15, 120, 121], "frt_p50_s": 15, "frt_p90_s": 121,
            // Not later than 120 is in time; one waits for days.
            "sla_breach_rate": [2, 5],
        }),
    );
    // Over a weekend: Friday 17:59:30 to Monday 09:01.
    let friday = NINE + 4 * DAY + 9 * HOUR - 30;
    let mut weekend = log(&[
        (friday, "a", "opened"),
        (friday, "a", "handed_over"),
        (friday + 2 * DAY + 15 * HOUR + 90, "a", "first_response"),
    ]);
    weekend["to"] = json!(NINE + 7 * DAY);
    assert_eq!(run(weekend)["frt_samples_s"], json!([90]));
}

#[test]
fn who_still_waits_is_late_when_the_time_is_over() {
    let lines = [(NINE, "a", "opened"), (NINE, "a", "handed_over")];
    for (as_of, expected) in [(NINE + 120, json!(null)), (NINE + 121, json!([1, 1]))] {
        let mut log = log(&lines);
        log["as_of"] = json!(as_of);
        assert_eq!(run(log)["sla_breach_rate"], expected);
    }
    // At night the time does not run.
    let night = NINE + 10 * HOUR;
    let mut log = log(&[(night, "a", "opened"), (night, "a", "handed_over")]);
    log["as_of"] = json!(NINE + DAY + 120);
    assert_eq!(run(log)["sla_breach_rate"], json!(null));
}

#[test]
fn what_comes_back_within_72_hours_was_not_resolved_at_once() {
    for (after, fcr) in [
        (1, json!([0, 1])),
        (259_200, json!([0, 1])),
        (259_201, json!([1, 1])),
    ] {
        check(
            &[
                (NINE, "a", "opened"),
                (NINE + 10, "a", "resolved"),
                (NINE + 10 + after, "a", "reopened"),
            ],
            json!({"fcr_rate": fcr, "backlog": 1}),
        );
    }
    // Back late the first time, in time the second.
    let again = NINE + 4 * DAY;
    check(
        &[
            (NINE, "a", "opened"),
            (NINE + 10, "a", "resolved"),
            (again, "a", "reopened"),
            (again + 10, "a", "resolved"),
            (again + 20, "a", "reopened"),
            (again + 30, "a", "resolved"),
        ],
        json!({"fcr_rate": [0, 1], "backlog": 0}),
    );
}

#[test]
fn marks_are_the_last_that_was_given() {
    let with = |marks: &[&'static str]| {
        let mut lines = vec![(NINE, "a", "opened")];
        lines.extend(
            marks
                .iter()
                .enumerate()
                .map(|(n, mark)| (NINE + n as i64, "a", *mark)),
        );
        run(log(&lines))["satisfaction"].clone()
    };
    assert_eq!(with(&["csat"]), json!(null));
    assert_eq!(with(&["csat", "csat4"]), json!([1, 1]));
    assert_eq!(with(&["csat", "csat3"]), json!([0, 1]));
    assert_eq!(with(&["csat5", "csat1"]), json!([0, 1]));
    assert_eq!(with(&["csat5", "csat"]), json!([1, 1]));
}

#[test]
fn handling_is_the_sum_of_its_episodes() {
    let lines = [
        (NINE, "a", "opened"),
        (NINE + 100, "a", "first_response"),
        // A second one inside the episode does not begin it anew.
        (NINE + 150, "a", "first_response"),
        (NINE + 400, "a", "resolved"),
        (NINE + 500, "a", "reopened"),
        (NINE + 600, "a", "first_response"),
        (NINE + 650, "a", "resolved"),
        // Not resolved at the end: not counted at all.
        (NINE, "b", "opened"),
        (NINE + 1, "b", "first_response"),
        (NINE + 2, "b", "resolved"),
        (NINE + 3, "b", "reopened"),
        // Never answered by a person.
        (NINE, "c", "opened"),
        (NINE + 9, "c", "resolved"),
        // Over the evening.
        (NINE + 9 * HOUR - 60, "d", "opened"),
        (NINE + 9 * HOUR - 50, "d", "first_response"),
        (NINE + DAY + 25, "d", "resolved"),
    ];
    check(
        &lines,
        json!({"aht_s": [300 + 50 + 50 + 25, 2], "backlog": 1}),
    );
}

#[test]
fn lines_in_any_order_give_the_same() {
    let lines = [
        (NINE, "a", "opened"),
        (NINE, "a", "auto_answered"),
        (NINE, "a", "handed_over"),
        (NINE + 60, "a", "first_response"),
        (NINE + 60, "a", "resolved"),
        (NINE + 60, "a", "reopened"),
        (NINE + 90, "a", "resolved"),
        (NINE + 90, "a", "csat2"),
        (NINE, "b", "opened"),
        (NINE + 1, "b", "resolved"),
    ];
    let expected = run(log(&lines));
    assert_eq!(
        expected,
        json!({
            "name": "l", "auto_response_rate": [1, 2], "coverage": [0, 2], "frt_samples_s": [60],
            "frt_p50_s": 60, "frt_p90_s": 60, "fcr_rate": [1, 2], "satisfaction": [0, 1],
            "backlog": 0, "aht_s": [0, 1], "sla_breach_rate": [0, 1],
        })
    );
    let mut turned = lines;
    for _ in 0..lines.len() {
        turned.rotate_left(1);
        assert_eq!(run(log(&turned)), expected);
        let mut reversed = turned;
        reversed.reverse();
        assert_eq!(run(log(&reversed)), expected);
    }
}

#[test]
fn times_may_be_written_in_other_ways() {
    let text = json!({
        "name": "t", "from": "2026-11-23T00:00:00+08:00", "to": "2026-11-24 00:00",
        "as_of": "2026-11-24T00:00:00Z", "tz": "+08:00", "sla_first_response_s": 60,
        "events": [
            {"t": 1_795_395_600_000_i64, "conv": 7, "kind": "opened"},
            {"t": 1_795_395_600.25, "conv": 7, "kind": "handed_over"},
            {"t": "2026-11-23T01:00:01.5Z", "conv": 7, "kind": "first_response"},
        ],
    });
    let told = run(text.clone());
    assert_eq!(told["frt_samples_s"], json!([1.25]));
    assert_eq!(told["backlog"], json!(1));
    // A shift over midnight.
    let mut night = text;
    night["business_hours"] = json!(["22:00", "06:00"]);
    night["business_days"] = json!([1]);
    night["events"] = json!([
        {"t": "2026-11-23 21:00", "conv": 7, "kind": "opened"},
        {"t": "2026-11-23 21:00", "conv": 7, "kind": "handed_over"},
        {"t": "2026-11-24 07:00", "conv": 7, "kind": "first_response"},
    ]);
    assert_eq!(run(night)["frt_p90_s"], json!(8 * HOUR));
}

#[test]
fn what_cannot_be_read_is_named() {
    let error = |change: &dyn Fn(&mut Value)| {
        let mut log = log(&[(NINE, "a", "opened")]);
        change(&mut log);
        let log: Log = serde_json::from_value(log).unwrap();
        compute(&log, false).unwrap_err().to_string()
    };
    let of = error(&|log| log["tz"] = json!("Europe/Paris"));
    assert_eq!(
        of,
        "log l: not a time zone with a fixed offset: Europe/Paris"
    );
    let of = error(&|log| log["events"][0]["t"] = json!("soon"));
    assert_eq!(of, "log l: not a time: soon");
    let of = error(&|log| log["business_hours"] = json!(["9", "18:00"]));
    assert_eq!(of, "log l: not business hours: 9");
    let of = error(&|log| log["business_days"] = json!([0]));
    assert_eq!(of, "log l: not business hours: day 0");
    let bad = json!({"t": 1, "conv": "a", "kind": "closed"});
    assert!(serde_json::from_value::<Line>(bad).is_err());
}

#[test]
fn the_ids_behind_a_number() {
    let lines = [
        (NINE, "a", "opened"),
        (NINE + 1, "a", "auto_answered"),
        (NINE, "b", "opened"),
        (NINE + 2, "b", "resolved"),
    ];
    let log: Log = serde_json::from_value(log(&lines)).unwrap();
    let told = serde_json::to_value(compute(&log, true).unwrap()).unwrap();
    assert_eq!(told["ids"]["auto_response_rate"], json!(["a"]));
    assert_eq!(told["ids"]["backlog"], json!(["a"]));
    assert_eq!(told["ids"]["fcr_rate"], json!(["b"]));
}
