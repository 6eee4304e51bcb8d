"""The database itself writes down whose supply has changed: once per statement and person, whoever wrote it and how.

Statement-level triggers with transition tables stay cheap under COPY and bulk updates. A transaction that sets
``celula.bulk_load`` to ``on`` writes nothing here and must renew the feed's epoch instead.
"""

from django.db import migrations

# Which columns of a table name the people whom a row is about.
TABLES = {
    "profiles_professional": ["id"],
    "profiles_skillclaim": ["professional_id"],
    "profiles_languageproficiency": ["professional_id"],
    "profiles_certificate": ["professional_id"],
    "profiles_availabilityexception": ["professional_id"],
    "profiles_personweek": ["professional_id"],
    "profiles_collaboration": ["first_id", "second_id"],
}
TRANSITIONS = {
    "insert": "NEW TABLE AS changed",
    "delete": "OLD TABLE AS changed",
    "update": "OLD TABLE AS before NEW TABLE AS changed",
}

FUNCTIONS = """
CREATE FUNCTION profiles_supply_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    parts text[] := '{}';
    part text;
BEGIN
    IF current_setting('celula.bulk_load', true) = 'on' THEN
        RETURN NULL;
    END IF;
    FOREACH part IN ARRAY TG_ARGV LOOP
        parts := parts || format('SELECT %I FROM changed', part);
        IF TG_OP = 'UPDATE' THEN
            parts := parts || format('SELECT %I FROM before', part);
        END IF;
    END LOOP;
    -- UNION leaves each person once.
    EXECUTE 'INSERT INTO profiles_supplychange (professional_id) '
        || 'SELECT who FROM (' || array_to_string(parts || 'SELECT NULL::uuid'::text, ' UNION ') || ') AS people (who) '
        || 'WHERE who IS NOT NULL';
    RETURN NULL;
END $$;
CREATE FUNCTION profiles_supply_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE profiles_supplyfeed SET epoch = gen_random_uuid();
    RETURN NULL;
END $$;
INSERT INTO profiles_supplyfeed (id, epoch, forgotten) VALUES (1, gen_random_uuid(), 0);
"""


def _triggers() -> str:
    made = [FUNCTIONS]
    for table, columns in TABLES.items():
        named = ", ".join(f"'{column}'" for column in columns)
        made += [
            f"CREATE TRIGGER supply_{event} AFTER {event} ON {table} REFERENCING {transition} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION profiles_supply_changed({named});"
            for event, transition in TRANSITIONS.items()
        ]
        made.append(
            f"CREATE TRIGGER supply_truncate AFTER TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION profiles_supply_truncated();"
        )
    return "\n".join(made)


def _no_triggers() -> str:
    made = [
        f"DROP TRIGGER supply_{event} ON {table};" for table in TABLES for event in (*TRANSITIONS, "truncate")
    ]
    return "\n".join(
        [
            *made,
            "DROP FUNCTION profiles_supply_changed();",
            "DROP FUNCTION profiles_supply_truncated();",
            "DELETE FROM profiles_supplyfeed;",
        ]
    )


class Migration(migrations.Migration):
    dependencies = [("profiles", "0003_supply_feed")]
    operations = [migrations.RunSQL(_triggers(), _no_triggers())]
