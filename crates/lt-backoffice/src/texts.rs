//! All that the bot and the desk say to a customer by themselves.

use lt_engine::{acts::Act, dialogue::Why};
use lt_model::{message::Event, slot::SlotKind};

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
pub fn handing_over(n_ahead: usize, somebody_is_there: bool) -> String {
    let place = match n_ahead {
        0 => "正在为您转接人工客服，下一位就是您，请稍候。".to_owned(),
        _ => format!("正在为您转接人工客服，前面还有 {n_ahead} 位，请稍候。"),
    };
    if somebody_is_there {
        place
    } else {
        format!("{place}现在没有客服在线，您可以先留言，客服上线后会按顺序回复您。")
    }
}

/// What an event line says to the customer; none for what agents keep among themselves.
#[must_use]
pub fn event(event: &Event) -> Option<String> {
    let text = match event {
        Event::Prioritised { .. } | Event::Categorised { .. } => return None,
        Event::HandedOver { group, .. } => format!("已转接到{group}"),
        Event::Claimed { agent } => format!("客服{agent}为您服务"),
        Event::Resolved { .. } => "本次会话已结束，再次发送消息可以继续咨询".to_owned(),
        Event::Reopened => "会话已重新开始".to_owned(),
    };
    Some(text)
}
