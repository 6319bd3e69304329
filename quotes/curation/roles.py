"""Who does what, as groups with permissions: coder, curator, editor.

The groups are what is written here: every `migrate` (and `flush`) brings them back to it. Permissions are made after the
migrations, so a migration of a new database could not give them; and a later model's come with the release that has it.
Whoever needs other rights makes a group of their own.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps as global_apps

_ACTORS = ("person", "organization", "affiliation")
_SOURCES = ("article", "authorship", "snapshot")
_STATEMENTS = ("quote", "quoteaffiliation", "evidence")


def _rights(actions: str, *models: str) -> set[str]:
    return {f"{action}_{model}" for action in actions.split() for model in models}


_OWN_TOKENS = _rights("add view", "apitoken")
_LOOKING = _rights("view", *_ACTORS, *_SOURCES, *_STATEMENTS, "topic", "codinground", "redirect")
_CURATING = (
    _rights("add change", *_ACTORS, *_SOURCES, *_STATEMENTS)
    # Rows of a byline and of a quote's page, which are replaced with what they belong to.
    | _rights("delete", "authorship", "quoteaffiliation", "evidence")
    | _rights("add view", "import")
    | _rights("view change", "doubtfulspeaker")
)
ROLES: dict[str, set[str]] = {
    "coder": _OWN_TOKENS | _LOOKING | _rights("view add change", "coding"),
    "curator": _OWN_TOKENS | _LOOKING | _CURATING,
    "editor": _OWN_TOKENS
    | _LOOKING
    | _CURATING
    | _rights("view add change delete", *_ACTORS, *_SOURCES, *_STATEMENTS, "topic", "coding", "redirect")
    | _rights("add change", "codinground")
    # To take one back.
    | _rights("delete", "import")
    | {"publish_quote"},
}


def make_roles(*, using: str, apps: Any = global_apps, **kwargs: Any) -> None:
    """Receiver of post_migrate: the groups are there, with the permissions of ROLES and no others.

    `apps` is the state that a migration has reached (`flush` gives none). Before Django's own tables of accounts are there,
    there is nothing to do.
    """
    try:
        groups, permissions = apps.get_model("auth", "Group").objects, apps.get_model("auth", "Permission").objects
    except LookupError:
        return
    for name, codenames in ROLES.items():
        group, _ = groups.using(using).get_or_create(name=name)
        ours = permissions.using(using).filter(content_type__app_label="quotes", codename__in=codenames)
        group.permissions.set(ours)
