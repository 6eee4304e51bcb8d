"""The database refuses moves that the state tables do not list (see marketplace.kernel.guarded_states)."""

from django.db import migrations

from marketplace.kernel.guarded_states import GuardStates


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_privacy_requests")]
    operations = [
        GuardStates(
            "PrivacyRequest",
            {
                "received": ["blocking", "fulfilled", "refused", "withdrawn"],
                "blocking": ["fulfilled"],
                "fulfilled": [],
                "refused": [],
                "withdrawn": [],
            },
        ),
    ]
