//! The customers of the three days.

use std::collections::BTreeMap;

use anyhow::Result;
use lt_backoffice::visitor::Visitor;
use lt_model::{Millis, id::MessageId};
use lt_protocol::widget::SessionRequest;
use uuid::Uuid;

use super::{MINUTE, Office};
use crate::prove::Dice;

/// What the shop's knowledge answers.
const QUESTIONS: [&str; 8] = [
    "付款后多久发货",
    "怎么申请退货",
    "衣服尺码怎么选",
    "退款多久到账",
    "优惠券为什么用不了",
    "怎么修改收货地址",
    "积分怎么用",
    "支持哪些付款方式",
];
/// What is complained of on any day.
const COMPLAINTS: [&str; 3] = [
    "你们客服态度太差了，我要投诉",
    "快递员态度恶劣，我要投诉",
    "说好的赠品没有，我要投诉你们",
];
/// What is complained of when the product goes bad.
const BAD: [&str; 4] = [
    "空气炸锅用着用着冒烟了，我要投诉",
    "空气炸锅第一次用就冒烟，我要投诉",
    "买的空气炸锅通电冒烟，吓死人了，我要投诉",
    "空气炸锅冒烟还有焦味，我要投诉",
];
/// What nobody taught the bot: after the third it hands over.
const UNKNOWN: [&str; 3] = ["呜哩哇啦咕噜", "叽里呱啦嘟噜", "哔哩吧啦咚呛"];
/// One in so many asks for a person, complains, comes back when it was over.
const ONE_ASKS_IN: u64 = 12;
const ONE_COMPLAINS_IN: u64 = 16;
const ONE_COMES_BACK_IN: u64 = 10;
/// When in a minute it is complained of the product, and the bot is asked what it does not know, while
/// it is wrong.
const BAD_AT_S: [i64; 3] = [0, 20, 40];
const UNKNOWN_AT_S: [i64; 3] = [7, 27, 47];
/// Minutes of a day: each of its conversations comes once in so many.
const A_DAY: u64 = 1_440;

/// What somebody will say, and when.
struct Said {
    at: Millis,
    who: usize,
    text: &'static str,
}

/// Everybody who comes.
pub(super) struct Crowd {
    dice: Dice,
    inbox: String,
    planned: Vec<Said>,
    here: BTreeMap<usize, Visitor>,
    n_people: usize,
    n_messages: u128,
    /// Parts of a conversation that have come together.
    due: u64,
}

impl Crowd {
    pub(super) fn new(dice: Dice, inbox: &str) -> Self {
        Self {
            dice,
            inbox: inbox.to_owned(),
            planned: Vec::new(),
            here: BTreeMap::new(),
            n_people: 0,
            n_messages: 1 << 64,
            due: 0,
        }
    }

    /// Each has one conversation.
    pub(super) fn n_conversations(&self) -> usize {
        self.here.len()
    }

    /// Who comes in a minute: of the day's `usual` ones, so many times.
    pub(super) fn plan(&mut self, at: Millis, usual: u64, times: i64, is_wrong: bool) {
        self.due += usual * times.unsigned_abs();
        while self.due >= A_DAY {
            self.due -= A_DAY;
            self.anybody(at);
        }
        if !is_wrong {
            return;
        }
        for second in BAD_AT_S {
            let who = self.somebody();
            let text = self.one_of(&BAD);
            self.says(at + second * 1_000, who, text);
        }
        for second in UNKNOWN_AT_S {
            let who = self.somebody();
            for (n, text) in (0..).zip(UNKNOWN) {
                self.says(at + (second + 2 * n) * 1_000, who, text);
            }
        }
    }

    /// Says what is due.
    pub(super) fn go_on(&mut self, office: &Office, until: Millis) -> Result<()> {
        let all = std::mem::take(&mut self.planned).into_iter();
        let (mut due, later): (Vec<Said>, Vec<Said>) = all.partition(|said| said.at < until);
        self.planned = later;
        // What one of them says stays in its order.
        due.sort_by_key(|said| said.at);
        for said in due {
            let who = self.visitor(office, &said)?;
            self.n_messages += 1;
            let id = MessageId(Uuid::from_u128(self.n_messages));
            office.bo.visitor_send(&who, id, said.text, said.at)?;
        }
        Ok(())
    }

    fn visitor(&mut self, office: &Office, said: &Said) -> Result<Visitor> {
        if let Some(known) = self.here.get(&said.who) {
            return Ok(*known);
        }
        let request = SessionRequest {
            inbox: self.inbox.clone(),
            token: None,
            name: format!("顾客{}", said.who),
            known: Default::default(),
        };
        let session = office.bo.visitor_session(request, said.at)?;
        let visitor = office.bo.visitor(&session.token)?;
        self.here.insert(said.who, visitor);
        Ok(visitor)
    }

    fn anybody(&mut self, minute: Millis) {
        let at = minute + i64::try_from(self.dice.below(50)).unwrap_or(0) * 1_000;
        let who = self.somebody();
        if self.dice.below(ONE_COMPLAINS_IN) == 0 {
            let text = self.one_of(&COMPLAINTS);
            self.says(at, who, text);
            return;
        }
        let text = self.one_of(&QUESTIONS);
        self.says(at, who, text);
        if self.dice.below(ONE_ASKS_IN) == 0 {
            self.says(at + 5_000, who, "转人工");
            if self.dice.below(ONE_COMES_BACK_IN) == 0 {
                self.says(at + 20 * MINUTE, who, "还是没有解决，转人工");
            }
        }
    }

    fn somebody(&mut self) -> usize {
        self.n_people += 1;
        self.n_people
    }

    fn says(&mut self, at: Millis, who: usize, text: &'static str) {
        self.planned.push(Said { at, who, text });
    }

    fn one_of(&mut self, texts: &[&'static str]) -> &'static str {
        let place = usize::try_from(self.dice.below(texts.len() as u64)).unwrap_or(0);
        texts.get(place).copied().unwrap_or("在吗")
    }
}
