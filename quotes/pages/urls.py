"""The readers' addresses. A quote's is its permalink, for good."""

from django.urls import path, re_path

from quotes.pages import views

SLUG = "(?P<slug>[a-z0-9-]{1,100})"

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("ns", views.terms, name="terms"),
    path("quotes/", views.quotes, name="quotes"),
    path("quotes/<uuid:uid>/", views.quote, name="quote"),
    re_path(f"^topics/{SLUG}/$", views.topic, name="topic"),
    re_path(f"^people/{SLUG}/$", views.person, name="person"),
    re_path(f"^organizations/{SLUG}/$", views.organization, name="organization"),
    re_path(f"^articles/{SLUG}/$", views.article, name="article"),
]
