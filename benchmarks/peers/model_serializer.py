"""REST framework as it is taught: a ModelSerializer with nested ones, on the peers' tables and indexes."""

from __future__ import annotations

from typing import Any

from rest_framework import renderers, serializers, views
from rest_framework.request import Request
from rest_framework.response import Response

from benchmarks.peers import rows


class PersonSerializer(serializers.ModelSerializer):
    class Meta:
        model = rows.Person
        fields = ("slug", "name")


class OrganizationSerializer(serializers.ModelSerializer):
    class Meta:
        model = rows.Organization
        fields = ("slug", "name", "short_name", "kind")


class TopicSerializer(serializers.ModelSerializer):
    class Meta:
        model = rows.Topic
        fields = ("slug", "name", "proposition")


class ArticleSerializer(serializers.ModelSerializer):
    outlet = OrganizationSerializer()
    authors = serializers.SerializerMethodField()

    class Meta:
        model = rows.Article
        fields = (
            "slug",
            "title",
            "url",
            "archive_url",
            "published",
            "language",
            "genre",
            "status",
            "outlet",
            "authors",
        )

    def get_authors(self, article: rows.Article) -> Any:
        return PersonSerializer([one.person for one in article.authorships.all()], many=True).data  # type: ignore[attr-defined]


class CapacitySerializer(serializers.ModelSerializer):
    organization = OrganizationSerializer()

    class Meta:
        model = rows.Capacity
        fields = ("role", "role_as_stated", "standing", "is_primary", "organization")


class CodingSerializer(serializers.ModelSerializer):
    topic = TopicSerializer()

    class Meta:
        model = rows.Coding
        fields = ("stance", "certainty", "topic")


class QuoteSerializer(serializers.ModelSerializer):
    speaker = PersonSerializer()
    organization = OrganizationSerializer()
    affiliations = CapacitySerializer(many=True)
    stances = CodingSerializer(many=True)
    article = ArticleSerializer()

    class Meta:
        model = rows.Quote
        fields = (
            "uid",
            "text",
            "kind",
            "source_type",
            "source_label",
            "cue",
            "framing",
            "venue",
            "said_on",
            "dated_start",
            "verification",
            "speaks_for_organization",
            "segments",
            "speaker",
            "organization",
            "affiliations",
            "stances",
            "article",
        )


class QuoteView(views.APIView):
    authentication_classes = ()
    permission_classes = ()
    renderer_classes = (renderers.JSONRenderer,)

    def get(self, request: Request, question: str) -> Response:
        found = rows.page(question, request.query_params.dict())
        if question == "detail":
            return Response(QuoteSerializer(found[0]).data)
        return Response({"results": QuoteSerializer(found, many=True).data})
