"""The database keeps the search tables itself, in the transaction of every change, whoever made it and how.

``profiles_search_refresh`` is the only writer. It locks the people first: two transactions that change the same person in
different tables take turns, and the later one sees what the earlier one wrote. It writes only rows that differ. A
transaction that sets ``celula.bulk_load`` to ``on`` writes nothing here and calls ``profiles_search_fill`` afterwards.
"""

from django.db import migrations

# Which column of a table names the person whom a row is about.
TABLES = {
    "profiles_professional": "id",
    "profiles_skillclaim": "professional_id",
    "profiles_languageproficiency": "professional_id",
    "profiles_certificate": "professional_id",
}
TRANSITIONS = {
    "insert": "NEW TABLE AS changed",
    "delete": "OLD TABLE AS changed",
    "update": "OLD TABLE AS before NEW TABLE AS changed",
}

CONDITIONS = (
    "status, functions, seniority, country, english, spanish, available_from, available_until, weekly_minutes, "
    "rate_cents, rate_currency"
)
CLAIM = f"score, level, evidence, evidence_until, valid_until, {CONDITIONS}"
ROW = f"score, standing, city, cluster, tested_until, verified_until, created_at, updated_at, {CONDITIONS}"


def _excluded(columns: str) -> str:
    return ", ".join(f"excluded.{column}" for column in columns.split(", "))


# The points are the ranking that profiles.search documents. What grows old is stated as of a year, so that the order of
# any two claims does not change as time passes.
POINTS = """
CREATE FUNCTION profiles_search_points(level integer, evidence integer, years integer, last_used integer)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 100 * level + 60 * evidence + 6 * least(years, 15) + 4 * least(greatest(coalesce(last_used, 0) - 2000, 0), 50)
$$;
CREATE FUNCTION profiles_search_standing(seniority integer, english integer)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 40 * seniority + 25 * english $$;
"""

# As profiles.taxonomy.text.strip_accents: decompose, then drop the combining signs.
PLAIN = r"""
CREATE FUNCTION profiles_search_plain(written text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lower(regexp_replace(normalize(written, NFKD), '[\u0300-\u036f]', '', 'g'))
$$;
CREATE FUNCTION profiles_search_words(english text, spanish text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('pg_catalog.simple', profiles_search_plain(english || ' ' || spanish))
        || strip(to_tsvector('pg_catalog.english', english)) || strip(to_tsvector('pg_catalog.spanish', spanish))
        || strip(to_tsvector('pg_catalog.spanish', profiles_search_plain(spanish)))
$$;
"""

REFRESH = f"""
CREATE FUNCTION profiles_search_write(people uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    today CONSTANT date := (now() AT TIME ZONE 'UTC')::date;
    beginning CONSTANT date := DATE '0001-01-01';
    ending CONSTANT date := DATE '9999-12-31';
BEGIN
    WITH person AS MATERIALIZED (
        SELECT p.id, p.status,
               (SELECT coalesce(bit_or(1 << f), 0) FROM unnest(p.functions) AS f)::smallint AS functions,
               p.seniority, p.country, coalesce(en.speaking, 0)::smallint AS english,
               coalesce(es.speaking, 0)::smallint AS spanish,
               coalesce(p.available_from, beginning) AS available_from,
               coalesce(p.available_until, ending) AS available_until,
               p.weekly_minutes::smallint AS weekly_minutes,
               least(p.rate_amount * 100, 2147483647)::integer AS rate_cents, p.rate_currency,
               profiles_search_standing(p.seniority, coalesce(en.speaking, 0))::smallint AS standing,
               profiles_search_plain(btrim(p.city)) AS city, profiles_search_plain(btrim(p.cluster)) AS cluster,
               p.created_at, p.updated_at
        FROM profiles_professional AS p
        LEFT JOIN profiles_languageproficiency AS en ON en.professional_id = p.id AND en.language = 'en'
        LEFT JOIN profiles_languageproficiency AS es ON es.professional_id = p.id AND es.language = 'es'
        WHERE p.id = ANY(people) AND p.status <> 'erased'
    ), skill AS MATERIALIZED (
        SELECT c.professional_id, c.skill_id, c.level, c.years, c.last_used,
               CASE WHEN c.evidence_expires_on < today THEN 0 ELSE c.evidence END AS evidence,
               CASE WHEN c.evidence_expires_on < today OR c.evidence = 0 OR c.evidence_expires_on IS NULL THEN ending
                    ELSE c.evidence_expires_on END AS evidence_until,
               ending AS valid_until
        FROM profiles_skillclaim AS c WHERE c.professional_id = ANY(people)
        UNION ALL
        -- A certificate shows the whole of its skill while it is valid; a claim to the same skill says more.
        SELECT d.professional_id, d.skill_id, 5, 0, NULL, d.evidence, coalesce(d.expires_on, ending),
               coalesce(d.expires_on, ending)
        FROM profiles_certificate AS d
        WHERE d.professional_id = ANY(people) AND (d.expires_on IS NULL OR d.expires_on >= today) AND NOT EXISTS (
            SELECT FROM profiles_skillclaim AS c WHERE c.professional_id = d.professional_id AND c.skill_id = d.skill_id
        )
    ), scored AS MATERIALIZED (
        SELECT s.professional_id, s.skill_id,
               (person.standing + profiles_search_points(s.level, s.evidence, s.years, s.last_used))::smallint AS score,
               s.level, s.evidence::smallint AS evidence, s.evidence_until, s.valid_until, {CONDITIONS}
        FROM skill AS s JOIN person ON person.id = s.professional_id
    ), best AS (
        SELECT professional_id, max(score) AS score,
               max(evidence_until) FILTER (WHERE evidence >= 1) AS tested_until,
               max(evidence_until) FILTER (WHERE evidence >= 2) AS verified_until
        FROM scored GROUP BY professional_id
    ), no_longer AS (
        DELETE FROM profiles_searchclaim AS old
        WHERE old.professional_id = ANY(people) AND NOT EXISTS (
            SELECT FROM scored AS s WHERE s.professional_id = old.professional_id AND s.skill_id = old.skill_id
        )
    ), claims AS (
        INSERT INTO profiles_searchclaim AS old (professional_id, skill_id, {CLAIM}) SELECT professional_id, skill_id, {CLAIM} FROM scored
        ON CONFLICT (professional_id, skill_id) DO UPDATE SET ({CLAIM}) = ROW({_excluded(CLAIM)})
        WHERE ROW(old.{CLAIM.replace(", ", ", old.")}) IS DISTINCT FROM ROW({_excluded(CLAIM)})
    )
    INSERT INTO profiles_searchrow AS old (professional_id, {ROW})
    SELECT id, coalesce(best.score, standing), standing, city, cluster, coalesce(tested_until, beginning),
           coalesce(verified_until, beginning), created_at, updated_at, {CONDITIONS}
    FROM person LEFT JOIN best ON best.professional_id = person.id
    ON CONFLICT (professional_id) DO UPDATE SET ({ROW}) = ROW({_excluded(ROW)})
    WHERE ROW(old.{ROW.replace(", ", ", old.")}) IS DISTINCT FROM ROW({_excluded(ROW)});
END $$;
CREATE FUNCTION profiles_search_write_text(people uuid[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO profiles_searchtext AS old (professional_id, words)
    SELECT id, profiles_search_words(concat_ws(' ', headline_en, summary_en, city, cluster),
                                     concat_ws(' ', headline_es, summary_es, city))
    FROM profiles_professional WHERE id = ANY(people) AND status <> 'erased'
    ON CONFLICT (professional_id) DO UPDATE SET words = excluded.words WHERE old.words IS DISTINCT FROM excluded.words
$$;
CREATE FUNCTION profiles_search_refresh(people uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM profiles_professional WHERE id = ANY(people) ORDER BY id FOR NO KEY UPDATE;
    PERFORM profiles_search_write(people);
END $$;
-- One batch of people who are not found yet, in the order of ids; returns the last of them, NULL when there are no more.
CREATE FUNCTION profiles_search_fill(reached uuid, most integer) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    batch uuid[];
BEGIN
    SELECT array_agg(id ORDER BY id) INTO batch FROM (
        SELECT p.id FROM profiles_professional AS p
        WHERE p.id > reached AND p.status <> 'erased'
          AND NOT EXISTS (SELECT FROM profiles_searchrow AS r WHERE r.professional_id = p.id)
        ORDER BY p.id LIMIT most
    ) AS missing;
    IF batch IS NOT NULL THEN
        PERFORM profiles_search_write(batch);
        PERFORM profiles_search_write_text(batch);
    END IF;
    RETURN batch[array_upper(batch, 1)];
END $$;
CREATE FUNCTION profiles_search_fill_all() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    reached uuid := '00000000-0000-0000-0000-000000000000';
BEGIN
    WHILE reached IS NOT NULL LOOP
        reached := profiles_search_fill(reached, 2000);
    END LOOP;
END $$;
"""

TRIGGERS = """
CREATE FUNCTION profiles_search_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    people uuid[];
    renamed uuid[];
BEGIN
    IF current_setting('celula.bulk_load', true) = 'on' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        EXECUTE format('SELECT array_agg(who) FROM (SELECT %1$I FROM changed UNION SELECT %1$I FROM before) AS p (who)',
                       TG_ARGV[0]) INTO people;
    ELSE
        EXECUTE format('SELECT array_agg(DISTINCT %I) FROM changed', TG_ARGV[0]) INTO people;
    END IF;
    IF people IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM profiles_search_refresh(people);
    IF TG_TABLE_NAME = 'profiles_professional' THEN
        DELETE FROM profiles_searchrow AS r WHERE r.professional_id = ANY(people) AND NOT EXISTS (
            SELECT FROM profiles_professional AS p WHERE p.id = r.professional_id AND p.status <> 'erased'
        );
        DELETE FROM profiles_searchtext AS t WHERE t.professional_id = ANY(people) AND NOT EXISTS (
            SELECT FROM profiles_professional AS p WHERE p.id = t.professional_id AND p.status <> 'erased'
        );
        PERFORM profiles_search_write_text(people);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION profiles_search_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM profiles_searchclaim;
    DELETE FROM profiles_searchrow;
    DELETE FROM profiles_searchtext;
    PERFORM profiles_search_fill_all();
    RETURN NULL;
END $$;
"""


def _upkeep() -> str:
    made = [POINTS, PLAIN, REFRESH, TRIGGERS]
    for table, column in TABLES.items():
        made += [
            f"CREATE TRIGGER search_{event} AFTER {event} ON {table} REFERENCING {transition} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION profiles_search_changed('{column}');"
            for event, transition in TRANSITIONS.items()
        ]
        made.append(
            f"CREATE TRIGGER search_truncate AFTER TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION profiles_search_truncated();"
        )
    # People who were there before are found at once; with many of them that takes longer than a request may.
    made.append("SET LOCAL statement_timeout = 0; SELECT profiles_search_fill_all();")
    return "\n".join(made)


def _no_upkeep() -> str:
    made = [f"DROP TRIGGER search_{event} ON {table};" for table in TABLES for event in (*TRANSITIONS, "truncate")]
    functions = (
        "profiles_search_changed()",
        "profiles_search_truncated()",
        "profiles_search_fill_all()",
        "profiles_search_fill(uuid, integer)",
        "profiles_search_refresh(uuid[])",
        "profiles_search_write_text(uuid[])",
        "profiles_search_write(uuid[])",
        "profiles_search_words(text, text)",
        "profiles_search_plain(text)",
        "profiles_search_standing(integer, integer)",
        "profiles_search_points(integer, integer, integer, integer)",
    )
    return "\n".join([*made, *(f"DROP FUNCTION {name};" for name in functions)])


class Migration(migrations.Migration):
    dependencies = [("profiles", "0005_search_tables")]
    operations = [migrations.RunSQL(_upkeep(), _no_upkeep())]
