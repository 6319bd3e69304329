"""What a curator says of a file: its format, its collection, what its empty cells mean, and as what its quotes begin."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from quotes.admin.importing.keeping import Kept
from quotes.datasets import bulk
from quotes.datasets.importing.columns import COLUMNS, unknown_header
from quotes.datasets.importing.tables import FORMATS, KINDS
from quotes.datasets.popolo import POPOLO
from quotes.vocabulary import Status

_NAMES = {
    "csv": "CSV (our columns)",
    "jsonl": "JSON Lines (our columns)",
    "parquet": "Parquet (our columns)",
    "xlsx": "XLSX (our columns)",
    "dna": "Discourse Network Analyzer",
    "hypothesis": "Hypothesis annotations",
    POPOLO: "Popolo (people and organizations)",
    "quotebank": "Quotebank",
    "gdelt": "GDELT Global Quotation Graph",
}
CHOICES = [("", "as its name says"), *((name, _NAMES.get(name, name)) for name in (*KINDS, POPOLO, *bulk.FORMATS))]
_BY_ENDING = {**FORMATS, ".dna": "dna"}
STARTS = [(str(one), one.label) for one in bulk.STARTS]


class FileForm(forms.Form):
    """A file, new or kept from the look before, and what is said of it."""

    file = forms.FileField(
        required=False,
        allow_empty_file=True,
        max_length=1000,
        help_text="A table of quotes, people in Popolo, or a corpus; plain, or of a corpus also gzip and bzip2.",
    )
    format = forms.ChoiceField(
        choices=CHOICES,
        required=False,
        help_text="Names in .csv, .tsv, .xlsx, .jsonl, .parquet and .dna say it; of others, choose.",
    )
    source = forms.CharField(
        label="Collection",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
        help_text="In which the rows’ own ids are unique, so that none comes in twice. The file’s name where empty.",
    )
    defaults = forms.CharField(
        label="For empty cells",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60, "class": "vLargeTextField", "spellcheck": "false"}),
        help_text="COLUMN=VALUE, one a line, such as standing=current or topic=lanterns. Of tables alone.",
    )
    status = forms.ChoiceField(
        label="Quotes begin as", choices=STARTS, initial=str(Status.DRAFT), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, kept: Kept | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept

    def clean_source(self) -> str:
        return "".join(char for char in self.cleaned_data["source"] if char.isprintable()).strip()

    def clean_defaults(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for number, line in enumerate(self.cleaned_data["defaults"].splitlines(), 1):
            column, sign, value = (part.strip() for part in line.partition("="))
            if not line.strip():
                continue
            if not (column and sign and value):
                raise ValidationError(f"Line {number}, {line.strip()!r}, is not COLUMN=VALUE.")
            if column not in COLUMNS:
                raise ValidationError(f"Line {number}: {unknown_header(column).detail}")
            if found.setdefault(column, value) != value:
                raise ValidationError(f"Line {number}: {column} is said twice, as {found[column]!r} and {value!r}.")
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload = cleaned.get("file")
        name = upload.name if upload else self.kept.path.name if self.kept else ""
        if not name:
            if "file" not in self.errors:
                self.add_error("file", "Choose a file.")
            return cleaned
        if "format" in cleaned and not cleaned["format"]:
            cleaned["format"] = _BY_ENDING.get(PurePath(name).suffix.lower(), "")
            if not cleaned["format"]:
                self.add_error("format", f"The name {name!r} does not say what the file is: choose.")
        if cleaned.get("defaults") and cleaned.get("format") in (POPOLO, *bulk.FORMATS):
            self.add_error("defaults", f"{_NAMES[cleaned['format']]} has no columns whose cells could be empty.")
        return cleaned
