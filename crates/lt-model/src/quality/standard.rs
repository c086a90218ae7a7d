//! What a new organisation begins with.

use super::{
    form::{AutoCheck, FormDraft, FormItem, ItemKind},
    sample::{SampleBy, SampleDraft, WrittenBy},
};
use crate::id::QaFormId;

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|word| (*word).to_owned()).collect()
}

fn item(
    id: &str,
    part: &str,
    name: &str,
    hint: &str,
    kind: ItemKind,
    auto: Option<AutoCheck>,
) -> FormItem {
    FormItem {
        id: id.to_owned(),
        part: part.to_owned(),
        name: name.to_owned(),
        hint: hint.to_owned(),
        kind,
        auto,
    }
}

/// The form.
#[must_use]
pub fn form() -> FormDraft {
    let points = |weight| ItemKind::Points { weight };
    let (manner, work, rules) = ("服务规范", "解决能力", "红线");
    FormDraft {
        name: "在线客服通用评分表".to_owned(),
        enabled: true,
        pass_tenths: 800,
        items: vec![
            item(
                "greeting",
                manner,
                "开场问候",
                "接入后先问候客户并表明可以提供帮助",
                points(10),
                Some(AutoCheck::Greeting {
                    words: words(&[
                        "您好",
                        "你好",
                        "早上好",
                        "下午好",
                        "晚上好",
                        "欢迎",
                        "很高兴",
                        "hello",
                    ]),
                }),
            ),
            item(
                "response",
                manner,
                "响应及时",
                "客户发言后 90 秒内回复；需要查询时先告知客户",
                points(15),
                Some(AutoCheck::Gaps { within_s: 90 }),
            ),
            item(
                "wording",
                manner,
                "用语文明",
                "称呼得体、语气友好，不反问、不推诿",
                points(15),
                Some(AutoCheck::Forbidden {
                    words: words(&[
                        "我不知道",
                        "不归我管",
                        "你自己看",
                        "没办法",
                        "爱买不买",
                        "说了你也不懂",
                        "随便你",
                    ]),
                    each: 5,
                }),
            ),
            item(
                "closing",
                manner,
                "结束语",
                "结束前确认问题已解决，并礼貌告别",
                points(5),
                Some(AutoCheck::Closing {
                    words: words(&[
                        "感谢",
                        "谢谢",
                        "祝您",
                        "祝你",
                        "再见",
                        "还有其他",
                        "还有什么",
                        "生活愉快",
                    ]),
                }),
            ),
            item(
                "understanding",
                work,
                "需求理解",
                "准确理解客户问题，必要时追问确认",
                points(15),
                None,
            ),
            item(
                "correctness",
                work,
                "答案准确",
                "答复与知识库、政策一致，没有误导",
                points(25),
                None,
            ),
            item(
                "promise",
                work,
                "承诺有据",
                "不做超出权限或无法兑现的承诺",
                points(10),
                Some(AutoCheck::Promises {
                    words: words(&[
                        "保证",
                        "百分之百",
                        "百分百",
                        "100%",
                        "肯定能",
                        "一定能",
                        "绝对没问题",
                        "包您满意",
                    ]),
                    each: 5,
                }),
            ),
            item(
                "record",
                work,
                "记录完整",
                "分类、摘要和工单填写完整准确",
                points(5),
                None,
            ),
            item(
                "abuse",
                rules,
                "辱骂或讽刺客户",
                "出现辱骂、讽刺、威胁客户的言语",
                ItemKind::Veto,
                Some(AutoCheck::Forbidden {
                    words: words(&[
                        "神经病",
                        "有病吧",
                        "脑子有问题",
                        "滚开",
                        "滚蛋",
                        "闭嘴",
                        "傻子",
                        "傻瓜",
                        "白痴",
                    ]),
                    each: 0,
                }),
            ),
            item(
                "private_deal",
                rules,
                "私下交易或引流",
                "要求客户加私人联系方式、线下转账",
                ItemKind::Veto,
                Some(AutoCheck::Forbidden {
                    words: words(&["加我微信", "加我qq", "私下转", "转我账户", "私人账户"]),
                    each: 0,
                }),
            ),
            item(
                "privacy",
                rules,
                "泄露客户信息",
                "向他人透露客户的订单、电话、地址等信息",
                ItemKind::Veto,
                None,
            ),
        ],
    }
}

/// The rules, which score by a form.
#[must_use]
pub fn rules(form_id: QaFormId) -> Vec<SampleDraft> {
    let rule = |name: &str, by| SampleDraft {
        name: name.to_owned(),
        enabled: true,
        group_id: None,
        form_id,
        by,
    };
    vec![
        rule("随机抽检 3%", SampleBy::Random { permille: 30 }),
        rule("低满意度必检", SampleBy::LowMark { at_most: 2 }),
        rule(
            "超长会话",
            SampleBy::Long {
                messages: 60,
                minutes: 60,
            },
        ),
        rule(
            "客诉敏感词",
            SampleBy::Words {
                words: words(&[
                    "12315",
                    "消协",
                    "投诉你",
                    "曝光",
                    "媒体",
                    "起诉",
                    "律师",
                    "报警",
                ]),
                by: WrittenBy::Customer,
            },
        ),
    ]
}
