use crate::{mask, mask_name, mask_phone, redact_log};

fn check(input: &str, expected: &str) {
    let masked = mask(input);
    assert_eq!(masked.text, expected);
    assert_eq!(mask(&masked.text).text, expected);
    assert!(mask(&masked.text).spans.is_empty());
}

#[test]
fn values_keep_what_helps_to_recognise_them() {
    check("手机13812345678。", "手机138****5678。");
    check("+86 138-1234-5678", "138****5678");
    check("１３８１２３４５６７８", "138****5678");
    check("幺三八一二三四五六七八", "138****5678");
    check("13812345678转8001", "138****5678");
    check("身份证110101199003070134", "身份证110101********0134");
    check("11010119900307053x", "110101********053x");
    check("卡号6222 0212 3456 7894", "卡号6222 **** **** 7894");
    check("6222021234567890128", "6222 **** **** 0128");
    check("邮箱abc@x.com", "邮箱a***@x.com");
    check("我叫张小三", "我叫张**");
    check("姓名：司马怀瑾", "姓名：司马**");
    check("座机010-62345678", "座机****5678");
    check("浙江省杭州市西湖区文三路478号", "浙江省杭州市****");
    check("没有什么", "没有什么");
}

#[test]
fn spans_are_those_of_the_original() {
    let masked = mask("我叫张三丰，13812345678");
    let spans: Vec<(usize, usize)> = masked.spans.iter().map(|s| (s.start, s.end)).collect();
    assert_eq!(spans, [(2, 5), (6, 17)]);
}

#[test]
fn names_for_lists() {
    for (name, want) in [
        ("张三", "张*"),
        ("王小明", "王**"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳", "欧*"),
        ("张", "张*"),
        ("John Smith", "J***"),
        ("小明abc", "小***"),
        ("😀", "😀***"),
        ("", ""),
        ("  李雷 ", "李*"),
    ] {
        assert_eq!(mask_name(name), want, "{name}");
    }
}

#[test]
fn phones_for_lists() {
    for (phone, want) in [
        ("13812345678", "138****5678"),
        ("+86 13812345678", "138****5678"),
        ("008613812345678", "138****5678"),
        ("+852 9123 4567", "852****4567"),
        ("62345678", "62****5678"),
        ("10086", "****"),
        ("", "****"),
    ] {
        assert_eq!(mask_phone(phone), want, "{phone}");
    }
}

#[test]
fn log_lines_name_the_kind_only() {
    assert_eq!(redact_log("sent to 13812345678 ok"), "sent to ‹phone› ok");
    assert_eq!(
        redact_log("邮箱a@x.com，IP 192.0.2.1"),
        "邮箱‹email›，IP ‹ip›"
    );
    let plain = "trace=01J9Z2 rows=12 took_ms=1380";
    assert!(matches!(redact_log(plain), std::borrow::Cow::Borrowed(line) if line == plain));
}
