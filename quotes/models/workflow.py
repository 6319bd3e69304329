"""How records came to be what they are: the steps of a quote on its way to readers, and merges, which can be undone."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from quotes.models import constraints, fields
from quotes.models.statements import Quote
from quotes.models.triggers import history
from quotes.vocabulary import EntityKind, ReviewStep


@history()
class Review(models.Model):
    """A step of a quote's way through review, with what was said at it. Nothing of it is public, and it is in no fixture."""

    quote = models.ForeignKey(Quote, models.CASCADE, related_name="reviews")
    step = models.CharField(max_length=20, choices=ReviewStep.choices)
    comment = models.TextField(blank=True, help_text="For the curator: what to look at again, and why.")
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ("quote", "-at", "-id")
        default_permissions = ("view",)
        constraints = (
            constraints.choices("review_step_known", "step", ReviewStep),
            models.CheckConstraint(
                name="review_return_explained",
                condition=~Q(step=ReviewStep.RETURNED) | Q(comment__regex=fields.NOT_BLANK),
                violation_error_message="Say what the curator should look at again.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_step_display()} on {self.at:%Y-%m-%d}"


@history(exclude=("journal",))
class Merge(models.Model):
    """Two records of one thing became one. Its journal holds every row that the merge changed, as it was and as it became."""

    kind = models.CharField(max_length=20, choices=EntityKind.choices)
    kept = models.SlugField(max_length=100, db_index=False, help_text="The slug of the record that stayed.")
    merged = models.SlugField(max_length=100, db_index=False, help_text="The slug that leads on since then.")
    merged_name = models.CharField(max_length=500)
    journal = models.JSONField(help_text="By table: rows before and after.")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ("-made_at", "-id")
        default_permissions = ("view",)
        constraints = (constraints.choices("merge_kind_known", "kind", EntityKind),)

    def __str__(self) -> str:
        return f"{self.merged_name} into {self.kept}"
