"""What an import made: the history of every row says which import wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef
from pghistory.models import Context

from quotes.models import Import

_LABEL = "import"


@contextmanager
def told(batch: Import, what: str = "import") -> Iterator[None]:
    """Whatever is written meanwhile is noted as this import's."""
    with pghistory.context(**{_LABEL: str(batch.uid), "done": f"{what} of {batch.file_name}"}):
        yield


def contexts(batch: Import) -> models.QuerySet[Any]:
    """The contexts of history in which the import wrote."""
    return Context.objects.filter(**{f"metadata__{_LABEL}": str(batch.uid)}).values("pk")


def made_by(batch: Import, model: type[models.Model]) -> models.QuerySet[Any]:
    """Those rows of the model that the import made and that are still there."""
    made = _events(model).filter(pgh_label="insert", pgh_context__in=contexts(batch))
    return model._default_manager.filter(pk__in=made.values("pgh_obj_id"))


def changed_by_people(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Those of the rows that somebody has changed since they were made: no import, nor one that was taken back."""
    events = _events(rows.model).filter(pgh_obj_id=OuterRef("pk"), pgh_label="update")
    imports = Context.objects.filter(metadata__has_key=_LABEL).values("pk")
    return rows.filter(Exists(events.exclude(pgh_context__in=imports)))


def _events(model: type[models.Model]) -> models.QuerySet[Any]:
    event: Any = apps.get_model("quotes", f"{model.__name__}Event")
    rows: models.QuerySet[Any] = event.objects.order_by()
    return rows
