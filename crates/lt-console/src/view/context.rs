//! What the bot found out and tried, for the agent who takes over.

use lt_model::{
    conversation::Conversation,
    dialogue::Tried,
    slot::{Amount, Currency, SlotKind, Slots},
};
use lt_protocol::view::{ContextView, SlotView, TriedView};

use crate::view::mask;

/// Shows it, masked.
pub(crate) fn context(conversation: &Conversation) -> ContextView {
    let dialogue = &conversation.dialogue;
    ContextView {
        slots: slots(&dialogue.slots),
        tried: dialogue.tried.iter().map(tried).collect(),
        failed_turns: conversation.failed_turns,
    }
}

fn slots(slots: &Slots) -> Vec<SlotView> {
    let order = slots.order.as_deref().map(masked_order);
    let tracking = slots.tracking.as_ref().map(|tracking| {
        let carrier = tracking.carrier.map_or("", lt_model::slot::Carrier::name);
        mask::text(format!("{carrier} {}", tracking.number).trim()).0
    });
    let product = slots.product.as_deref().map(|name| mask::text(name).0);
    let shown = [
        (SlotKind::Order, order),
        (SlotKind::Tracking, tracking),
        (SlotKind::Product, product),
        (SlotKind::Amount, slots.amount.map(amount)),
        (SlotKind::Date, slots.date.map(lt_engine::slots::date_text)),
        (SlotKind::Phone, slots.phone.clone()),
    ];
    shown
        .into_iter()
        .filter_map(|(slot, text)| Some(SlotView { slot, text: text? }))
        .collect()
}

/// The value of a slot by the name that a place to fill in has, masked.
pub(crate) fn filled(slots: &Slots, name: &str) -> Option<String> {
    match name {
        "订单号" | "订单" | "order" => slots.order.as_deref().map(masked_order),
        "运单号" | "快递单号" | "物流单号" | "tracking" => {
            let tracking = slots.tracking.as_ref()?;
            Some(mask::text(&format!("{TRACKING_CUE}{}", tracking.number)).0)
                .and_then(|text| text.strip_prefix(TRACKING_CUE).map(str::to_owned))
        }
        "商品" | "商品名称" | "product" => {
            slots.product.as_deref().map(|name| mask::text(name).0)
        }
        "金额" | "amount" => slots.amount.map(amount),
        "日期" | "date" => slots.date.map(lt_engine::slots::date_text),
        _ => None,
    }
}

/// A text with the values back that [`filled`] had masked.
pub(crate) fn unmasked(slots: &Slots, text: &str) -> String {
    let order = slots
        .order
        .as_deref()
        .map(|number| format!("{CUE}{number}"));
    let tracking = slots.tracking.as_ref();
    let tracking = tracking.map(|tracking| format!("{TRACKING_CUE}{}", tracking.number));
    let product = slots.product.clone();
    let known: Vec<String> = [order, tracking, product].into_iter().flatten().collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    mask::restore(text, &known)
}

/// By the word before it a number is known for what it is.
const CUE: &str = "订单号";
const TRACKING_CUE: &str = "运单号";

/// As the order's number is masked in messages: by the word before it.
fn masked_order(number: &str) -> String {
    let masked = mask::text(&format!("{CUE}{number}")).0;
    masked.strip_prefix(CUE).unwrap_or(&masked).to_owned()
}

/// ¥59.90, 约 ¥300
fn amount(amount: Amount) -> String {
    let sign = match amount.currency {
        Currency::Cny => "¥",
        Currency::Usd => "US$",
        Currency::Hkd => "HK$",
        Currency::Eur => "€",
    };
    let about = if amount.about { "约 " } else { "" };
    let (whole, cents) = (amount.hundredths / 100, amount.hundredths % 100);
    match cents {
        0 => format!("{about}{sign}{whole}"),
        _ => format!("{about}{sign}{whole}.{cents:02}"),
    }
}

fn tried(tried: &Tried) -> TriedView {
    match tried {
        Tried::Answered { question, live, .. } => TriedView::Answered {
            question: question.clone(),
            live: *live,
        },
        Tried::Offered { questions } => TriedView::Offered {
            questions: questions.clone(),
        },
        Tried::AskedFor { slot } => TriedView::AskedFor { slot: *slot },
        Tried::AskedAgain => TriedView::AskedAgain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_orders_number_is_masked_and_sums_are_readable() {
        let shown = masked_order("LX20261105007213");
        assert!(
            shown.contains('*') && !shown.contains("20261105007213"),
            "{shown}"
        );
        let sum = |hundredths, about| {
            amount(Amount {
                hundredths,
                currency: Currency::Cny,
                about,
            })
        };
        assert_eq!(sum(5_990, false), "¥59.90");
        assert_eq!(sum(30_000, true), "约 ¥300");
    }
}
