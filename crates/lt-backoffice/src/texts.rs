//! All that the bot and the desk say to a customer by themselves.

use lt_engine::acts::Act;
use lt_model::message::Event;

/// First line of the chat page.
pub const GREETING: &str = "您好，我是智能客服，有什么可以帮您？需要人工服务请回复“转人工”。";

/// First line of the bot's question back, when it is not sure.
pub const CLARIFY_HEAD: &str = "请问您想了解的是：";
const CLARIFY_TAIL: &str = "请回复序号，或换一种说法再问一次；回复“转人工”可联系人工客服。";
/// When it is not sure and has nothing to offer.
pub const SAY_AGAIN: &str =
    "抱歉，我没有完全明白。请换一种说法再问一次；回复“转人工”可联系人工客服。";

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
pub fn clarify(questions: &[&str]) -> String {
    let choices: String = (1..)
        .zip(questions)
        .map(|(number, question)| format!("{number}. {question}\n"))
        .collect();
    format!("{CLARIFY_HEAD}\n{choices}{CLARIFY_TAIL}")
}

/// The question that a customer chose from what [`clarify`] asked.
#[must_use]
pub fn choice<'a>(asked: &'a str, reply: &str) -> Option<&'a str> {
    let list = asked.strip_prefix(CLARIFY_HEAD)?;
    let typed = reply.trim().trim_matches(['.', '。', '、', '，', ',']);
    let number = match typed {
        "1" | "１" | "一" | "第一个" => "1. ",
        "2" | "２" | "二" | "第二个" => "2. ",
        "3" | "３" | "三" | "第三个" => "3. ",
        _ => return None,
    };
    list.lines().find_map(|line| line.strip_prefix(number))
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

/// What an event line says to the customer.
#[must_use]
pub fn event(event: &Event) -> String {
    match event {
        Event::HandedOver { group, .. } => format!("已转接到{group}"),
        Event::Claimed { agent } => format!("客服{agent}为您服务"),
        Event::Resolved { .. } => "本次会话已结束，再次发送消息可以继续咨询".to_owned(),
        Event::Reopened => "会话已重新开始".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_read_back_from_what_was_asked() {
        let asked = clarify(&["退款多久到账", "怎么申请退款"]);
        for (reply, expected) in [
            ("1", Some("退款多久到账")),
            (" 2。", Some("怎么申请退款")),
            ("第二个", Some("怎么申请退款")),
            ("3", None),
            ("12", None),
            ("退款", None),
        ] {
            assert_eq!(choice(&asked, reply), expected, "{reply:?}");
        }
        assert_eq!(choice(GREETING, "1"), None);
    }
}
