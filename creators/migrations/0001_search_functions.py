from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

# CJK radicals to unified ideographs with kana between them, Hangul, and the compatibility block.
CJK = r"[\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF]"

CREATE = rf"""
CREATE FUNCTION cjk_split(document text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT substr(run, place, size))
    FROM regexp_matches(document, '{CJK}+', 'g') AS match,
         LATERAL (SELECT match[1] AS run) AS runs,
         generate_series(1, 2) AS size,
         generate_series(1, length(run) - size + 1) AS place
$$;
-- The grams of one and two characters of the CJK runs in a text; NULL when there are none.
-- Plain SQL without STRICT, so that PostgreSQL inlines it: most documents only pay for the regular expression.
CREATE FUNCTION cjk_grams(document text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN document ~ '{CJK}' THEN cjk_split(document) END
$$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        TrigramExtension(),
        migrations.RunSQL(CREATE, "DROP FUNCTION cjk_grams(text); DROP FUNCTION cjk_split(text)"),
    ]
