//! WeChat ids after a cue. An id that is a phone number is left to the phone.

use crate::hits::Hits;
use crate::page::{Page, is_word};
use crate::span::PiiKind;

const CUES: &[&str] = &[
    "加我vx",
    "加我wx",
    "加我v信",
    "加vx",
    "加wx",
    "加v信",
    "微信号码",
    "微信号",
    "微信id",
    "微信",
    "微 信",
    "薇信",
    "威信",
    "卫星号",
    "v信号",
    "v信",
    "wechat",
    "weixin",
    "wxid",
    "vx号",
    "vx",
    "wx号",
    "wx",
    "加v",
    "加我v",
    "绿泡泡",
];

pub(super) fn find(page: &Page, hits: &mut Hits) {
    after_cue(page, hits);
    before_cue(page, hits);
}

fn after_cue(page: &Page, hits: &mut Hits) {
    let mut i = 0;
    while i < page.len() {
        let Some(len) = page.starts_any(i, CUES) else {
            i += 1;
            continue;
        };
        let glued = page.get(i).is_some_and(is_word) && page.before(i).is_some_and(is_word);
        if page.starts(i, "wxid_") && !glued {
            i = claim(page, hits, i).unwrap_or(i + len);
        } else if glued {
            i += len;
        } else {
            i = claim(page, hits, skip_link(page, i + len)).unwrap_or(i + len);
        }
    }
}

/// abc12345是我的微信.
fn before_cue(page: &Page, hits: &mut Hits) {
    for i in 0..page.len() {
        if page
            .starts_any(
                i,
                &[
                    "是我的微信",
                    "是我微信",
                    "是微信",
                    "(微信",
                    "为我的微信",
                    "这个微信",
                ],
            )
            .is_some()
        {
            let start = page.back(i, 21, |c| is_word(c) || c == '-');
            claim(page, hits, start);
        }
    }
}

/// Steps over 号, id, 是, colons and blanks between the cue and the id.
fn skip_link(page: &Page, from: usize) -> usize {
    let mut i = from;
    for _ in 0..8 {
        i = match page.starts_any(
            i,
            &[
                "号码", "账号", "号", "id:", "id ", "no.", "是", "为", "加", "搜", "同号", "就是",
                ":", " ", "-", "=", "(", "“", "\"", "「", "[",
            ],
        ) {
            Some(n) => i + n,
            None => break,
        };
    }
    i
}

fn claim(page: &Page, hits: &mut Hits, start: usize) -> Option<usize> {
    let end = page.ahead(start, 21, |c| is_word(c) || c == '-');
    let end = page.back(end, 20, |c| c == '-').max(start);
    let starts_well = page.get(start)?.is_ascii_alphabetic();
    let plain = !matches!(page.get(end), Some('*' | '@' | '.'));
    let known = ["wechat", "weixin", "android", "iphone"]
        .iter()
        .any(|w| page.starts(start, w) && w.len() == end - start);
    let valid = starts_well && plain && !known && (6..=20).contains(&(end - start));
    (valid && hits.add(start, end, PiiKind::Wechat)).then_some(end)
}
