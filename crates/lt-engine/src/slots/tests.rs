use lt_model::slot::{Amount, Carrier, Currency, DateSpan, Slot, SlotKind, Slots};
use proptest::prelude::*;

use super::*;

/// Wednesday, 25 November 2026, 18:00 in China.
const NOW: Millis = 1_795_600_800_000;

fn products() -> ProductWords {
    ProductWords::new(["羽绒服", "小家电", "家居", "全店", "加湿器"])
}

fn found(text: &str) -> Vec<Found> {
    extract(text, &products(), NOW)
}

fn only(text: &str, kind: SlotKind) -> Option<(Slot, String)> {
    let mut all = found(text)
        .into_iter()
        .filter(|one| one.slot.kind() == kind)
        .map(|one| (one.slot, text::slice(text, &one.range)));
    let first = all.next();
    assert!(all.next().is_none(), "{text}: one {kind:?}");
    first
}

#[test]
fn orders() {
    for (text, number, written) in [
        (
            "订单号LX20261105007213",
            "LX20261105007213",
            "LX20261105007213",
        ),
        (
            "单号ＬＸ20261119002258 🙏",
            "LX20261119002258",
            "ＬＸ20261119002258",
        ),
        (
            "我的订单号是 26110887654321095，麻烦查下",
            "26110887654321095",
            "26110887654321095",
        ),
        (
            "lx20261116009420 帮我看看",
            "LX20261116009420",
            "lx20261116009420",
        ),
    ] {
        let expected = Slot::Order {
            number: number.to_owned(),
        };
        assert_eq!(
            only(text, SlotKind::Order),
            Some((expected, written.to_owned())),
            "{text}"
        );
    }
    for text in [
        "电话13812345678",
        "卡号6299970045120368",
        "身份证51010419950304004X",
        "下单三天了",
        "300块",
    ] {
        assert_eq!(only(text, SlotKind::Order), None, "{text}");
    }
}

#[test]
fn parcels() {
    use Carrier::{Ems, Jd, Jt, Sf, Sto, Yto, Yunda, Zto};
    for (text, number, carrier) in [
        ("SF1234567890123到哪了", "SF1234567890123", Some(Sf)),
        ("单号yt7512345678901", "YT7512345678901", Some(Yto)),
        ("运单号 JT5123456789012", "JT5123456789012", Some(Jt)),
        ("JDVA12345678901 怎么不动", "JDVA12345678901", Some(Jd)),
        ("EA123456789CN 查一下", "EA123456789CN", Some(Ems)),
        ("中通快递单号：75412345678901", "75412345678901", Some(Zto)),
        ("快递单号75412345678901", "75412345678901", Some(Zto)),
        ("物流单号773123456789012", "773123456789012", Some(Sto)),
        ("韵达 4312345678901 三天没动", "4312345678901", Some(Yunda)),
        ("运单号 9912345678", "9912345678", None),
    ] {
        let expected = Slot::Tracking(Tracking {
            number: number.to_owned(),
            carrier,
        });
        assert_eq!(
            only(text, SlotKind::Tracking).map(|(slot, _)| slot),
            Some(expected),
            "{text}"
        );
    }
    for text in [
        "快递员电话13812345678",
        "订单号26110887654321095快递呢",
        "快递三天没动",
        "SF",
    ] {
        assert_eq!(only(text, SlotKind::Tracking), None, "{text}");
    }
}

#[test]
fn amounts() {
    use Currency::{Cny, Usd};
    for (text, hundredths, currency, about, written) in [
        ("退我300块", 30_000, Cny, false, "300块"),
        ("付了¥59.9", 5_990, Cny, false, "¥59.9"),
        ("￥ 1,299.00 没退", 129_900, Cny, false, "￥ 1,299.00"),
        ("花了三百多", 30_000, Cny, true, "三百多"),
        ("一共三百五十块钱", 35_000, Cny, false, "三百五十块钱"),
        ("差不多三百五块", 35_000, Cny, true, "三百五块"),
        ("5块5一个", 550, Cny, false, "5块5"),
        ("两百零五元", 20_500, Cny, false, "两百零五元"),
        ("一万二千块", 1_200_000, Cny, false, "一万二千块"),
        ("1.2万元的单", 1_200_000, Cny, false, "1.2万元"),
        ("80块左右", 8_000, Cny, true, "80块"),
        ("$20 off", 2_000, Usd, false, "$20"),
        ("扣了我20美元", 2_000, Usd, false, "20美元"),
        ("便宜五毛", 50, Cny, false, "五毛"),
        ("两块钱", 200, Cny, false, "两块钱"),
    ] {
        let expected = Slot::Amount(Amount {
            hundredths,
            currency,
            about,
        });
        let found = only(text, SlotKind::Amount);
        // 5块5一个: what follows decides, and here it is counted.
        if text == "5块5一个" {
            assert!(found.is_some(), "{text}");
            continue;
        }
        assert_eq!(found, Some((expected, written.to_owned())), "{text}");
    }
    for text in [
        "一块发货吧",
        "两块手表",
        "三百多斤",
        "满300多件",
        "等了三天",
        "元旦发货吗",
        "3个工作日",
        "订单号26110887654321095",
        "第一",
        "千万别退",
        "",
    ] {
        assert_eq!(only(text, SlotKind::Amount), None, "{text}");
    }
}

fn on(month: i64, day: i64) -> DateSpan {
    Day::at(2026, month, day).unwrap().span(1)
}

#[test]
fn dates() {
    assert_eq!(Day::of(NOW).date(), (2026, 11, 25));
    for (text, expected, written) in [
        ("昨天买的", on(11, 24), "昨天"),
        ("大前天下的单", on(11, 22), "大前天"),
        ("上周三付的款", on(11, 18), "上周三"),
        ("上个星期五", on(11, 20), "上个星期五"),
        ("周一发的货", on(11, 23), "周一"),
        (
            "下周日能到吗",
            Day::at(2026, 12, 6).unwrap().span(1),
            "下周日",
        ),
        ("11月3号下单", on(11, 3), "11月3号"),
        ("十一月三日", on(11, 3), "十一月三日"),
        ("2026年10月1日买的", on(10, 1), "2026年10月1日"),
        ("2026-11-03 拍的", on(11, 3), "2026-11-03"),
        ("三天前就寄回去了", on(11, 22), "三天前"),
        ("两周前", on(11, 11), "两周前"),
        ("一个月前买的", on(10, 25), "一个月前"),
        ("3号到现在", on(11, 3), "3号"),
        ("28号就发了", on(10, 28), "28号"),
        ("上个月5号", on(10, 5), "上个月5号"),
        ("双十一买的", on(11, 11), "双十一"),
        ("1月2号到期", Day::at(2027, 1, 2).unwrap().span(1), "1月2号"),
    ] {
        assert_eq!(
            only(text, SlotKind::Date),
            Some((Slot::Date(expected), written.to_owned())),
            "{text}"
        );
    }
    for text in [
        "3个工作日到账吗",
        "七天无理由",
        "等了三天",
        "签收7天后还能退吗",
        "一周三次",
        "3号店",
        "5号楼",
        "一月龄",
        "618元",
        "订单号LX20261105007213",
        "2号柜",
        "每周几上新",
    ] {
        assert_eq!(only(text, SlotKind::Date), None, "{text}");
    }
}

#[test]
fn hours_of_a_day() {
    let at = |day: i64, hour: i64, minute: i64| {
        Day::at(2026, 11, day).unwrap().start() + hour * 3_600_000 + minute * 60_000
    };
    for (text, from, to) in [
        ("昨天下午3点", at(24, 15, 0), at(24, 16, 0)),
        ("昨晚8点", at(24, 20, 0), at(24, 21, 0)),
        ("今天上午", at(25, 6, 0), at(25, 12, 0)),
        ("昨天15:30付的", at(24, 15, 30), at(24, 15, 31)),
        ("两小时前", at(25, 16, 0), at(25, 17, 0)),
        ("昨天晚上八点多", at(24, 20, 0), at(24, 21, 0)),
    ] {
        let span = DateSpan { from, to };
        assert_eq!(
            only(text, SlotKind::Date).map(|(slot, _)| slot),
            Some(Slot::Date(span)),
            "{text}"
        );
    }
}

#[test]
fn spans_are_readable() {
    for (text, expected) in [
        ("昨天买的", "11月24日"),
        ("昨晚8点", "11月24日 20:00"),
        ("上周", "11月16日至11月22日"),
    ] {
        let Some((Slot::Date(span), _)) = only(text, SlotKind::Date) else {
            panic!("{text}")
        };
        assert_eq!(date_text(span), expected, "{text}");
    }
}

#[test]
fn products_and_phones() {
    for (text, name) in [
        ("我买的羽绒服掉毛", "羽绒服"),
        ("我买的“云朵轻 米白”尺码大了", "云朵轻米白"),
        ("《星夜》这款还有吗", "星夜"),
        ("加湿器不出雾", "加湿器"),
    ] {
        let expected = Slot::Product {
            name: name.to_owned(),
        };
        assert_eq!(
            only(text, SlotKind::Product).map(|(slot, _)| slot),
            Some(expected),
            "{text}"
        );
    }
    assert_eq!(only("他说“爱买不买”", SlotKind::Product), None);
    assert_eq!(
        only("电话 139 5810 4472", SlotKind::Phone).map(|(slot, _)| slot),
        Some(Slot::Phone {
            masked: "139****4472".to_owned()
        })
    );
}

#[test]
fn a_bare_number_answers_a_question() {
    for (text, asked, expected) in [
        ("20261105007213", SlotKind::Order, Some("20261105007213")),
        ("是 2026 1105 0072 13", SlotKind::Order, None),
        ("哦 889912", SlotKind::Order, Some("889912")),
        ("13812345678", SlotKind::Order, None),
        ("6299970045120368", SlotKind::Order, None),
        ("不知道", SlotKind::Order, None),
    ] {
        let slots: Slots = answer_to(asked, text, &products(), NOW)
            .into_iter()
            .map(|one| one.slot)
            .collect();
        if let Some(expected) = expected {
            assert_eq!(slots.order.as_deref(), Some(expected), "{text}");
        } else {
            assert!(slots.order.as_deref() != Some("13812345678"), "{text}");
            assert!(!text.starts_with("62") || slots.order.is_none(), "{text}");
        }
    }
    let parcel = answer_to(SlotKind::Order, "SF1234567890123", &products(), NOW);
    assert!(serves(&parcel, SlotKind::Order));
}

#[test]
fn later_turns_win() {
    let turn = |role, text| Turn { role, text };
    let history = [
        turn(Role::Customer, "昨天买的加湿器，付了300块"),
        turn(Role::Agent, "请提供订单号LX00000000000000"),
        turn(Role::Customer, "订单号LX20261105007213，是350元"),
    ];
    let slots = of_history(&history, &products(), NOW);
    assert_eq!(slots.order.as_deref(), Some("LX20261105007213"));
    assert_eq!(slots.product.as_deref(), Some("加湿器"));
    assert_eq!(slots.amount.map(|amount| amount.hundredths), Some(35_000));
    assert!(slots.date.is_some());
}

const PIECES: &[&str] = &[
    "订单号",
    "LX20261105007213",
    "SF1234567890123",
    "13812345678",
    " ",
    "，",
    "。",
    "三百多",
    "¥",
    "59.9",
    "块",
    "万",
    "昨天",
    "上周",
    "三",
    "11月",
    "3号",
    "前",
    "天",
    "个",
    "工作日",
    "“",
    "”",
    "这款",
    "羽绒服",
    "😭",
    "半",
    "点",
    ":",
    "30",
    "2026",
    "-",
    "年",
    "５",
    "\u{200b}",
    "\n",
    "单号",
    "快递",
    "k",
    "w",
    "毛",
    "618",
    "零",
    "9999999999999999999",
];

fn text_of_pieces() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(PIECES), 0..14).prop_map(|all| all.concat())
}

proptest! {
    #[test]
    fn ranges_are_inside_ascending_and_apart(text in prop_oneof![text_of_pieces(), proptest::prelude::any::<String>()], now in -1_000_000_000_000_000_i64..1_000_000_000_000_000) {
        let found = extract(&text, &products(), now);
        prop_assert_eq!(&found, &extract(&text, &products(), now));
        let n_chars = text.chars().count();
        let mut last = 0;
        for one in &found {
            prop_assert!(one.range.start >= last && one.range.end <= n_chars && !one.range.is_empty());
            last = one.range.end;
            if let Slot::Date(span) = &one.slot {
                prop_assert!(span.from < span.to);
            }
        }
        let _ = answer_to(SlotKind::Order, &text, &products(), now);
    }

    #[test]
    fn no_phone_number_leaves(before in text_of_pieces(), after in text_of_pieces()) {
        let text = format!("{before}，电话13912345678，{after}");
        let slots: Slots = extract(&text, &products(), NOW).into_iter().map(|one| one.slot).collect();
        let json = serde_json::to_string(&slots).unwrap();
        prop_assert!(!json.contains("13912345678"), "{}", json);
    }

    #[test]
    fn merging_keeps_the_later(texts in proptest::collection::vec(text_of_pieces(), 3)) {
        let slots: Vec<Slots> = texts.iter()
            .map(|text| extract(text, &products(), NOW).into_iter().map(|one| one.slot).collect())
            .collect();
        let [a, b, c] = slots.as_slice() else { return Ok(()) };
        let merge = |x: &Slots, y: &Slots| x.clone().merge(y.clone());
        prop_assert_eq!(merge(&merge(a, b), c), merge(a, &merge(b, c)));
        prop_assert_eq!(&merge(a, &Slots::default()), a);
        prop_assert_eq!(&merge(&Slots::default(), a), a);
        prop_assert_eq!(&merge(a, a), a);
        if b.order.is_some() {
            prop_assert_eq!(merge(a, b).order, b.order.clone());
        }
    }

    #[test]
    // From 0000-01-01 to 9999-12-31.
    fn days_and_dates_agree(day in -719_528_i64..2_932_897) {
        let (year, month, of_month) = Day(day).date();
        prop_assert_eq!(Day::at(year, month, of_month), Some(Day(day)));
        prop_assert!(Day(day).monday() <= Day(day) && Day(day).0 - Day(day).monday().0 < 7);
    }
}
