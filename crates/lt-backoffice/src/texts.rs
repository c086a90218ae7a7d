//! All that the bot and the desk say to a customer by themselves.

use lt_engine::{acts::Act, dialogue::Why};
use lt_model::{
    Millis,
    hours::{BusinessHours, WallTime},
    message::Event,
    routing::LONGEST_TOLD_MS,
    slot::SlotKind,
};

/// First line of the chat page.
pub const GREETING: &str = "您好，我是智能客服，有什么可以帮您？需要人工服务请回复“转人工”。";

/// First line of the bot's question back, when it is not sure.
pub const CLARIFY_HEAD: &str = "请问您想了解的是：";
/// The same after an answer that did not help.
const CLARIFY_AFTER: &str = "抱歉，刚才的回答没有帮到您。您想了解的是不是：";
const CLARIFY_TAIL: &str = "请回复序号，或换一种说法再问一次；回复“转人工”可联系人工客服。";
const SAY_AGAIN: &str = "抱歉，我没有完全明白。请换一种说法再问一次；回复“转人工”可联系人工客服。";
const SAY_AGAIN_AFTER: &str =
    "抱歉，刚才的回答没有帮到您。请换一种说法再问一次；回复“转人工”可联系人工客服。";
/// The bot was sent a picture or file.
pub const ASK_FOR_WORDS: &str = "收到您发来的文件了，不过我还看不懂图片和文件。请用文字说说遇到的问题；回复“转人工”，客服会查看您发的内容。";
/// An answer that is nothing but live values, and none came.
pub const NO_LIVE_STATE: &str = "暂时查不到实时信息，请稍后再试；回复“转人工”可联系人工客服。";

/// Talk that needs no answer from the knowledge.
#[must_use]
pub fn small_talk(act: Act) -> &'static str {
    match act {
        Act::Greeting => "您好，请问有什么可以帮您？",
        Act::Thanks => "不客气，很高兴能帮到您。",
        Act::Bye => "好的，祝您生活愉快，有需要随时找我。",
        Act::Acknowledge => "好的，还有其他问题可以直接发给我。",
        Act::SmallTalk | Act::AskPerson | Act::Angry => {
            "我是智能客服，只能回答店铺相关的问题。您可以直接描述遇到的问题，或回复“转人工”。"
        }
    }
}

/// Asks back, with the questions to choose from.
#[must_use]
pub fn clarify(why: Why, questions: &[String]) -> String {
    let head = match why {
        Why::Competing | Why::Unsure => CLARIFY_HEAD,
        Why::DidNotHelp => CLARIFY_AFTER,
    };
    let choices: String = (1..)
        .zip(questions)
        .map(|(number, question)| format!("{number}. {question}\n"))
        .collect();
    format!("{head}\n{choices}{CLARIFY_TAIL}")
}

/// Asks to say it in other words.
#[must_use]
pub fn say_again(why: Why) -> &'static str {
    match why {
        Why::Competing | Why::Unsure => SAY_AGAIN,
        Why::DidNotHelp => SAY_AGAIN_AFTER,
    }
}

/// Asks for a value that an answer needs; `is_wrong` when the one that was given is not known.
#[must_use]
pub fn ask_for(slot: SlotKind, is_wrong: bool) -> &'static str {
    match (slot, is_wrong) {
        (SlotKind::Order, false) => {
            "请提供订单号，我马上为您查询。订单号在“我的订单”的订单详情里。"
        }
        (SlotKind::Order, true) => "没有查到这个订单，请核对后再发一次订单号。",
        (SlotKind::Tracking, false) => "请提供运单号，我马上为您查询。运单号在“查看物流”里。",
        (SlotKind::Tracking, true) => "没有查到这个运单，请核对后再发一次运单号。",
        (SlotKind::Product, _) => "请问是哪件商品？",
        (SlotKind::Amount, _) => "请问金额是多少？",
        (SlotKind::Date, _) => "请问是哪一天？",
        (SlotKind::Phone, _) => "请提供下单时留的手机号。",
    }
}

/// Hands over to a person.
#[must_use]
pub fn handing_over(n_ahead: u32, somebody_is_there: bool, wait: Option<Millis>) -> String {
    let place = match n_ahead {
        0 => "正在为您转接人工客服，下一位就是您，请稍候。".to_owned(),
        _ => {
            let wait = wait.map(about).unwrap_or_default();
            format!("正在为您转接人工客服，前面还有 {n_ahead} 位{wait}，请稍候。")
        }
    };
    if somebody_is_there {
        place
    } else {
        format!("{place}现在没有客服在线，您可以先留言，客服上线后会按顺序回复您。")
    }
}

/// `，预计等待 3 分钟左右`.
fn about(wait: Millis) -> String {
    match wait / 60_000 {
        minutes if wait >= LONGEST_TOLD_MS => format!("，预计等待超过 {minutes} 分钟"),
        minutes => format!("，预计等待 {} 分钟左右", minutes.max(1)),
    }
}

/// It is out of hours; `opens` as [`moment`] says it.
#[must_use]
pub fn out_of_hours(opens: Option<&str>) -> String {
    match opens {
        Some(opens) => format!(
            "现在不是人工客服的工作时间，您的问题已经记录，客服将在 {opens} 上班后按顺序回复您。您可以继续留言补充。"
        ),
        None => "现在不是人工客服的工作时间，您的问题已经记录，客服上班后会按顺序回复您。您可以继续留言补充。"
            .to_owned(),
    }
}

/// A moment to come, as a person says it: 今天 13:30, 明天 09:00, 10月8日（周四）09:00.
#[must_use]
pub fn moment(calendar: &BusinessHours, at: Millis, now: Millis) -> String {
    const WEEK: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
    let (today, there) = (
        calendar.day_of(now),
        WallTime::of(at, calendar.utc_offset_minutes),
    );
    let (day, time) = (there.day, there.time());
    match day.0 - today.0 {
        0 => format!("今天 {time}"),
        1 => format!("明天 {time}"),
        _ => {
            let (_, month, date) = day.date();
            let weekday = WEEK.get(day.weekday()).copied().unwrap_or_default();
            format!("{month}月{date}日（周{weekday}）{time}")
        }
    }
}

/// Asks for a mark where the channel has no page; `question` is the shop's, empty for the standard one.
#[must_use]
pub fn survey_ask(question: &str, link: &str) -> String {
    let question = match question {
        "" => "您对本次服务满意吗？",
        question => question,
    };
    format!("{question}点开链接即可评分，7 天内有效：{link}")
}

/// Reminds of it, once.
#[must_use]
pub fn survey_reminder(link: Option<&str>) -> String {
    match link {
        Some(link) => format!("您还没有为上次的服务评分，点开链接即可：{link}"),
        None => "您还没有为上次的服务评分，欢迎在下方点一下，帮我们做得更好。".to_owned(),
    }
}

/// What an event line says to the customer; none for what agents keep among themselves.
#[must_use]
pub fn event(event: &Event) -> Option<String> {
    let text = match event {
        Event::Prioritised { .. } | Event::Categorised { .. } | Event::Ticket { .. } => {
            return None;
        }
        Event::Recalled { agent } => format!("客服{agent}撤回了一条消息"),
        Event::NotTaken { .. }
        | Event::Snoozed { .. }
        | Event::Woken
        | Event::LeftMessage { .. } => return None,
        Event::Returned { .. } => "客服暂时离开，正在为您安排其他客服".to_owned(),
        Event::TakenBack { agent } => format!("客服{agent}继续为您安排"),
        Event::Drained => "客服已上班，正在按顺序为您接入".to_owned(),
        Event::Transferred { to, .. } => format!("正在为您转接到{to}"),
        Event::TakenOver { agent, .. } => format!("客服{agent}为您服务"),
        Event::HandedOver { group, .. } => format!("已转接到{group}"),
        Event::Claimed { agent } => format!("客服{agent}为您服务"),
        Event::Resolved { .. } => "本次会话已结束，再次发送消息可以继续咨询".to_owned(),
        Event::Reopened | Event::ResolveUndone { .. } => "会话已重新开始".to_owned(),
        Event::Survey { score: None, .. } => "请为本次服务评分".to_owned(),
        Event::Survey {
            score: Some(score), ..
        } => format!("您的评分：{score} 分"),
    };
    Some(text)
}
