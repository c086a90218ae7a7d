//! Values of forms: masked for the window, and back again where the agent left them as they were.

use lt_model::ticket::{Ticket, TicketFieldKind, TicketType, TicketValue};

use crate::view::mask::{self, Piece};

/// What a number of an order or a parcel is known by.
const ORDER_CUE: &str = "订单号";
const TRACKING_CUE: &str = "运单号";
/// Characters of an address that are shown: about to the district.
const ADDRESS_CHARS: usize = 6;

/// A value as a window may hold it.
pub(crate) fn shown(kind: &TicketFieldKind, value: &TicketValue) -> TicketValue {
    let TicketValue::Text(raw) = value else {
        return value.clone();
    };
    TicketValue::Text(match kind {
        TicketFieldKind::Phone => match raw.contains('*') {
            true => raw.clone(),
            false => lt_guard::mask_phone(raw),
        },
        TicketFieldKind::Address => address(raw),
        TicketFieldKind::Order => after(ORDER_CUE, raw),
        TicketFieldKind::Tracking => after(TRACKING_CUE, raw),
        _ => mask::text(raw).0,
    })
}

/// What an agent sent back, with the values that stand masked in it. `known`: values that the agent
/// was shown of this field. None where something masked is left that nothing is known of.
pub(crate) fn restored(
    kind: &TicketFieldKind,
    sent: TicketValue,
    known: &[TicketValue],
) -> Option<TicketValue> {
    let TicketValue::Text(text) = sent else {
        return Some(sent);
    };
    let as_shown = known
        .iter()
        .find(|raw| shown(kind, raw) == TicketValue::Text(text.clone()));
    if let Some(raw) = as_shown {
        return Some(raw.clone());
    }
    let texts: Vec<&str> = known
        .iter()
        .filter_map(|raw| match raw {
            TicketValue::Text(raw) => Some(raw.as_str()),
            _ => None,
        })
        .collect();
    let text = mask::restore(&text, &texts);
    let must_be_whole = matches!(
        kind,
        TicketFieldKind::Phone
            | TicketFieldKind::Address
            | TicketFieldKind::Order
            | TicketFieldKind::Tracking
    );
    (!must_be_whole || !text.contains('*')).then_some(TicketValue::Text(text))
}

/// What is searched of a ticket: its number, title and words, and values of its form as the form
/// shows them.
pub(crate) fn pieces(ticket: &Ticket, kind: Option<&TicketType>) -> Vec<Piece> {
    let number = super::number(ticket.number);
    let mut pieces = vec![mask::piece(&number), mask::piece(&ticket.title)];
    for (key, value) in &ticket.values {
        let Some(field) = kind.and_then(|kind| kind.field(key)) else {
            continue;
        };
        match (&field.kind, value) {
            (TicketFieldKind::Phone | TicketFieldKind::Address, _) => {}
            (TicketFieldKind::Order | TicketFieldKind::Tracking, TicketValue::Text(raw)) => {
                if let TicketValue::Text(shown) = shown(&field.kind, value) {
                    pieces.push(mask::veiled(raw, shown));
                }
            }
            (_, TicketValue::Text(raw) | TicketValue::Choice(raw)) => pieces.push(mask::piece(raw)),
            (_, TicketValue::Choices(chosen)) => {
                pieces.extend(chosen.iter().map(|one| mask::piece(one)));
            }
            (
                _,
                TicketValue::Number(_)
                | TicketValue::Money(_)
                | TicketValue::Date(_)
                | TicketValue::Yes(_),
            ) => {}
        }
    }
    let said = ticket.events.iter().filter_map(|event| event.what.text());
    pieces.extend(said.map(mask::piece));
    pieces
}

fn after(cue: &str, raw: &str) -> String {
    let masked = mask::text(&format!("{cue}{raw}")).0;
    masked.strip_prefix(cue).unwrap_or(&masked).to_owned()
}

fn address(raw: &str) -> String {
    if raw.contains('*') {
        return raw.to_owned();
    }
    let masked = mask::text(raw).0;
    if masked.contains('*') {
        return masked;
    }
    let head: String = raw.chars().take(ADDRESS_CHARS).collect();
    format!("{head}****")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(text: &str) -> TicketValue {
        TicketValue::Text(text.to_owned())
    }

    #[test]
    fn what_is_personal_is_masked_and_comes_back() {
        for (kind, raw) in [
            (TicketFieldKind::Phone, "13812345678"),
            (
                TicketFieldKind::Address,
                "上海市徐汇区漕溪北路88号5栋1202室",
            ),
            (TicketFieldKind::Address, "门口丰巢柜"),
            (TicketFieldKind::Order, "LX20261105007213"),
            (TicketFieldKind::LongText, "电话13812345678，请尽快"),
        ] {
            let raw = text_of(raw);
            let shown = shown(&kind, &raw);
            assert_ne!(shown, raw, "{kind:?}");
            let known = [raw.clone()];
            assert_eq!(
                restored(&kind, shown.clone(), &known),
                Some(raw),
                "{kind:?}"
            );
            // Of another field's value nothing is known.
            if kind != TicketFieldKind::LongText {
                assert_eq!(restored(&kind, shown, &[]), None, "{kind:?}");
            }
        }
        let kind = TicketFieldKind::Phone;
        let typed = text_of("13987654321");
        assert_eq!(restored(&kind, typed.clone(), &[]), Some(typed));
    }
}
