"""The search tables can be written whole, set by set, into tables aside that take the place of the live ones.

What a row says is defined once, here, for a few people (after a change) and for everybody (after a load).
Planning needs to know words and skills that are not among the hundred most common.
"""

from django.db import migrations

CONDITIONS = (
    "status, functions, seniority, country, english, spanish, available_from, available_until, weekly_minutes, "
    "rate_cents, rate_currency"
)
CLAIM = f"score, level, evidence, evidence_until, valid_until, {CONDITIONS}"
ROW = f"score, standing, city, cluster, tested_until, verified_until, created_at, updated_at, {CONDITIONS}"

FEW, EVERYBODY = "{} = ANY(people)", "TRUE"


def _excluded(columns: str) -> str:
    return ", ".join(f"excluded.{column}" for column in columns.split(", "))


def _persons(of: str) -> str:
    return f"""
        SELECT p.id, p.status,
               (SELECT coalesce(bit_or(1 << f), 0) FROM unnest(p.functions) AS f)::smallint AS functions,
               p.seniority, p.country, coalesce(en.speaking, 0)::smallint AS english,
               coalesce(es.speaking, 0)::smallint AS spanish,
               coalesce(p.available_from, DATE '0001-01-01') AS available_from,
               coalesce(p.available_until, DATE '9999-12-31') AS available_until,
               p.weekly_minutes::smallint AS weekly_minutes,
               least(p.rate_amount * 100, 2147483647)::integer AS rate_cents, p.rate_currency,
               profiles_search_standing(p.seniority, coalesce(en.speaking, 0))::smallint AS standing,
               profiles_search_plain(btrim(p.city)) AS city, profiles_search_plain(btrim(p.cluster)) AS cluster,
               p.created_at, p.updated_at
        FROM profiles_professional AS p
        LEFT JOIN profiles_languageproficiency AS en ON en.professional_id = p.id AND en.language = 'en'
        LEFT JOIN profiles_languageproficiency AS es ON es.professional_id = p.id AND es.language = 'es'
        WHERE p.status <> 'erased' AND {of.format("p.id")}
    """


def _claims(of: str, today: str) -> str:
    """A certificate shows the whole of its skill while it is valid; a claim to the same skill says more."""
    return f"""
        SELECT s.professional_id, s.skill_id,
               (person.standing + profiles_search_points(s.level, s.evidence, s.years, s.last_used))::smallint AS score,
               s.level, s.evidence::smallint AS evidence, s.evidence_until, s.valid_until, {CONDITIONS}
        FROM (
            SELECT c.professional_id, c.skill_id, c.level, c.years, c.last_used,
                   CASE WHEN c.evidence_expires_on < {today} THEN 0 ELSE c.evidence END AS evidence,
                   CASE WHEN c.evidence_expires_on < {today} OR c.evidence = 0 OR c.evidence_expires_on IS NULL
                        THEN DATE '9999-12-31' ELSE c.evidence_expires_on END AS evidence_until,
                   DATE '9999-12-31' AS valid_until
            FROM profiles_skillclaim AS c WHERE {of.format("c.professional_id")}
            UNION ALL
            SELECT d.professional_id, d.skill_id, 5, 0, NULL, d.evidence, coalesce(d.expires_on, DATE '9999-12-31'),
                   coalesce(d.expires_on, DATE '9999-12-31')
            FROM profiles_certificate AS d
            WHERE (d.expires_on IS NULL OR d.expires_on >= {today}) AND {of.format("d.professional_id")}
              AND NOT EXISTS (
                SELECT FROM profiles_skillclaim AS c
                WHERE c.professional_id = d.professional_id AND c.skill_id = d.skill_id
            )
        ) AS s JOIN person ON person.id = s.professional_id
    """


def _rows(claims: str) -> str:
    return f"""
        SELECT id, coalesce(best.score, standing), standing, city, cluster,
               coalesce(tested_until, DATE '0001-01-01'), coalesce(verified_until, DATE '0001-01-01'),
               created_at, updated_at, {CONDITIONS}
        FROM person LEFT JOIN (
            SELECT professional_id, max(score) AS score,
                   max(evidence_until) FILTER (WHERE evidence >= 1) AS tested_until,
                   max(evidence_until) FILTER (WHERE evidence >= 2) AS verified_until
            FROM {claims} GROUP BY professional_id
        ) AS best ON best.professional_id = person.id
    """


WORDS = """profiles_search_words(concat_ws(' ', headline_en, summary_en, city, cluster),
                                     concat_ws(' ', headline_es, summary_es, city))"""

WRITE = f"""
-- Nothing asks where in a text a word stands: without places a third less is read where many have a word.
CREATE OR REPLACE FUNCTION profiles_search_words(english text, spanish text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT strip(to_tsvector('pg_catalog.simple', profiles_search_plain(english || ' ' || spanish)))
        || strip(to_tsvector('pg_catalog.english', english)) || strip(to_tsvector('pg_catalog.spanish', spanish))
        || strip(to_tsvector('pg_catalog.spanish', profiles_search_plain(spanish)))
$$;
CREATE OR REPLACE FUNCTION profiles_search_write(people uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    today CONSTANT date := (now() AT TIME ZONE 'UTC')::date;
BEGIN
    WITH person AS MATERIALIZED ({_persons(FEW)}), scored AS MATERIALIZED ({_claims(FEW, "today")}), no_longer AS (
        DELETE FROM profiles_searchclaim AS old
        WHERE old.professional_id = ANY(people) AND NOT EXISTS (
            SELECT FROM scored AS s WHERE s.professional_id = old.professional_id AND s.skill_id = old.skill_id
        )
    ), claims AS (
        INSERT INTO profiles_searchclaim AS old (professional_id, skill_id, {CLAIM})
        SELECT professional_id, skill_id, {CLAIM} FROM scored
        ON CONFLICT (professional_id, skill_id) DO UPDATE SET ({CLAIM}) = ROW({_excluded(CLAIM)})
        WHERE ROW(old.{CLAIM.replace(", ", ", old.")}) IS DISTINCT FROM ROW({_excluded(CLAIM)})
    )
    INSERT INTO profiles_searchrow AS old (professional_id, {ROW}) {_rows("scored")}
    ON CONFLICT (professional_id) DO UPDATE SET ({ROW}) = ROW({_excluded(ROW)})
    WHERE ROW(old.{ROW.replace(", ", ", old.")}) IS DISTINCT FROM ROW({_excluded(ROW)});
END $$;
-- As the triggers leave the tables after a change, without waiting for whoever is changing these people now.
CREATE FUNCTION profiles_search_renew(people uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    gone CONSTANT uuid[] := ARRAY(
        SELECT k.id FROM unnest(people) AS k (id)
        WHERE NOT EXISTS (SELECT FROM profiles_professional AS p WHERE p.id = k.id AND p.status <> 'erased')
    );
BEGIN
    PERFORM profiles_search_write(people);
    PERFORM profiles_search_write_text(people);
    DELETE FROM profiles_searchrow WHERE professional_id = ANY(gone);
    DELETE FROM profiles_searchtext WHERE professional_id = ANY(gone);
END $$;
-- Everybody at once, into three empty tables without indexes. The best come first, as most searches read them.
CREATE FUNCTION profiles_search_write_all(claims regclass, rows regclass, texts regclass) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    CREATE TEMPORARY TABLE profiles_search_person ON COMMIT DROP AS {_persons(EVERYBODY)};
    ANALYZE profiles_search_person;
    EXECUTE replace($q$
        WITH person AS (SELECT * FROM profiles_search_person)
        INSERT INTO {{claims}} (professional_id, skill_id, {CLAIM}) {_claims(EVERYBODY, "$1")}
    $q$, '{{claims}}', claims::text) USING (now() AT TIME ZONE 'UTC')::date;
    EXECUTE format('ANALYZE %s', claims);
    EXECUTE replace(replace($q$
        WITH person AS (SELECT * FROM profiles_search_person)
        INSERT INTO {{rows}} (professional_id, {ROW}) {_rows("{claims}")} ORDER BY 2 DESC, 1 DESC
    $q$, '{{rows}}', rows::text), '{{claims}}', claims::text);
    EXECUTE replace($q$
        INSERT INTO {{texts}} (professional_id, words)
        SELECT id, {WORDS} FROM (
            SELECT p.* FROM profiles_professional AS p JOIN profiles_search_person AS s ON s.id = p.id
            ORDER BY s.standing DESC, s.id DESC
        ) AS p
    $q$, '{{texts}}', texts::text);
    DROP TABLE profiles_search_person;
END $$;
ALTER TABLE profiles_searchtext ALTER COLUMN words SET STATISTICS 500;
ALTER TABLE profiles_searchclaim ALTER COLUMN skill_id SET STATISTICS 1000;
"""

UNWRITE = """
ALTER TABLE profiles_searchtext ALTER COLUMN words SET STATISTICS -1;
ALTER TABLE profiles_searchclaim ALTER COLUMN skill_id SET STATISTICS -1;
DROP FUNCTION profiles_search_write_all(regclass, regclass, regclass);
DROP FUNCTION profiles_search_renew(uuid[]);
"""


class Migration(migrations.Migration):
    dependencies = [("profiles", "0011_booking_spans_and_deadlines")]
    # What is written anew says the same as before, or leaves out what nobody asks for: going back leaves it as it is.
    operations = [migrations.RunSQL(WRITE, UNWRITE)]
