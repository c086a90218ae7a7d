//! Spoken forms to plain ones before comparing: 啥 is 什么, 咋整 is 怎么办, 七天 is 7天.
//!
//! Function words and a few words that every service says in two ways; trade words are the
//! business of a thesaurus. Longest form first.

use std::{collections::HashMap, sync::LazyLock};

/// `plain: spoken spoken …`
const FORMS: &str = "\
什么时候: 啥时候 啥时 几时 何时 什么时间 啥时间 哪天 多会儿\n\
什么: 啥 神马 甚么\n\
怎么办: 咋整 咋弄 咋搞 咋办 怎么整 怎么弄 怎么搞 如何处理 怎么处理 怎么解决 肿么办 怎么半 咋处理 咋解决\n\
怎么样: 咋样\n\
为什么: 为啥 干嘛 咋回事 怎么回事 什么原因 什么情况 啥情况 啥原因 凭啥 凭什么\n\
怎么: 咋 如何 怎样 肿么 要怎么 该怎么\n\
多久: 多长时间 多少天 几天 多少时间 多长 几个工作日 多少个工作日\n\
哪里: 哪儿 哪边 啥地方 什么地方 哪块 何处\n\
多少钱: 几块钱 多少元 几元 啥价 什么价格 多少块 怎么收费\n\
可以: 能不能 可不可以 可否 能否 行不行 能够 是否可以 是不是可以\n\
有没有: 有没 有木有 是否有\n\
是不是: 是否\n\
没有: 木有 没得\n\
我: 俺 咱 偶\n\
我们: 咱们 俺们\n\
你们: 恁们 贵店 贵司 你们家 你家 你们店\n\
知道: 晓得 造吗\n\
看: 瞅瞅 瞅 瞧瞧 瞧 看看 看一下 查看\n\
东西: 玩意儿 玩意 货品\n\
孩子: 闺女 女儿 儿子 小孩 娃娃 娃 宝宝 小朋友 儿童\n\
喜欢: 稀罕 中意\n\
运费: 邮费 快递费 邮寄费 邮资\n\
退款: 退钱 返款 退还钱款 把钱退 钱退\n\
付款: 付钱 支付 给钱 掏钱 买单 结账\n\
快递单号: 运单号 物流单号 物流号 快递号\n\
手机号: 手机号码 电话号码 电话号\n\
优惠: 打折 折扣 便宜点 减价\n\
坏了: 坏掉 用不了 不能用 出毛病 有毛病\n\
丢了: 弄丢 丢失 不见了 找不到了 没影了 掉了\n\
修改: 更改 更换 改一下 变更\n\
取消: 撤销 撤掉 不要了\n\
注销: 销号 销户 注消\n";

/// A spoken form and its plain one.
type Form = (Vec<char>, Vec<char>);

/// By first character, longest first.
static BY_FIRST: LazyLock<HashMap<char, Vec<Form>>> = LazyLock::new(|| {
    let mut by_first: HashMap<char, Vec<Form>> = HashMap::new();
    for line in FORMS.lines() {
        let Some((plain, spoken)) = line.split_once(':') else {
            continue;
        };
        for form in spoken.split_whitespace() {
            let form: Vec<char> = form.chars().collect();
            if let Some(first) = form.first() {
                let entry = (form.clone(), plain.trim().chars().collect());
                by_first.entry(*first).or_default().push(entry);
            }
        }
    }
    for forms in by_first.values_mut() {
        forms.sort_by_key(|(form, _)| std::cmp::Reverse(form.len()));
    }
    by_first
});

/// The plain form of folded characters.
pub(crate) fn plain(chars: &[char]) -> Vec<char> {
    let mut plain = Vec::with_capacity(chars.len());
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        let rest = chars.get(at..).unwrap_or_default();
        if let Some((len, number)) = number(rest) {
            plain.extend(number.to_string().chars());
            at += len;
            continue;
        }
        let form = BY_FIRST
            .get(c)
            .and_then(|forms| forms.iter().find(|(form, _)| rest.starts_with(form)));
        if let Some((form, to)) = form {
            plain.extend(to);
            at += form.len();
        } else {
            plain.push(*c);
            at += 1;
        }
    }
    plain
}

/// Units after which a single numeral is a number; `一个`, `一件` and the like are none.
const UNITS: &str = "米斤块元天年月号级岁楼升期周寸瓦度";
const DIGITS: &str = "零一二三四五六七八九";

/// A number in Chinese numerals at the beginning: how many characters, and its value. A single
/// numeral counts before a unit only.
fn number(chars: &[char]) -> Option<(usize, u64)> {
    let len = chars
        .iter()
        .take(12)
        .take_while(|c| digit(**c).is_some() || power(**c).is_some())
        .count();
    let numerals = chars.get(..len)?;
    let (first, unit) = (numerals.first()?, chars.get(len));
    let is_number = match len {
        1 => digit(*first).is_some() && unit.is_some_and(|unit| UNITS.contains(*unit)),
        _ => digit(*first).is_some() || *first == '十',
    };
    if !is_number {
        return None;
    }
    let (mut total, mut section, mut last) = (0_u64, 0_u64, 0_u64);
    let positional = numerals.iter().all(|c| power(*c).is_none());
    for c in numerals {
        match (digit(*c), power(*c)) {
            (Some(digit), _) if positional => last = last * 10 + digit,
            (Some(digit), _) => last = digit,
            (None, Some(10_000)) => {
                total += (section + last).max(1) * 10_000;
                (section, last) = (0, 0);
            }
            (None, Some(power)) => {
                section += last.max(1) * power;
                last = 0;
            }
            (None, None) => {}
        }
    }
    Some((len, total + section + last))
}

fn digit(c: char) -> Option<u64> {
    match c {
        '两' => Some(2),
        '〇' => Some(0),
        _ => (0..)
            .zip(DIGITS.chars())
            .find(|(_, digit)| *digit == c)
            .map(|(value, _)| value),
    }
}

fn power(c: char) -> Option<u64> {
    match c {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1_000),
        '万' => Some(10_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        for (text, expected) in [
            ("啥时候发货", "什么时候发货"),
            ("咋整", "怎么办"),
            ("七天无理由", "7天无理由"),
            ("一百四十斤", "140斤"),
            ("两万块", "20000块"),
            ("一米七二", "1米72"),
            ("十二期", "12期"),
            ("帮我看一个", "帮我看一个"),
            ("万一坏了", "万一坏了"),
            ("千万别退", "千万别退"),
            ("二零二四年", "2024年"),
            ("", ""),
        ] {
            let found: String = plain(&text.chars().collect::<Vec<_>>()).iter().collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
