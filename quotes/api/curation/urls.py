"""The addresses for curators, under /api/v1/curation/."""

from django.urls import path, re_path

from quotes.api.curation import actors, coding, imports, root, schema, sources, statements

_SLUG = "(?P<slug>[a-z0-9-]{1,100})"
_QUOTE = "quotes/<uuid:uid>"

schema.describe()

urlpatterns = [
    path("", root.Root.as_view(), name="curation"),
    path("people/", actors.PersonList.as_view(), name="curation-people"),
    re_path(f"^people/{_SLUG}/$", actors.PersonItem.as_view(), name="curation-person"),
    re_path(f"^people/{_SLUG}/merge/$", actors.PersonMerge.as_view(), name="curation-person-merge"),
    path("organizations/", actors.OrganizationList.as_view(), name="curation-organizations"),
    re_path(f"^organizations/{_SLUG}/$", actors.OrganizationItem.as_view(), name="curation-organization"),
    re_path(f"^organizations/{_SLUG}/merge/$", actors.OrganizationMerge.as_view(), name="curation-organization-merge"),
    path("affiliations/", actors.AffiliationList.as_view(), name="curation-affiliations"),
    re_path(
        f"^affiliations/{_SLUG}/(?P<key>[0-9a-f]{{16}})/$",
        actors.AffiliationItem.as_view(),
        name="curation-affiliation",
    ),
    path("imports/", imports.ImportList.as_view(), name="curation-imports"),
    path("articles/import/", imports.ArticleImport.as_view(), name="curation-article-import"),
    path("articles/", sources.ArticleList.as_view(), name="curation-articles"),
    re_path(f"^articles/{_SLUG}/$", sources.ArticleItem.as_view(), name="curation-article"),
    re_path(f"^articles/{_SLUG}/snapshots/$", sources.SnapshotList.as_view(), name="curation-snapshots"),
    re_path(
        f"^articles/{_SLUG}/snapshots/(?P<sha256>[0-9a-f]{{64}})/$",
        sources.SnapshotItem.as_view(),
        name="curation-snapshot",
    ),
    path("topics/", coding.TopicList.as_view(), name="curation-topics"),
    re_path(f"^topics/{_SLUG}/$", coding.TopicItem.as_view(), name="curation-topic"),
    path("quotes/", statements.QuoteList.as_view(), name="curation-quotes"),
    path(f"{_QUOTE}/", statements.QuoteItem.as_view(), name="curation-quote"),
    path(f"{_QUOTE}/submit/", statements.QuoteSubmit.as_view(), name="curation-quote-submit"),
    path(f"{_QUOTE}/return/", statements.QuoteReturn.as_view(), name="curation-quote-return"),
    path(f"{_QUOTE}/publish/", statements.QuotePublish.as_view(), name="curation-quote-publish"),
    path(f"{_QUOTE}/withdraw/", statements.QuoteWithdraw.as_view(), name="curation-quote-withdraw"),
    path(f"{_QUOTE}/history/", statements.QuoteHistory.as_view(), name="curation-quote-history"),
    path(f"{_QUOTE}/codings/", coding.CodingList.as_view(), name="curation-codings"),
    path(
        f"{_QUOTE}/codings/<slug:topic>/<slug:coder>/<int:round>/", coding.CodingItem.as_view(), name="curation-coding"
    ),
    re_path("", root.Nowhere.as_view()),
]
