"""What holds for every client of the database, psql in the hands of the owner included.

Hand-written triggers, enabled ALWAYS: neither `session_replication_role = replica` nor pgtrigger's variable of ignored
triggers switches them off. Only a superuser who disables them by name gets past, and `verify_ledger` finds the edit.
"""

from django.db import migrations

# Codes, numbers, instants (microseconds since 1970, UTC) and digests; no text that could have to be erased.
PAYLOAD = """
CREATE FUNCTION violations_micros(t timestamptz) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce((extract(epoch FROM t) * 1000000)::bigint::text, '')
$$;
CREATE FUNCTION violations_entry_payload(e violations_ledgerentry) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT concat_ws('|', 'v1', e.id, e.creator_id, e.sequence, e.kind, violations_micros(e.recorded_at),
        e.recorded_by_id, violations_micros(e.effective_at), violations_micros(e.expires_at), e.points, e.strike,
        e.severity, coalesce(e.rule_id::text, ''), e.rule_code, e.book_label, e.judged_by_id,
        coalesce(e.shop_id::text, ''), coalesce(e.answers_id::text, ''), e.reversal_kind, e.measure,
        array_to_string(e.features, ','), violations_micros(e.ends_at), e.details_digest)
$$;
CREATE FUNCTION violations_entry_hash(e violations_ledgerentry) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT encode(sha256(convert_to(e.previous_hash || '|' || violations_entry_payload(e), 'UTF8')), 'hex')
$$;
"""
NO_PAYLOAD = """
DROP FUNCTION violations_entry_hash(violations_ledgerentry);
DROP FUNCTION violations_entry_payload(violations_ledgerentry);
DROP FUNCTION violations_micros(timestamptz);
"""

# Sequence, hashes and head are the database's, whoever inserts; the head's row lock puts writers in one order.
CHAIN = """
CREATE FUNCTION violations_entry_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head violations_ledgerhead;
    answered violations_ledgerentry;
BEGIN
    INSERT INTO violations_ledgerhead (creator_id, sequence, tip) VALUES (NEW.creator_id, 0, repeat('0', 64))
    ON CONFLICT (creator_id) DO NOTHING;
    SELECT * INTO head FROM violations_ledgerhead WHERE creator_id = NEW.creator_id FOR UPDATE;
    IF NEW.recorded_at < head.recorded_at THEN
        RAISE EXCEPTION 'The ledger is written in order of time: the last entry is of %.', head.recorded_at
        USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.kind = 'reversal' THEN
        SELECT * INTO answered FROM violations_ledgerentry WHERE id = NEW.answers_id;
        IF answered.kind <> 'violation' OR answered.creator_id <> NEW.creator_id
            OR answered.points <> -NEW.points OR answered.expires_at <> NEW.expires_at THEN
            RAISE EXCEPTION 'A reversal takes back exactly one violation of the same creator.'
            USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    NEW.sequence := head.sequence + 1;
    NEW.previous_hash := head.tip;
    NEW.hash := violations_entry_hash(NEW);
    UPDATE violations_ledgerhead SET sequence = NEW.sequence, tip = NEW.hash, recorded_at = NEW.recorded_at
    WHERE creator_id = NEW.creator_id;
    RETURN NEW;
END $$;
CREATE TRIGGER entry_chain BEFORE INSERT ON violations_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION violations_entry_chain();
ALTER TABLE violations_ledgerentry ENABLE ALWAYS TRIGGER entry_chain;
"""
NO_CHAIN = """
DROP TRIGGER entry_chain ON violations_ledgerentry;
DROP FUNCTION violations_entry_chain();
"""

REFUSE = """
CREATE FUNCTION violations_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is append-only: % on % is refused. Correct a mistake by a reversal.',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER entry_unchanged BEFORE UPDATE OR DELETE ON violations_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION violations_refuse();
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON violations_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION violations_refuse();
ALTER TABLE violations_ledgerentry ENABLE ALWAYS TRIGGER entry_unchanged;
ALTER TABLE violations_ledgerentry ENABLE ALWAYS TRIGGER entry_append_only;

CREATE FUNCTION violations_head_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.creator_id <> OLD.creator_id OR NEW.sequence <> OLD.sequence + 1 OR NOT EXISTS (
        -- Inside the trigger of the entry that moves it; a client alone is at depth 1.
        SELECT 1 WHERE pg_trigger_depth() > 1
    ) THEN
        RAISE EXCEPTION 'The head of a chain moves only with a new entry.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER head_steps BEFORE UPDATE ON violations_ledgerhead
    FOR EACH ROW EXECUTE FUNCTION violations_head_steps();
CREATE TRIGGER head_kept BEFORE DELETE OR TRUNCATE ON violations_ledgerhead
    FOR EACH STATEMENT EXECUTE FUNCTION violations_refuse();
ALTER TABLE violations_ledgerhead ENABLE ALWAYS TRIGGER head_steps;
ALTER TABLE violations_ledgerhead ENABLE ALWAYS TRIGGER head_kept;
"""
NO_REFUSE = """
DROP TRIGGER head_kept ON violations_ledgerhead;
DROP TRIGGER head_steps ON violations_ledgerhead;
DROP FUNCTION violations_head_steps();
DROP TRIGGER entry_append_only ON violations_ledgerentry;
DROP TRIGGER entry_unchanged ON violations_ledgerentry;
DROP FUNCTION violations_refuse();
"""

# A published rule book and everything in it stays as it is.
FROZEN = """
CREATE FUNCTION violations_book_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'published' THEN
        RAISE EXCEPTION 'Rule book % v% is published and never changes. Draft a new version.', OLD.code, OLD.version
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER book_frozen BEFORE UPDATE OR DELETE ON violations_rulebook
    FOR EACH ROW EXECUTE FUNCTION violations_book_frozen();
ALTER TABLE violations_rulebook ENABLE ALWAYS TRIGGER book_frozen;

CREATE FUNCTION violations_part_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[] := ARRAY[]::bigint[];
BEGIN
    IF TG_OP <> 'INSERT' THEN touched := touched || OLD.book_id; END IF;
    IF TG_OP <> 'DELETE' THEN touched := touched || NEW.book_id; END IF;
    IF EXISTS (SELECT 1 FROM violations_rulebook WHERE id = ANY(touched) AND state = 'published') THEN
        RAISE EXCEPTION 'The rule book is published and never changes. Draft a new version.'
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
"""
PARTS = ("rule", "milestone", "healthband")
FROZEN += "".join(
    f"""
CREATE TRIGGER {part}_frozen BEFORE INSERT OR UPDATE OR DELETE ON violations_{part}
    FOR EACH ROW EXECUTE FUNCTION violations_part_frozen();
ALTER TABLE violations_{part} ENABLE ALWAYS TRIGGER {part}_frozen;
"""
    for part in PARTS
)
NO_FROZEN = (
    "".join(f"DROP TRIGGER {part}_frozen ON violations_{part};\n" for part in PARTS)
    + """
DROP FUNCTION violations_part_frozen();
DROP TRIGGER book_frozen ON violations_rulebook;
DROP FUNCTION violations_book_frozen();
"""
)


class Migration(migrations.Migration):
    dependencies = [("violations", "0001_rulebooks_ledger_appeals")]
    operations = [
        migrations.RunSQL(PAYLOAD, NO_PAYLOAD),
        migrations.RunSQL(CHAIN, NO_CHAIN),
        migrations.RunSQL(REFUSE, NO_REFUSE),
        migrations.RunSQL(FROZEN, NO_FROZEN),
    ]
