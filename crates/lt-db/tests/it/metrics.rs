//! Cells and cases, and the transaction that writes what follows from acts.

use lt_db::{
    DbError, feed,
    table::{
        metric_case::{self, Among, CaseId, FIRST, MetricCase},
        metric_cell::{self, CellKey, StoredCell},
        metric_state::{self, MetricState},
    },
};
use lt_model::{
    change::EntityKind,
    id::ConversationId,
    metric::{Cell, Count, Dimension, Grain, Share},
};

use crate::fixture::{Shop, id, new_conversation, say};

fn state(acts: u64, version: u64) -> MetricState {
    MetricState {
        acts,
        version,
        as_of: 5,
        utc_offset_minutes: 480,
    }
}

fn bytes(opened: i64) -> Vec<u8> {
    let mut cell = Cell::default();
    cell.add(Count::Opened, opened);
    cell.first_response.add(40, 2);
    cell.to_bytes()
}

#[test]
fn a_step_is_taken_once_and_is_no_act() {
    for shop in Shop::on_each(1) {
        let n_audited = shop.number("SELECT count(*) FROM audit");
        let advance = |from: Option<MetricState>, to: MetricState| {
            shop.db
                .derive(|tx| metric_state::advance(tx, from.as_ref(), &to))
                .unwrap()
        };
        assert!(advance(None, state(3, 1)));
        assert!(!advance(None, state(4, 2)), "somebody began before");
        assert!(advance(Some(state(3, 1)), state(7, 2)));
        assert!(
            !advance(Some(state(3, 1)), state(8, 3)),
            "it is not there any more"
        );
        let known = shop.db.read(metric_state::get).unwrap();
        assert_eq!(known, Some(state(7, 2)));
        // What fails is taken back as a whole, and the next one goes well.
        let failed = shop.db.derive(|tx| {
            metric_state::advance(tx, Some(&state(7, 2)), &state(9, 9))?;
            Err::<(), DbError>(DbError::ReadOnly)
        });
        assert!(failed.is_err());
        assert_eq!(shop.db.read(metric_state::get).unwrap(), known);
        // What desktops see is never changed that way.
        let sneaked = shop
            .db
            .derive(|tx| new_conversation(tx, shop.inbox, shop.groups[0]).map(drop));
        assert!(matches!(sneaked, Err(DbError::Unaudited)));
        assert_eq!(shop.number("SELECT count(*) FROM conversation"), 0);
        assert_eq!(shop.number("SELECT count(*) FROM audit"), n_audited);
    }
}

#[test]
fn cells_are_found_by_key_by_version_and_by_time() {
    for shop in Shop::on_each(2) {
        let (one, two) = (shop.groups[0], shop.groups[1]);
        let cell = |group, grain, dim, at, value: &str, version| StoredCell {
            key: CellKey {
                group,
                grain,
                dim,
                at,
                value: value.to_owned(),
            },
            version,
            bytes: bytes(version.try_into().unwrap()),
        };
        let web = Some(Dimension::Channel);
        let mut cells = vec![
            cell(one, Grain::Day, None, 100, "", 1),
            cell(one, Grain::Day, web, 100, "web", 2),
            cell(two, Grain::Day, None, 100, "", 3),
            cell(one, Grain::Day, web, 90, "email", 4),
            cell(one, Grain::Hour, None, 90, "", 5),
        ];
        // More than one statement holds.
        cells.extend((0..60).map(|n| cell(one, Grain::Month, None, n, "", 6 + n.unsigned_abs())));
        shop.db.derive(|tx| metric_cell::put(tx, &cells)).unwrap();
        let keys: Vec<&CellKey> = cells
            .iter()
            .map(|cell| &cell.key)
            .filter(|key| key.group == one)
            .collect();
        let mut found = shop
            .db
            .read(|reader| metric_cell::of_group(reader, one, &keys))
            .unwrap();
        found.sort_by_key(|cell| cell.version);
        let expected: Vec<&StoredCell> =
            cells.iter().filter(|cell| cell.key.group == one).collect();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected);
        let newer = |after, limit| {
            let newer = |reader: &lt_db::Reader<'_>| metric_cell::newer(reader, one, after, limit);
            let found = shop.db.read(newer).unwrap();
            found.iter().map(|cell| cell.version).collect::<Vec<_>>()
        };
        assert_eq!(newer(0, 3), [1, 2, 4]);
        // A server of an earlier version that still runs writes minutes: no desk is told of them.
        let minute = "INSERT INTO metric_cell (tenant, grp, grain, dim, at, value, version, cell)
             SELECT tenant, grp, 'minute', dim, at, value, 64, cell FROM metric_cell
             WHERE version = 1";
        shop.raw().run(minute).unwrap();
        assert_eq!(newer(63, 10), [64, 65]);
        // A later state takes the place of the earlier one.
        let later = cell(one, Grain::Day, web, 100, "web", 70);
        shop.db
            .derive(|tx| metric_cell::put(tx, std::slice::from_ref(&later)))
            .unwrap();
        let between = |grain, from, to| {
            shop.db
                .read(|reader| metric_cell::between(reader, (grain, web), &[one, two], from, to))
                .unwrap()
        };
        let of_value = |of| {
            let of_value = |reader: &lt_db::Reader<'_>| {
                metric_cell::of_value(reader, (Grain::Day, of), &[one, two], 90, 101)
            };
            let found = shop.db.read(of_value).unwrap();
            found.iter().map(|cell| cell.version).collect::<Vec<_>>()
        };
        assert_eq!(of_value(None), [1, 3]);
        assert_eq!(of_value(Some((Dimension::Channel, "web"))), [70]);
        assert_eq!(of_value(Some((Dimension::Channel, "email"))), [4]);
        assert_eq!(between(Grain::Day, 100, 101), [later]);
        assert_eq!(between(Grain::Day, 101, 200), []);
        let dropped = shop
            .db
            .derive(|tx| metric_cell::drop_before(tx, Grain::Hour, 91))
            .unwrap();
        assert_eq!(dropped, 1);
        assert!(!newer(0, 100).contains(&5));
    }
}

#[test]
fn cases_are_found_by_what_counts_when() {
    for shop in Shop::on_each(2) {
        let case = |n: u64, opened_at, left_at: Option<i64>| {
            let mut flows = vec![(opened_at + 1, Count::QueueIn)];
            flows.extend(left_at.map(|at| (at, Count::QueueOut)));
            MetricCase {
                id: CaseId::Conversation(id::<ConversationId>()),
                number: n,
                group: shop.groups[0],
                agent: (n == 1).then_some(shop.agent),
                channel: Some("web".to_owned()),
                line: Some(String::new()),
                category: None,
                intent: Some("怎么申请退款".to_owned()),
                is_standing: left_at.is_none(),
                late_at: left_at.is_none().then_some(opened_at + 180),
                share: Share {
                    opened_at,
                    outcome: vec![(Count::Opened, 1)],
                    first_response_s: Some(7),
                    flows,
                },
            }
        };
        let cases = [
            case(1, 100, Some(150)),
            case(2, 200, None),
            case(3, 300, Some(900)),
        ];
        let put = |case: &MetricCase| {
            shop.db.derive(|tx| metric_case::put(tx, case)).unwrap();
        };
        cases.iter().for_each(put);
        let numbers =
            |found: Vec<MetricCase>| -> Vec<u64> { found.iter().map(|case| case.number).collect() };
        let read = |look: &dyn Fn(&lt_db::Reader<'_>) -> lt_db::Result<Vec<MetricCase>>| {
            numbers(shop.db.read(|reader| look(reader)).unwrap())
        };
        let first = shop
            .db
            .read(|reader| metric_case::get(reader, cases[0].id))
            .unwrap();
        assert_eq!(first.as_ref(), Some(&cases[0]));
        let (own, other) = (shop.groups[0], shop.groups[1]);
        let among =
            |group, among| read(&|reader| metric_case::newest(reader, group, among, FIRST, 9));
        let opened = Among::Opened { from: 100, to: 300 };
        for (which, expected) in [
            (opened, &[2, 1][..]),
            (Among::Opened { from: 101, to: 301 }, &[3, 2]),
            (Among::OpenedBefore(200), &[]),
            (Among::OpenedBefore(150), &[1]),
            (Among::OpenedBefore(301), &[3]),
            (Among::Standing(200), &[]),
            (Among::Standing(201), &[2]),
            (Among::Stood(900), &[3]),
            (Among::Stood(901), &[]),
            (Among::Stood(140), &[1]),
        ] {
            assert_eq!(among(own, which), expected, "{which:?}");
            assert!(among(other, which).is_empty(), "{which:?}");
        }
        let within = |group, from, to| {
            let mut found = read(&|reader| metric_case::within(reader, group, from, to));
            found.sort_unstable();
            found
        };
        assert_eq!(within(own, 140, 250), [1, 2]);
        assert!(within(other, 140, 250).is_empty());
        // From place to place; of those of one moment each has a place of its own.
        [case(4, 200, None), case(5, 200, None)]
            .iter()
            .for_each(put);
        let mut after = FIRST;
        let mut passed = Vec::new();
        loop {
            let next =
                |reader: &lt_db::Reader<'_>| metric_case::newest(reader, own, opened, after, 1);
            let Some(case) = shop.db.read(next).unwrap().pop() else {
                break;
            };
            after = case.place();
            passed.push(case.number);
        }
        assert_eq!(passed, [5, 4, 2, 1]);
        let late = |now| {
            shop.db
                .read(|reader| metric_case::late(reader, now, 9))
                .unwrap()
        };
        assert_eq!(late(379), []);
        let CaseId::Conversation(second) = cases[1].id else {
            panic!("{:?}", cases[1].id);
        };
        assert!(late(380).contains(&second));
        // A later state takes the place of the earlier one.
        let mut over = cases[1].clone();
        over.share.flows.push((500, Count::QueueOut));
        (over.is_standing, over.late_at) = (false, None);
        put(&over);
        assert!(!late(380).contains(&second));
        assert_eq!(numbers(shop.db.read(metric_case::all).unwrap()).len(), 5);
    }
}

#[test]
fn what_acts_touched_is_told_by_whole_acts() {
    for shop in Shop::on_each(1) {
        let touched = |after, n| {
            shop.db
                .read(|reader| feed::touched(reader, after, n))
                .unwrap()
        };
        let begun = touched(0, 1_000).unwrap().up_to;
        assert!(touched(begun, 1_000).is_none());
        let mut first = shop.act("talk", |tx| {
            new_conversation(tx, shop.inbox, shop.groups[0])
        });
        shop.act("talk", |tx| say(tx, &mut first, "在吗"));
        let second = shop.act("talk", |tx| {
            new_conversation(tx, shop.inbox, shop.groups[0])
        });
        // Each act changes several rows: one row asks for the whole of its act.
        let one = touched(begun, 1).unwrap();
        let of = |id: ConversationId| (EntityKind::Conversation, id.to_string());
        assert_eq!(one.rows, [of(first.id)]);
        let mut all = touched(begun, 1_000).unwrap();
        all.rows.sort();
        let mut expected = vec![of(first.id), of(second.id)];
        expected.sort();
        assert_eq!((all.up_to, all.rows), (one.up_to + 2, expected));
        assert!(touched(all.up_to, 1).is_none());
    }
}
