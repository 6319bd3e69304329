"""django-ninja, with pydantic's schemas, on the peers' tables and indexes."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import NinjaAPI, Schema

from benchmarks.peers import rows


class Person(Schema):
    slug: str
    name: str


class Organization(Schema):
    slug: str
    name: str
    short_name: str
    kind: str


class Topic(Schema):
    slug: str
    name: str
    proposition: str


class Article(Schema):
    slug: str
    title: str
    url: str
    archive_url: str
    published: str | None
    language: str
    genre: str
    status: str
    outlet: Organization
    authors: list[Person]

    @staticmethod
    def resolve_authors(article: Any) -> list[Any]:
        return [one.person for one in article.authorships.all()]


class Capacity(Schema):
    role: str
    role_as_stated: str
    standing: str
    is_primary: bool
    organization: Organization


class Coding(Schema):
    stance: str
    certainty: str
    topic: Topic


class Quote(Schema):
    uid: UUID
    text: str
    kind: str
    source_type: str
    source_label: str
    cue: str
    framing: str
    venue: str
    said_on: str | None
    dated_start: dt.date
    verification: str
    speaks_for_organization: bool
    segments: str
    speaker: Person | None
    organization: Organization | None
    affiliations: list[Capacity]
    stances: list[Coding]
    article: Article


class Page(Schema):
    results: list[Quote]


api = NinjaAPI(openapi_url=None, docs_url=None)


@api.get("/detail", response=Quote)
def detail(request: HttpRequest, uid: UUID) -> Any:
    return rows.page("detail", {"uid": uid})[0]


@api.get("/{question}", response=Page)
def quotes(request: HttpRequest, question: str) -> Any:
    return {"results": rows.page(question, request.GET.dict())}
