//! What is wrong with a type that an administrator wrote: all of it, each at its place, so that it can
//! be told where it is written.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    id::{GroupId, HoursId},
    sla::SlaTargets,
    ticket::kind::{
        MAX_FIELDS, MAX_NAME_CHARS, MAX_OPTIONS, MAX_PATH, TicketField, TicketFieldKind, TicketType,
    },
};

/// Longest description, in characters.
const MAX_DESCRIPTION_CHARS: usize = 4 * MAX_NAME_CHARS;
/// Longest hint of a field, in characters.
const MAX_HINT_CHARS: usize = 2 * MAX_NAME_CHARS;
/// Longest promise, in minutes: of a year nobody waits for the end.
const MAX_TARGET_MINUTES: u32 = 525_600;

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{place:?}: {why:?}")]
pub struct TicketTypeFault {
    /// Where.
    pub place: TicketTypePlace,
    /// What.
    pub why: TicketTypeWhy,
}

/// A place of a type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum TicketTypePlace {
    /// 名称.
    Name,
    /// 说明.
    Description,
    /// 起始部门.
    Department,
    /// 常规流转.
    Path,
    /// 关键词.
    Words,
    /// 工作时间.
    Calendar,
    /// 预警比例.
    WarnShare,
    /// 时限.
    Targets,
    /// The form as a whole.
    Fields,
    /// A part of a field.
    Field {
        /// Which field, from 0.
        #[ts(type = "number")]
        place: usize,
        /// Which part.
        part: TicketFieldPart,
    },
}

/// A part of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TicketFieldPart {
    /// What its value is kept under.
    Key,
    /// 字段名称.
    Label,
    /// 填写提示.
    Hint,
    /// 选项.
    Options,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TicketTypeWhy {
    /// There is nothing in it.
    Empty,
    /// It is too long.
    TooLong,
    /// It is there twice.
    Twice,
    /// There are too many.
    TooMany,
    /// There is no such department or calendar.
    Unknown,
    /// Another type has it.
    Taken,
    /// It is outside of its bounds, or has characters that it may not have.
    Bounds,
}

impl TicketType {
    /// Checks and cleans one that an administrator wrote.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn check(self) -> Result<Self, TicketTypeFault> {
        let clean = self.cleaned();
        match clean.faults().into_iter().next() {
            Some(fault) => Err(fault),
            None => Ok(clean),
        }
    }

    /// The same without control characters and without blanks around its texts. Options and words
    /// of which nothing is left go.
    #[must_use]
    pub fn cleaned(mut self) -> Self {
        for text in [&mut self.name, &mut self.description] {
            *text = clean(text);
        }
        self.words = clean_all(&self.words);
        for field in &mut self.fields {
            for text in [&mut field.label, &mut field.hint] {
                *text = clean(text);
            }
            if let TicketFieldKind::Choice { options } | TicketFieldKind::Choices { options } =
                &mut field.kind
            {
                *options = clean_all(options);
            }
        }
        self
    }

    /// All that is wrong with it by itself, in the order of its places.
    #[must_use]
    pub fn faults(&self) -> Vec<TicketTypeFault> {
        use TicketTypePlace as P;
        use TicketTypeWhy as W;
        let mut faults = Vec::new();
        let mut tell = |place: P, why: Option<W>| {
            faults.extend(why.map(|why| TicketTypeFault { place, why }));
        };
        tell(P::Name, of_name(&self.name));
        tell(
            P::Description,
            longer(&self.description, MAX_DESCRIPTION_CHARS),
        );
        tell(P::Path, (self.path.len() > MAX_PATH).then_some(W::TooMany));
        tell(P::Words, of_list(&self.words));
        let is_share = (1..=99).contains(&self.sla.warn_percent);
        tell(P::WarnShare, (!is_share).then_some(W::Bounds));
        let promises = [
            self.sla.first_response,
            self.sla.next_response,
            self.sla.resolution,
        ];
        let is_promise = promises.iter().all(is_promise);
        tell(P::Targets, (!is_promise).then_some(W::Bounds));
        tell(
            P::Fields,
            (self.fields.len() > MAX_FIELDS).then_some(W::TooMany),
        );
        let mut keys = BTreeSet::new();
        for (place, field) in self.fields.iter().enumerate() {
            let mut of_part = |part, why: Option<W>| tell(P::Field { place, part }, why);
            let is_new = keys.insert(field.key.as_str());
            let of_key = match (is_key(&field.key), is_new) {
                (false, _) => Some(W::Bounds),
                (true, false) => Some(W::Twice),
                (true, true) => None,
            };
            of_part(TicketFieldPart::Key, of_key);
            of_part(TicketFieldPart::Label, of_name(&field.label));
            of_part(TicketFieldPart::Hint, longer(&field.hint, MAX_HINT_CHARS));
            of_part(TicketFieldPart::Options, of_options(field));
        }
        faults
    }

    /// All that is wrong with it beside what the organisation has.
    #[must_use]
    pub fn faults_among(
        &self,
        groups: &[GroupId],
        hours: &[HoursId],
        types: &[Self],
    ) -> Vec<TicketTypeFault> {
        use TicketTypePlace as P;
        use TicketTypeWhy as W;
        let is_known = |id: &GroupId| groups.contains(id);
        let is_taken = types.iter().any(|other| {
            other.id != self.id && other.active && self.active && other.name == self.name
        });
        let told = [
            (P::Name, is_taken, W::Taken),
            (
                P::Department,
                !self.group_id.iter().all(is_known),
                W::Unknown,
            ),
            (P::Path, !self.path.iter().all(is_known), W::Unknown),
            (
                P::Calendar,
                !self.sla.hours.iter().all(|id| hours.contains(id)),
                W::Unknown,
            ),
        ];
        told.into_iter()
            .filter(|(_, is_wrong, _)| *is_wrong)
            .map(|(place, _, why)| TicketTypeFault { place, why })
            .collect()
    }
}

fn clean(text: &str) -> String {
    let kept: String = text.chars().filter(|c| !c.is_control()).collect();
    kept.trim().to_owned()
}

fn clean_all(texts: &[String]) -> Vec<String> {
    let cleaned = texts.iter().map(|text| clean(text));
    cleaned.filter(|text| !text.is_empty()).collect()
}

fn longer(text: &str, max_chars: usize) -> Option<TicketTypeWhy> {
    (text.chars().count() > max_chars).then_some(TicketTypeWhy::TooLong)
}

fn of_name(name: &str) -> Option<TicketTypeWhy> {
    match name.trim().is_empty() {
        true => Some(TicketTypeWhy::Empty),
        false => longer(name, MAX_NAME_CHARS),
    }
}

fn of_list(names: &[String]) -> Option<TicketTypeWhy> {
    match names.len() > MAX_OPTIONS {
        true => Some(TicketTypeWhy::TooMany),
        false => names.iter().find_map(|name| of_name(name)),
    }
}

fn of_options(field: &TicketField) -> Option<TicketTypeWhy> {
    let (TicketFieldKind::Choice { options } | TicketFieldKind::Choices { options }) = &field.kind
    else {
        return None;
    };
    let distinct: BTreeSet<&String> = options.iter().collect();
    match (options.is_empty(), distinct.len() < options.len()) {
        (true, _) => Some(TicketTypeWhy::Empty),
        (false, true) => Some(TicketTypeWhy::Twice),
        (false, false) => of_list(options),
    }
}

fn is_key(key: &str) -> bool {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    !key.is_empty() && key.len() <= MAX_NAME_CHARS && key.chars().all(is_part)
}

fn is_promise(targets: &SlaTargets) -> bool {
    [targets.low, targets.normal, targets.high, targets.urgent]
        .iter()
        .all(|minutes| *minutes <= MAX_TARGET_MINUTES)
}
