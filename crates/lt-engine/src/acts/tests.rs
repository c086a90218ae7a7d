use super::*;

fn act(text: &str) -> Option<Act> {
    recognise(&Folded::new(text, 1_000))
}

#[test]
fn asks_for_a_person() {
    for text in [
        "转人工",
        "转 人 工",
        "转人工，谢谢",
        "人工",
        "人工客服",
        "給我轉人工",
        "我要找你们经理",
        "叫你们主管给我打电话",
        "能不能来个真人客服",
        "跟你说不清，换个人来",
        "我不要机器人",
        "Can I talk to a real person please",
        "i want to talk to a human agent",
        "转rengong",
        "你根本听不懂",
        "你听不懂吗",
        "你怎么老听不懂",
        "别复读了",
        "你是复读机吗",
        "说人话行不行",
        "来来回回就这几句",
        "别敷衍我",
        "给俺转个人工呗",
        "电话18605713328，请转人工",
        "请人工帮我看看",
        "麻烦人工处理一下",
        "需要人工",
    ] {
        assert_eq!(act(text), Some(Act::AskPerson), "{text}");
    }
    for text in [
        "人工客服几点上班",
        "晚上有人工吗",
        "VIP有专属客服吗",
        "有人冒充客服打电话说要退款",
        "人工皮草怎么洗",
        "安装需要人工费吗",
        "自称你们店的电话说商品有问题要赔我钱",
        "派件员把包裹乱扔",
        "能不能派个人来给装",
        "怎么退货",
        "他说“转人工”是什么意思",
    ] {
        assert_ne!(act(text), Some(Act::AskPerson), "{text}");
    }
}

#[test]
fn asks_for_nothing_but_a_person() {
    for text in [
        "转人工",
        "转人工，谢谢",
        "你好，我要找人工客服",
        "能不能给我转个人工啊！！",
        "麻烦帮我转接一下人工客服好吗",
        "给俺转个人工呗",
        "人工人工",
        "别复读了，转人工",
        "Can I talk to a real person please",
    ] {
        assert!(only_asks_person(text), "{text}");
    }
    for text in [
        "怎么退货",
        "人工客服几点上班",
        "在吗",
        "转人工，帮我看看这款羽绒服拍什么码",
        "退差价转人工",
        "我的包裹丢了给我转人工",
        "羽绒服签收三天就降价60，能退差价吗？再拖我打12315，转人工",
        "my parcel is lost, I want to talk to a human agent",
    ] {
        assert!(!only_asks_person(text), "{text}");
    }
}

#[test]
fn chitchat() {
    for (text, expected) in [
        ("你好", Some(Act::Greeting)),
        ("在吗？？", Some(Act::Greeting)),
        ("哈喽哈喽，有人没", Some(Act::Greeting)),
        ("您好，请问", Some(Act::Greeting)),
        ("谢谢啦[玫瑰]", Some(Act::Thanks)),
        ("好的，谢谢", Some(Act::Thanks)),
        ("好的明白了，多谢", Some(Act::Thanks)),
        ("行吧，先这样", Some(Act::Bye)),
        ("嗯嗯", Some(Act::Acknowledge)),
        ("哈哈哈哈哈", Some(Act::Acknowledge)),
        ("给我讲个笑话", Some(Act::SmallTalk)),
        ("你是机器人吗", Some(Act::SmallTalk)),
        ("thank you!", Some(Act::Thanks)),
        ("你好，怎么退货", None),
        ("好的，那运费呢", None),
        ("行不行", None),
        ("对吗", None),
        ("可以退吗", None),
        ("", None),
        ("😀😀", None),
    ] {
        assert_eq!(act(text), expected, "{text}");
    }
}

#[test]
fn anger() {
    for text in [
        "什么垃圾店铺，气死我了",
        "骗子！退钱！",
        "你们是不是耍我，今天必须给个交代",
    ] {
        assert_eq!(act(text), Some(Act::Angry), "{text}");
    }
    for text in [
        "垃圾袋多少钱",
        "会不会气死人",
        "这东西是假的吧",
        "我用妈妈的卡付的",
    ] {
        assert_eq!(act(text), None, "{text}");
    }
}

#[test]
fn a_greeting_before_a_question_is_skipped() {
    for (text, rest) in [
        ("你好，请问怎么退货", "怎么退货"),
        ("在吗 发票怎么开", "发票怎么开"),
        ("你好", "你好"),
        ("怎么退货", "怎么退货"),
    ] {
        let folded = Folded::new(text, 100);
        assert_eq!(folded.skip(greeting_prefix(&folded)).text(), rest, "{text}");
    }
}
