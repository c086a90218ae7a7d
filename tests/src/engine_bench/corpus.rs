//! A large knowledge base and customers' questions, composed of the question packs' wordings.
//!
//! The first round takes the packs' entries as they are; each further round asks the same about a
//! product, a place or a number, as large knowledge bases do.

use std::{fs, path::PathBuf};

use anyhow::{Context, ensure};
use lt_engine::{
    Doc, Role,
    lab::{self, File, RoleWord},
};
use serde::Deserialize;

/// Wordings of each entry: the standard question and similar ones.
pub const N_WORDINGS: usize = 6;

/// Knowledge and questions.
pub struct Corpus {
    /// Entries, each with [`N_WORDINGS`] wordings.
    pub docs: Vec<Doc>,
    /// Questions as customers type them.
    pub questions: Vec<Question>,
}

/// A customer's question.
pub struct Question {
    /// The message.
    pub text: String,
    /// What was said before.
    pub history: Vec<(Role, String)>,
}

#[derive(Deserialize)]
struct Line {
    text: String,
    #[serde(default)]
    history: Vec<lab::TurnLine>,
}

/// Splitmix64: the same numbers everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of.get(self.below(of.len())).copied().unwrap_or_default()
    }
}

const BRANDS: &[&str] = &[
    "云栖", "北屿", "澄光", "松果", "禾沐", "青川", "知微", "山隅", "逐浪", "白鹭", "拾光", "木棉",
    "初见", "南枝", "千岛", "朗域",
];
const GOODS: &[&str] = &[
    "电饭煲",
    "空气炸锅",
    "扫地机器人",
    "吹风机",
    "加湿器",
    "净水器",
    "洗碗机",
    "油烟机",
    "热水器",
    "冰箱",
    "洗衣机",
    "烘干机",
    "电视机",
    "路由器",
    "蓝牙耳机",
    "充电宝",
    "机械键盘",
    "显示器",
    "打印机",
    "行车记录仪",
    "儿童手表",
    "电动牙刷",
    "剃须刀",
    "按摩椅",
    "跑步机",
    "瑜伽垫",
    "帐篷",
    "登山鞋",
    "羽绒服",
    "冲锋衣",
    "牛仔裤",
    "连衣裙",
    "羊毛衫",
    "运动鞋",
    "双肩包",
    "行李箱",
    "婴儿车",
    "安全座椅",
    "纸尿裤",
    "奶粉",
    "积木",
    "绘本",
    "床垫",
    "四件套",
    "沙发",
    "书桌",
    "台灯",
    "窗帘",
    "乳胶枕",
    "保温杯",
    "不粘锅",
    "菜刀",
    "咖啡机",
    "茶具",
    "大米",
    "橄榄油",
    "坚果礼盒",
    "牛排",
    "车厘子",
    "大闸蟹",
    "鲜花",
    "洗面奶",
    "防晒霜",
    "面膜",
    "口红",
    "香水",
    "猫粮",
    "狗窝",
    "鱼缸",
    "电瓶车",
    "头盔",
    "轮胎",
    "玻璃水",
    "年卡",
    "会员",
    "流量包",
    "宽带",
    "信用卡",
    "意外险",
    "重疾险",
    "车险",
    "旅游套餐",
    "机票",
    "酒店",
    "网课",
    "驾校班",
    "体检套餐",
];
const PLACES: &[&str] = &[
    "北京",
    "上海",
    "广州",
    "深圳",
    "杭州",
    "成都",
    "重庆",
    "武汉",
    "西安",
    "南京",
    "苏州",
    "天津",
    "长沙",
    "郑州",
    "青岛",
    "大连",
    "厦门",
    "昆明",
    "哈尔滨",
    "乌鲁木齐",
    "拉萨",
    "海口",
    "三亚",
    "贵阳",
    "兰州",
    "银川",
    "西宁",
    "呼和浩特",
    "南宁",
    "香港",
    "澳门",
    "台湾",
    "新加坡",
    "日本",
    "朝阳区",
    "浦东新区",
    "天河区",
    "余杭区",
    "武侯区",
    "雁塔区",
    "开发区",
    "大学城",
];
const UNITS: &[&str] = &[
    "元", "天", "件", "个月", "公斤", "期", "年", "小时", "次", "公里",
];

/// What an entry is about besides its matter.
enum Slot {
    Product(String),
    Place(&'static str),
    Number(String),
}

impl Slot {
    fn throw(dice: &mut Dice) -> Self {
        match dice.below(6) {
            0 => Self::Place(dice.one(PLACES)),
            1 => Self::Number(format!("{}{}", dice.below(2_000) + 1, dice.one(UNITS))),
            _ => {
                let (brand, goods) = (dice.one(BRANDS), dice.one(GOODS));
                let series = char::from(b'A' + dice.below(26) as u8);
                Self::Product(match dice.below(3) {
                    0 => format!("{brand}{goods}"),
                    1 => format!("{goods}{series}{}", dice.below(90) + 10),
                    _ => format!("{brand}{goods}{series}{}", dice.below(900) + 100),
                })
            }
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Product(name) | Self::Number(name) => name,
            Self::Place(name) => name,
        }
    }

    /// A wording about it; `form` chooses among the ways to say so.
    fn say(&self, wording: &str, form: usize) -> String {
        let name = self.name();
        match (self, form % 3) {
            (Self::Product(_) | Self::Place(_), 0) => format!("{name}{wording}"),
            (Self::Product(_), 1) => format!("买的{name}，{wording}"),
            (Self::Product(_), _) => format!("{wording}（{name}）"),
            (Self::Place(_), 1) => format!("人在{name}，{wording}"),
            (Self::Place(_), _) => format!("{name}地区{wording}"),
            (Self::Number(_), 0) => format!("{name}以上{wording}"),
            (Self::Number(_), 1) => format!("超过{name}的{wording}"),
            (Self::Number(_), _) => format!("{wording}，{name}"),
        }
    }
}

/// A knowledge base of `n_entries` and `n_questions` questions, the same for the same seed.
///
/// # Errors
/// When the question packs cannot be read.
pub fn compose(n_entries: usize, n_questions: usize, seed: u64) -> anyhow::Result<Corpus> {
    let (bases, lines) = packs()?;
    let mut dice = Dice(seed);
    let docs = (0..n_entries)
        .filter_map(|at| {
            let base = bases.get(at % bases.len())?;
            let slot = (at >= bases.len()).then(|| Slot::throw(&mut dice));
            Some(entry(at, base, slot.as_ref(), &mut dice))
        })
        .collect();
    let questions = (0..n_questions)
        .filter_map(|at| {
            // Each of the packs' questions in turn, from a thrown beginning.
            let line = lines.get((seed as usize + at * 7) % lines.len())?;
            let text = if dice.below(2) == 0 {
                Slot::throw(&mut dice).say(&line.text, dice.below(3))
            } else {
                line.text.clone()
            };
            let history = line.history.iter().map(|turn| {
                let role = match turn.role {
                    RoleWord::Customer => Role::Customer,
                    RoleWord::Agent => Role::Agent,
                };
                (role, turn.text.clone())
            });
            Some(Question {
                text,
                history: history.collect(),
            })
        })
        .collect();
    Ok(Corpus { docs, questions })
}

fn entry(at: usize, base: &Doc, slot: Option<&Slot>, dice: &mut Dice) -> Doc {
    let first = dice.below(3);
    let own: Vec<&String> = std::iter::once(&base.question)
        .chain(&base.similar)
        .collect();
    let mut wordings = (0..N_WORDINGS).filter_map(|n| {
        let wording = own.get(n % own.len())?;
        let wording = match n / own.len() {
            0 => (*wording).clone(),
            1 => format!("请问{wording}"),
            _ => format!("想了解一下{wording}"),
        };
        Some(slot.map_or(wording.clone(), |slot| slot.say(&wording, first + n)))
    });
    Doc {
        faq_id: format!("{}-{at}", base.faq_id),
        version: 1,
        business_line: base.business_line.clone(),
        category: base.category.clone(),
        question: wordings.next().unwrap_or_default(),
        similar: wordings.collect(),
        answer: slot.map_or(base.answer.clone(), |slot| {
            format!("{}：{}", slot.name(), base.answer)
        }),
    }
}

fn packs() -> anyhow::Result<(Vec<Doc>, Vec<Line>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../crates/lt-engine/packs");
    let mut packs: Vec<PathBuf> = fs::read_dir(&folder)
        .with_context(|| format!("listing {}", folder.display()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.join("questions.jsonl").exists())
        .collect();
    packs.sort();
    let (mut docs, mut lines) = (Vec::new(), Vec::new());
    for pack in packs {
        let read = |name: &str| {
            let path = pack.join(name);
            let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
            anyhow::Ok((path.display().to_string(), bytes))
        };
        let (name, bytes) = read("kb.jsonl")?;
        docs.extend(lab::read_kb(File {
            name: &name,
            bytes: &bytes,
        })?);
        let (name, bytes) = read("questions.jsonl")?;
        lines.extend(lab::read_lines::<Line>(File {
            name: &name,
            bytes: &bytes,
        })?);
    }
    ensure!(
        !docs.is_empty() && !lines.is_empty(),
        "no question packs in {}",
        folder.display()
    );
    Ok((docs, lines))
}
