from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "quotes.publication"
    label = "publication"
