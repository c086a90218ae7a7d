use super::*;

fn draft(title: &str, text: &str) -> CannedDraft {
    CannedDraft {
        title: title.to_owned(),
        text: text.to_owned(),
        ..CannedDraft::default()
    }
}

#[test]
fn places_are_found_and_filled() {
    let text = "您好 {{客户}}，订单 {{订单号}} 已登记，{{ 订单号 }}。{{}} {{a{b}} {{未完";
    assert_eq!(prompts(text), ["客户", "订单号"]);
    let filled = fill(text, |name| (name == "订单号").then(|| "LX1".to_owned()));
    assert_eq!(
        filled,
        "您好 {{客户}}，订单 LX1 已登记，LX1。{{}} {{a{b}} {{未完"
    );
    for plain in ["", "没有", "{{", "}}{{", "{{}}", "{{{{}}}}"] {
        assert_eq!(fill(plain, |_| None), plain, "nothing is lost");
        assert!(prompts(plain).is_empty(), "{plain}");
    }
}

#[test]
fn a_draft_is_cleaned() {
    let cleaned = CannedDraft {
        folder: " 售后 //退款/ ".to_owned(),
        shortcode: "/tk".to_owned(),
        acts: vec![
            MacroAct::Resolve,
            MacroAct::AddTag {
                tag: " 退款 ".to_owned(),
            },
        ],
        ..draft(" 退款到账\n", "三个工作日")
    };
    let cleaned = cleaned.check().unwrap();
    assert_eq!(cleaned.folder, "售后/退款");
    assert_eq!(
        (cleaned.shortcode.as_str(), cleaned.title.as_str()),
        ("tk", "退款到账")
    );
    assert_eq!(
        cleaned.acts.last(),
        Some(&MacroAct::Resolve),
        "resolving is last"
    );
    assert_eq!(cleaned.acts.len(), 2);
    assert_eq!(cleaned.clone().check(), Ok(cleaned));
}

#[test]
fn what_is_no_draft_is_refused() {
    let with_code = |code: &str| CannedDraft {
        shortcode: code.to_owned(),
        ..draft("一", "二")
    };
    let long = "长".repeat(MAX_TITLE_CHARS + 1);
    for (draft, why) in [
        (draft("", "有"), CannedError::Empty),
        (draft("有", " \u{200b}"), CannedError::Empty),
        (draft(&long, "有"), CannedError::TooLong),
        (
            draft("有", &"a".repeat(MAX_CANNED_BYTES + 1)),
            CannedError::TooLong,
        ),
        (with_code("a b"), CannedError::Shortcode),
        (with_code("a/b"), CannedError::Shortcode),
    ] {
        assert_eq!(draft.check(), Err(why));
    }
    let acts = vec![MacroAct::Resolve];
    let only_acts = CannedDraft {
        acts,
        ..draft("结束", "")
    };
    assert!(only_acts.check().is_ok(), "a macro needs no text");
}

#[test]
fn use_is_told_on_ever_less_often() {
    let (mut told, mut n_told) = (0, 0);
    for used in 1..=1_000 {
        if Canned::is_use_news(used, told) {
            (told, n_told) = (used, n_told + 1);
        }
    }
    assert!((30..60).contains(&n_told), "{n_told}");
    assert!(1_000 - told <= told / 8);
}
