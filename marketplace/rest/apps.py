from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "marketplace.rest"
    label = "rest"

    def ready(self) -> None:
        from marketplace.rest import personal_data  # noqa: F401
