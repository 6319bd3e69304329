"""What a Popolo file says of people, organizations and memberships: every rule that needs no look at the database."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from quotes.datasets.importing.json_text import NotJson, parse
from quotes.datasets.importing.refusals import ImportRefused, Refusal, shown
from quotes.datasets.importing.tables import MAX_ROWS, decoded
from quotes.datasets.popolo.members import Member, MemberError
from quotes.datasets.popolo.terms import OWN, SHORT_NAME, WIKIDATA
from quotes.models.fields import COUNTRY_CODE, SLUG
from quotes.partial_dates import PartialDate
from quotes.vocabulary import AffiliationKind, EntityKind

_WIKIDATA = re.compile(r"(?:https?://(?:www\.)?wikidata\.org/(?:wiki|entity)/)?(Q[1-9][0-9]{0,11})")
_PEOPLE = ("persons", "people")


@dataclass(frozen=True, slots=True)
class Bearer:
    """A person or organization as the file has it. `slug` is our own identifier, `parent` an id of the file.

    Empty means: the file does not say.
    """

    kind: EntityKind
    path: str
    id: str
    name: str
    other_names: tuple[str, ...]
    wikidata_id: str
    slug: str
    sort_name: str = ""
    short_name: str = ""
    classification: str = ""
    country: str = ""
    parent: str = ""

    @property
    def names(self) -> list[str]:
        """Every name, the main one first, each once."""
        return list(dict.fromkeys(filter(None, (self.name, self.short_name, *self.other_names))))


@dataclass(frozen=True, slots=True)
class Membership:
    """A membership; `person` and `organization` are paths of bearers. Empty means: the file does not say."""

    path: str
    person: str
    organization: str
    role: str
    start: str | None
    end: str | None
    kind: str


@dataclass(slots=True)
class Popolo:
    """All that is read of a file."""

    bearers: dict[str, Bearer] = field(default_factory=dict)
    memberships: list[Membership] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)

    def of_kind(self, kind: EntityKind) -> list[Bearer]:
        return [bearer for bearer in self.bearers.values() if bearer.kind == kind]

    def refuse(self, path: str, value: str, code: str, detail: str) -> None:
        self.refusals.append(MemberError(path, value, code, detail).refusal())


def read_popolo(content: bytes) -> Popolo:
    """The file, with all that is wrong in it. Raises ImportRefused where it is no Popolo at all."""
    try:
        found = parse(decoded(content))
    except NotJson as error:
        raise ImportRefused([Refusal("not_json", str(error))]) from None
    if not isinstance(found, dict) or not {*_PEOPLE, "organizations", "memberships"} & found.keys():
        detail = "This is no Popolo: an object with persons, organizations or memberships is expected."
        raise ImportRefused([Refusal("not_popolo", detail, value=shown(str(found)))])
    return _Reading(Member("", found)).popolo


class _Reading:
    """One pass over the file: bearers, then memberships, which name them by their ids."""

    def __init__(self, top: Member) -> None:
        self.popolo = Popolo()
        self.ids: dict[tuple[EntityKind, str], str] = {}
        self.posts: dict[str, Member] = {}
        self.embedded: list[tuple[Member, str]] = []
        for name in _PEOPLE:
            self._read_bearers(top, name, EntityKind.PERSON)
        self._read_bearers(top, "organizations", EntityKind.ORGANIZATION)
        with self._refusing():
            self.posts = {post.text("id"): post for post in top.objects("posts")}
        with self._refusing():
            self.embedded += [(member, "") for member in top.objects("memberships")]
        if len(self.popolo.bearers) + len(self.embedded) > MAX_ROWS:
            detail = f"More than {MAX_ROWS:,} people, organizations and memberships. Cut the file into several."
            raise ImportRefused([Refusal("too_many_rows", detail)])
        for member, within in self.embedded:
            with self._refusing():
                self._read_membership(member, within)
            self._leave(member)
        for name in top.unasked():
            value = top.members[name]
            self.popolo.left_out[name] += len(value) if isinstance(value, list) else 1
        self.popolo.left_out["posts, but for the roles they give"] += len(self.posts)

    @contextlib.contextmanager
    def _refusing(self) -> Iterator[None]:
        """What is wrong with one record is no reason not to look at the next."""
        try:
            yield
        except MemberError as error:
            self.popolo.refusals.append(error.refusal())

    def _read_bearers(self, top: Member, name: str, kind: EntityKind) -> None:
        members: list[Member] = []
        with self._refusing():
            members = top.objects(name)
        for member in members:
            with self._refusing():
                self._read_bearer(member, kind)
                self.embedded += [(one, member.path) for one in member.objects("memberships")]
            self._leave(member)

    def _leave(self, member: Member) -> None:
        """Count what the file says there and nobody takes."""
        for name in member.unasked():
            self.popolo.left_out[f"{_plain(member.path)}.{name}"] += 1

    def _read_bearer(self, member: Member, kind: EntityKind) -> None:
        own_id = member.text("id")
        first = self.ids.setdefault((kind, own_id), member.path)
        if own_id and first != member.path:
            raise MemberError(member.at("id"), own_id, "duplicate", f"The id of {first} again.")
        name = member.text("name")
        if not name:
            raise MemberError(member.at("name"), "", "missing", "There is no name.")
        identifiers = dict(self._identifiers(member))
        short_names, others = self._other_names(member, kind)
        said = {"sort_name": member.text("sort_name")} if kind == EntityKind.PERSON else self._of_organization(member)
        self.popolo.bearers[member.path] = Bearer(
            kind=kind,
            path=member.path,
            id=own_id,
            name=name,
            other_names=tuple(dict.fromkeys(one for one in [*others, *short_names[1:]] if one != name)),
            short_name=short_names[0] if short_names else "",
            wikidata_id=identifiers.get(WIKIDATA, ""),
            slug=identifiers.get(OWN, ""),
            **said,
        )

    def _of_organization(self, member: Member) -> dict[str, str]:
        extra = member.object("extra")
        country = extra.text("country")
        if country and not re.fullmatch(COUNTRY_CODE, country):
            raise MemberError(extra.at("country"), country, "invalid", "Two capital letters, ISO 3166-1.")
        self._leave(extra)
        parent = member.text("parent_id") or member.object("parent").text("id")
        return {"classification": member.text("classification"), "country": country, "parent": parent}

    def _identifiers(self, member: Member) -> Iterator[tuple[str, str]]:
        """A Wikidata id and a slug of ours, where the file has them."""
        seen: dict[str, str] = {}
        for one in member.objects("identifiers"):
            scheme, said = one.text("scheme").casefold(), one.text("identifier")
            if scheme not in (WIKIDATA, OWN):
                self.popolo.left_out[f"{_plain(member.path)}.identifiers of {shown(scheme)!r}"] += 1
                continue
            shape = _WIKIDATA.fullmatch(said) if scheme == WIKIDATA else re.fullmatch(f"({SLUG.strip('^$')})", said)
            if not shape or len(shape[1]) > 100:
                right = "a Wikidata id such as Q42" if scheme == WIKIDATA else "a slug such as ottoline-varga"
                raise MemberError(one.at("identifier"), said, "invalid", f"{shown(said)!r} is not {right}.")
            if seen.setdefault(scheme, shape[1]) != shape[1]:
                detail = f"A second identifier of the scheme {scheme}; {seen[scheme]} is the first."
                raise MemberError(one.at("identifier"), said, "contradiction", detail)
            self._leave(one)
            yield scheme, shape[1]

    def _other_names(self, member: Member, kind: EntityKind) -> tuple[list[str], list[str]]:
        """An organization's short names, and all others."""
        short: list[str] = []
        others: list[str] = []
        for one in member.objects("other_names"):
            is_short = kind == EntityKind.ORGANIZATION and one.members.get("note") == SHORT_NAME
            if is_short:
                one.asked.add("note")
            if name := one.text("name", 100 if is_short and not short else 300):
                (short if is_short else others).append(name)
            self._leave(one)
        return short, others

    def _read_membership(self, member: Member, within: str) -> None:
        person = self._party(member, EntityKind.PERSON, within) or self._party(member, EntityKind.PERSON, "", "member")
        if not person and member.members.get("member"):
            self.popolo.left_out["memberships of organizations"] += 1
            member.asked |= member.members.keys()
            return
        post = self._post(member)
        organization = self._party(member, EntityKind.ORGANIZATION, within)
        if not organization and post:
            organization = self._party(post, EntityKind.ORGANIZATION, "")
        for kind, path in ((EntityKind.PERSON, person), (EntityKind.ORGANIZATION, organization)):
            if not path:
                raise MemberError(member.at(f"{kind}_id"), "", "missing", f"It does not say which {kind.label}.")
        start, end = member.date("start_date"), member.date("end_date")
        if start and end and PartialDate(start).start > PartialDate(end).end:
            raise MemberError(member.at("end_date"), end, "invalid_date", f"It ends before it begins ({start}).")
        role = member.text("role") or (post.text("role") or post.text("label") if post else "")
        kind_said = self._membership_kind(member)
        self.popolo.memberships.append(Membership(member.path, person, organization, role, start, end, kind_said))

    def _post(self, member: Member) -> Member | None:
        post_id = member.text("post_id")
        if post_id and post_id not in self.posts:
            self.popolo.left_out["memberships.post_id"] += 1
        return self.posts.get(post_id)

    def _party(self, member: Member, kind: EntityKind, within: str, name: str = "") -> str:
        """The path of the person or organization; "" where the membership names none. Raises MemberError.

        `within` is the path of the record that the membership stands in. `name` is a member that may hold another kind.
        """
        key = f"{kind}_id"
        said = member.object(name).text("id") if name else member.text(key) or member.object(str(kind)).text("id")
        if not said:
            is_within = within in self.popolo.bearers and self.popolo.bearers[within].kind == kind
            return within if is_within else ""
        if (kind, said) not in self.ids and not name:
            detail = f"No {kind.label} of the file has the id {shown(said)!r}."
            raise MemberError(member.at(key), said, "unknown", detail)
        return self.ids.get((kind, said), "")

    def _membership_kind(self, member: Member) -> str:
        extra = member.object("extra")
        kind = extra.text("kind")
        if kind and kind not in AffiliationKind.values:
            detail = f"{shown(kind)!r} is not one of {', '.join(AffiliationKind.values)}."
            raise MemberError(extra.at("kind"), kind, "unknown_value", detail)
        self._leave(extra)
        return kind


def _plain(path: str) -> str:
    """A place without its numbers.

    >>> _plain("persons[3].memberships[0]")
    'persons.memberships'
    """
    return re.sub(r"\[\d+\]", "", path)
