"""Partial dates: a year, a month or a day, standing for its whole period.

Sources say "in 2024" or "last November". ISO 8601 calls these reduced-precision dates; Popolo and EDTF level 0 write them
the same way. As text they sort by the beginning of their period, the less precise first, which is the order wanted.
"""

import calendar
import datetime as dt
import re

_SHAPE = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")
_PRECISIONS = {4: "year", 7: "month", 10: "day"}


class PartialDate(str):
    """A date of the form `2024`, `2024-11` or `2024-11-03`.

    Raises ValueError, naming the value, for anything else and for days that the calendar does not have.

    >>> PartialDate("2024-02").start, PartialDate("2024-02").end
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    >>> sorted(map(PartialDate, ["2024-03-01", "2024", "2023-12", "2024-03"]))
    ['2023-12', '2024', '2024-03', '2024-03-01']
    """

    __slots__ = ()

    def __new__(cls, value: str) -> "PartialDate":
        match = _SHAPE.fullmatch(value)
        if not match:
            raise ValueError(f"{value!r} is not a date such as 2024, 2024-11 or 2024-11-03")
        try:
            dt.date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
        except ValueError as error:
            raise ValueError(f"{value!r} is not in the calendar: {error}") from error
        return super().__new__(cls, value)

    @property
    def precision(self) -> str:
        """`year`, `month` or `day`."""
        return _PRECISIONS[len(self)]

    @property
    def start(self) -> dt.date:
        """The first day of the period."""
        year, month, day = (int(part) for part in (self + "-01-01")[:10].split("-"))
        return dt.date(year, month, day)

    @property
    def end(self) -> dt.date:
        """The last day of the period."""
        first = self.start
        if self.precision == "year":
            return first.replace(month=12, day=31)
        if self.precision == "month":
            return first.replace(day=calendar.monthrange(first.year, first.month)[1])
        return first
