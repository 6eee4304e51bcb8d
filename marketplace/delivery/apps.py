from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "marketplace.delivery"
    label = "delivery"

    def ready(self) -> None:
        from marketplace.delivery import checks, health, messages, personal_data, subscriptions  # noqa: F401
