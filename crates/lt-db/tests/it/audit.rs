use lt_db::table::audit;

use crate::{
    back_end::BackEnd,
    fixture::{Shop, new_conversation, say},
};

/// A shop with 12 acts after its set-up, most of which changed rows that desktops see.
fn busy(shop: &Shop) {
    let mut conversation = shop.act("conversation.begin", |tx| {
        new_conversation(tx, shop.inbox, shop.groups[0])
    });
    for n in 0..11 {
        shop.act("message.receive", |tx| {
            say(tx, &mut conversation, &format!("第{n}句"))
        });
    }
}

fn busy_on_each() -> impl Iterator<Item = Shop> {
    Shop::on_each(2).inspect(busy)
}

#[test]
fn every_change_belongs_to_exactly_one_record() {
    for shop in busy_on_each() {
        assert_eq!(shop.number("SELECT count(*) FROM audit"), 13);
        let orphans = shop.number(
            "SELECT count(*) FROM change c WHERE
                 (SELECT count(*) FROM audit a WHERE a.tenant = c.tenant AND a.n = c.audit_n) <> 1",
        );
        assert_eq!(orphans, 0);
        let acts_with_changes = shop.number("SELECT count(DISTINCT audit_n) FROM change");
        assert_eq!(acts_with_changes, 13);
    }
}

#[test]
fn the_chain_holds_and_reads_back() {
    for shop in busy_on_each() {
        let report = shop.db.verify_audit().unwrap();
        assert_eq!((report.count, report.broken_at), (13, None));
        let newest = shop
            .db
            .read(|reader| audit::page(reader, u64::MAX, 2))
            .unwrap();
        assert_eq!(newest[0].0, 13);
        assert_eq!(newest[0].1.entry.action, "message.receive");
    }
}

#[test]
fn the_log_refuses_to_be_changed() {
    for shop in busy_on_each() {
        for sql in [
            "UPDATE audit SET record = replace(record, 'receive', 'recall') WHERE n = 3",
            "DELETE FROM audit WHERE n = 13",
            "UPDATE message SET body = replace(body, '第', '另')",
            "DELETE FROM message",
        ] {
            assert!(shop.raw().run(sql).is_err(), "{sql}");
        }
        assert_eq!(shop.db.verify_audit().unwrap().broken_at, None);
    }
}

/// Somebody with the file, its key and no scruples, but without the audit key.
#[test]
fn tampering_is_found_where_it_happened() {
    let cases = [
        (
            "edit",
            "UPDATE audit SET record = replace(record, 'receive', 'recall') WHERE n = 5",
            5,
        ),
        (
            "remove",
            "DELETE FROM change WHERE audit_n = 7; DELETE FROM audit WHERE n = 7",
            7,
        ),
        (
            "swap",
            "UPDATE audit SET n = -4 WHERE n = 4; UPDATE audit SET n = 4 WHERE n = 9;
             UPDATE audit SET n = 9 WHERE n = -4",
            4,
        ),
        (
            "cut off the end",
            "DELETE FROM change WHERE audit_n > 11; DELETE FROM audit WHERE n > 11",
            12,
        ),
        (
            "append",
            "INSERT INTO audit SELECT tenant, 14, record, hash FROM audit WHERE n = 13",
            14,
        ),
    ];
    for (name, sql, broken_at) in cases {
        for shop in busy_on_each() {
            let disarm = match shop.back_end {
                BackEnd::Sqlite => {
                    "PRAGMA foreign_keys = OFF; DROP TRIGGER audit_no_update;
                     DROP TRIGGER audit_no_delete;"
                }
                BackEnd::Postgres(_) => {
                    "DROP TRIGGER audit_no_update ON audit; DROP TRIGGER audit_no_delete ON audit;
                     ALTER TABLE change DROP CONSTRAINT change_tenant_audit_n_fkey"
                }
            };
            let mut raw = shop.raw();
            raw.run(disarm).unwrap();
            raw.run(sql).unwrap();
            let report = shop.db.verify_audit().unwrap();
            assert_eq!(report.broken_at, Some(broken_at), "{name}");
            assert_eq!(report.count, broken_at - 1, "{name}");
        }
    }
}
