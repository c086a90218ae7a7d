//! Made-up talk of a shop: what customers, the bot and agents write.

use std::fmt::Write as _;

/// Splitmix64: the same numbers everywhere.
pub struct Dice(u64);

impl Dice {
    /// Dice that fall the same way for the same seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, not including, `n`.
    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// One of several.
    pub fn one<T: Copy + Default>(&mut self, of: &[T]) -> T {
        of.get(self.below(of.len())).copied().unwrap_or_default()
    }

    /// So many digits, the first of them not 0.
    pub fn digits(&mut self, n: usize) -> String {
        let mut text = (1 + self.below(9)).to_string();
        while text.len() < n {
            let _ = write!(text, "{}", self.below(10));
        }
        text
    }
}

const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "欧阳", "诸葛", "司徒",
];
const GIVEN: &[&str] = &[
    "晓彤", "建国", "雨桐", "子涵", "丽娜", "一鸣", "思远", "佳怡", "伟", "静", "浩然", "梦琪",
];
const GOODS: &[&str] = &[
    "电饭煲",
    "扫地机器人",
    "跑步鞋",
    "羽绒服",
    "蓝牙耳机",
    "保温杯",
    "空气炸锅",
    "行李箱",
    "定制相框",
    "儿童书包",
    "咖啡机",
    "床上四件套",
];
const PLACES: &[&str] = &[
    "杭州",
    "成都",
    "沈阳",
    "乌鲁木齐",
    "佛山",
    "长沙",
    "西安",
    "昆明",
    "哈尔滨",
    "宁波",
];
const CARRIERS: &[&str] = &["顺丰", "中通", "圆通", "京东", "邮政"];
const ASKS: &[&str] = &[
    "我买的{g}什么时候能到{p}？",
    "订单{o}的退款还没有到账，已经{n}天了",
    "{g}收到就是坏的，怎么换货",
    "发票抬头写错了，能重新开吗",
    "帮我查一下{c}的快递{t}到哪里了",
    "请问{g}有没有现货，想今天下单",
    "我的手机号是{m}，麻烦尽快联系我",
    "价格比昨天贵了{n}元，可以补差价吗",
    "地址写错了，改成{p}可以吗",
    "你们的客服电话一直打不通，我要投诉！",
    "{g}的尺码偏小，想换大一号",
    "优惠券用不了，提示不满足条件",
    "保修期是多久？坏了去哪里修",
    "好的，谢谢",
    "在吗？",
    "怎么还没有人回复我",
    "少发了一件{g}，订单{o}",
    "会员积分什么时候到账",
];
const ANSWERS: &[&str] = &[
    "您好，{g}预计{n}天内送达{p}，物流由{c}承运。",
    "已经为您登记退款，{n}个工作日内原路退回，请留意到账短信。",
    "非常抱歉给您带来不便，请您提供订单号，我马上核实。",
    "发票可以重开，请把正确的抬头和税号发给我。",
    "快递{t}目前在{p}中转，预计明天派送。",
    "换货申请已经提交，上门取件时请保持电话畅通。",
    "差价可以补，稍后会以红包形式发到您的账户。",
    "{g}支持七天无理由退换，吊牌和包装请保留完整。",
    "不客气，还有其他可以帮您的吗？",
    "我帮您转接物流专员，请稍等。",
];

/// A name.
pub fn name(dice: &mut Dice) -> String {
    format!("{}{}", dice.one(SURNAMES), dice.one(GIVEN))
}

/// What a customer writes.
pub fn ask(dice: &mut Dice) -> String {
    let template = dice.one(ASKS);
    filled(template, dice)
}

/// What an agent or the bot writes.
pub fn answer(dice: &mut Dice) -> String {
    let template = dice.one(ANSWERS);
    filled(template, dice)
}

fn filled(template: &str, dice: &mut Dice) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        text.push_str(before);
        let (slot, behind) = behind.split_once('}').unwrap_or((behind, ""));
        match slot {
            "g" => text.push_str(dice.one(GOODS)),
            "p" => text.push_str(dice.one(PLACES)),
            "c" => text.push_str(dice.one(CARRIERS)),
            "o" => text.push_str(&format!("LX2026{}", dice.digits(8))),
            "t" => text.push_str(&format!("SF{}", dice.digits(13))),
            "m" => text.push_str(&format!("13{}", dice.digits(9))),
            _ => text.push_str(&(2 + dice.below(14)).to_string()),
        }
        rest = behind;
    }
    text + rest
}

/// What people search for: a character, two, words, and things that stand in a few texts only.
pub struct Queries {
    /// One character.
    pub one: &'static [&'static str],
    /// Two.
    pub two: &'static [&'static str],
    /// Several words, longer ones, and letters with digits.
    pub words: &'static [&'static str],
    /// What nobody wrote, so that only something like it is found.
    pub like: &'static [&'static str],
}

/// Them.
pub const QUERIES: Queries = Queries {
    one: &["退", "鞋", "坏", "修", "快", "的", "到", "换"],
    two: &[
        "退款", "发票", "物流", "投诉", "尺码", "差价", "杭州", "积分",
    ],
    words: &[
        "退款 到账",
        "发票抬头写错了",
        "蓝牙耳机 现货",
        "乌鲁木齐 中转",
        "LX2026",
        "上门取件",
        "保修期是多久",
        "红包 账户",
    ],
    like: &[
        "退款多久能够返还到我的卡里",
        "快递员把包裹弄丢了怎么赔",
        "耳机左边没有声音了",
    ],
};
