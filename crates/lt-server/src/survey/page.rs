//! The page behind a link, as text: a form that works without script, by keyboard and for screen
//! readers.

use axum::http::{HeaderMap, header};
use lt_backoffice::{html::escaped, survey::LinkSurvey};
use lt_model::{
    Millis,
    survey::{BEST, CHANGE_WITHIN_MS, MAX_COMMENT_CHARS, Survey},
};

/// What the page says, in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Zh,
    En,
}

/// What is shown.
pub(super) enum Shown {
    /// A survey.
    Survey(Box<LinkSurvey>),
    /// The link opens nothing, or not any more.
    Nothing,
}

/// What was wrong with what was posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    NoScore,
    TooLong,
    Fixed,
}

/// The words of a language.
struct Words {
    tag: &'static str,
    title: &'static str,
    question: &'static str,
    marks: [&'static str; 5],
    comment: &'static str,
    send: &'static str,
    change: &'static str,
    thanks: &'static str,
    changeable: &'static str,
    fixed: &'static str,
    opt_out: &'static str,
    opted_out: &'static str,
    gone: &'static str,
    no_score: &'static str,
    too_long: &'static str,
    other: (&'static str, &'static str),
}

const ZH: Words = Words {
    tag: "zh",
    title: "服务评价",
    question: "您对本次服务满意吗？",
    marks: ["非常不满意", "不满意", "一般", "满意", "非常满意"],
    comment: "还想说点什么（选填，最多 500 字）",
    send: "提交评分",
    change: "修改评分",
    thanks: "已收到您的评分，谢谢。",
    changeable: "10 分钟内可以修改，之后不能再改。",
    fixed: "评分已经确定，不能再改。",
    opt_out: "以后不再邀请我评价",
    opted_out: "好的，以后不再邀请您评价。",
    gone: "这个评价链接已经失效。需要帮助请直接联系客服。",
    no_score: "请先选择一个评分。",
    too_long: "文字太长，最多 500 字。您选的评分还没有提交。",
    other: ("en", "English"),
};

const EN: Words = Words {
    tag: "en",
    title: "Rate our service",
    question: "How satisfied are you with our service?",
    marks: [
        "Very dissatisfied",
        "Dissatisfied",
        "Neutral",
        "Satisfied",
        "Very satisfied",
    ],
    comment: "Anything to add? (optional, at most 500 characters)",
    send: "Send",
    change: "Change",
    thanks: "We have your rating. Thank you.",
    changeable: "You can change it for 10 minutes; after that it is final.",
    fixed: "The rating is final and can no longer be changed.",
    opt_out: "Do not ask me again",
    opted_out: "All right, we will not ask you again.",
    gone: "This link is no longer valid. If you need help, please contact us.",
    no_score: "Please choose a rating first.",
    too_long: "That is too long: at most 500 characters. Your rating has not been sent.",
    other: ("zh", "中文"),
};

impl Language {
    /// As the address wishes; else as the browser does, Chinese where it says nothing.
    pub(super) fn of(wish: &str, headers: &HeaderMap) -> Self {
        let said = headers.get(header::ACCEPT_LANGUAGE);
        let said = said.and_then(|said| said.to_str().ok()).unwrap_or_default();
        let first = if wish.is_empty() { said } else { wish };
        let starts = |tag: &str| {
            let mut letters = first.trim_start().chars();
            tag.chars()
                .all(|c| letters.next().is_some_and(|l| l.eq_ignore_ascii_case(&c)))
        };
        if first.is_empty() || starts("zh") || starts("*") {
            Self::Zh
        } else {
            Self::En
        }
    }

    /// Its name in an address.
    pub(super) fn tag(self) -> &'static str {
        self.words().tag
    }

    fn words(self) -> &'static Words {
        match self {
            Self::Zh => &ZH,
            Self::En => &EN,
        }
    }
}

/// The whole page.
pub(super) fn render(
    shown: &Shown,
    language: Language,
    wrong: Option<Wrong>,
    now: Millis,
) -> String {
    let words = language.words();
    let (name, body) = match shown {
        Shown::Survey(found) => (
            found.organisation.as_str(),
            survey(found, words, wrong, now),
        ),
        Shown::Nothing => ("", paragraph("note", "status", words.gone)),
    };
    let lang = match language {
        Language::Zh => "zh-CN",
        Language::En => "en",
    };
    let name = escaped(name);
    let heading = if name.is_empty() { words.title } else { &name };
    let (other, other_name) = words.other;
    format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n\
         <link rel=\"icon\" href=\"/widget/app/icon.svg\" type=\"image/svg+xml\">\n\
         <link rel=\"stylesheet\" href=\"/widget/app/tokens.css\">\n\
         <link rel=\"stylesheet\" href=\"/widget/app/survey.css\">\n</head>\n<body>\n\
         <main class=\"sheet\">\n<h1>{heading}</h1>\n{body}\
         <p class=\"other\"><a href=\"?lang={other}\" lang=\"{other}\">{other_name}</a></p>\n\
         </main>\n</body>\n</html>\n",
        title = words.title,
    )
}

fn survey(found: &LinkSurvey, words: &Words, wrong: Option<Wrong>, now: Millis) -> String {
    let asked = &found.survey;
    let mut body = String::new();
    match wrong {
        Some(Wrong::NoScore) => body += &paragraph("warn", "alert", words.no_score),
        Some(Wrong::TooLong) => body += &paragraph("warn", "alert", words.too_long),
        Some(Wrong::Fixed) | None => {}
    }
    let is_changeable = asked
        .answer
        .as_ref()
        .is_some_and(|answer| now - answer.at <= CHANGE_WITHIN_MS);
    if let Some(answer) = &asked.answer {
        body += &paragraph("done", "status", words.thanks);
        let word = mark_word(words, answer.score);
        let stars = "★".repeat(usize::from(answer.score));
        body += &format!(
            "<p class=\"given\"><span aria-hidden=\"true\">{stars}</span> {} · {word}</p>\n",
            answer.score
        );
        body += &paragraph(
            "note",
            "note",
            if is_changeable {
                words.changeable
            } else {
                words.fixed
            },
        );
    }
    if asked.is_open(now) || is_changeable {
        body += &form(found, asked, words);
    }
    if found.opted_out {
        body += &paragraph("note", "status", words.opted_out);
    } else {
        body += &format!(
            "<form method=\"post\" class=\"out\"><button class=\"plain\" name=\"opt_out\" \
             value=\"1\">{}</button></form>\n",
            words.opt_out
        );
    }
    body
}

fn form(found: &LinkSurvey, asked: &Survey, words: &Words) -> String {
    let (zh, en) = &found.question;
    let own = if words.tag == "zh" { zh } else { en };
    let question = match own.as_str() {
        "" => words.question.to_owned(),
        own => escaped(own),
    };
    let given = asked.answer.as_ref();
    let marks: String = (1..=BEST)
        .map(|score| {
            let chosen = given.is_some_and(|answer| answer.score == score);
            let checked = if chosen { " checked" } else { "" };
            format!(
                "<label class=\"mark\"><input type=\"radio\" name=\"score\" value=\"{score}\" \
                 required{checked}><span class=\"mark__n\">{score}</span>\
                 <span class=\"mark__word\">{}</span></label>\n",
                mark_word(words, score)
            )
        })
        .collect();
    let comment = given
        .map(|answer| escaped(&answer.comment))
        .unwrap_or_default();
    let send = if given.is_some() {
        words.change
    } else {
        words.send
    };
    format!(
        "<form method=\"post\">\n<fieldset><legend>{question}</legend>\n<div class=\"marks\">\n\
         {marks}</div></fieldset>\n<label class=\"field\" for=\"comment\">{}</label>\n\
         <textarea id=\"comment\" name=\"comment\" rows=\"4\" maxlength=\"{MAX_COMMENT_CHARS}\">\
         \n{comment}</textarea>\n<button class=\"send\">{send}</button>\n</form>\n",
        words.comment
    )
}

fn mark_word(words: &Words, score: u8) -> &'static str {
    let place = usize::from(score).saturating_sub(1);
    words.marks.get(place).copied().unwrap_or_default()
}

fn paragraph(class: &str, role: &str, text: &str) -> String {
    format!("<p class=\"{class}\" role=\"{role}\">{text}</p>\n")
}

#[cfg(test)]
mod tests;
