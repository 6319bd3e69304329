from django.apps import AppConfig
from django.db.models.signals import post_migrate


class QuotesConfig(AppConfig):
    name = "quotes"
    verbose_name = "Curation"

    def ready(self) -> None:
        # Not above: it reads the models, which are there from now on.
        from quotes.curation.roles import make_roles

        post_migrate.connect(make_roles, sender=self, dispatch_uid="quotes.roles")
