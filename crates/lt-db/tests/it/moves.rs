use std::collections::BTreeMap;

use lt_db::{feed, table::conversation};
use lt_model::{
    change::{EntityKind, StreamKind},
    id::GroupId,
};
use lt_protocol::sync::RowChange;

use crate::fixture::{Shop, another_conversation, new_conversation, say};

/// What one stream says after its first `after` changes: (`put` or `del`, kind), sorted.
fn changes(shop: &Shop, group: GroupId, after: u64) -> Vec<(&'static str, EntityKind)> {
    let mut found: Vec<_> = shop
        .db
        .read(|reader| {
            let heads = feed::heads(reader, &[StreamKind::Group(group)])?;
            let Some(head) = heads.first() else {
                return Ok(Vec::new());
            };
            let mut cursors = BTreeMap::from([(head.stream, after)]);
            let batch = feed::batch(reader, &[head.stream], &mut cursors, 500)?;
            Ok::<_, lt_db::DbError>(batch.map_or(Vec::new(), |batch| batch.rows))
        })
        .unwrap()
        .into_iter()
        .map(|row| match row.change {
            RowChange::Put { entity } => ("put", entity.kind()),
            RowChange::Del { entity, .. } => ("del", entity),
        })
        .collect();
    found.sort_unstable();
    found
}

fn head(shop: &Shop, group: GroupId) -> u64 {
    let kinds = [StreamKind::Group(group)];
    let heads = shop.db.read(|reader| feed::heads(reader, &kinds)).unwrap();
    heads.first().map_or(0, |head| head.head)
}

#[test]
fn a_move_takes_conversation_contact_and_messages_along() {
    use EntityKind::{Contact, Conversation, Message};
    for shop in Shop::on_each(2) {
        let (from, to) = (shop.groups[0], shop.groups[1]);
        let mut moved = shop.act("conversation.begin", |tx| {
            let mut moved = new_conversation(tx, shop.inbox, from)?;
            say(tx, &mut moved, "一")?;
            say(tx, &mut moved, "二")?;
            Ok(moved)
        });
        let before = head(&shop, from);
        shop.act("conversation.move", |tx| {
            moved.group_id = to;
            conversation::update(tx, &moved)?;
            say(tx, &mut moved, "三")
        });
        assert_eq!(
            changes(&shop, from, before),
            [
                ("del", Contact),
                ("del", Conversation),
                ("del", Message),
                ("del", Message)
            ]
        );
        assert_eq!(
            changes(&shop, to, 0),
            [
                ("put", Contact),
                ("put", Conversation),
                ("put", Message),
                ("put", Message),
                ("put", Message)
            ]
        );
    }
}

#[test]
fn a_contact_stays_where_another_conversation_of_theirs_stays() {
    for shop in Shop::on_each(2) {
        let (from, to) = (shop.groups[0], shop.groups[1]);
        let mut moved = shop.act("conversation.begin", |tx| {
            let first = new_conversation(tx, shop.inbox, from)?;
            another_conversation(tx, shop.inbox, from, first.contact_id)
        });
        let before = head(&shop, from);
        shop.act("conversation.move", |tx| {
            moved.group_id = to;
            conversation::update(tx, &moved)
        });
        assert_eq!(
            changes(&shop, from, before),
            [("del", EntityKind::Conversation)]
        );
    }
}
