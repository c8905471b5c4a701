"""Facts merged from snapshots by one rule, written in SQL because it runs over a million creators.

The rule (DESIGN §3): of the snapshots that say anything about a value, those within 30 days of the newest compete; a
person's edit wins over exact, exact over a range, a range over an estimate; among equals the newest wins. An empty
cell says nothing. `creators.selectors.values` opens every number to its source with the same expressions.
"""

from collections.abc import Sequence

from django.db import connection, transaction

from core.jobs import advisory_lock
from creators.metrics import IMPORTED, Metric
from creators.services import swap

FRESH_DAYS = 30
FACTS_LOCK, TEXT_LOCK = "creators.facts", "creators.text"
FACTS, TEXT = "creators_creatorfacts", "creators_creatortext"
# Columns of the facts that higher apps publish; a rebuild carries them over.
PUBLISHED = ("tier", "points", "strikes", "restricted_until", "is_blacklisted")
WORDS = ("nickname", "language", "agency", "bio")

RATES = """
rates AS (
    SELECT currency, usd,
           CASE WHEN lag(valid_from) OVER by_day IS NULL THEN '-infinity' ELSE valid_from END AS valid_from,
           coalesce(lead(valid_from) OVER by_day, 'infinity') AS valid_to
    FROM creators_exchangerate
    WINDOW by_day AS (PARTITION BY currency ORDER BY valid_from)
)"""

RANK = "(9 - s.quality)::text || to_char(s.as_of, 'YYYYMMDD') || lpad(s.id::text, 19, '0')"
RANK_LENGTH = 1 + 8 + 19


def _usable(column: str, present: str) -> str:
    return f"({present} AND (c.quality = 0 OR c.as_of >= n.{column} - {FRESH_DAYS}))"


def winner(metric: Metric) -> str:
    """The array [-quality, day, snapshot id, value] of the snapshot that wins a metric."""
    value = f"round(c.{metric.key} * c.usd, 2)" if metric.kind == "money" else f"c.{metric.key}"
    quality = f"CASE WHEN c.ranges ? '{metric.key}' THEN greatest(c.quality, 2) ELSE c.quality END"
    return (
        f"max(ARRAY[-({quality}), c.day, c.id, {value}]::numeric[])"
        f" FILTER (WHERE {_usable(metric.key, f'c.{metric.key} IS NOT NULL')})"
    )


def doubt(metric: Metric) -> str:
    """How sure the snapshot that wins a metric is when it is not exact: the first digit of its rank, `~` for a range.

    The same order as `winner`, by a text that is made once a snapshot: for many creators far cheaper than arrays.
    """
    of_range = "least(left(c.rank, 1), '7') || substr(c.rank, 2) || '~'"
    rank = f"CASE WHEN c.ranges ? '{metric.key}' THEN {of_range} ELSE c.rank END"
    best = f"max({rank}) FILTER (WHERE {_usable(metric.key, f'c.{metric.key} IS NOT NULL')})"
    return f"CASE WHEN {best} < '8' THEN left({best}, 1) || substr({best}, {RANK_LENGTH + 1}) END"


def _word_winner(column: str) -> str:
    usable = _usable(column, f"c.{column} <> ''")
    return f"coalesce((max(ARRAY[c.rank, c.{column}]) FILTER (WHERE {usable}))[2], '')"


CATEGORY_WINNER = (
    "(max(ARRAY[c.rank, c.category_ids::text])"
    f" FILTER (WHERE {_usable('category_ids', 'c.category_ids IS NOT NULL')}))[2]::int[]"
)


def chosen(selection: str, metrics: Sequence[Metric] = IMPORTED) -> str:
    """CTEs of the selected snapshots: `chosen` with their rate and rank, `newest` with the newest day a column."""
    newest = [f"max(as_of) FILTER (WHERE {m.key} IS NOT NULL) AS {m.key}" for m in metrics]
    newest += [f"max(as_of) FILTER (WHERE {column} <> '') AS {column}" for column in WORDS]
    return f"""{RATES},
chosen AS (
    SELECT s.*, r.usd, s.as_of - DATE '2000-01-01' AS day, {RANK} AS rank
    FROM creators_snapshot s
    LEFT JOIN rates r ON r.currency = s.currency AND s.as_of >= r.valid_from AND s.as_of < r.valid_to
    WHERE {selection}
),
newest AS (
    SELECT creator_id, max(as_of) AS as_of, max(as_of) FILTER (WHERE category_ids IS NOT NULL) AS category_ids,
           {", ".join(newest)}
    FROM chosen GROUP BY creator_id
)"""


FACT_COLUMNS = (
    *("creator_id", "market_id", "language", "agency", "category_ids", "category_tree", "as_of"),
    *(metric.fact for metric in IMPORTED),
)

# The categories and their parents: at most three, so three joins with a small table.
TREE_JOINS = "\n".join(f"LEFT JOIN creators_category p{n} ON p{n}.id = m.category_ids[{n}]" for n in (1, 2, 3))
TREE = (
    "array_remove(ARRAY[m.category_ids[1], m.category_ids[2], m.category_ids[3],"
    " p1.parent_id, p2.parent_id, p3.parent_id]::int[], NULL)"
)


def merged_facts(selection: str) -> str:
    """SELECT of the facts (FACT_COLUMNS) of every creator with a selected snapshot."""
    values = ", ".join(f"({winner(metric)})[4] AS {metric.key}" for metric in IMPORTED)
    return f"""WITH {chosen(selection)},
m AS (
    SELECT c.creator_id, {_word_winner("language")} AS language, {_word_winner("agency")} AS agency,
           {CATEGORY_WINNER} AS category_ids, max(c.as_of) AS as_of, {values}
    FROM chosen c JOIN newest n USING (creator_id) GROUP BY c.creator_id
)
SELECT {_fact_values(money="m.{0}")} FROM m JOIN creators_creator k ON k.id = m.creator_id {TREE_JOINS}"""


def single_facts(selection: str) -> str:
    """The same for creators of whom there is one snapshot only: nothing to choose, so its columns as they are."""
    return f"""WITH {RATES}
SELECT {_fact_values(money="CASE WHEN r.usd = 1 THEN m.{0} ELSE round(m.{0} * r.usd, 2) END")}
FROM creators_snapshot m
LEFT JOIN rates r ON r.currency = m.currency AND m.as_of >= r.valid_from AND m.as_of < r.valid_to
JOIN creators_creator k ON k.id = m.creator_id {TREE_JOINS}
WHERE {selection}"""


def _fact_values(*, money: str) -> str:
    metrics = ", ".join(money.format(m.key) if m.kind == "money" else f"m.{m.key}" for m in IMPORTED)
    categories = f"coalesce(m.category_ids[1:3], '{{}}'), {TREE}"
    return f"m.creator_id, k.market_id, m.language, m.agency, {categories}, m.as_of, {metrics}"


def merged_words(selection: str) -> str:
    """SELECT creator_id, nickname, language, agency, bio, last day seen of every creator with a selected snapshot."""
    return f"""WITH {chosen(selection)}
SELECT c.creator_id, {", ".join(f"{_word_winner(column)} AS {column}" for column in WORDS)}, max(c.as_of) AS as_of
FROM chosen c JOIN newest n USING (creator_id) GROUP BY c.creator_id"""


def facts_hold(*, alone: bool = False) -> None:
    """Until the transaction ends no rebuild runs; `alone` also keeps other merges out. Taken before any row lock."""
    for lock in (FACTS_LOCK, TEXT_LOCK):
        advisory_lock(lock, shared=not alone)


def creators_lock(*, ids_sql: str, params: Sequence[int] = ()) -> None:
    """Hold the rows of these creators, in one order, so that two writers of snapshots merge one after the other."""
    facts_hold()
    rows = f"SELECT 1 FROM creators_creator WHERE id IN ({ids_sql}) ORDER BY id FOR NO KEY UPDATE"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({rows}) held", params)


def facts_merge(*, creator_ids: Sequence[int] | None = None) -> None:
    """Merge the snapshots of these creators into their facts, words and names; None rebuilds all.

    Whoever wrote snapshots holds the creators with `creators_lock` in the same transaction.
    """
    with transaction.atomic():
        if creator_ids is None:
            facts_hold(alone=True)
            text_build()
            facts_build()
            # Readers wait for the renames only: both tables are complete by now.
            swap.table_replace(FACTS)
            swap.table_replace(TEXT)
        else:
            facts_hold()
            _merge(list(creator_ids))


def _merge(ids: list[int]) -> None:
    selected = "s.creator_id = ANY(%s)"
    columns = ", ".join(FACT_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE merge_words ON COMMIT DROP AS {merged_words(selected)}", [ids])
        cursor.execute(f"INSERT INTO merge_words {EMPTY_WORDS} AND k.id = ANY(%s)", [ids])
        cursor.execute(UPDATE_NAMES.format(words="merge_words"))
        documents = DOCUMENTS.format(words="merge_words")
        cursor.execute(f"INSERT INTO {TEXT} (creator_id, bio, document) {documents} {UPSERT_TEXT}")
        cursor.execute("DROP TABLE merge_words")
        cursor.execute(f"INSERT INTO {FACTS} ({columns}) {merged_facts(selected)} {UPSERT_FACTS}", [ids])
        cursor.execute(f"INSERT INTO {FACTS} ({columns}) {EMPTY_FACTS} AND k.id = ANY(%s) {UPSERT_FACTS}", [ids])


# A creator whose snapshots are all gone (an undone import of somebody in use) keeps an empty row.
_EMPTY = "FROM creators_creator k WHERE NOT EXISTS (SELECT 1 FROM creators_snapshot s WHERE s.creator_id = k.id)"
EMPTY_FACTS = (
    f"SELECT k.id, k.market_id, '', '', '{{}}'::int[], '{{}}'::int[], k.first_seen_on,"
    f" {', '.join('NULL' for _metric in IMPORTED)} {_EMPTY}"
)
EMPTY_WORDS = (
    f"SELECT k.id AS creator_id, k.nickname, k.language, k.agency, '' AS bio, k.last_seen_on AS as_of {_EMPTY}"
)

UPDATE_NAMES = """
UPDATE creators_creator k SET nickname = w.nickname, language = w.language, agency = w.agency, last_seen_on = w.as_of
FROM {words} w
WHERE k.id = w.creator_id
  AND (k.nickname, k.language, k.agency, k.last_seen_on) IS DISTINCT FROM (w.nickname, w.language, w.agency, w.as_of)"""

DOCUMENTS = """
SELECT w.creator_id, w.bio, lower(concat_ws(' ', k.handle, w.nickname, w.bio))
FROM {words} w JOIN creators_creator k ON k.id = w.creator_id"""

UPSERT_TEXT = (
    f"ON CONFLICT (creator_id) DO UPDATE SET bio = excluded.bio, document = excluded.document"
    f" WHERE ({TEXT}.bio, {TEXT}.document) IS DISTINCT FROM (excluded.bio, excluded.document)"
)

_SET = ", ".join(f"{column} = excluded.{column}" for column in FACT_COLUMNS[1:])
_OLD = ", ".join(f"{FACTS}.{column}" for column in FACT_COLUMNS[1:])
_NEW = ", ".join(f"excluded.{column}" for column in FACT_COLUMNS[1:])
UPSERT_FACTS = f"ON CONFLICT (creator_id) DO UPDATE SET {_SET} WHERE ({_OLD}) IS DISTINCT FROM ({_NEW})"

# A rebuild joins and groups every snapshot: not on disk, and by hash whatever the statistics say of fresh tables.
WHOLE_TABLE = "SET LOCAL work_mem = '192MB'; SET LOCAL enable_nestloop = off"
ANOTHER = "EXISTS (SELECT 1 FROM creators_snapshot o WHERE o.creator_id = {0}.creator_id AND o.id <> {0}.id)"
ONE_SNAPSHOT = f"NOT {ANOTHER.format('m')}"
MORE_SNAPSHOTS = ANOTHER.format("s")


def facts_rebuild() -> None:
    """Build the facts of all creators anew and swap them in; readers see the old ones until then."""
    with transaction.atomic():
        advisory_lock(FACTS_LOCK)
        facts_build()
        swap.table_replace(FACTS)


def text_rebuild() -> None:
    """Build the searchable words of all creators anew, bring their names up to date, and swap."""
    with transaction.atomic():
        advisory_lock(TEXT_LOCK)
        text_build()
        swap.table_replace(TEXT)


def facts_build() -> None:
    """Fill and index the new table of facts; the caller holds FACTS_LOCK and swaps it in."""
    columns = ", ".join(FACT_COLUMNS)
    published = ", ".join(f"{column} = o.{column}" for column in PUBLISHED)
    known = " OR ".join(f"o.{column} IS NOT NULL" for column in PUBLISHED)
    with connection.cursor() as cursor:
        cursor.execute(WHOLE_TABLE)
        new = swap.table_start(FACTS)
        cursor.execute(f"INSERT INTO {new} ({columns}) {single_facts(ONE_SNAPSHOT)}")
        cursor.execute(f"INSERT INTO {new} ({columns}) {merged_facts(MORE_SNAPSHOTS)}")
        cursor.execute(f"INSERT INTO {new} ({columns}) {EMPTY_FACTS}")
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {FACTS} o WHERE {known})")
        if cursor.fetchone()[0]:
            carried = f"FROM {FACTS} o WHERE o.creator_id = n.creator_id AND ({known})"
            cursor.execute(f"UPDATE {new} n SET {published} {carried}")
        swap.indexes_build(FACTS)


def text_build() -> None:
    """Bring the names up to date, fill and index the new table of words; the caller holds TEXT_LOCK and swaps it in."""
    with connection.cursor() as cursor:
        cursor.execute(WHOLE_TABLE)
        cursor.execute(
            "CREATE TEMP TABLE all_words ON COMMIT DROP AS"
            " SELECT m.creator_id, m.nickname, m.language, m.agency, m.bio, m.as_of FROM creators_snapshot m"
            f" WHERE {ONE_SNAPSHOT}"
        )
        cursor.execute(f"INSERT INTO all_words {merged_words(MORE_SNAPSHOTS)}")
        cursor.execute(f"INSERT INTO all_words {EMPTY_WORDS}")
        cursor.execute(UPDATE_NAMES.format(words="all_words"))
        new = swap.table_start(TEXT)
        cursor.execute(f"INSERT INTO {new} (creator_id, bio, document) {DOCUMENTS.format(words='all_words')}")
        cursor.execute("DROP TABLE all_words")
        swap.indexes_build(TEXT)
