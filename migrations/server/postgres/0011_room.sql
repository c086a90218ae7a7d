-- Room on each page for the next version of a row: what every message changes is changed in place.
ALTER TABLE conversation SET (fillfactor = 60);
ALTER TABLE contact SET (fillfactor = 80);
