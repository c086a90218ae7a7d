//! A customer's text as it may be learned: without anything that names a person or a thing of theirs.

use lt_guard::PiiKind;

/// Runs of digits from this length on are somebody's number, whatever it is called.
const LONG_RUN: usize = 6;

/// The text with generic words in the place of personal data; none where something is left.
pub(super) fn generic(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for span in lt_guard::scan(text) {
        masked.extend(chars.get(at..span.start)?);
        say(&mut masked, word(span.kind));
        at = span.end;
    }
    masked.extend(chars.get(at..)?);
    let masked = without_runs(&masked);
    lt_guard::scan(&masked).is_empty().then_some(masked)
}

/// Adds the word unless the text says it just before, as in 订单号：123.
fn say(text: &mut String, word: &str) {
    let before = text.trim_end_matches([' ', ':', '：', '是', '为', '#', '，', ',']);
    if before.ends_with(word) {
        let n = before.len();
        text.truncate(n);
    } else {
        text.push_str(word);
    }
}

fn without_runs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain(std::iter::once('\n')) {
        if c.is_ascii_alphanumeric() || c == '-' && !run.is_empty() {
            run.push(c);
            continue;
        }
        if run.chars().filter(char::is_ascii_digit).count() >= LONG_RUN {
            say(&mut out, "单号");
        } else {
            out.push_str(&run);
        }
        run.clear();
        out.push(c);
    }
    out.pop();
    out
}

const fn word(kind: PiiKind) -> &'static str {
    match kind {
        PiiKind::Phone => "手机号",
        PiiKind::Landline => "电话",
        PiiKind::IdCard => "身份证号",
        PiiKind::BankCard => "银行卡号",
        PiiKind::Address => "地址",
        PiiKind::Email => "邮箱",
        PiiKind::Name => "姓名",
        PiiKind::Plate => "车牌号",
        PiiKind::Passport => "护照号",
        PiiKind::OrderNo => "订单号",
        PiiKind::Wechat => "微信号",
        PiiKind::Ip => "网络地址",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_customers_is_left() {
        for (text, expected) in [
            ("怎么申请退款", Some("怎么申请退款")),
            (
                "我的手机号是13812345678，怎么换绑",
                Some("我的手机号，怎么换绑"),
            ),
            (
                "打13812345678没人接，怎么联系快递",
                Some("打手机号没人接，怎么联系快递"),
            ),
            (
                "订单号：20250101123456789 什么时候发货",
                Some("订单号 什么时候发货"),
            ),
            ("SF1234567890123到哪了", Some("单号到哪了")),
            ("2号买的3件少了1件", Some("2号买的3件少了1件")),
        ] {
            let found = generic(text);
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
