from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        from matching import checks, health, notices, personal_data, subscriptions  # noqa: F401
