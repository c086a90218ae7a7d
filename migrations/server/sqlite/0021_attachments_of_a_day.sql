-- What somebody has uploaded in a day is added up at each upload.

CREATE INDEX attachment_of_customer ON attachment (tenant, contact, at) WHERE contact IS NOT NULL;
CREATE INDEX attachment_of_agent ON attachment (tenant, agent, at) WHERE agent IS NOT NULL;
