//! Numbers as people write them: blocks of digits with separators between.

use crate::page::Page;

/// The longest number that any recogniser asks for, in digits.
const MAX_DIGITS: usize = 20;

/// An unbroken row of digits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Block {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Only separators stand between this block and the one before it.
    joined: bool,
}

impl Block {
    pub(crate) fn len(&self) -> usize {
        self.end - self.start
    }
}

/// How a digit may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    /// 0–9 and their full-width forms.
    Figures,
    /// Also 一 幺 壹 两 洞 拐 ① and the like.
    Worded,
}

/// All digit blocks of a page.
pub(crate) struct Digits<'a> {
    page: &'a Page,
    script: Script,
    blocks: Vec<Block>,
}

impl<'a> Digits<'a> {
    pub(crate) fn read(page: &'a Page, script: Script) -> Self {
        let mut blocks: Vec<Block> = Vec::new();
        let mut i = 0;
        while i < page.len() {
            let end = page.ahead(i, page.len(), |c| value(c, script).is_some());
            if end == i {
                i += 1;
                continue;
            }
            let joined = blocks.last().is_some_and(|last| {
                let gap = page.slice(last.end, i);
                gap.len() <= 3 && gap.iter().all(|&c| is_gap(c))
            });
            blocks.push(Block {
                start: i,
                end,
                joined,
            });
            i = end;
        }
        Self {
            page,
            script,
            blocks,
        }
    }

    /// Numbers that begin at block `first` and have between `min` and `max` digits, longest first.
    fn from(&self, first: usize, min: usize, max: usize) -> Vec<Number<'_>> {
        let mut out = Vec::new();
        let mut total = 0;
        for (n, block) in self.blocks.iter().skip(first).enumerate() {
            if n > 0 && !block.joined {
                break;
            }
            total += block.len();
            if total > max {
                break;
            }
            if total >= min {
                out.extend(self.number(first, first + n + 1));
            }
        }
        out.reverse();
        out
    }

    /// All numbers of between `min` and `max` digits, left to right, longest first at each place.
    pub(crate) fn numbers(&self, min: usize, max: usize) -> impl Iterator<Item = Number<'_>> {
        let max = max.min(MAX_DIGITS);
        (0..self.blocks.len()).flat_map(move |first| self.from(first, min, max))
    }

    fn number(&self, first: usize, last: usize) -> Option<Number<'_>> {
        let blocks = self.blocks.get(first..last)?;
        let (start, end) = (blocks.first()?.start, blocks.last()?.end);
        let digits: Vec<u8> = self
            .page
            .slice(start, end)
            .iter()
            .filter_map(|&c| value(c, self.script))
            .collect();
        let next = self.blocks.get(last).filter(|b| b.joined);
        let whole = !blocks.first()?.joined && next.is_none();
        Some(Number {
            start,
            end,
            digits,
            blocks,
            whole,
            next: next.copied(),
        })
    }
}

/// A row of blocks read as one number.
pub(crate) struct Number<'a> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) digits: Vec<u8>,
    pub(crate) blocks: &'a [Block],
    /// No other block is joined to it on either side.
    pub(crate) whole: bool,
    /// The block joined to it on the right.
    pub(crate) next: Option<Block>,
}

impl Number<'_> {
    /// Block lengths equal `sizes`.
    pub(crate) fn grouped(&self, sizes: &[usize]) -> bool {
        self.blocks.iter().map(Block::len).eq(sizes.iter().copied())
    }

    /// Every digit stands alone.
    pub(crate) fn spaced(&self) -> bool {
        self.blocks.iter().all(|b| b.len() == 1)
    }

    /// A mask (`*`) touches the number, so that it is what masking left over.
    pub(crate) fn is_masked(&self, page: &Page) -> bool {
        let left = page.back(self.start, 2, is_gap);
        let right = page.ahead(self.end, 2, is_gap);
        page.before(left) == Some('*') || page.get(right) == Some('*')
    }
}

/// May stand between the blocks of one number.
pub(crate) fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '-' | '.' | '/' | '·' | '_' | '(' | ')')
}

/// The value of a digit in `script`.
pub(crate) fn value(c: char, script: Script) -> Option<u8> {
    if let Some(digit) = c.to_digit(10) {
        return u8::try_from(digit).ok();
    }
    if script == Script::Figures {
        None
    } else {
        worded(c)
    }
}

fn worded(c: char) -> Option<u8> {
    Some(match c {
        '零' | '〇' | '○' | '洞' | '⓪' => 0,
        '一' | '幺' | '壹' | '①' => 1,
        '二' | '两' | '贰' | '②' => 2,
        '三' | '叁' | '③' => 3,
        '四' | '肆' | '④' => 4,
        '五' | '伍' | '⑤' => 5,
        '六' | '陆' | '⑥' => 6,
        '七' | '柒' | '拐' | '⑦' => 7,
        '八' | '捌' | '⑧' => 8,
        '九' | '玖' | '勾' | '⑨' => 9,
        _ => return None,
    })
}
