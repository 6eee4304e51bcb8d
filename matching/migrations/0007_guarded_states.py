"""The database refuses moves that the state tables do not list (see marketplace.kernel.guarded_states)."""

from django.db import migrations

from marketplace.kernel.guarded_states import GuardStates


class Migration(migrations.Migration):
    dependencies = [("matching", "0006_offers_again_and_replacements")]
    operations = [
        GuardStates(
            "MatchRun",
            {
                "queued": ["failed", "running", "superseded"],
                "running": ["composed", "failed", "infeasible", "queued", "superseded"],
                "composed": [],
                "infeasible": [],
                "failed": [],
                "superseded": [],
            },
        ),
        GuardStates(
            "Proposal",
            {
                "composed": ["approved", "rejected", "superseded"],
                "approved": ["offered", "rejected", "superseded"],
                "offered": ["accepted", "approved", "change_requested", "declined", "expired", "superseded"],
                "change_requested": ["offered", "rejected", "superseded"],
                "rejected": [],
                "accepted": ["superseded"],
                "declined": [],
                "expired": [],
                "superseded": [],
            },
        ),
        GuardStates(
            "Offer",
            {
                "sent": ["accepted", "change_requested", "declined", "expired", "withdrawn"],
                "change_requested": [],
                "accepted": [],
                "declined": [],
                "expired": [],
                "withdrawn": [],
            },
        ),
        GuardStates(
            "Replacement",
            {
                "queued": ["failed", "running", "superseded"],
                "running": ["failed", "impossible", "proposed", "queued", "superseded"],
                "proposed": ["applied", "awaiting_client", "expired", "rejected", "superseded"],
                "awaiting_client": ["applied", "declined", "expired", "superseded"],
                "impossible": [],
                "failed": [],
                "rejected": [],
                "applied": [],
                "declined": [],
                "expired": [],
                "superseded": [],
            },
        ),
    ]
