"""What a statement means: topics with a proposition, and coders' judgements of quotes toward them."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from quotes import querysets
from quotes.models import constraints, fields
from quotes.models.statements import Quote
from quotes.models.triggers import acyclic_parents, history
from quotes.vocabulary import CODEBOOK_VERSION, Certainty, Stance


@history()
class Topic(models.Model):
    """Something one can be for or against, said as one sentence: the proposition."""

    slug = fields.slug_field()
    name = models.CharField(max_length=200)
    proposition = models.TextField(help_text="A sentence that one can support or oppose.")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    objects = querysets.TopicQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")
        constraints = (
            constraints.matches("topic_slug_shape", "slug", fields.SLUG),
            constraints.matches("topic_has_proposition", "proposition", fields.NOT_BLANK),
        )
        triggers = (acyclic_parents(),)

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


@history()
class CodingRound(models.Model):
    """A round of coding. Once it is closed, the codings of published quotes in it are public, under the coders' codes.

    While it is open they are not, even by counting: coders would not be blind to each other. So is a round without a row.
    """

    number = models.PositiveSmallIntegerField(unique=True, help_text="What the codings of this round say.")
    name = models.CharField(max_length=200)
    instructions = models.TextField(blank=True, help_text="What coders were told beyond the codebook.")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = querysets.CodingRoundQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.CheckConstraint(name="coding_round_number_from_one", condition=Q(number__gte=1)),
            constraints.matches("coding_round_has_name", "name", fields.NOT_BLANK),
            models.CheckConstraint(
                name="coding_round_opens_first",
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
                violation_error_message="A round is closed after it was opened.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}: {self.name}"

    def natural_key(self) -> tuple[int]:
        return (self.number,)


@history()
class Coding(models.Model):
    """One coder's judgement of one quote toward one topic.

    Round 1 is coded blind; a later round adjudicates. Only the row marked final is served as "the stance".
    """

    quote = models.ForeignKey(Quote, models.CASCADE, related_name="codings")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="codings")
    stance = models.CharField(max_length=20, choices=Stance.choices)
    coder = models.CharField(
        max_length=50, validators=[RegexValidator(fields.SLUG)], help_text="A pseudonymous code, never a name."
    )
    round = models.PositiveSmallIntegerField(default=1)
    certainty = models.CharField(max_length=10, choices=Certainty.choices, default=Certainty.HIGH)
    justification = models.TextField(blank=True)
    codebook_version = models.CharField(max_length=20, default=CODEBOOK_VERSION)
    is_final = models.BooleanField("final", default=False)

    objects = querysets.CodingQuerySet.as_manager()

    class Meta:
        ordering = ("quote", "topic", "round", "coder")
        constraints = (
            models.UniqueConstraint(name="coding_once_a_round", fields=("quote", "topic", "coder", "round")),
            models.UniqueConstraint(
                name="coding_one_final",
                fields=("quote", "topic"),
                condition=Q(is_final=True),
                violation_error_message="This quote already has a final coding toward this topic.",
            ),
            constraints.choices("coding_stance_known", "stance", Stance),
            constraints.choices("coding_certainty_known", "certainty", Certainty),
            constraints.matches("coding_coder_shape", "coder", fields.SLUG),
            models.CheckConstraint(name="coding_round_from_one", condition=Q(round__gte=1)),
        )

    def __str__(self) -> str:
        return f"{self.topic}: {self.get_stance_display()} ({self.coder}, round {self.round})"

    def natural_key(self) -> tuple[str, str, str, int]:
        return (*self.quote.natural_key(), *self.topic.natural_key(), self.coder, self.round)

    natural_key.dependencies = ("quotes.quote", "quotes.topic")  # type: ignore[attr-defined]
