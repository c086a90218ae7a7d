use std::panic::{AssertUnwindSafe, catch_unwind};

use lt_db::{
    Acted, DbError,
    table::{org, skill_group},
};
use lt_model::agent::SkillGroup;

use crate::fixture::{Shop, entry, id, new_conversation, say};

#[test]
fn rows_without_an_entry_are_taken_back() {
    for shop in Shop::on_each(1) {
        let before = shop.number("SELECT count(*) FROM audit");
        let result = shop
            .db
            .write(|tx| Ok::<_, DbError>(Acted::nothing(org::insert(tx, "聆选", 1)?)));
        assert!(matches!(result.err(), Some(DbError::Unaudited)));
        let name = shop.db.read(org::name).unwrap();
        assert_eq!(name, None);
        assert_eq!(shop.number("SELECT count(*) FROM audit"), before);
    }
}

#[test]
fn a_failing_act_leaves_nothing_and_takes_no_number() {
    for shop in Shop::on_each(1) {
        let count = |table: &str| shop.number(&format!("SELECT count(*) FROM {table}"));
        let before: Vec<i64> = ["conversation", "contact", "change", "audit"]
            .map(count)
            .to_vec();
        let heads = shop.number("SELECT sum(n) FROM stream_ctr");
        let result = shop.db.write(|tx| {
            let mut conversation = new_conversation(tx, shop.inbox, shop.groups[0])?;
            say(tx, &mut conversation, "一句")?;
            Err::<Acted<()>, _>(DbError::Shape("on purpose"))
        });
        assert!(matches!(result.err(), Some(DbError::Shape(_))));
        let after: Vec<i64> = ["conversation", "contact", "change", "audit"]
            .map(count)
            .to_vec();
        assert_eq!(after, before);
        assert_eq!(shop.number("SELECT sum(n) FROM stream_ctr"), heads);
        // The next conversation gets the number that the failed one would have had.
        let next = shop.act("conversation.begin", |tx| {
            new_conversation(tx, shop.inbox, shop.groups[0])
        });
        assert_eq!(next.number, 1);
    }
}

#[test]
fn a_panicking_act_is_taken_back_and_the_writer_goes_on() {
    for shop in Shop::on_each(1) {
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            shop.db.write(|tx| {
                org::insert(tx, "聆选", 1)?;
                assert_eq!(tx.tenant(), 0, "on purpose");
                Ok::<_, DbError>(Acted::nothing(()))
            })
        }));
        assert!(panicked.is_err());
        assert_eq!(shop.db.read(org::name).unwrap(), None);
        shop.act("org.setup", |tx| org::insert(tx, "聆选", 1));
    }
}

#[test]
fn acts_that_share_a_commit_fail_alone() {
    for shop in Shop::on_each(1) {
        let n_before = shop.number("SELECT count(*) FROM audit");
        let n_done: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|thread_idx| {
                    let shop = &shop;
                    scope.spawn(move || {
                        (0..25)
                            .filter(|act_idx| {
                                let group = SkillGroup {
                                    id: id(),
                                    // Even acts all want one name, which only one can have.
                                    name: if act_idx % 2 == 0 {
                                        "同名".to_owned()
                                    } else {
                                        format!("组{thread_idx}-{act_idx}")
                                    },
                                    categories: Vec::new(),
                                    assign: lt_model::routing::Assign::default(),
                                    capacities: Vec::new(),
                                    return_after_ms: Some(lt_model::routing::RETURN_AFTER_MS),
                                };
                                shop.db
                                    .write(|tx| {
                                        skill_group::insert(tx, &group)?;
                                        Ok::<_, DbError>(Acted::logged((), entry("group.create")))
                                    })
                                    .is_ok()
                            })
                            .count()
                    })
                })
                .collect();
            threads.into_iter().map(|t| t.join().unwrap()).sum()
        });
        assert_eq!(n_done, 8 * 12 + 1);
        drop(shop.db);
        let db = shop.back_end.open(shop.folder.path(), &shop.root);
        let groups = db.read(skill_group::all).unwrap();
        assert_eq!(groups.len(), n_done + 1, "what was acknowledged is there");
        let report = db.verify_audit().unwrap();
        assert_eq!(report.broken_at, None);
        assert_eq!(report.count, n_before as u64 + n_done as u64);
    }
}
