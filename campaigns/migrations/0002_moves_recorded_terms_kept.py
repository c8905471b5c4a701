"""What holds for every client of the database: moves inside the table, each with its row; terms and payments kept.

The pairs are those of `campaigns.states.collaborations.COLLABORATION_TRANSITIONS`; a test compares the two.
"""

from django.db import migrations

PAIRS = {
    "seated": "invited dropped on_hold",
    "invited": "accepted declined expired dropped on_hold",
    "accepted": "sample_sent content_due dropped on_hold",
    "sample_sent": "delivered accepted dropped on_hold",
    "delivered": "content_due accepted dropped on_hold",
    "content_due": "in_review published dropped on_hold",
    "in_review": "content_due published dropped on_hold",
    "published": "closed content_due in_review dropped on_hold",
    "on_hold": "seated invited accepted sample_sent delivered content_due in_review published dropped",
}
ROWS = ", ".join(f"('{before}', '{after}')" for before, afters in PAIRS.items() for after in afters.split())

MOVES = f"""
CREATE FUNCTION campaigns_move_allowed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.state, NEW.state) NOT IN ({ROWS})
        OR (OLD.state = 'on_hold' AND NEW.state NOT IN (OLD.held_state, 'dropped'))
        OR (NEW.state = 'on_hold' AND NEW.held_state <> OLD.state) THEN
        RAISE EXCEPTION 'A collaboration cannot go from % to %.', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER collaboration_move_allowed BEFORE UPDATE OF state ON campaigns_collaboration
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION campaigns_move_allowed();

CREATE FUNCTION campaigns_move_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM campaigns_collaborationmove
        WHERE collaboration_id = NEW.id AND from_state = OLD.state AND to_state = NEW.state AND at = NEW.state_at
    ) THEN
        RAISE EXCEPTION 'The move of collaboration % from % to % is not recorded.', NEW.id, OLD.state, NEW.state
        USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.state IN ('declined', 'expired', 'dropped')) IS DISTINCT FROM (
        SELECT released_at IS NOT NULL FROM campaigns_seat WHERE id = NEW.seat_id
    ) AND (SELECT state FROM campaigns_collaboration WHERE id = NEW.id) = NEW.state THEN
        RAISE EXCEPTION 'The seat of collaboration % and its state do not agree.', NEW.id
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER collaboration_move_recorded AFTER UPDATE OF state ON campaigns_collaboration
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION campaigns_move_recorded();
"""
NO_MOVES = """
DROP TRIGGER collaboration_move_recorded ON campaigns_collaboration;
DROP FUNCTION campaigns_move_recorded();
DROP TRIGGER collaboration_move_allowed ON campaigns_collaboration;
DROP FUNCTION campaigns_move_allowed();
"""

# Once frozen, only the creator's acknowledgement is added, once.
TERMS = """
CREATE FUNCTION campaigns_terms_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before campaigns_agreement := OLD;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.acknowledged_at IS NULL THEN
            before.acknowledged_at := NEW.acknowledged_at;
            before.acknowledged_through_id := NEW.acknowledged_through_id;
        END IF;
        IF before IS NOT DISTINCT FROM NEW THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The terms of collaboration % are frozen since %.', OLD.collaboration_id, OLD.frozen_at
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER agreement_terms_kept BEFORE UPDATE OR DELETE ON campaigns_agreement
    FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION campaigns_terms_kept();
"""
NO_TERMS = """
DROP TRIGGER agreement_terms_kept ON campaigns_agreement;
DROP FUNCTION campaigns_terms_kept();
"""

# What was paid stays: a refund is a line of its own. A paid line may still come onto its statement.
PAYMENTS = """
CREATE FUNCTION campaigns_payment_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before campaigns_settlementline := OLD;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        before.statement_id := coalesce(OLD.statement_id, NEW.statement_id);
        before.note := NEW.note;
        IF before IS NOT DISTINCT FROM NEW THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'Settlement line % is paid and stays as it is. Add a line that takes it back.', OLD.id
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER settlementline_payment_kept BEFORE UPDATE OR DELETE ON campaigns_settlementline
    FOR EACH ROW WHEN (OLD.state = 'paid') EXECUTE FUNCTION campaigns_payment_kept();
"""
NO_PAYMENTS = """
DROP TRIGGER settlementline_payment_kept ON campaigns_settlementline;
DROP FUNCTION campaigns_payment_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_plans_outreach_settlement")]
    operations = [
        migrations.RunSQL(MOVES, NO_MOVES),
        migrations.RunSQL(TERMS, NO_TERMS),
        migrations.RunSQL(PAYMENTS, NO_PAYMENTS),
    ]
