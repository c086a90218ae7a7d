-- Lists that stay quick with tens of thousands of conversations.

-- What a list is chosen, ordered and counted by stands in one index: the rows themselves are read for
-- the lines in sight alone.
DROP INDEX conversation_by_place;
CREATE INDEX conversation_by_place ON conversation (
  status, handler, agent, waiting_since, priority, last_message_at, number, unread,
  channel, group_id, category
);
-- Earlier conversations of a customer, latest first.
DROP INDEX conversation_by_contact;
CREATE INDEX conversation_by_contact ON conversation (contact_id, last_message_at, number);
-- A conversation by the number that people know.
CREATE INDEX conversation_by_number ON conversation (number);
