"""The verbs that change data. Each is one transaction, takes keywords only, and returns what it made or changed.

Every verb ends by bringing the publication up to date, so that the public sees a change when it is committed, and never a
part of it.
"""

from quotes.curation.access import make_token, revoke_token
from quotes.curation.coding import close_round, record_coding, reopen_round, save_coding
from quotes.curation.doubts import decide_speaker, make_speaker
from quotes.curation.merging import merge_organizations, merge_people, readdress
from quotes.curation.publishing import publish, return_to_draft, submit_for_review, withdraw
from quotes.curation.quoting import save_quote
from quotes.curation.reverting import revert
from quotes.curation.saving import delete_record, save_affiliation, save_article, save_entity
from quotes.curation.snapshots import add_snapshot, forget_text
from quotes.curation.undoing import undo_merge
from quotes.curation.verbs import Actor, CurationError, refresh_publication, settle, verb

__all__ = [
    "Actor",
    "CurationError",
    "add_snapshot",
    "close_round",
    "decide_speaker",
    "delete_record",
    "forget_text",
    "make_speaker",
    "make_token",
    "merge_organizations",
    "merge_people",
    "publish",
    "readdress",
    "record_coding",
    "refresh_publication",
    "reopen_round",
    "return_to_draft",
    "revert",
    "revoke_token",
    "save_affiliation",
    "save_article",
    "save_coding",
    "save_entity",
    "save_quote",
    "settle",
    "submit_for_review",
    "undo_merge",
    "verb",
    "withdraw",
]
