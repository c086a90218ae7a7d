-- Whether a conversation is to be reviewed is asked whenever one is looked at.
CREATE INDEX qa_review_of_conversation ON qa_review (body ->> '$.conversation_id');
