//! Numbers as people write them: blocks of digits with separators between.

use crate::page::Page;

/// An unbroken row of digits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Block {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// What stands between this block and the one before it.
    gap: Gap,
    /// Where its digits begin among all digits of the page.
    digits_at: usize,
}

impl Block {
    pub(crate) fn len(&self) -> usize {
        self.end - self.start
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Anything, so that a number ends.
    Open,
    /// A comma, which also parts the members of a list.
    Loose,
    /// Blanks, dashes, dots.
    Tight,
}

impl Gap {
    fn read(between: &[char]) -> Self {
        match between {
            _ if between.len() > 3 => Self::Open,
            _ if between.iter().all(|&c| is_gap(c)) => Self::Tight,
            [',' | '、' | '~' | '|'] => Self::Loose,
            _ => Self::Open,
        }
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
pub(crate) struct Digits {
    blocks: Vec<Block>,
    values: Vec<u8>,
}

impl Digits {
    pub(crate) fn read(page: &Page, script: Script) -> Self {
        let mut blocks: Vec<Block> = Vec::new();
        let mut values = Vec::new();
        let mut inside = false;
        for (i, &c) in page.chars().iter().enumerate() {
            let Some(digit) = value(c, script) else {
                inside = false;
                continue;
            };
            match blocks.last_mut().filter(|_| inside) {
                Some(block) => block.end = i + 1,
                None => {
                    let gap = blocks
                        .last()
                        .map_or(Gap::Open, |b| Gap::read(page.slice(b.end, i)));
                    blocks.push(Block {
                        start: i,
                        end: i + 1,
                        gap,
                        digits_at: values.len(),
                    });
                }
            }
            values.push(digit);
            inside = true;
        }
        Self { blocks, values }
    }

    /// All numbers of between `min` and `max` digits, left to right, longest first at each place.
    /// `max` bounds the work at each block.
    pub(crate) fn numbers(&self, min: usize, max: usize) -> impl Iterator<Item = Number<'_>> {
        (0..self.blocks.len()).flat_map(move |first| {
            let (mut total, mut short, mut last) = (0, first, first);
            for (n, block) in self.blocks.iter().skip(first).enumerate() {
                if total + block.len() > max || (n > 0 && block.gap == Gap::Open) {
                    break;
                }
                total += block.len();
                last += 1;
                if total < min {
                    short += 1;
                }
            }
            (short + 1..=last)
                .rev()
                .filter_map(move |last| self.number(first, last))
        })
    }

    fn number(&self, first: usize, last: usize) -> Option<Number<'_>> {
        let blocks = self.blocks.get(first..last)?;
        let (head, tail) = (blocks.first()?, blocks.last()?);
        let next = self
            .blocks
            .get(last)
            .filter(|b| b.gap == Gap::Tight)
            .copied();
        Some(Number {
            start: head.start,
            end: tail.end,
            digits: self
                .values
                .get(head.digits_at..tail.digits_at + tail.len())?,
            blocks,
            whole: head.gap != Gap::Tight && next.is_none(),
            listed: blocks.iter().skip(1).any(|b| b.gap == Gap::Loose),
            next,
        })
    }
}

/// A row of blocks read as one number.
pub(crate) struct Number<'a> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) digits: &'a [u8],
    pub(crate) blocks: &'a [Block],
    /// No other block is joined to it on either side.
    pub(crate) whole: bool,
    /// A comma stands inside, as in a list of numbers.
    pub(crate) listed: bool,
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
    match c {
        '0'..='9' => u8::try_from(u32::from(c) - u32::from('0')).ok(),
        _ if script == Script::Figures || c.is_ascii() => None,
        _ => worded(c),
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
