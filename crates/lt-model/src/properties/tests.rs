use super::*;
use crate::conversation::tests::open;

fn agent(name: &str) -> Editor {
    Editor {
        authority: Authority::Agent,
        name: name.to_owned(),
    }
}

fn lead() -> Editor {
    Editor {
        authority: Authority::Lead,
        name: "班长".to_owned(),
    }
}

fn priority(rev: u64, base: Priority, mine: Priority) -> Patch {
    Patch {
        priority: Some(Edit { rev, base, mine }),
        ..Patch::default()
    }
}

fn summary(rev: u64, base: &str, mine: &str) -> Patch {
    let (base, mine) = (base.to_owned(), mine.to_owned());
    Patch {
        summary: Some(Edit { rev, base, mine }),
        ..Patch::default()
    }
}

fn tags(add: &[&str], remove: &[&str]) -> Patch {
    let own = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect();
    Patch {
        add_tags: own(add),
        remove_tags: own(remove),
        ..Patch::default()
    }
}

#[test]
fn two_edit_at_once_and_each_field_goes_its_way() {
    use Priority::{High, Low, Normal};
    let mut conversation = open();
    let first = Patch {
        add_tags: vec!["催单".to_owned()],
        ..priority(0, Normal, High)
    };
    let patched = conversation.patch(&first, &agent("阿敏"), 5).unwrap();
    assert_eq!(patched.applied, [Field::Priority, Field::Tags]);
    let second = Patch {
        add_tags: vec!["老客".to_owned()],
        summary: summary(0, "", "要求退差价").summary,
        ..priority(0, Normal, Low)
    };
    let patched = conversation.patch(&second, &agent("小林"), 6).unwrap();
    assert_eq!(patched.applied, [Field::Tags, Field::Summary]);
    let [conflict] = patched.conflicts.as_slice() else {
        panic!("one conflict: {patched:?}");
    };
    assert_eq!(
        (&conflict.base, &conflict.mine, &conflict.theirs),
        (
            &FieldValue::Priority(Normal),
            &FieldValue::Priority(Low),
            &FieldValue::Priority(High)
        )
    );
    assert_eq!(
        (conflict.by.as_str(), conflict.at, conflict.rev),
        ("阿敏", 5, 1)
    );
    assert_eq!(conversation.priority, High);
    assert_eq!(conversation.properties.tags.len(), 2);
    // Having seen it, the agent may still have their way.
    let settled = conflict.settle(&conflict.mine).unwrap();
    let patched = conversation.patch(&settled, &agent("小林"), 7).unwrap();
    assert_eq!(patched.applied, [Field::Priority]);
    assert_eq!(conversation.priority, Low);
    assert_eq!(conflict.settle(&FieldValue::Summary(String::new())), None);
}

#[test]
fn a_lead_counts_more_and_a_bot_less() {
    use Priority::{High, Low, Normal, Urgent};
    let mut conversation = open();
    conversation.bot_judges(High, &[], 1);
    let patched = conversation.patch(&priority(0, Normal, Low), &agent("小林"), 2);
    assert_eq!(
        patched.unwrap().conflicts,
        [],
        "over what the bot said since"
    );
    conversation.bot_judges(Urgent, &[], 3);
    assert_eq!(conversation.priority, Low, "what a person said stands");
    let patched = conversation.patch(&priority(0, Normal, Urgent), &lead(), 4);
    assert_eq!(patched.unwrap().conflicts, []);
    let patched = conversation.patch(&priority(2, Low, High), &agent("小林"), 5);
    assert_eq!(patched.unwrap().conflicts.len(), 1);
    assert_eq!(conversation.priority, Urgent);
    conversation.bot_finds("售后/退款", 6);
    assert_eq!(conversation.category, "售后/退款");
    conversation.begin_judging_anew(7);
    assert_eq!(
        (conversation.priority, conversation.category.as_str()),
        (Normal, "")
    );
    conversation.bot_judges(High, &[], 8);
    assert_eq!(
        conversation.priority, High,
        "a new matter is the bot's to judge"
    );
}

#[test]
fn what_waits_shows_and_the_next_edit_builds_on_it() {
    use Priority::{High, Low, Normal};
    let (mut server, me) = (open(), agent("小林"));
    let mut shown = server.clone();
    let first = priority(0, Normal, High);
    shown.patch_shown(&first, &me, 1).unwrap();
    assert_eq!(
        (shown.priority, shown.properties.priority_mark.rev),
        (High, 0)
    );
    let second = priority(shown.properties.priority_mark.rev, High, Low);
    assert!(!server.has_taken(&first));
    for patch in [&first, &second] {
        assert_eq!(server.patch(patch, &me, 2).unwrap().conflicts, []);
    }
    assert!(server.has_taken(&second));
    assert_eq!(server.priority, Low);
    // Somebody else came between: both are in conflict, and theirs stands.
    let mut server = open();
    server
        .patch(&priority(0, Normal, Priority::Urgent), &agent("阿敏"), 1)
        .unwrap();
    for patch in [&first, &second] {
        assert_eq!(server.patch(patch, &me, 2).unwrap().conflicts.len(), 1);
    }
    assert_eq!(server.priority, Priority::Urgent);
}

#[test]
fn what_is_too_much_is_refused_whole() {
    let mut conversation = open();
    let many: Vec<String> = (0..MAX_TAGS).map(|n| format!("标签{n}")).collect();
    let all = Patch {
        add_tags: many,
        ..Patch::default()
    };
    conversation.patch(&all, &lead(), 1).unwrap();
    let before = conversation.clone();
    let more = Patch {
        add_tags: vec!["再一个".to_owned()],
        ..priority(0, Priority::Normal, Priority::High)
    };
    assert_eq!(
        conversation.patch(&more, &lead(), 2),
        Err(Illegal::TooManyTags)
    );
    assert_eq!(conversation, before);
    let swap = tags(&["再一个"], &["标签0"]);
    assert_eq!(
        conversation.patch(&swap, &lead(), 3).unwrap().applied,
        [Field::Tags]
    );
    conversation.status = Status::Closed;
    let closed = conversation.patch(&swap, &lead(), 4);
    assert_eq!(closed, Err(Illegal::State(Status::Closed)));

    // Two summaries that fit alone and not together.
    let mut conversation = open();
    let half = "字".repeat(900);
    let base = "一\n-\n二";
    conversation
        .patch(&summary(0, "", base), &lead(), 1)
        .unwrap();
    let one = conversation.patch(&summary(1, base, &format!("{half}\n-\n二")), &lead(), 2);
    assert_eq!(one.unwrap().conflicts, []);
    let other = conversation.patch(&summary(1, base, &format!("一\n-\n{half}")), &lead(), 3);
    assert_eq!(other.unwrap().conflicts.len(), 1);
}

#[test]
fn patches_are_checked_and_cleaned() {
    let checked = tags(&["  催单\u{7}\n "], &[]).check().unwrap();
    assert_eq!(checked.add_tags, ["催单"]);
    assert_eq!(Patch::default().check(), Err(PatchError::Empty));
    assert_eq!(tags(&[" "], &[]).check(), Err(PatchError::Empty));
    assert_eq!(
        tags(&[&"长".repeat(25)], &[]).check(),
        Err(PatchError::TooLong)
    );
    let long = "字".repeat(MAX_SUMMARY_BYTES);
    assert_eq!(summary(0, "", &long).check(), Err(PatchError::TooLong));
    let kept = summary(0, "", "一\n\t二\u{0}\n\n").check().unwrap();
    assert_eq!(kept.summary.unwrap().mine, "一\n\t二");
}

#[test]
fn rows_from_before_have_no_properties_and_new_ones_say_only_what_there_is() {
    let before = serde_json::to_value(open()).unwrap();
    assert_eq!(before.get("properties"), None);
    let read: Conversation = serde_json::from_value(before).unwrap();
    assert_eq!(read.properties, Properties::default());
    let mut edited = open();
    edited.patch(&tags(&["催单"], &[]), &lead(), 1).unwrap();
    let stored = serde_json::to_value(&edited).unwrap();
    assert_eq!(stored["properties"], serde_json::json!({"tags": ["催单"]}));
    let patch = priority(2, Priority::Low, Priority::High);
    assert_eq!(
        serde_json::to_value(&patch).unwrap(),
        serde_json::json!({"priority": {"rev": 2, "base": "low", "mine": "high"}})
    );
    assert_eq!(patch.only(&[Field::Tags]), Patch::default());
    assert_eq!(patch.only(&[Field::Priority]), patch);
}
