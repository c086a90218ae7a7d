//! Products: words that the knowledge has for them, and names in quotation marks.

use std::collections::HashMap;

use lt_model::slot::Slot;

use super::{Piece, any, ends};
use crate::text::Folded;

/// Names in quotation marks up to this length.
const MAX_NAME: usize = 20;
/// Business lines that name no product.
const NO_PRODUCTS: &[&str] = &[
    "全店", "通用", "其他", "其它", "公共", "综合", "全部", "默认",
];
const BEFORE_NAME: &[&str] = &[
    "买的",
    "拍的",
    "买了",
    "拍了",
    "下单的",
    "订的",
    "看中",
    "商品",
    "宝贝",
    "产品",
    "款",
    "这个",
    "那个",
    "一件",
    "一台",
    "一个",
    "名叫",
    "叫",
];
const AFTER_NAME: &[&str] = &[
    "这款",
    "那款",
    "这个",
    "那个",
    "商品",
    "有货",
    "多少钱",
    "怎么卖",
    "什么时候",
    "还有",
    "的尺码",
    "能退",
    "坏",
];

/// A tenant's words for what it sells.
#[derive(Clone, Debug, Default)]
pub struct ProductWords {
    by_first: HashMap<char, Vec<(Vec<char>, String)>>,
}

impl ProductWords {
    /// From product words and business lines; words of one character and lines for everything
    /// (全店) are left out.
    #[must_use]
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut all = Self::default();
        for word in words {
            let word = word.trim();
            let folded = Folded::new(word, MAX_NAME).chars;
            if folded.len() < 2 || NO_PRODUCTS.contains(&word) {
                continue;
            }
            if let Some(first) = folded.first() {
                let entry = all.by_first.entry(*first).or_default();
                if !entry.iter().any(|(known, _)| *known == folded) {
                    entry.push((folded, word.to_owned()));
                }
            }
        }
        for words in all.by_first.values_mut() {
            words.sort_by_key(|(folded, _)| std::cmp::Reverse(folded.len()));
        }
        all
    }
}

pub(super) fn find(chars: &[char], words: &ProductWords) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        let rest = chars.get(at..).unwrap_or_default();
        let known = words
            .by_first
            .get(c)
            .and_then(|words| words.iter().find(|(word, _)| rest.starts_with(word)));
        if let Some((word, name)) = known {
            let range = at..at + word.len();
            at = range.end;
            pieces.push(Piece {
                slot: Slot::Product { name: name.clone() },
                range,
            });
        } else if let Some(piece) = quoted(chars, at) {
            at = piece.range.end;
            pieces.push(piece);
        } else {
            at += 1;
        }
    }
    pieces
}

/// 买的“云朵轻羽绒服”, 《…》这款. Quotation marks alone may quote anything.
fn quoted(chars: &[char], at: usize) -> Option<Piece> {
    let close = match chars.get(at)? {
        '“' => '”',
        '「' => '」',
        '『' => '』',
        '《' => '》',
        '【' => '】',
        '"' => '"',
        _ => return None,
    };
    let inner = chars.get(at + 1..)?;
    let len = inner.iter().take(MAX_NAME + 1).position(|c| *c == close)?;
    let name: String = inner.get(..len)?.iter().collect();
    let is_name = len >= 2
        && !name.contains(['，', ',', '。', '！', '!', '？', '?', '：', ':'])
        && name.chars().any(char::is_alphabetic);
    let end = at + len + 2;
    let is_product = ends(chars, at, BEFORE_NAME) || any(chars, end, AFTER_NAME).is_some();
    (is_name && is_product).then_some(Piece {
        slot: Slot::Product { name },
        range: at + 1..end - 1,
    })
}
