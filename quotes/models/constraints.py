"""Constraints that Django has no class for, so that the models can name every rule that SQL can say."""

from typing import Any

from django.db import models
from django.db.backends.ddl_references import Statement, Table
from django.db.models import F, Func, Q


def choices(name: str, field: str, vocabulary: type[models.TextChoices]) -> models.CheckConstraint:
    """The field holds a value of the vocabulary. Django checks choices in forms only."""
    message = f"{field}: not one of {', '.join(vocabulary.values)}."
    return models.CheckConstraint(
        name=name, condition=Q(**{f"{field}__in": vocabulary.values}), violation_error_message=message
    )


def matches(name: str, field: str, pattern: str, *, or_empty: bool = False) -> models.CheckConstraint:
    """The field matches the POSIX pattern (NULL passes; so does the empty string when `or_empty`)."""
    condition = Q(**{f"{field}__regex": pattern})
    return models.CheckConstraint(name=name, condition=condition | Q(**{field: ""}) if or_empty else condition)


def partial_date(name: str, field: str) -> models.CheckConstraint:
    """The field is a partial date of the calendar, or NULL."""
    return models.CheckConstraint(
        name=name, condition=Func(F(field), function="is_partial_date", output_field=models.BooleanField())
    )


def period_in_order(name: str, start: str, end: str) -> models.CheckConstraint:
    """The period `start` begins no later than the period `end` ends. An open side is fine."""
    condition = Func(F(start), F(end), function="periods_in_order", output_field=models.BooleanField())
    return models.CheckConstraint(name=name, condition=condition)


class CompositeForeignKey(models.BaseConstraint):
    """A foreign key over several columns to a unique set of columns, deferrable to the end of the transaction.

    It holds a denormalised column to its source: (quote, speaker) of a QuoteAffiliation must be a quote and *its*
    speaker. As in all SQL, a row with a NULL among the columns is not checked. `follows`: the columns change with what
    they refer to, at once.
    """

    def __init__(
        self, *, name: str, fields: tuple[str, ...], to: str, to_fields: tuple[str, ...], follows: bool = False
    ) -> None:
        super().__init__(name=name)
        self.fields, self.to, self.to_fields, self.follows = tuple(fields), to, tuple(to_fields), follows

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: Any) -> Any:
        return self.create_sql(model, schema_editor)

    def create_sql(self, model: type[models.Model] | None, schema_editor: Any) -> Any:
        # Put off to the end of the migration: the unique constraint that it refers to may be made after it.
        assert model is not None  # noqa: S101 - Django's signature allows None, its callers never pass it
        target = model._meta.apps.get_model(self.to)
        statement = Statement(
            "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (%(columns)s) "
            "REFERENCES %(target)s (%(target_columns)s)%(on_update)s DEFERRABLE INITIALLY DEFERRED",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=schema_editor.quote_name(self.name),
            columns=_columns(model, self.fields, schema_editor),
            target=Table(target._meta.db_table, schema_editor.quote_name),
            target_columns=_columns(target, self.to_fields, schema_editor),
            on_update=" ON UPDATE CASCADE" if self.follows else "",
        )
        schema_editor.deferred_sql.append(statement)

    def remove_sql(self, model: type[models.Model] | None, schema_editor: Any) -> Any:
        return schema_editor._delete_fk_sql(model, self.name)

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database alone checks it: the columns are filled by triggers, after any form."""

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        kwargs |= {"fields": self.fields, "to": self.to, "to_fields": self.to_fields}
        return path, tuple(args), kwargs | ({"follows": True} if self.follows else {})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CompositeForeignKey) and self.deconstruct() == other.deconstruct()

    __hash__ = models.BaseConstraint.__hash__


def _columns(model: type[models.Model], fields: tuple[str, ...], schema_editor: Any) -> str:
    columns: list[Any] = [model._meta.get_field(field) for field in fields]
    return ", ".join(schema_editor.quote_name(column.column) for column in columns)
