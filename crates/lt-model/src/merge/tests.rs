use proptest::prelude::*;

use super::*;

fn mark(rev: u64, by: Authority) -> Mark {
    Mark {
        rev,
        by,
        name: String::new(),
        at: 0,
    }
}

fn edit<T>(rev: u64, base: T, mine: T) -> Edit<T> {
    Edit { rev, base, mine }
}

#[test]
fn values_by_revision_then_by_authority_and_ties_stay() {
    use Authority::{Agent, Bot, Lead};
    use Merged::{Conflict, Now, Same};
    // What is there and who set it at which revision; what was seen and wanted, and by whom.
    for (now, rev, set_by, seen_rev, base, mine, by, expected) in [
        ("a", 0, Bot, 0, "a", "b", Agent, Now("b")),
        ("a", 3, Lead, 3, "a", "b", Agent, Now("b")),
        // Nobody else changed it: what is seen may be the author's own refused edit.
        ("a", 3, Lead, 3, "c", "b", Agent, Now("b")),
        // The author's own earlier edit arrived first.
        ("b", 4, Agent, 3, "b", "c", Agent, Now("c")),
        // Somebody changed it meanwhile.
        ("x", 4, Agent, 3, "a", "b", Agent, Conflict),
        ("x", 4, Agent, 3, "a", "x", Agent, Same),
        ("x", 4, Lead, 3, "a", "b", Agent, Conflict),
        ("x", 4, Lead, 3, "a", "b", Lead, Conflict),
        ("x", 4, Bot, 3, "a", "b", Agent, Now("b")),
        ("x", 4, Agent, 3, "a", "b", Lead, Now("b")),
        ("x", 4, Agent, 3, "a", "b", Bot, Conflict),
        ("x", 4, Bot, 3, "a", "b", Bot, Conflict),
        // Changed there and back: what was seen is what is there.
        ("a", 5, Lead, 3, "a", "b", Agent, Now("b")),
    ] {
        let merged = merge_value(&now, &mark(rev, set_by), &edit(seen_rev, base, mine), by);
        assert_eq!(
            merged, expected,
            "{now} r{rev} {set_by:?} <- {base}>{mine} {by:?}"
        );
    }
}

#[test]
fn texts_by_lines() {
    for (base, one, other, expected) in [
        ("", "甲", "", Some("甲")),
        ("", "甲", "乙", None),
        ("", "甲", "甲", Some("甲")),
        ("一\n二", "一改\n二", "一\n二改", Some("一改\n二改")),
        ("一\n二", "一\n二\n三", "一改\n二", Some("一改\n二\n三")),
        ("一\n二\n三", "一\n三", "一\n二\n三\n四", Some("一\n三\n四")),
        ("一\n二\n三", "一\n三", "一\n二改\n三", None),
        // Both add at the same place.
        ("一", "一\n甲", "一\n乙", None),
        ("一", "一\n甲", "一\n甲", Some("一\n甲")),
        ("一", "零\n一", "一\n二", Some("零\n一\n二")),
        // One takes lines out among which the other puts one in.
        ("一\n二\n三", "三", "一\n甲\n二\n三", None),
        (
            "一\n二\n",
            "一\n二\n三\n",
            "一改\n二\n",
            Some("一改\n二\n三\n"),
        ),
    ] {
        let merged = merge_text(base, one, other);
        assert_eq!(merged.as_deref(), expected, "{base:?} {one:?} {other:?}");
        assert_eq!(merge_text(base, other, one), merged, "the other way round");
    }
}

#[test]
fn what_collides_is_put_together_for_a_person() {
    for (base, one, other, expected) in [
        ("", "甲", "乙", "甲\n乙"),
        ("一\n二", "一改\n二", "一\n二改", "一改\n二改"),
        ("一", "一\n甲", "一\n乙", "一\n甲\n乙"),
        ("一\n二\n三", "一\n三", "一\n二改\n三", "一\n二改\n三"),
        ("一\n二", "同\n甲", "同\n乙", "同\n甲\n乙"),
    ] {
        assert_eq!(
            merge_text_both(base, one, other),
            expected,
            "{base:?} {one:?} {other:?}"
        );
    }
}

#[test]
fn long_texts_are_merged_or_kept_without_a_table_beyond_measure() {
    let base: String = (0..3_000).map(|n| format!("{n}\n")).collect();
    let one = base.replace("\n7\n", "\n七\n");
    let other = base.replace("\n2990\n", "\n二九九零\n");
    let merged = merge_text(&base, &one, &other).unwrap();
    assert!(merged.contains("\n七\n") && merged.contains("\n二九九零\n"));
    let foreign: String = (0..3_000).map(|n| format!("x{n}\n")).collect();
    assert_eq!(merge_text(&base, &one, &foreign), None);
}

#[test]
fn free_text_is_refused_only_where_lines_collide() {
    let free = |now: &str, rev, seen, base: &str, mine: &str| {
        let edit = edit(seen, base.to_owned(), mine.to_owned());
        merge_free_text(now, &mark(rev, Authority::Lead), &edit)
    };
    let now = |text: &str| Merged::Now(text.to_owned());
    assert_eq!(free("旧", 1, 1, "旧", "新"), now("新"));
    assert_eq!(
        free("一\n二改", 2, 1, "一\n二", "一改\n二"),
        now("一改\n二改")
    );
    assert_eq!(free("一改", 2, 1, "一", "一又改"), Merged::Conflict);
    assert_eq!(free("一改", 2, 1, "一", "一改"), Merged::Same);
    // An edit that undoes nothing and adds nothing to what is there.
    assert_eq!(free("一改\n二", 2, 1, "一\n二", "一\n二"), Merged::Same);
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec("[abc]{0,2}", 0..7).prop_map(|lines| lines.join("\n"))
}

fn members() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec("[a-d]", 0..5)
}

proptest! {
    #[test]
    fn a_text_that_only_one_changed_is_that_ones(base in text(), one in text()) {
        prop_assert_eq!(merge_text(&base, &one, &base), Some(one.clone()));
        prop_assert_eq!(merge_text(&base, &base, &one), Some(one.clone()));
        prop_assert_eq!(merge_text(&base, &one, &one), Some(one));
    }

    #[test]
    fn texts_merge_the_same_from_both_sides(base in text(), one in text(), other in text()) {
        prop_assert_eq!(merge_text(&base, &one, &other), merge_text(&base, &other, &one));
    }

    #[test]
    fn a_merged_text_has_no_line_of_its_own(base in text(), one in text(), other in text()) {
        if let Some(merged) = merge_text(&base, &one, &other) {
            for line in merged.split('\n') {
                prop_assert!(one.split('\n').any(|known| known == line)
                    || other.split('\n').any(|known| known == line), "{}", line);
            }
        }
    }

    #[test]
    fn put_together_no_line_of_either_is_missing(
        base in text(), one in text(), other in text(),
    ) {
        let both = merge_text_both(&base, &one, &other);
        if let Some(merged) = merge_text(&base, &one, &other) {
            prop_assert_eq!(both, merged);
        } else {
            let news = |text: &str| -> Vec<String> {
                let known: Vec<_> = base.split('\n').collect();
                let new = text.split('\n').filter(|line| !known.contains(line));
                new.map(str::to_owned).collect()
            };
            for line in news(&one).iter().chain(&news(&other)) {
                prop_assert!(both.split('\n').any(|kept| kept == line), "{}", line);
            }
        }
    }

    #[test]
    fn lines_changed_apart_always_merge(
        head in "[a-c]{1,3}", tail in "[d-f]{1,3}", one in "[x-z]{1,3}", other in "[u-w]{1,3}",
    ) {
        let base = format!("{head}\n-\n{tail}");
        let merged = merge_text(&base, &format!("{one}\n-\n{tail}"), &format!("{head}\n-\n{other}"));
        prop_assert_eq!(merged, Some(format!("{one}\n-\n{other}")));
    }

    #[test]
    fn no_edit_of_a_value_is_lost(
        now in 0_u8..4, rev in 0_u64..4, seen in 0_u64..4, base in 0_u8..4, mine in 0_u8..4,
        by in 0_u8..3, set_by in 0_u8..3,
    ) {
        let who = |n| [Authority::Bot, Authority::Agent, Authority::Lead][usize::from(n)];
        let mark = mark(rev, who(set_by));
        match merge_value(&now, &mark, &edit(seen, base, mine), who(by)) {
            Merged::Same => prop_assert_eq!(now, mine),
            Merged::Now(value) => prop_assert_eq!(value, mine),
            // Only over a change that was not seen, and by somebody who counts as much.
            Merged::Conflict => {
                prop_assert!(rev > seen && now != base && now != mine);
                prop_assert!(who(set_by) >= who(by));
            }
        }
    }

    #[test]
    fn sets_commute_where_they_do_not_contradict(
        start in members(), one in members(), other in members(), same_kind in any::<bool>(),
    ) {
        let start: BTreeSet<String> = start.into_iter().collect();
        // Both add; or one adds what the other does not remove.
        let other: Vec<String> = if same_kind {
            other
        } else {
            other.into_iter().filter(|member| !one.contains(member)).collect()
        };
        let change = |set: &mut BTreeSet<String>, first: bool| if first || same_kind {
            merge_set(set, if first { &one } else { &other }, &[])
        } else {
            merge_set(set, &[], &other)
        };
        let (mut ab, mut ba) = (start.clone(), start);
        change(&mut ab, true);
        change(&mut ab, false);
        change(&mut ba, false);
        change(&mut ba, true);
        prop_assert_eq!(&ab, &ba);
        // Once more changes nothing.
        prop_assert!(!change(&mut ab, true));
    }
}
