use axum::http::HeaderValue;
use lt_model::id::{ContactId, ConversationId, InboxId, SurveyId};
use uuid::Uuid;

use super::*;

const ASKED: Millis = 1_000;

fn found() -> LinkSurvey {
    let id = Uuid::from_u128(5);
    LinkSurvey {
        organisation: "<script>好物铺".to_owned(),
        question: (String::new(), "Was it \"good\"?".to_owned()),
        survey: Survey {
            id: SurveyId(id),
            conversation_id: ConversationId(id),
            number: 1,
            inbox_id: InboxId(id),
            contact_id: ContactId(id),
            agent: None,
            source: None,
            resolved_at: 0,
            asked_at: ASKED,
            remind_at: None,
            is_reminded: false,
            expires_at: ASKED + 1_000_000,
            answer: None,
        },
        opted_out: false,
    }
}

fn page(found: LinkSurvey, language: Language, wrong: Option<Wrong>, now: Millis) -> String {
    render(&Shown::Survey(Box::new(found)), language, wrong, now)
}

#[test]
fn the_language_is_the_wish_or_the_browsers() {
    let check = |wish: &str, said: &'static str, expected| {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(said));
        assert_eq!(Language::of(wish, &headers), expected, "{wish} {said}");
    };
    check("", "zh-CN,zh;q=0.9,en;q=0.8", Language::Zh);
    check("", "en-GB,en", Language::En);
    check("", "de", Language::En);
    check("", "", Language::Zh);
    check("en", "zh-CN", Language::En);
    check("ZH", "en", Language::Zh);
    assert_eq!(Language::of("", &HeaderMap::new()), Language::Zh);
}

#[test]
fn what_somebody_wrote_is_text() {
    let mut found = found();
    found
        .survey
        .answer(2, "</textarea><img src=x onerror=\"a\">", ASKED)
        .unwrap();
    let html = page(found, Language::En, None, ASKED + 1);
    assert!(html.contains("&lt;script&gt;好物铺"));
    assert!(html.contains("&lt;/textarea&gt;&lt;img"));
    assert!(
        html.contains("Was it &quot;good&quot;?"),
        "the shop's wording"
    );
    assert!(!html.contains("<script") && !html.contains("<img"));
    assert!(html.contains("value=\"2\" required checked"));
}

#[test]
fn it_can_be_answered_then_changed_then_read() {
    let fresh = page(found(), Language::Zh, None, ASKED);
    assert!(fresh.contains("您对本次服务满意吗？") && fresh.contains("提交评分"));
    let mut answered = found();
    answered.survey.answer(5, "", ASKED).unwrap();
    let changeable = page(
        answered.clone(),
        Language::Zh,
        None,
        ASKED + CHANGE_WITHIN_MS,
    );
    assert!(changeable.contains("修改评分") && changeable.contains("10 分钟内可以修改"));
    let fixed = page(
        answered,
        Language::Zh,
        Some(Wrong::Fixed),
        ASKED + CHANGE_WITHIN_MS + 1,
    );
    assert!(!fixed.contains("<textarea") && fixed.contains("不能再改"));
    let late = page(found(), Language::Zh, None, ASKED + 1_000_000);
    assert!(!late.contains("<textarea"));
    let nothing = render(&Shown::Nothing, Language::En, None, ASKED);
    assert!(nothing.contains("no longer valid") && !nothing.contains("<form"));
}
