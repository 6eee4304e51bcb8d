from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "marketplace.privacy"
    label = "privacy"

    def ready(self) -> None:
        from marketplace.privacy import personal_data, subscriptions  # noqa: F401
