"""The API's addresses."""

from django.urls import include, path, re_path
from django.views.decorators.cache import cache_page
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from quotes.api import aggregates, changes, codings, details, lookup, networks, releases, schema, views

VERSION = r"(?P<version>[0-9A-Za-z][0-9A-Za-z.\-]{0,39})"
SLUG = "(?P<slug>[a-z0-9-]{1,100})"

schema.describe(views, details, aggregates, lookup)
schema.describe_list(codings.CodingList, "codings")
schema.describe_changes(changes.ChangeFeed)
schema.describe_releases()
schema.describe_network(networks.QuoteNetwork, networks.FORMATS)

urlpatterns = [
    path("v1/", views.Root.as_view(), name="api-root"),
    path("v1/quotes/", views.QuoteList.as_view(), name="quotes"),
    path("v1/quotes/facets/", aggregates.QuoteFacets.as_view(), name="quote-facets"),
    path("v1/quotes/timeline/", aggregates.QuoteTimeline.as_view(), name="quote-timeline"),
    path("v1/quotes/network/", networks.QuoteNetwork.as_view(), name="quote-network"),
    path("v1/quotes/lookup/", lookup.QuoteLookup.as_view(), name="quote-lookup"),
    path("v1/quotes/<uuid:uid>/", details.QuoteDetail.as_view(), name="quote"),
    path("v1/people/", views.PersonList.as_view(), name="people"),
    re_path(f"^v1/people/{SLUG}/$", details.PersonDetail.as_view(), name="person"),
    path("v1/organizations/", views.OrganizationList.as_view(), name="organizations"),
    re_path(f"^v1/organizations/{SLUG}/$", details.OrganizationDetail.as_view(), name="organization"),
    path("v1/articles/", views.ArticleList.as_view(), name="articles"),
    re_path(f"^v1/articles/{SLUG}/$", details.ArticleDetail.as_view(), name="article"),
    path("v1/topics/", views.TopicList.as_view(), name="topics"),
    re_path(f"^v1/topics/{SLUG}/$", details.TopicDetail.as_view(), name="topic"),
    path("v1/codings/", codings.CodingList.as_view(), name="codings"),
    path("v1/changes/", changes.ChangeFeed.as_view(), name="changes"),
    path("v1/releases/", releases.ReleaseList.as_view(), name="releases"),
    re_path(f"^v1/releases/{VERSION}/$", releases.ReleaseDetail.as_view(), name="release"),
    re_path(
        rf"^v1/releases/{VERSION}/(?P<name>[A-Za-z0-9_.]{{1,60}})$",
        releases.ReleaseFileView.as_view(),
        name="release-file",
    ),
    path("v1/curation/", include("quotes.api.curation.urls")),
    # The same for everybody until the next release, and a quarter of a second's work.
    path("schema/", cache_page(600)(SpectacularAPIView.as_view()), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
]
