//! One search over what is on this device: customers, messages, conversations, knowledge.

mod found;

use lt_model::agent::Permission;
use lt_protocol::{
    code::WireError,
    command::SearchArgs,
    search::{
        ConversationFindArgs, FindArgs, FindKind, FindOrder, FoundCount, FoundPage, PlacesView,
    },
    view::{SearchHit, SearchHits},
};
use lt_search::message_index::{Filter, Kind};

use crate::{desk::Desk, error::wire, view};
use found::{Found, Hit};

/// Most hits of one answer to the palette.
const MAX_HITS: usize = 50;
/// Most hits of one window.
const MAX_WINDOW: usize = 100;
/// One hit in so many may be a customer, and as many knowledge: messages have the rest.
const SHARE: usize = 4;
/// Most places of one search in a conversation.
const MAX_PLACES: usize = 500;
/// So many rows may wait to be indexed without a word: that is the last few seconds.
const BEHIND: u32 = 500;

/// `search.run`: a few of each kind, for the palette, which lists tickets by itself.
pub(super) fn run(desk: &Desk, args: &SearchArgs) -> Result<SearchHits, WireError> {
    desk.permit(Permission::ConvView)?;
    let query = args.query.trim();
    let limit = limit_of(args);
    if query.is_empty() || limit == 0 {
        return Ok(SearchHits { items: Vec::new() });
    }
    let share = (limit / SHARE).max(1);
    let found = Found::gather(desk, &everywhere(query), limit)?;
    let few = |kind, most| {
        found
            .hits
            .iter()
            .filter(move |hit| hit.kind == kind)
            .take(most)
    };
    let conversations = few(FindKind::Conversation, share).chain(few(FindKind::Contact, share));
    let mut items: Vec<SearchHit> = conversations.map(|hit| hit.shown.clone()).collect();
    let knowledge: Vec<_> = few(FindKind::Faq, share).collect();
    let rest = limit.saturating_sub(items.len() + knowledge.len()).max(1);
    items.extend(few(FindKind::Message, rest).map(|hit| hit.shown.clone()));
    items.extend(knowledge.into_iter().map(|hit| hit.shown.clone()));
    items.truncate(limit);
    Ok(SearchHits { items })
}

/// `search.find`: everything, in one order.
pub(super) fn find(desk: &Desk, args: &FindArgs) -> Result<FoundPage, WireError> {
    desk.permit(Permission::ConvView)?;
    let is_behind = desk.store.index_is_behind(BEHIND).map_err(wire)?;
    let mut found = if args.query.trim().is_empty() {
        Found::default()
    } else {
        Found::gather(desk, args, found::MOST_MESSAGES)?
    };
    let counts = found.counts();
    if let Some(kind) = args.kind {
        found.hits.retain(|hit| hit.kind == kind);
    }
    match args.order {
        FindOrder::Best => found.hits.sort_by(Hit::better),
        FindOrder::Newest => found.hits.sort_by_key(|hit| std::cmp::Reverse(hit.at)),
    }
    let total = u32::try_from(found.hits.len()).unwrap_or(u32::MAX);
    let offset = usize::try_from(args.offset).unwrap_or(usize::MAX);
    let limit = usize::try_from(args.limit).map_or(MAX_WINDOW, |limit| limit.min(MAX_WINDOW));
    let window = found.hits.into_iter().skip(offset).take(limit);
    Ok(FoundPage {
        items: window.map(|hit| hit.shown).collect(),
        total,
        counts,
        is_behind,
    })
}

/// `conversation.find`: where in one conversation it was said.
pub(super) fn places(desk: &Desk, args: &ConversationFindArgs) -> Result<PlacesView, WireError> {
    desk.permit(Permission::ConvView)?;
    let query = args.query.trim();
    let filter = Filter {
        kind: Some(Kind::Message),
        conversation_id: Some(args.conversation_id.to_string()),
        ..Filter::default()
    };
    let mut hits = desk.index.search(query, &filter, MAX_PLACES);
    // Something like it is no place where it was said.
    hits.retain(|hit| hit.exact);
    let or_more = hits.len() == MAX_PLACES;
    let ids: Vec<_> = hits.iter().filter_map(|hit| hit.id.parse().ok()).collect();
    let mut seqs = Vec::new();
    for (stored, _) in desk.store.found(&ids).map_err(wire)? {
        let text = stored.message.words();
        let told = text.and_then(|text| view::mask::hit_line(text, query, true));
        if told.is_some() && stored.message.seq > 0 {
            seqs.push(stored.message.seq);
        }
    }
    seqs.sort_unstable_by_key(|seq| std::cmp::Reverse(*seq));
    Ok(PlacesView { seqs, or_more })
}

/// How many hits are asked for, within bounds.
pub(super) fn limit_of(args: &SearchArgs) -> usize {
    usize::try_from(args.limit)
        .unwrap_or(MAX_HITS)
        .min(MAX_HITS)
}

fn everywhere(query: &str) -> FindArgs {
    FindArgs {
        query: query.to_owned(),
        kind: None,
        from: None,
        until: None,
        channel: None,
        author: None,
        order: FindOrder::Best,
        offset: 0,
        limit: 0,
    }
}

impl Found {
    fn counts(&self) -> Vec<FoundCount> {
        let kinds = [
            FindKind::Message,
            FindKind::Conversation,
            FindKind::Contact,
            FindKind::Ticket,
            FindKind::Faq,
        ];
        let count = |kind| FoundCount {
            kind,
            n: u32::try_from(self.hits.iter().filter(|hit| hit.kind == kind).count())
                .unwrap_or(u32::MAX),
            or_more: self.cut.contains(&kind),
        };
        kinds.map(count).into()
    }
}
