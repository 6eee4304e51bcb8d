from django.db import migrations

import profiles.models.change


class Migration(migrations.Migration):
    dependencies = [("profiles", "0007_verification_records")]
    operations = [
        migrations.AddField(
            model_name="supplyfeed",
            name="forgotten_by",
            field=profiles.models.change.TransactionId(db_default=profiles.models.change.CurrentTransaction()),
        ),
    ]
