"""What can wait for somebody: each queue is a question of the querysets, asked by the inbox and by the list it leads to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from quotes.curation.publishing import nobody_publishes_their_own
from quotes.curation.rights import is_editor
from quotes.models import Article, DoubtfulSpeaker, Organization, Person, Quote
from quotes.querysets.waiting import READ_AGAIN
from quotes.vocabulary import Status

# The parameter of a list that shows one queue alone.
PARAMETER = "inbox"


@dataclass(frozen=True)
class Queue:
    """`name` is what the list's address says; `rows` gives the user's rows, in the order in which they should be done."""

    name: str
    model: type[models.Model]
    title: str
    hint: str
    rows: Callable[[Any], Any]
    is_editors: bool = False
    # Every row has to be looked at before it is known what is in it: nobody waits for that in passing.
    is_slow: bool = False
    # The same in their order, where that costs more than a count should.
    ordered: Callable[[Any], Any] | None = None

    def is_for(self, user: Any) -> bool:
        """Whether the user can do something about it. Of some queues others must not learn even the length."""
        may_change = user.has_perm(f"quotes.change_{self.model._meta.model_name}")
        return bool(may_change and (not self.is_editors or is_editor(user)))


def waiting_for_review(user: Any) -> Any:
    """The review queue, longest waiting first: without what the user entered, if somebody else must publish that."""
    queue = Quote.objects.in_review().in_order_of_submission()
    return queue.exclude(created_by=user) if nobody_publishes_their_own() else queue


def _theirs_to_change(user: Any, quotes: Any) -> Any:
    """What is published is changed by editors alone, so for nobody else it waits."""
    return quotes if is_editor(user) else quotes.exclude(status=Status.PUBLISHED)


QUEUES = (
    Queue(
        "returned",
        Quote,
        "Returned to you",
        "An editor looked at them and asks for something. Change them, and send them to review again.",
        lambda user: Quote.objects.returned_to(user),
    ),
    Queue(
        "review", Quote, "Waiting for review", "The longest waiting come first.", waiting_for_review, is_editors=True
    ),
    Queue(
        "drafts",
        Quote,
        "Your drafts",
        "You entered them, and have not sent them to review.",
        lambda user: Quote.objects.drafts_of(user),
    ),
    Queue(
        "disagreements",
        Quote,
        "Disagreements",
        "Two coders of a round judged them differently, and there is no final coding yet.",
        lambda user: Quote.objects.disagreed_on(),
        is_editors=True,
    ),
    Queue(
        "anchors",
        Quote,
        "Anchors that no longer hold",
        "The newest text of the article does not have these words any more. Was the article corrected? Looked at are the "
        f"{READ_AGAIN} articles that were read again last; manage.py check_quotes looks at all.",
        lambda user: _theirs_to_change(user, Quote.objects.gone_from_their_text()),
    ),
    Queue(
        "repeated",
        Quote,
        "The same words in another article",
        "If it is one utterance, name the first quote of it under “Same utterance as”. If the words were said on two days, "
        "give the days.",
        lambda user: _theirs_to_change(user, Quote.objects.repeating_another()),
        is_slow=True,
    ),
    Queue(
        "doubtful",
        DoubtfulSpeaker,
        "Doubtful names",
        "Names in imported files that may mean several people. What is decided of a name holds for all of its rows.",
        lambda user: DoubtfulSpeaker.objects.undecided().order_by("pk"),
        ordered=lambda user: DoubtfulSpeaker.objects.undecided().with_rows(),
    ),
    Queue(
        "alike",
        Person,
        "People who may be one",
        "They share a name or an alias. Different Wikidata ids say that they are two.",
        lambda user: Person.objects.alike(),
        is_editors=True,
        is_slow=True,
    ),
    Queue(
        "alike",
        Organization,
        "Organizations that may be one",
        "They share a name or an alias. Different Wikidata ids or countries say that they are two.",
        lambda user: Organization.objects.alike(),
        is_editors=True,
    ),
    Queue(
        "alike",
        Article,
        "Articles that may be one",
        "One outlet has them twice: the same title on the same day, or the very same text.",
        lambda user: Article.objects.alike(),
        is_editors=True,
        is_slow=True,
    ),
)


def queues_of(user: Any, model: type[models.Model] | None = None) -> list[Queue]:
    """The queues that the user may see; those of one model where it is named."""
    return [queue for queue in QUEUES if model in (None, queue.model) and queue.is_for(user)]
