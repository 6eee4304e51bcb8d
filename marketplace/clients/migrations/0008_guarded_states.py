"""The database refuses moves that the state tables do not list (see marketplace.kernel.guarded_states)."""

from django.db import migrations

from marketplace.kernel.guarded_states import GuardStates


class Migration(migrations.Migration):
    dependencies = [("clients", "0007_document_reference_can_be_emptied")]
    operations = [
        GuardStates(
            "Project",
            {
                "draft": ["cancelled", "expired", "published"],
                "published": ["cancelled", "draft", "expired", "staffed"],
                "staffed": ["cancelled", "completed", "published"],
                "completed": [],
                "cancelled": [],
                "expired": [],
            },
        ),
        GuardStates(
            "Engagement",
            {
                "confirming": ["active", "terminated"],
                "active": ["completed", "paused", "terminated"],
                "paused": ["active", "completed", "terminated"],
                "completed": [],
                "terminated": [],
            },
        ),
        GuardStates(
            "Placement",
            {
                "held": ["confirmed", "ended", "replaced"],
                "confirmed": ["active", "ended", "replaced"],
                "active": ["ended", "replaced"],
                "ended": [],
                "replaced": [],
            },
        ),
        GuardStates(
            "EngagementChange",
            {
                "requested": ["applied", "declined", "expired", "superseded", "withdrawn"],
                "applied": [],
                "declined": [],
                "expired": [],
                "withdrawn": [],
                "superseded": [],
            },
        ),
        GuardStates(
            "Leave",
            {
                "granted": ["cancelled"],
                "cancelled": [],
            },
        ),
        GuardStates(
            "EngagementDocument",
            {
                "missing": ["provided"],
                "provided": ["expired", "provided", "rejected", "verified"],
                "verified": ["expired", "provided", "rejected"],
                "rejected": ["provided"],
                "expired": ["provided"],
            },
        ),
        GuardStates(
            "Invitation",
            {
                "sent": ["accepted", "declined", "expired", "withdrawn"],
                "accepted": [],
                "declined": [],
                "expired": [],
                "withdrawn": [],
            },
        ),
        GuardStates(
            "Milestone",
            {
                "planned": ["delivered"],
                "delivered": ["accepted", "rejected"],
                "rejected": ["delivered"],
                "accepted": [],
            },
        ),
    ]
