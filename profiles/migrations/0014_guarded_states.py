"""The database refuses moves that the state tables do not list (see marketplace.kernel.guarded_states)."""

from django.db import migrations

from marketplace.kernel.guarded_states import GuardStates


class Migration(migrations.Migration):
    dependencies = [("profiles", "0013_duplicate_keys_at_once")]
    operations = [
        GuardStates(
            "Professional",
            {
                "draft": ["archived", "blocked", "in_review"],
                "in_review": ["active", "archived", "blocked", "draft"],
                "active": ["archived", "blocked", "paused"],
                "paused": ["active", "archived", "blocked"],
                "archived": ["blocked"],
                "blocked": ["erased"],
                "erased": [],
            },
            # Two profiles that were made one by mistake are put back as they were.
            unless="OLD.merged_into_id IS NOT NULL AND NEW.merged_into_id IS NULL",
        ),
        GuardStates(
            "Booking",
            {
                "held": ["confirmed", "released"],
                "confirmed": ["released"],
                "released": [],
            },
        ),
        GuardStates(
            "DuplicatePair",
            {
                "open": ["dismissed", "merged"],
                "dismissed": ["merged"],
                "merged": ["dismissed"],
            },
        ),
        GuardStates(
            "ResumeImport",
            {
                "queued": ["discarded", "failed", "reading"],
                "reading": ["discarded", "failed", "queued", "read"],
                "read": ["confirmed", "discarded"],
                "confirmed": [],
                "discarded": [],
                "failed": [],
            },
        ),
    ]
