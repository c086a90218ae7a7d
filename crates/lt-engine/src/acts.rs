//! Dialogue acts (对话行为), recognised before retrieval: what the customer does with a message
//! besides asking. Written rules of our own; counted in the crate documentation.

use std::sync::LazyLock;

use phrases::{ACKNOWLEDGEMENTS, BYES, GREETINGS, PREFIXES, THANKS};

use crate::{
    pattern::{self, Patterns},
    text::{Folded, RULE_WINDOW},
};

/// What a message does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// Asks for a person (转人工), in so many words or by rejecting the machine.
    AskPerson,
    /// Is angry: a matter for a person.
    Angry,
    /// Greets and says nothing else.
    Greeting,
    /// Thanks and says nothing else.
    Thanks,
    /// Says good-bye and nothing else.
    Bye,
    /// Only takes note: 好的, 知道了.
    Acknowledge,
    /// Talks about the machine, the weather, life: nothing that a shop answers.
    SmallTalk,
}

impl Act {
    /// Whether it is talk that needs no answer from the knowledge.
    #[must_use]
    pub fn is_chitchat(self) -> bool {
        !matches!(self, Self::AskPerson | Self::Angry)
    }
}

/// Words that ask for a person; the second rule is for questions about people at work.
static PERSON: LazyLock<Patterns> = LazyLock::new(|| {
    Patterns::new([
        // Asks.
        "转~人工|真人|客服 转接~人工|客服|专员 接~人工|真人 人工客服 人工服务 人工坐席 人工在|人工呢|人工人工 \
         真人客服 请|麻烦|让|安排|需要~人工 找人工 要人工 叫人工 换人工 来人工 上人工 有人工 找真人 换真人 来真人 来个真人 换个真人 \
         找|叫|换|来|喊|派|请|给我|让|要~活人|真人|大活人 会说话的人 管事的 能管事 会办事的 说了算的 \
         找|叫|喊|让|请|联系|投诉到~店长|经理|主管|老板|负责人|领导|管理员|专员 你们负责人 \
         叫|让|找|派|喊|换|请~你们的人|你们人|工作人员|专人 换人|换个人|换一个人 来个人|叫个人|找个人|派个人(来给|来装|来修|来取|来量|来搬|给装|给修|上门) 要人(的|才|家) 找人|换人|叫人~谈|说|讲|沟通|处理|解决 找~对接 接个~人 \
         接一位客服|接个客服|接客服|找客服|找个客服|叫客服|换客服|联系客服|要客服 专属客服呢 找|让|叫~专属客服 \
         跟|和|与|想跟|要跟~人~说|讲|聊|谈|沟通|对话 说了要人|要人工 人跟我说 我要人(家) \
         打电话说|电话沟通|电话联系我|给我回电|给我回个电话|回我电话|电话给我|给我打电话|打我电话 \
         不想|不要|不跟|别让|别用|讨厌|受够~机器人|机器|自动回复|智能客服|ai客服 \
         听不懂我|根本听不懂|听不懂人话|答非所问|说了你也不懂|跟你说不清|跟你说不明白 你听不懂 你~听不懂 你看不懂|你不懂我|你没听懂|你根本不懂|听得懂人话|说人话 \
         别复读|不要复读|复读机|像复读|别重复|别再重复|老是重复|一直重复 重复~一样的 来回|翻来覆去~这句|这几句|那几句 车轱辘话|别敷衍|敷衍我|别用模板|模板回复 智障|人工智障|什么破机器人|垃圾机器人 \
         别再自动|别老回|别给我发这些|别发这些|自动回的吧|都是一样的回复|回复都一样 怎么还是你|怎么又是你 \
         对接的~在不在|还在|还在吗 zhuan~rengong 转~rengong rengong zhuanrengong 转仁工|转人公|转人共|转任工|传人工 \
         报价~发我|发给我|邮箱 human_agent|real_person|live_agent|real_human|a_human|human_being|live_person|actual_person \
         talk|speak|chat|connect~person|human|agent|someone|representative|manager|supervisor|staff \
         customer_service_rep customer_representative operator_please",
        // Asks about people at work, which the knowledge may answer.
        "几点|上班|下班|工作时间|在线时间|服务时间|休息|周末|周日|周六|星期|节假日|春节|晚上|夜里|24小时|营业 \
         电话是|电话多少|热线|号码是|号码多少|怎么收费|有专属 冒充|自称|假冒|骗",
        // Words that only name a person's work, not a wish.
        "人工费|人工智能|人工皮|人工合成|人工审核|人工翻译|人工草|人工缝|手工 换人民币|换人名 找人代|找人安装|找人送 跟人一样|和人一样",
    ])
});

/// Words of anger, for the priority rules; a bare mention of a complaint is no anger.
pub(crate) const ANGRY_WORDS: &str = "气死 气炸(锅) 气疯|气得|火大|怒了|愤怒|真是气|太气人 垃圾店|垃圾公司|垃圾平台|垃圾客服|垃圾东西|真垃圾|太垃圾|什么垃圾|垃圾玩意|垃圾银行|一群垃圾 \
     骗子(银行|电话) 骗人|骗钱|骗我钱|诈骗店|黑店|黑心|坑人|坑钱|坑爹|坑我|无良|奸商|流氓|无耻|不要脸|缺德|欺人太甚|欺负人|欺诈 \
     耍我|耍人|耍无赖|耍赖|忽悠|糊弄|当猴耍|玩我 什么破|破店|破公司|破玩意|破东西|破平台|烂店|什么玩意|什么东西啊|什么态度|什么服务|什么鬼|太差劲|差劲 \
     恶心|太恶劣|态度恶劣|太过分|过分了|欺骗 受够|忍无可忍|忍不了|没完没了|没人管|没人理|不理人|推来推去|踢皮球|推卸|推脱|扯皮 \
     tmd|他妈|你妈的|尼玛|特么|傻逼|傻x|sb|傻b|滚蛋|混蛋|王八|狗屁|放屁|操你|艹|卧槽 \
     给个交代|给我个交代|给个说法|给我个说法|讨个说法|要个说法 再也不会买|再也不买|再也不来|拉黑你们|差评伺候|全给差评 \
     ridiculous|unacceptable|scam|scammer|scammers|rip_off|terrible_service|worst_service|fuck|bullshit|pissed|furious|outrageous";

/// Words that make anger an act at once: a person must read it whatever the question was.
static FURY: LazyLock<Patterns> = LazyLock::new(|| {
    Patterns::new([
        "气死 气炸(锅) 气疯|忍无可忍|受够|欺人太甚 骗子!|骗子,退|骗子退|骗子店|大骗子|一群骗子|都是骗子|你们骗子 你们这~骗子 退钱|退款~骗子 什么垃圾|垃圾店|垃圾公司|垃圾平台|垃圾银行|一群垃圾 \
         tmd|他妈的|你妈的|傻逼|傻x|傻b|混蛋|王八蛋|操你|不要脸|无耻|黑店|奸商 耍我|当猴耍 给个交代|给我个交代 \
         踢皮球|推来推去 没人管~投诉 fuck|bullshit|furious|scammers",
    ])
});

/// Small talk: short messages only, since `天气` may stand in a real question.
static SMALL_TALK: LazyLock<Patterns> = LazyLock::new(|| {
    Patterns::new([
        "讲~笑话|故事|段子 唱~歌 你是~机器人|人工智能|真人吗|人还是|男是女|男的|女的|谁啊|谁呀|ai|哪里人 你叫什么|你几岁|你多大|你的名字|你有名字|你有女朋友|你有男朋友|你有对象|你结婚 \
         你工资|你吃饭|吃了吗|吃了没 随便聊|陪我聊|聊聊天|聊会儿|聊会天|好无聊|无聊死 会下雨|下雨吗|天气怎么样|天气如何|什么天气|今天天气|明天天气 \
         吃什么好|中午吃什么|晚饭吃什么|早饭吃什么|晚上吃什么 我爱你|爱你哦|喜欢你|你真可爱|你好笨|你真笨|你是傻 写~诗|作文|情书|祝福|文案 \
         世界杯|国足|涨停|房价|比特币|股票推荐 推荐~股票 黄金多少钱 放几天假 你会什么|你能做什么|你会做什么 tell~joke how_are_you|who_are_you|are_you_a_bot|are_you_a_robot|what_is_your_name",
    ])
});
/// Longest small talk, in meaningful characters.
const SMALL_TALK_CHARS: usize = 18;

/// The act of a message, if it is one.
pub(crate) fn recognise(folded: &Folded) -> Option<Act> {
    if asks_person(folded) {
        return Some(Act::AskPerson);
    }
    if has(&FURY, &folded.chars, true) {
        return Some(Act::Angry);
    }
    chitchat(folded)
}

/// Whether it asks for a person.
fn asks_person(folded: &Folded) -> bool {
    if folded.text() == "人工" {
        return true;
    }
    let hits = PERSON.find_all(&folded.chars);
    let asked = hits.iter().any(|hit| {
        hit.rule == 0
            && !pattern::is_quoted(&folded.chars, hit.range.start)
            && !hits.iter().any(|other| {
                other.rule == 2
                    && other.range.start <= hit.range.end
                    && hit.range.start <= other.range.end
            })
    });
    asked && !hits.iter().any(|hit| hit.rule == 1)
}

/// Whether a message asks for a person and for nothing else: 转人工, but not 退差价，转人工.
#[must_use]
pub fn only_asks_person(text: &str) -> bool {
    let folded = Folded::new(text, RULE_WINDOW);
    asks_person(&folded)
        && clauses(&folded.chars)
            .iter()
            .all(|clause| is_only_a_wish(clause))
}

/// What a wish for a person is put in, besides the words that [`PERSON`] knows.
const AROUND: &str = "我你您俺他它咱们要想找给请帮麻烦能不可以行吗呢吧呗啊呀啦了的一下个位就还再都是直接快点赶紧马上先好谢亲在有没怎么为什话机器人工客服真";
/// The same in English.
const AROUND_ENGLISH: &[&str] = &[
    "can", "could", "may", "i", "you", "me", "to", "a", "an", "the", "with", "want", "need",
    "would", "like", "please", "just", "now", "talk", "speak", "chat", "connect", "real", "live",
    "person", "human", "agent", "let", "get",
];
/// So many other characters ask something.
const ASKS_FROM: usize = 2;

/// Whether a clause is a wish for a person, or a greeting or a thank beside it.
fn is_only_a_wish(clause: &str) -> bool {
    if phrase_act(clause).is_some_and(|act| act != Act::SmallTalk) {
        return true;
    }
    let chars: Vec<char> = clause.chars().collect();
    let hits = PERSON.find_all(&chars);
    let is_wish = |at: usize| {
        hits.iter()
            .any(|hit| hit.rule == 0 && hit.range.contains(&at))
    };
    let is_around = |c: char| AROUND.contains(c) || c.is_ascii_digit();
    let rest: String = chars
        .iter()
        .enumerate()
        .map(|(at, c)| match *c {
            c if c.is_ascii_alphabetic() => c,
            c if is_wish(at) || is_around(c) => ' ',
            c => c,
        })
        .collect();
    let others = rest
        .split_whitespace()
        .filter(|word| !AROUND_ENGLISH.contains(word));
    others.map(|word| word.chars().count()).sum::<usize>() < ASKS_FROM
}

fn has(patterns: &Patterns, chars: &[char], guarded: bool) -> bool {
    patterns.find_all(chars).iter().any(|hit| {
        !guarded
            || !(pattern::is_denied(chars, hit.range.start)
                || pattern::is_quoted(chars, hit.range.start))
    })
}

fn chitchat(folded: &Folded) -> Option<Act> {
    let clauses = clauses(&folded.chars);
    if clauses.is_empty() || clauses.len() > 4 {
        return None;
    }
    let mut act = None;
    for clause in &clauses {
        let found = phrase_act(clause)?;
        // What is said last counts, but a greeting or a nod never hides thanks or a farewell.
        act = match (act, found) {
            (Some(Act::Thanks | Act::Bye), Act::Acknowledge | Act::Greeting) => act,
            _ => Some(found),
        };
    }
    act
}

fn phrase_act(clause: &str) -> Option<Act> {
    for (phrases, act) in [
        (GREETINGS, Act::Greeting),
        (THANKS, Act::Thanks),
        (BYES, Act::Bye),
        (ACKNOWLEDGEMENTS, Act::Acknowledge),
    ] {
        if phrases.contains(&clause) || is_chain(clause, phrases) {
            return Some(act);
        }
    }
    let mixed: Vec<&str> = [GREETINGS, THANKS, BYES, ACKNOWLEDGEMENTS].concat();
    if is_chain(clause, &mixed) {
        return Some(if clause.contains('谢') {
            Act::Thanks
        } else {
            Act::Acknowledge
        });
    }
    let chars: Vec<char> = clause.chars().collect();
    (chars.len() <= SMALL_TALK_CHARS && has(&SMALL_TALK, &chars, false)).then_some(Act::SmallTalk)
}

/// Whether the clause is nothing but such phrases and particles, one after another.
fn is_chain(clause: &str, phrases: &[&str]) -> bool {
    const PARTICLES: &[char] = &[
        '啊', '呀', '哦', '啦', '吧', '呢', '哈', '嘛', '了', '亲', '哟', '喔', '么', '那', '哇',
        '诶', '唉', '嗯', '我', '就', '都', '们', '您', ' ',
    ];
    let mut rest = clause.trim();
    let mut found = false;
    while !rest.is_empty() {
        let longest = phrases
            .iter()
            .filter(|phrase| rest.starts_with(**phrase))
            .max_by_key(|phrase| phrase.len());
        if let Some(after) = longest.and_then(|phrase| rest.strip_prefix(phrase)) {
            found = true;
            rest = after;
        } else if let Some(after) = rest.strip_prefix(PARTICLES) {
            rest = after;
        } else {
            return false;
        }
    }
    found
}

/// Clauses without marks and stickers such as `[玫瑰]`.
fn clauses(chars: &[char]) -> Vec<String> {
    let mut clauses = Vec::new();
    let mut clause = String::new();
    let mut in_sticker = false;
    for c in chars.iter().take(200) {
        match c {
            '[' => in_sticker = true,
            ']' => in_sticker = false,
            _ if in_sticker => {}
            c if c.is_alphanumeric() || *c == ' ' => clause.push(*c),
            _ => clauses.push(std::mem::take(&mut clause)),
        }
    }
    clauses.push(clause);
    clauses.retain(|clause| !clause.trim().is_empty());
    clauses
}

/// How many characters at the beginning only greet: `你好，请问怎么退货` asks from `怎么` on.
/// 0 when nothing would be left.
pub(crate) fn greeting_prefix(folded: &Folded) -> usize {
    let mut at = 0;
    'greeting: loop {
        while folded.chars.get(at).is_some_and(|c| !c.is_alphanumeric()) {
            at += 1;
        }
        let rest: String = folded.chars.iter().skip(at).take(8).collect();
        let mut words: Vec<&&str> = PREFIXES
            .iter()
            .filter(|word| rest.starts_with(**word))
            .collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        for word in words {
            let end = at + word.chars().count();
            if folded.skip(end).n_meaningful() >= 2 {
                at = end;
                continue 'greeting;
            }
        }
        return at;
    }
}

mod phrases;
#[cfg(test)]
mod tests;
