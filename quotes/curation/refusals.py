"""What the database refuses, in a curator's words.

The rules stand in named constraints and triggers; the forms say most of them first. What still gets through (a race, a bulk
change, a rule over several rows) is refused by the database, and must reach the curator as a sentence, not as an error page.
"""

from functools import cache
from itertools import chain
from typing import Any

from django.apps import apps
from django.db import DataError, IntegrityError, OperationalError
from django.db.models import BaseConstraint, ProtectedError
from psycopg.errors import DeadlockDetected

from quotes.curation.verbs import CurationError

REFUSALS = (IntegrityError, DataError, OperationalError, ProtectedError, CurationError)

_SENTENCES = {
    "acyclic_parents": "The parent stands below this record already: nothing can be its own ancestor.",
    "affiliation_ends_after_start": "The affiliation ends before it starts.",
    "affiliation_unique": "The person has this affiliation already: same organization, role and start.",
    "article_url_is_web": "The URL must begin with http:// or https:// and have no spaces.",
    "article_archive_url_is_web": "The archive URL must begin with http:// or https:// and have no spaces.",
    "authorship_once": "An author is named twice.",
    "coding_once_a_round": "This coder has coded this quote toward this topic in this round already.",
    "coding_round_from_one": "Rounds are counted from one.",
    "coding_round_has_name": "A round needs a name.",
    "coding_round_number_from_one": "Rounds are counted from one.",
    "coding_round_opens_first": "A round is closed after it was opened.",
    "evidence_url_is_web": "The URL must begin with http:// or https:// and have no spaces.",
    "organization_not_its_own_successor": "An organization cannot be its own successor.",
    "quote_affiliation_is_the_speakers": "A quote would name an affiliation that is not its speaker's own.",
    "quote_affiliation_one_primary": "Exactly one affiliation of a quote must be primary.",
    "quote_affiliation_once": "An affiliation is named twice.",
    "quote_affiliation_speaker_said_it": "The affiliations are another speaker's: choose the new speaker's own.",
    "quote_has_words": "A quote has words.",
    "quote_not_its_own_utterance": "A quote cannot repeat itself.",
    "quote_not_reported_via_itself": "A quote cannot be reported via itself.",
    "quote_published_is_dated": "A published quote has a date of publication: use the buttons, not the status.",
    "quote_published_stays": "What was published cannot be deleted. Withdraw it, with a reason.",
    "quote_same_utterance_as_root": "“Same utterance as” must name the first appearance, which itself repeats no other quote.",
    "quote_snapshot_length_true": "The snapshot is not the one that the words were anchored in.",
    "quote_snapshot_of_its_article": "The snapshot is of another article.",
    "quote_verification_needs_evidence": "Confirmed, disputed, retracted and fabricated need evidence: add it below.",
    "quote_words_stand": "The words are not what stands in the snapshot at their place.",
    "redirect_leads_elsewhere": "An old address cannot lead to itself.",
    "redirect_once": "This old address leads somewhere already.",
    "snapshot_is_immutable": "A snapshot never changes: make a new one.",
    "snapshot_once": "The article has a snapshot of this very text already.",
    "snapshot_text_as_hashed": "The text does not fit its length and hash.",
    "topic_has_proposition": "A topic needs a proposition.",
}


_SHOWN = 10


def explain(refusal: Exception) -> list[str]:
    """One of REFUSALS as sentences for the curator: what stands in the way, the first few of many.

    Raises it again where nothing that a curator did is behind it: a server that is gone, a disk that is full.
    """
    if isinstance(refusal, OperationalError) and not isinstance(refusal.__cause__, DeadlockDetected):
        raise refusal
    if not isinstance(refusal, CurationError):
        return [_sentence(refusal)]
    more = len(refusal.messages) - _SHOWN
    return refusal.messages[:_SHOWN] + ([f"And {more} more."] if more > 0 else [])


def _sentence(refusal: Exception) -> str:
    """Without SQL; names the rule where no sentence is known for it."""
    if isinstance(refusal, OperationalError):
        return "Somebody else was changing the same records at this moment. Nothing is saved: send it once more."
    if isinstance(refusal, ProtectedError):
        return "Other records still refer to this one."
    cause = getattr(refusal.__cause__, "diag", None)
    name, detail = getattr(cause, "constraint_name", None), getattr(cause, "message_detail", None)
    if sentence := _sentences().get(name or ""):
        return sentence
    if getattr(cause, "sqlstate", None) == "23505":
        return f"There is one already. {detail}"
    if getattr(cause, "sqlstate", None) == "23503":
        return f"Other records are concerned. {detail}"
    rule = f"the rule {name}" if name else getattr(cause, "message_primary", "") or "a rule of the database"
    return f"This cannot be saved: {rule} is against it."


def worded(error: Any) -> Any:
    """A form's error, with "Constraint … is violated" in a curator's words wherever it is in there."""
    default = str(BaseConstraint.default_violation_error_message)
    sentences = {default % {"name": name}: sentence for name, sentence in _SENTENCES.items()}
    lists = error.error_dict.values() if hasattr(error, "error_dict") else [getattr(error, "error_list", [])]
    for one in chain.from_iterable(lists):
        one.message = sentences.get(one.message, one.message)
    return error


@cache
def _sentences() -> dict[str, str]:
    """Constraint → sentence: those above, and those that the models state themselves."""
    default = BaseConstraint.default_violation_error_message
    stated = {
        constraint.name: str(constraint.violation_error_message)
        for model in apps.get_app_config("quotes").get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message != default
    }
    return stated | _SENTENCES
