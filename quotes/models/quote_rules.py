"""Rules of quotes that need a look at other rows, as bodies of trigger functions (PL/pgSQL)."""

# One trigger for both, because the second needs the first: the snapshot's length is copied, so that a CHECK can hold the
# segments inside the text; and where the text is kept, what claims to stand in it must stand there to the character.
ANCHOR_HOLDS = """
    IF NEW.snapshot_id IS NULL THEN
        NEW.snapshot_length := NULL;
        RETURN NEW;
    END IF;
    SELECT snapshot.length, snapshot.text INTO NEW.snapshot_length, snapshot_text
        FROM quotes_snapshot AS snapshot WHERE snapshot.id = NEW.snapshot_id;
    IF snapshot_text IS NOT NULL AND NEW.verification <> 'unverified' AND NEW.segments <> '[]'
        AND words_at(snapshot_text, NEW.segments) IS DISTINCT FROM NEW.text
    THEN
        RAISE EXCEPTION 'quote %: its text is not what stands at its segments: %', NEW.uid, words_at(snapshot_text, NEW.segments)
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_words_stand';
    END IF;
    RETURN NEW;
"""

# FOR NO KEY UPDATE on the root: two curators linking A to B and B to C at once would otherwise make a chain.
UTTERANCE_ROOT = """
    PERFORM FROM quotes_quote WHERE id = NEW.same_utterance_as_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM quotes_quote WHERE id = NEW.same_utterance_as_id AND same_utterance_as_id IS NOT NULL)
        OR EXISTS (SELECT FROM quotes_quote WHERE same_utterance_as_id = NEW.id)
    THEN
        RAISE EXCEPTION 'quote %: same_utterance_as must point at a root', NEW.uid
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_same_utterance_as_root';
    END IF;
    RETURN NEW;
"""

# The lock: one session taking the last evidence away while another comes to need it would each see the other's past.
EVIDENCE_PRESENT = """
    PERFORM FROM quotes_quote WHERE id = {quote} FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM quotes_quote AS quote
        WHERE quote.id = {quote} AND quote.verification IN ('confirmed', 'disputed', 'retracted', 'fabricated')
            AND NOT EXISTS (SELECT FROM quotes_evidence WHERE quote_id = quote.id)
    ) THEN
        RAISE EXCEPTION 'quote %: this verification needs evidence', {quote}
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_verification_needs_evidence';
    END IF;
    RETURN NULL;
"""

# A new primary one breaks nothing (a unique index lets no second one in), and is what imports bring. Whatever else
# changes is checked under a lock, for two sessions at once; on both quotes, where an affiliation moves from one to another.
ONE_PRIMARY = """
    IF TG_OP = 'INSERT' AND NEW.is_primary THEN
        RETURN NULL;
    END IF;
    FOR concerned IN
        SELECT DISTINCT id FROM unnest(ARRAY[OLD.quote_id, NEW.quote_id]) AS id WHERE id IS NOT NULL ORDER BY id
    LOOP
        PERFORM FROM quotes_quote WHERE id = concerned FOR NO KEY UPDATE;
        IF (SELECT count(*) FILTER (WHERE is_primary) <> 1 AND count(*) > 0
            FROM quotes_quoteaffiliation WHERE quote_id = concerned)
        THEN
            RAISE EXCEPTION 'quote %: exactly one of its affiliations must be primary', concerned
                USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_affiliation_one_primary';
        END IF;
    END LOOP;
    RETURN NULL;
"""
