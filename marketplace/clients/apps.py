from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "marketplace.clients"
    label = "clients"

    def ready(self) -> None:
        from marketplace.clients import (  # noqa: F401
            lifecycle_notices,
            lifecycle_personal_data,
            notices,
            personal_data,
            search_subscriptions,
            subscriptions,
        )
