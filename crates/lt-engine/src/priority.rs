//! Urgency (紧急程度) by written rules, each with the words that it stands on.
//!
//! To add a rule: give it a name and patterns in [`RULES`] (syntax: the `pattern` module), say
//! which guards it keeps, and add a row to the test table.

use std::sync::LazyLock;

use lt_model::priority::{Priority, Reason};

use crate::{
    acts::{self, Act},
    pattern::{self, Hit, Patterns},
    text::{self, Folded},
};

/// Whether a message needs a person whatever the knowledge says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Person {
    /// No.
    No,
    /// Unless the knowledge surely has the answer, which then comes at once: 卡被盗刷怎么办.
    UnlessSure,
    /// Always: somebody may be hurt, or it is a matter of law.
    Always,
}

struct Rule {
    name: &'static str,
    to: Priority,
    person: Person,
    /// Whether a denial before the words cancels them.
    deniable: bool,
    /// Whether the rule also counts when it is the matched entry's question that has the words:
    /// the customer means the same in other words.
    topic: bool,
    patterns: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        name: "safety",
        to: Priority::Urgent,
        person: Person::Always,
        deniable: true,
        topic: true,
        patterns: "起火(锅) 着火 冒烟 冒火 自燃 爆炸(头|糖) 炸了(锅|鸡|薯) 炸开了|炸裂了 烧起来|烧着了|烧焦|烧糊 漏电(保护) 触电 电了一下|被电了|电到手|电到人|电到我 电|打了一下~发麻|手麻 烫伤|灼伤|烧伤(膏) \
                   受伤|流血|出血|划伤|割伤|砸伤|扎伤|夹伤|骨折 食物中毒|中毒了 过敏了|过敏反应|全身过敏|起红疹|起疹子 导致|害|弄|搞|吃坏|烫|砸|摔~住院|进医院|去医院|上医院|急诊 送医院|送医|送急诊 窒息|昏迷|休克|晕倒 电池鼓包|鼓包了 \
                   煤气泄漏|漏气了 自杀|跳楼|不想活|活不下去|轻生 caught_fire|on_fire|exploded|smoking_battery|electric_shock|electrocuted|got_burned|injured|bleeding",
    },
    Rule {
        name: "fraud",
        to: Priority::Urgent,
        person: Person::UnlessSure,
        deniable: true,
        topic: true,
        patterns: "盗刷(险|保障) 盗涮|到刷|道刷|盗用 被盗(版|刷) 诈骗|诈编|炸骗 骗走|骗了钱|骗了我钱|骗去|骗光 被骗~钱|转账|转了|验证码|银行|万|千块|块钱 钱|转账|转了|转给|汇款~被骗|骗子 冒充|冒名|假冒客服|假客服 \
                   自称~客服|银行|银监|公安|警察|员工|平台|你们 安全账户|安全的账户|安全账号|安全的账号 刷走|刷没|转走|划走了|套走 偷走~钱 钱|余额|存款~被刷|被转|被划|被偷|莫名 谁刷的|谁转的 \
                   不是我~刷|操作|消费|买的|花的|转的|本人|下的单 不是本人|非本人 我没~花过|刷过|消费过|买过|花过这|转过 没有花过 陌生扣款|不明扣款|莫名其妙~扣|刷|少 莫名~扣款|扣钱|被扣 有人~用我~卡|账号|身份 让我|叫我|要我|喊我~转钱|转账|打钱|汇款|挪到|转到 \
                   半夜|凌晨|境外|国外|泰国~刷了|消费了|扣了 身份证~银行卡|验证码~报给|告诉|给了|发给 验证码~给了|告诉|发给|报给 骗子~转|打钱|汇 unauthorized|fraud|fraudulent|hacked|stolen_card|identity_theft",
    },
    Rule {
        name: "legal_threat",
        to: Priority::Urgent,
        person: Person::Always,
        deniable: true,
        topic: false,
        patterns: "律师(袍|服|证|事务所) 起诉|上诉|诉讼|打官司|法院(附近|旁|门口|对面) 法庭 告你们|告死你们|告到底|告上法|要告你|去告你|把你们告 法律途径|法律手段|法律责任|走法律|法律武器|用法律 立案 仲裁 \
                   报警(器|声|灯|提示|代码|音|响) 报案|派出所|公安局|经侦|打110|拨110 lawyer|sue_you|legal_action|take_you_to_court|lawsuit|call_the_police|attorney",
    },
    Rule {
        name: "regulator",
        to: Priority::Urgent,
        person: Person::Always,
        deniable: true,
        topic: false,
        patterns: "12315 12345 12378 12363 12300 12305 96315 消协|消费者协会|消费者保护|消保委 工商局|工商投诉|工商举报|工商部门|工商所 市场监管|市监局|市监所|监管局|质监局|药监局|食药监|物价局 \
                   银保监|银监会|证监会|金融监管|人行投诉|央行投诉|监管部门|监管投诉|主管部门 信访 市长热线 consumer_protection|consumer_council",
    },
    Rule {
        name: "media_exposure",
        to: Priority::Urgent,
        person: Person::Always,
        deniable: true,
        topic: false,
        patterns: "曝光(度|率|量|时间|补偿|值) 爆光 媒体~曝光|投诉|反映|爆料|来|找|联系 找|联系|告诉|通知|叫~媒体|记者|电视台|报社 上热搜|发热搜 电视台|新闻媒体 \
                   发|挂|传|晒|捅|写|贴~微博|小红书|抖音|朋友圈|网上|知乎|快手|b站|贴吧|论坛|公众号|头条~让|看看|避雷|骂|评|曝|揭|挂 挂到|挂上|发到|发上|捅到~网上|微博|小红书|抖音|知乎|贴吧|热搜 \
                   微博|小红书|抖音|知乎|贴吧~曝|避雷|揭露|挂你|骂你|投诉 全网~曝|避雷|挂 黑猫 expose_you|go_viral|social_media|the_press|the_media",
    },
    Rule {
        name: "complaint",
        to: Priority::High,
        person: Person::No,
        deniable: true,
        topic: true,
        patterns: "投诉|投素|偷诉 举报 维权 申诉|申素 给差评|打差评|一星差评|差评 3·15|315晚会 反映~态度|问题|情况~没|不 complain|complaint|file_a_complaint",
    },
    Rule {
        name: "harassment",
        to: Priority::High,
        person: Person::No,
        deniable: true,
        topic: true,
        patterns: "骚扰 威胁 恐吓 辱骂 骂人 骂我|骂的|骂得|骂了|骂全家 打我家人|打给我家|打我爸|打我妈 打到~公司|单位|家里 爆通讯录|爆我 催债|讨债|要债~打|骂|咬|骚|威 动手|打我|推我",
    },
    Rule {
        name: "angry",
        to: Priority::High,
        person: Person::No,
        deniable: true,
        topic: false,
        patterns: acts::ANGRY_WORDS,
    },
    Rule {
        name: "missing_money",
        to: Priority::High,
        person: Person::No,
        deniable: false,
        topic: true,
        patterns: "退款|退钱|退的钱|钱|差价|赔付~没到|没收到|未到账|不到账|没到账|还没退|还没给|没退给|没给我|迟迟|一直没|还不退|不见了|没了(怎么办理) \
                   怎么还不退|为什么不退|凭什么不退|不退钱|不给退|不退款|拒绝退款|退我钱|还我钱|把钱退|赶紧退 多扣|扣重|重复扣|扣了两|扣两次|扣了两次|付了两|付两次|付了两遍|重复付 乱扣|多收~钱|费|元|块 乱收费 \
                   转错|打错~人|账|钱 错转|误转 对方~没收到|没到|未收到 钱~转错|打错|汇错 吞了|吞卡|吞钱|被吞|吃了我的卡 少退|少了~元|块|钱 \
                   凭什么~扣|收|不 有钱|明明~没扣|没有扣|扣款失败|没到账 怎么扣我|为什么扣我|为啥扣我 refund~not|still|where|never not_received_refund|double_charged|charged_twice|overcharged",
    },
    Rule {
        name: "overdue",
        to: Priority::High,
        person: Person::No,
        deniable: false,
        topic: true,
        patterns: "还没到(期|一年|年|时间|日子|点) 还没收到|还没发|还没寄|还没送|还没出库|还没处理|还没解决|还没修好|还没回复|还没消息|还没动静|还未发货|还未收到|仍未|至今没|至今未|到现在都没|到现在还没|到现在没|到现在都是 \
                   怎么还不|咋还不|为什么还不~发|寄|到|送|退|处理|解决|回复 一直不发|一直没发|一直没动|一直没更新|一直没人|一直没有人|一直不处理|一直不到|迟迟|迟迟不 拖了我|拖我|拖到现在|拖着不|一直拖|拖延|故意拖|你们拖|还在拖 催了|催单|催一下|催发货 \
                   超时(未支付|自动) 延误|延迟发货|晚到 等了~天|周|月|小时|久|星期|礼拜 天了~还|没|不|一点 都~天了|周了|个月了|星期了 \
                   超过~天~没|还 说好~没|不|还 承诺~没|不|还 签收~没收到|没拿到|没见|根本没 没收到货|没拿到货|没收到~快递|包裹|东西 谁签收|被别人代收|被人代收 停滞|卡在~不动|站 好几天~没|不 \
                   not_arrived|still_waiting|never_arrived|overdue|delayed|hasn't_arrived|where_is_my",
    },
    Rule {
        name: "compensation",
        to: Priority::High,
        person: Person::No,
        deniable: true,
        topic: false,
        patterns: "赔偿|赔钱|赔我|索赔|赔付我|假一赔|退一赔|给我补偿|要补偿|怎么赔偿 损失~谁|承担|负责|赔 说法 交代 必须负责|你们负责 compensation|compensate",
    },
    Rule {
        name: "lost",
        to: Priority::High,
        person: Person::No,
        deniable: true,
        topic: true,
        patterns: "卡|快递|包裹|钱包|身份证~丢了|丢失|弄丢|寄丢|不见了|找不到了|找不着|找不见|掉了|没了|被偷(卡) 货|件~丢了|丢失|弄丢|寄丢|被偷 挂失|褂失|卦失 肯定~丢 丢了~冻结|停了|停掉 丢件|丢货 别人用|怕人捡 lost_my_card|lost_card|lost_package|card_was_stolen",
    },
    Rule {
        name: "wrong_record",
        to: Priority::High,
        person: Person::No,
        deniable: false,
        topic: true,
        patterns: "征信|争信|信用记录|报告~错|误|不是我|没借|不属于|从来没 征信~逾期~还清|已 还清~显示~逾期|欠 已还~显示|还欠 不是我~办的|借的|贷的|开的",
    },
    Rule {
        name: "browsing",
        to: Priority::Low,
        person: Person::No,
        deniable: false,
        topic: false,
        patterns: "随便看|先看看|看看有|随便问|就问问|了解一下|逛逛 利率~多少|怎么|高|优惠 利息~多少|高不高|怎么算~借|贷|存 借|贷|存~利率|利息|几分利|多少息|划算|贵不贵 贷款|借款|借钱~条件|资料|材料|资格|门槛 \
                   一年|一个月|一天|三年|半年|两年~利息|多少息|给多少|拿多少|几个点 收点息|少收~息 借到钱|借点|怎么借钱|还给借|能借 just_looking|just_browsing",
    },
];

static PATTERNS: LazyLock<Patterns> =
    LazyLock::new(|| Patterns::new(RULES.iter().map(|rule| rule.patterns)));

/// Urgency of a message with its reasons, most urgent first, one reason a rule.
/// `matched` are the questions of an entry that the message surely means, if there is one.
pub(crate) fn urgency<'a>(
    raw: &str,
    folded: &Folded,
    act: Option<Act>,
    matched: impl Iterator<Item = &'a str>,
) -> (Priority, Vec<Reason>) {
    let mut found: Vec<(usize, String)> = Vec::new();
    for hit in PATTERNS.find_all(&folded.chars) {
        if counts(&hit, &folded.chars) && !found.iter().any(|(rule, _)| *rule == hit.rule) {
            found.push((hit.rule, text::slice(raw, &folded.raw_range(&hit.range))));
        }
    }
    if let Some(at) = raw
        .chars()
        .position(|c| matches!(c, '😡' | '🤬' | '😤' | '👿' | '💢' | '😠'))
    {
        let angry = RULES.iter().position(|rule| rule.name == "angry");
        if let Some(angry) = angry.filter(|angry| !found.iter().any(|(rule, _)| rule == angry)) {
            found.push((angry, text::slice(raw, &(at..at + 1))));
        }
    }
    for question in matched {
        let question = Folded::new(question, text::MATCH_WINDOW);
        for hit in PATTERNS.find_all(&question.chars) {
            let topic = RULES.get(hit.rule).is_some_and(|rule| rule.topic);
            if topic && !found.iter().any(|(rule, _)| *rule == hit.rule) {
                found.push((hit.rule, raw_excerpt(raw)));
            }
        }
    }
    let mut reasons: Vec<(Priority, Reason)> = found
        .into_iter()
        .filter_map(|(rule, words)| {
            let rule = RULES.get(rule)?;
            let reason = Reason::Words {
                rule: rule.name.to_owned(),
                words,
                to: rule.to,
            };
            Some((rule.to, reason))
        })
        .collect();
    reasons.sort_by_key(|(to, _)| std::cmp::Reverse(*to));
    let raised = reasons.iter().map(|(to, _)| *to).max();
    let priority = match raised {
        Some(to) if to > Priority::Normal => to,
        // Browsing and chit-chat are low only where nothing else speaks.
        Some(_) => Priority::Low,
        None if act.is_some_and(Act::is_chitchat) => {
            reasons.push((
                Priority::Low,
                Reason::Words {
                    rule: "chit_chat".to_owned(),
                    words: raw_excerpt(raw),
                    to: Priority::Low,
                },
            ));
            Priority::Low
        }
        None => Priority::Normal,
    };
    let reasons = reasons
        .into_iter()
        .filter(|(to, _)| *to == Priority::Low || priority > Priority::Normal)
        .filter(|(to, _)| priority == Priority::Low || *to > Priority::Normal)
        .map(|(_, reason)| reason)
        .collect();
    (priority, reasons)
}

/// Whether the message itself asks for a person by one of the rules.
pub(crate) fn person(folded: &Folded) -> Person {
    PATTERNS
        .find_all(&folded.chars)
        .iter()
        .filter(|hit| counts(hit, &folded.chars))
        .filter_map(|hit| RULES.get(hit.rule))
        .map(|rule| rule.person)
        .max()
        .unwrap_or(Person::No)
}

/// Names of the rules that a message meets, each once.
pub(crate) fn names(folded: &Folded) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = PATTERNS
        .find_all(&folded.chars)
        .iter()
        .filter(|hit| counts(hit, &folded.chars))
        .filter_map(|hit| RULES.get(hit.rule))
        .map(|rule| rule.name)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn counts(hit: &Hit, chars: &[char]) -> bool {
    let deniable = RULES.get(hit.rule).is_some_and(|rule| rule.deniable);
    let denied = deniable && pattern::is_denied(chars, hit.range.start);
    let quoted = pattern::is_quoted(chars, hit.range.start);
    !denied && !quoted
}

/// The message itself as evidence, at most 20 characters. It is masked before it is cut: half a
/// number is recognised by nobody later.
fn raw_excerpt(raw: &str) -> String {
    lt_guard::mask(raw).text.chars().take(20).collect()
}

#[cfg(test)]
mod tests;
