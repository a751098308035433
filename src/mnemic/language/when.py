"""A period as people write it: "7 May 2023", "May 2023", "2022", "the week before 9 June 2023".

The inverse of `dates.spans`, for answers. English, and Chinese where the text is Chinese.
"""

from __future__ import annotations

from mnemic.core.clock import Moment, Precision
from mnemic.language import calendars
from mnemic.language.dates import DateSpan
from mnemic.language.periods import DAY


def told(span: DateSpan, said: Moment) -> str:
    """A period in words; one of several days that ends where it was `said` is told from there.

    >>> said = Moment.parse("2023-05-08T13:56Z")
    >>> from mnemic.language.dates import spans
    >>> [told(span, said) for span in spans("yesterday, last week, in 2022", said)]
    ['7 May 2023', 'the week before 8 May 2023', '2022']
    """
    first = Moment(span.start, said.offset)
    days = (span.end - span.start) // DAY
    chinese = any("\u4e00" <= char <= "\u9fff" for char in span.text)
    if span.precision is Precision.YEAR:
        year = first.as_datetime.year
        last = Moment(span.end - 1, said.offset).as_datetime.year
        years = f"{year}" if last == year else f"{year} to {last}"
        return f"{years}年" if chinese else years
    if span.precision is Precision.MONTH and days <= 31:
        return _month(first, chinese)
    if days <= 1:
        return day(first, chinese)
    if chinese:
        return f"{day(first, True)}至{day(Moment(span.end - 1, said.offset), True)}"
    name = "weekend" if days == 2 else "week" if days <= 7 else ""
    if name and said.micros - 14 * DAY <= span.start < said.micros and span.end < said.micros + DAY:
        return f"the {name} before {day(said, False)}"
    if name and span.start <= said.micros < span.end:
        return f"the {name} of {day(said, False)}"
    if name == "week" and days == 7:
        return f"the week of {day(first, False)}"
    return f"{day(first, False)} to {day(Moment(span.end - 1, said.offset), False)}"


def day(moment: Moment, chinese: bool = False) -> str:
    """One day in words.

    >>> day(Moment.parse("2023-05-08")), day(Moment.parse("2023-05-08"), True)
    ('8 May 2023', '2023年5月8日')
    """
    here = moment.as_datetime
    if chinese:
        return f"{here.year}年{here.month}月{here.day}日"
    return f"{here.day} {_month(moment, False)}"


def _month(moment: Moment, chinese: bool) -> str:
    here = moment.as_datetime
    if chinese:
        return f"{here.year}年{here.month}月"
    return f"{calendars.MONTHS['english'][here.month - 1].capitalize()} {here.year}"
