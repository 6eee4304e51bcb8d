from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "marketplace.clients"
    label = "clients"

    def ready(self) -> None:
        from marketplace.clients import notices, personal_data, subscriptions  # noqa: F401
