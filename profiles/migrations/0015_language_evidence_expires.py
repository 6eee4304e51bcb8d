from django.db import migrations, models

# A result that was verified before the column was there lasts as long as its record says.
FILL = """
    UPDATE profiles_languageproficiency AS spoken
    SET evidence_expires_on = seen.expires_on
    FROM (
        SELECT DISTINCT ON (professional_id, code) professional_id, code, level, evidence, expires_on
        FROM profiles_verification
        WHERE kind = 'language'
        ORDER BY professional_id, code, created_at DESC, id DESC
    ) AS seen
    WHERE seen.professional_id = spoken.professional_id
        AND seen.code = spoken.language
        AND seen.level = spoken.speaking
        AND seen.evidence = spoken.evidence
        AND seen.expires_on IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("profiles", "0014_guarded_states"),
    ]

    operations = [
        migrations.AddField(
            model_name="languageproficiency",
            name="evidence_expires_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
