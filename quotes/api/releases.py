"""`releases/`: frozen data sets, as they were made. Nothing here asks the database."""

from __future__ import annotations

from typing import Any, TypedDict

from django.conf import settings
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from quotes.api import ranges
from quotes.api.base import ReadView, refuse_parameters
from quotes.api.caching import entity_tag, not_modified
from quotes.datasets.releases import Release, find_release, list_releases
from quotes.datasets.releases.catalogue import LATEST

# A release never changes, and its files have the version in their addresses.
FOR_EVER = "public, max-age=31536000, immutable"


class ReleaseFile(TypedDict):
    """A file of a release; `rows` where it is a table."""

    name: str
    url: str
    media_type: str
    bytes: int
    sha256: str
    rows: int | None


class ReleaseDocument(TypedDict):
    """A frozen data set."""

    version: str
    released: str
    title: str
    previous: str | None
    codebook_version: str
    license: str
    api_url: str
    files: list[ReleaseFile]


class Releases(TypedDict):
    """All releases, the newest first."""

    results: list[ReleaseDocument]


class ReleaseList(ReadView):
    """All releases."""

    def get(self, request: Request) -> HttpResponseBase:
        refuse_parameters(request.query_params)
        releases = list_releases(settings.RELEASES_FOLDER)
        return _named(request, releases, {"results": [_document(one) for one in releases]})


class ReleaseDetail(ReadView):
    """A release by its version, or the `latest`."""

    def get(self, request: Request, version: str) -> HttpResponseBase:
        refuse_parameters(request.query_params)
        release = _find(version)
        return _named(request, [release], _document(release))


class ReleaseFileView(ReadView):
    """A file of a release; of the `latest` its address."""

    def get(self, request: Request, version: str, name: str) -> HttpResponseBase:
        refuse_parameters(request.query_params)
        release = _find(version)
        listed = next((one for one in _files(release) if one["name"] == name), None)
        if listed is None or not (release.folder / name).is_file():
            raise Http404
        if version == LATEST:
            response = HttpResponseRedirect(listed["url"])
            response["Cache-Control"] = "public, no-cache"
            return response
        etag = f'"{listed["sha256"]}"'
        headers = {
            "Content-Type": listed["media_type"],
            "Content-Disposition": f'attachment; filename="{release.version}-{name}"',
            "ETag": etag,
            "Cache-Control": FOR_EVER,
        }
        if unchanged := not_modified(request, etag):
            unchanged["Cache-Control"] = FOR_EVER
            return unchanged
        return ranges.answer_file(request, (release.folder / name).open("rb"), headers)


def _find(version: str) -> Release:
    release = find_release(settings.RELEASES_FOLDER, version)
    if release is None:
        raise Http404
    return release


def _named(request: Request, releases: list[Release], body: Any) -> HttpResponseBase:
    etag = entity_tag(request, [(one.version, one.manifest) for one in releases])
    return not_modified(request, etag) or Response(body, headers={"ETag": etag})


def _document(release: Release) -> ReleaseDocument:
    told = release.manifest
    return ReleaseDocument(
        version=release.version,
        released=told["released"],
        title=told["title"],
        previous=told["previous"],
        codebook_version=told["codebook_version"],
        license=told["license"],
        api_url=reverse("release", args=[release.version]),
        files=_files(release),
    )


def _files(release: Release) -> list[ReleaseFile]:
    return [
        ReleaseFile(
            name=one["name"],
            url=reverse("release-file", args=[release.version, one["name"]]),
            media_type=one["media_type"],
            bytes=one["bytes"],
            sha256=one["sha256"],
            rows=one.get("rows"),
        )
        for one in release.files
    ]
