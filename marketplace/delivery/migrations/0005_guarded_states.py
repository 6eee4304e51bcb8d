"""The database refuses moves that the state tables do not list (see marketplace.kernel.guarded_states)."""

from django.db import migrations

from marketplace.kernel.guarded_states import GuardStates


class Migration(migrations.Migration):
    dependencies = [("delivery", "0004_email_takes_its_notifications_along")]
    operations = [
        GuardStates(
            "EmailMessage",
            {
                "pending": ["dropped", "failed", "sending"],
                "sending": ["failed", "pending", "sent"],
            },
        ),
        GuardStates(
            "WebhookEndpoint",
            {
                "enabled": ["deleted", "disabled"],
                "disabled": ["deleted", "enabled"],
            },
        ),
        GuardStates(
            "WebhookDelivery",
            {
                "pending": ["delivered", "failed"],
                "delivered": ["pending"],
                "failed": ["pending"],
            },
        ),
    ]
