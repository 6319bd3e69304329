-- The peers' tables: the same published quotes, normalised, with what a skilled hand does for these questions: the sort keys
-- stand in the tables that are filtered by, and every ancestor of an organization has a row of its own. Only what is listed is
-- in them, so that no peer has to leave anything out; and nothing here is kept up to date by anybody.
DROP SCHEMA IF EXISTS peers CASCADE;
CREATE SCHEMA peers;
SET search_path = peers, public;

CREATE TABLE person AS SELECT id, slug, name FROM quotes_person;
CREATE TABLE organization AS SELECT id, slug, name, short_name, kind FROM quotes_organization;
CREATE TABLE topic AS SELECT id, slug, name, proposition FROM quotes_topic;
CREATE TABLE article AS
    SELECT id, slug, title, url, archive_url, outlet_id, published, language, genre, status FROM quotes_article;
CREATE TABLE authorship AS SELECT id, article_id, person_id, position FROM quotes_authorship;

CREATE TABLE quote AS
    SELECT quote.id, quote.uid, row.dated_start, quote.text, quote.kind, quote.source_type, quote.speaker_id,
        quote.organization_id, quote.speaks_for_organization, quote.source_label, quote.cue, quote.framing, quote.venue,
        quote.said_on, quote.verification, quote.segments::text AS segments, quote.article_id, article.outlet_id, row.search
    FROM quotes_quote AS quote
    JOIN quotes_article AS article ON article.id = quote.article_id
    JOIN publication_publishedquote AS row ON row.id = quote.id AND row.listed
    ORDER BY row.dated_start, quote.uid;
CREATE TABLE capacity AS
    SELECT said.id, said.quote_id, job.organization_id, job.role, said.role_as_stated, said.standing, said.is_primary
    FROM quotes_quoteaffiliation AS said JOIN quotes_affiliation AS job ON job.id = said.affiliation_id
    JOIN quote ON quote.id = said.quote_id
    ORDER BY said.quote_id;
CREATE TABLE coding AS
    SELECT coding.id, coding.quote_id, coding.topic_id, coding.stance, coding.certainty, quote.dated_start, quote.uid
    FROM quotes_coding AS coding JOIN quote ON quote.id = coding.quote_id WHERE coding.is_final
    ORDER BY coding.quote_id;
-- Each standing of a quote at an organization or one below it.
CREATE TABLE place AS
    WITH RECURSIVE said AS (
        SELECT quote_id, organization_id, standing FROM capacity
        UNION SELECT id, organization_id, 'current' FROM quote WHERE organization_id IS NOT NULL
    ), up AS (
        SELECT id AS organization_id, id AS ancestor_id FROM quotes_organization
        UNION SELECT up.organization_id, parent.parent_id FROM up
            JOIN quotes_organization AS parent ON parent.id = up.ancestor_id WHERE parent.parent_id IS NOT NULL
    )
    SELECT row_number() OVER () AS id, found.* FROM (
        SELECT DISTINCT said.quote_id, up.ancestor_id AS organization_id, said.standing, quote.dated_start, quote.uid
        FROM said JOIN up USING (organization_id) JOIN quote ON quote.id = said.quote_id
    ) AS found;

ALTER TABLE person ADD PRIMARY KEY (id), ADD UNIQUE (slug);
ALTER TABLE organization ADD PRIMARY KEY (id), ADD UNIQUE (slug);
ALTER TABLE topic ADD PRIMARY KEY (id), ADD UNIQUE (slug);
ALTER TABLE article ADD PRIMARY KEY (id), ADD FOREIGN KEY (outlet_id) REFERENCES organization;
ALTER TABLE authorship ADD PRIMARY KEY (id), ADD FOREIGN KEY (article_id) REFERENCES article,
    ADD FOREIGN KEY (person_id) REFERENCES person;
ALTER TABLE quote ADD PRIMARY KEY (id), ADD UNIQUE (uid), ADD FOREIGN KEY (speaker_id) REFERENCES person,
    ADD FOREIGN KEY (organization_id) REFERENCES organization, ADD FOREIGN KEY (article_id) REFERENCES article,
    ADD FOREIGN KEY (outlet_id) REFERENCES organization;
ALTER TABLE capacity ADD PRIMARY KEY (id), ADD FOREIGN KEY (quote_id) REFERENCES quote,
    ADD FOREIGN KEY (organization_id) REFERENCES organization;
ALTER TABLE coding ADD PRIMARY KEY (id), ADD FOREIGN KEY (quote_id) REFERENCES quote,
    ADD FOREIGN KEY (topic_id) REFERENCES topic;
ALTER TABLE place ADD PRIMARY KEY (id), ADD FOREIGN KEY (quote_id) REFERENCES quote,
    ADD FOREIGN KEY (organization_id) REFERENCES organization;
CREATE INDEX ON authorship (article_id, position);
CREATE INDEX ON capacity (quote_id);
CREATE INDEX ON coding (quote_id);
CREATE INDEX ON quote (dated_start DESC, uid DESC);
CREATE INDEX ON quote (speaker_id, dated_start DESC, uid DESC);
CREATE INDEX ON quote (outlet_id, dated_start DESC, uid DESC);
CREATE INDEX ON coding (topic_id, stance, dated_start DESC, uid DESC) INCLUDE (quote_id);
CREATE INDEX ON place (organization_id, standing, dated_start DESC, uid DESC) INCLUDE (quote_id);
CREATE INDEX ON quote USING gin (search);
