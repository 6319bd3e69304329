"""The peers' tables as Django models, and the pages of them that REST framework and django-ninja answer with.

One query for the page's keys, by the same indexes as the bare application's, and one for each table that a document shows.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Prefetch


class Peer(models.Model):
    objects: models.Manager[Any] = models.Manager()

    class Meta:
        abstract = True
        managed = False
        app_label = "benchmarks"


class Person(Peer):
    slug = models.TextField()
    name = models.TextField()

    class Meta(Peer.Meta):
        db_table = 'peers"."person'


class Organization(Peer):
    slug = models.TextField()
    name = models.TextField()
    short_name = models.TextField()
    kind = models.TextField()

    class Meta(Peer.Meta):
        db_table = 'peers"."organization'


class Topic(Peer):
    slug = models.TextField()
    name = models.TextField()
    proposition = models.TextField()

    class Meta(Peer.Meta):
        db_table = 'peers"."topic'


class Article(Peer):
    slug = models.TextField()
    title = models.TextField()
    url = models.TextField()
    archive_url = models.TextField()
    outlet = models.ForeignKey(Organization, models.DO_NOTHING, related_name="+")
    published = models.TextField()
    language = models.TextField()
    genre = models.TextField()
    status = models.TextField()

    class Meta(Peer.Meta):
        db_table = 'peers"."article'


class Authorship(Peer):
    article = models.ForeignKey(Article, models.DO_NOTHING, related_name="authorships")
    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    position = models.IntegerField()

    class Meta(Peer.Meta):
        db_table = 'peers"."authorship'


class Quote(Peer):
    uid = models.UUIDField()
    dated_start = models.DateField()
    text = models.TextField()
    kind = models.TextField()
    source_type = models.TextField()
    speaker = models.ForeignKey(Person, models.DO_NOTHING, null=True, related_name="+")
    organization = models.ForeignKey(Organization, models.DO_NOTHING, null=True, related_name="+")
    speaks_for_organization = models.BooleanField()
    source_label = models.TextField()
    cue = models.TextField()
    framing = models.TextField()
    venue = models.TextField()
    said_on = models.TextField()
    verification = models.TextField()
    segments = models.TextField()
    article = models.ForeignKey(Article, models.DO_NOTHING, related_name="+")
    outlet = models.ForeignKey(Organization, models.DO_NOTHING, related_name="+")

    class Meta(Peer.Meta):
        db_table = 'peers"."quote'


class Capacity(Peer):
    quote = models.ForeignKey(Quote, models.DO_NOTHING, related_name="affiliations")
    organization = models.ForeignKey(Organization, models.DO_NOTHING, related_name="+")
    role = models.TextField()
    role_as_stated = models.TextField()
    standing = models.TextField()
    is_primary = models.BooleanField()

    class Meta(Peer.Meta):
        db_table = 'peers"."capacity'


class Coding(Peer):
    quote = models.ForeignKey(Quote, models.DO_NOTHING, related_name="stances")
    topic = models.ForeignKey(Topic, models.DO_NOTHING, related_name="+")
    stance = models.TextField()
    certainty = models.TextField()
    dated_start = models.DateField()
    uid = models.UUIDField()

    class Meta(Peer.Meta):
        db_table = 'peers"."coding'


class Place(Peer):
    quote = models.ForeignKey(Quote, models.DO_NOTHING, related_name="+")
    organization = models.ForeignKey(Organization, models.DO_NOTHING, related_name="+")
    standing = models.TextField()
    dated_start = models.DateField()
    uid = models.UUIDField()

    class Meta(Peer.Meta):
        db_table = 'peers"."place'


def page(question: str, values: dict[str, Any]) -> list[Quote]:
    """The newest 25 quotes that the question asks for (or the one), with all that their documents show."""
    newest = ("-dated_start", "-uid")
    if question == "detail":
        return list(_whole(Quote.objects.filter(uid=values["uid"])))
    if question == "topic+stance":
        found: Any = Coding.objects.filter(topic__slug=values["topic"], stance=values["stance"])
    elif question == "organization":
        found = Place.objects.filter(organization__slug=values["affiliation"], standing="current")
    else:
        name = {"speaker": "speaker__slug", "outlet": "outlet__slug"}[question]
        return list(_whole(Quote.objects.filter(**{name: values[question]})).order_by(*newest)[:25])
    keys = list(found.order_by(*newest).values_list("quote_id", flat=True)[:25])
    return list(_whole(Quote.objects.filter(pk__in=keys)).order_by(*newest))


def _whole(quotes: Any) -> Any:
    return quotes.select_related("speaker", "organization", "article__outlet").prefetch_related(
        Prefetch("affiliations", Capacity.objects.select_related("organization").order_by("-is_primary")),
        Prefetch("stances", Coding.objects.select_related("topic").order_by("topic__slug")),
        Prefetch("article__authorships", Authorship.objects.select_related("person").order_by("position")),
    )
