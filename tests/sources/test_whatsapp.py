from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.errors import SourceError
from mnemic.core.events import Event
from mnemic.sources.options import Notice
from mnemic.sources.read import read

Write = Callable[[str, str | bytes], Path]

ANDROID = """\
02/06/2025, 10:15 - Messages and calls are end-to-end encrypted. Tap to learn more.
02/06/2025, 10:15 - Ana created group "Trip: Porto"
02/06/2025, 10:15 - Ana: Which train?
02/06/2025, 10:16 - Ben Müller: The one at 9:
it is cheaper

and faster
02/06/2025, 10:16 - Ana: ok
02/06/2025, 10:16 - Ana: ok
02/06/2025, 10:17 - Ana: <Media omitted>
02/06/2025, 10:18 - +351 912 345 678: IMG-20250602-WA0001.jpg (file attached)
our seats
02/06/2025, 10:19 - Ben Müller: This message was deleted
13/06/2025, 23:59 - Ben Müller: Arrived @\u2068Ana\u2069 <This message was edited>
"""

IOS = """\
\ufeff[02.06.25, 10:15:07] Trip: \u200eMessages and calls are end-to-end encrypted. Nobody reads.
[02.06.25, 10:15:08] Ana: Which train?
\u200e[02.06.25, 10:15:09] ~\u202fBen: \u200eimage omitted
\u200e[02.06.25, 10:16:10] \u202a+351 912\u202c: \u200e<attached: 00000003-PHOTO.jpg>
[02.06.25, 10:16:11] Ana: \u200fשלום: hello
"""


def names(events: list[Event]) -> list[tuple[str | None, str | None]]:
    return [(event.source, event.external_id) for event in events]


def test_android(write: Write) -> None:
    seen: Counter[Notice] = Counter()
    path = write("WhatsApp Chat with Trip Porto.txt", ANDROID)
    events = list(read(path, notice=lambda what: seen.update([what])))
    assert [(event.speaker, event.text) for event in events] == [
        ("Ana", "Which train?"),
        ("Ben Müller", "The one at 9:\nit is cheaper\n\nand faster"),
        ("Ana", "ok"),
        ("Ana", "ok"),
        ("+351 912 345 678", "[file: IMG-20250602-WA0001.jpg]\nour seats"),
        ("Ben Müller", "Arrived @Ana"),
    ]
    assert str(events[0].time) == "2025-06-02T10:15Z"
    assert [event.session_id for event in events] == ["Trip Porto 2025-06-02 10:15"] * 5 + [
        "Trip Porto 2025-06-13 23:59"
    ]
    assert [event.position for event in events] == [0, 1, 2, 3, 4, 0]
    assert events[-1].metadata == {"chat": "Trip Porto", "edited": True}
    assert seen == {Notice.SYSTEM: 2, Notice.MEDIA: 1, Notice.DELETED: 1}
    assert len(set(names(events))) == len(events)


def test_ios_in_its_zip(write: Write) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("_chat.txt", IOS)
        archive.writestr("00000003-PHOTO.jpg", b"\xff\xd8")
    path = write("WhatsApp Chat - Trip.zip", out.getvalue())
    events = list(read(path))
    assert [(event.speaker, event.text) for event in events] == [
        ("Ana", "Which train?"),
        ("+351 912", "[file: 00000003-PHOTO.jpg]"),
        ("Ana", "שלום: hello"),
    ]
    assert str(events[0].time) == "2025-06-02T10:15:08Z"
    assert events[0].metadata["chat"] == "Trip"


@pytest.mark.parametrize(
    "line",
    [
        "02/06/2025, 22:15 - Ana: hi",
        "02/06/25, 10:15 pm - Ana: hi",
        "6/2/25, 10:15\u202fPM - Ana: hi",
        "2/6/25 10:15 p.\u00a0m. - Ana: hi",
        "02.06.25, 22:15 - Ana: hi",
        "2.6.2025 klo 22.15 - Ana: hi",
        "2025-06-02 22:15 - Ana: hi",
        "2025. 6. 2. 오후 10:15 - Ana: hi",
        "2025/6/2 下午10:15 - Ana: hi",
        "2025年6月2日 22:15 - Ana: hi",
        "٠٢/٠٦/٢٠٢٥، ١٠:١٥ م - Ana: hi",
        "[6/2/25, 10:15:00 PM] Ana: hi",
        "[02/06/2025, 22:15:00] Ana: hi",
        "[2025-06-02, 10:15:00 p.m.] Ana: hi",
        "[2025/6/2 下午10:15:00] Ana: hi",
        "[22:15, 02/06/2025] Ana: hi",
        "\u200e[02.06.25, 22:15:00] Ana: hi",
        "02.06.25, 22:15:00: Ana: hi",
        "2/6/2568 22:15 - Ana: hi",
    ],
)
def test_dates_of_many_countries(write: Write, line: str) -> None:
    american = line.startswith(("6/2", "[6/2"))
    later = "6/13/25, 1:00 PM - Ana: x" if american else None
    text = f"{line}\n{later}\n" if later and not line.startswith("[") else f"{line}\n"
    event = next(read(write("WhatsApp Chat with Ana.txt", text)))
    assert (event.speaker, event.text) == ("Ana", "hi")
    assert event.time is not None and str(event.time)[:16] == "2025-06-02T22:15"


def test_times_are_local_to_the_zone(write: Write) -> None:
    path = write("WhatsApp Chat with Ana.txt", "02/06/2025, 10:15 - Ana: hi\n")
    [event] = read(path, zone=timezone(timedelta(hours=-3)))
    assert str(event.time) == "2025-06-02T10:15-03:00"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("WhatsApp Chat with Ana.txt", "Ana"),
        ("WhatsApp Chat mit Ana Maria (2).txt", "Ana Maria"),
        ("Conversa do WhatsApp com Ana.txt", "Ana"),
        ("Chat de WhatsApp con Ana.txt", "Ana"),
        ("Discussion WhatsApp avec Ana.txt", "Ana"),
        ("WhatsApp_Chat_-_Ana.txt", "Ana"),
        ("WhatsApp Chat - Ana/_chat.txt", "Ana"),
        ("my chat.txt", "my chat"),
    ],
)
def test_the_title_comes_from_the_name(write: Write, name: str, title: str) -> None:
    [event] = read(write(name, "02/06/2025, 10:15 - Ana: hi\n"))
    assert event.metadata["chat"] == title


def test_moving_and_renaming_change_no_identity(write: Write) -> None:
    assert names(list(read(write("a/WhatsApp Chat with Ana.txt", ANDROID)))) == names(
        list(read(write("b/_chat.txt", ANDROID)))
    )


def test_the_same_words_in_two_chats_are_two_messages(write: Write) -> None:
    one = "31/12/2025, 23:58 - Ben: soon\n31/12/2025, 23:59 - Ana: Happy new year!\n"
    two = "31/12/2025, 23:50 - Cara: soon\n31/12/2025, 23:59 - Ana: Happy new year!\n"
    first, second = (list(read(write(f"{n}.txt", text)))[1] for n, text in enumerate((one, two)))
    assert first.text == second.text
    assert first.external_id != second.external_id


messages = st.lists(
    st.tuples(
        st.sampled_from(["Ana", "Ben Müller", "小明", "+351 912 345 678"]),
        st.sampled_from(["ok", "Which train?", "two\nlines", "a: b", "note: 10:15", "<3", "ção é"]),
        st.integers(0, 60 * 24 * 3),
    ),
    min_size=1,
    max_size=30,
)

FORMS: dict[str, Callable[[datetime, str, str], str]] = {
    "android, day first": lambda t, who, said: f"{t:%d/%m/%Y, %H:%M} - {who}: {said}",
    "android, USA": lambda t, who, said: (
        f"{t.month}/{t.day}/{t:%y, }{(t.hour - 1) % 12 + 1}:{t:%M}\u202f{t:%p} - {who}: {said}"
    ),
    "iOS, German": lambda t, who, said: f"[{t:%d.%m.%y, %H:%M:00}] {who}: {said}",
    "iOS, USA": lambda t, who, said: (
        f"[{t.month}/{t.day}/{t:%y, }{(t.hour - 1) % 12 + 1}:{t:%M:00}\u202f{t:%p}] {who}: {said}"
    ),
    "year first": lambda t, who, said: f"{t:%Y-%m-%d %H:%M} - {who}: {said}",
}


def exported(said: list[tuple[str, str, int]], form: str) -> str:
    time = datetime(2025, 1, 28, 8, 0)
    lines = [FORMS[form](time, "Ana", "it begins")]
    for who, words, minutes in said:
        time += timedelta(minutes=minutes)
        lines.append(FORMS[form](time, who, words))
    return "\n".join(lines) + "\n"


@settings(deadline=None, max_examples=40)
@given(messages, st.sampled_from(sorted(FORMS)))
def test_what_was_said_comes_back_from_every_phone(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, str, int]], form: str
) -> None:
    path = tmp_path_factory.mktemp("w") / "_chat.txt"
    path.write_text(exported(said, form), encoding="utf-8")
    events = list(read(path))
    assert [(event.speaker, event.text) for event in events[1:]] == [one[:2] for one in said]
    assert len(set(names(events))) == len(events)
    places = [(event.session_id, event.position) for event in events]
    assert len(set(places)) == len(places)
    time = datetime(2025, 1, 28, 8, 0)
    for event, (_, _, minutes) in zip(events[1:], said, strict=True):
        time += timedelta(minutes=minutes)
        assert event.time is not None and event.time.as_datetime.replace(tzinfo=None) == time


@settings(deadline=None, max_examples=40)
@given(messages, st.integers(0, 30), st.integers(0, 30), st.sampled_from(sorted(FORMS)))
def test_other_cuts_and_other_phones_recognise_the_messages(
    tmp_path_factory: pytest.TempPathFactory,
    said: list[tuple[str, str, int]],
    start: int,
    end: int,
    form: str,
) -> None:
    """A longer export, one whose beginning is cut off, one in the form of another country."""
    folder = tmp_path_factory.mktemp("w")
    whole = exported(said, "android, day first")
    (folder / "whole.txt").write_text(whole, encoding="utf-8")
    (folder / "begun.txt").write_text(exported(said[:end], form), encoding="utf-8")
    known = names(list(read(folder / "whole.txt")))
    assert names(list(read(folder / "begun.txt"))) == known[: 1 + len(said[:end])]
    heads = [n for n, line in enumerate(whole.split("\n")) if " - " in line]
    start = min(start, len(heads) - 1)
    rest = "\n".join(whole.split("\n")[heads[start] :])
    (folder / "rest.txt").write_text(rest, encoding="utf-8")
    repeated = {words for _, words, _ in said}  # repeats before the cut are not seen any more
    if len(repeated) == len(said):
        assert names(list(read(folder / "rest.txt", day_first=True)))[1:] == known[start + 1 :]


def test_dates_of_two_orders_say_so(write: Write) -> None:
    path = write("c.txt", "13/04/2025, 10:15 - Ana: hi\n04/13/2025, 10:15 - Ana: hi\n")
    with pytest.raises(SourceError, match=r"contradict each other: .*13/4/2025 and 4/13/2025"):
        list(read(path))


def test_what_is_pasted_into_a_message_stays_there(write: Write) -> None:
    days = "".join(f"{day}/06/2025, 10:15 - Ana: day\n" for day in range(1, 29))
    pasted = "look:\n[02.06.25, 10:15:07] Cara: other form\n06/29/2025, 10:15 - Cara: no such day"
    path = write("c.txt", f"{days}29/06/2025, 10:15 - Ben: {pasted}\n")
    assert [event.text for event in read(path)] == ["day"] * 28 + [pasted]


def test_a_file_without_messages_says_so(write: Write) -> None:
    with pytest.raises(SourceError, match=r"no WhatsApp chat: .*no line begins with a date"):
        list(read(write("c.txt", "nothing here\n"), "whatsapp"))


def test_lines_before_the_first_message_are_noted(write: Write) -> None:
    seen: list[Notice] = []
    path = write("c.txt", "some heading\n02/06/2025, 10:15 - Ana: hi\n")
    assert len(list(read(path, notice=seen.append))) == 1
    assert seen == [Notice.STRAY]


def test_long_blank_lines_cost_no_time(write: Write) -> None:
    path = write("c.txt", "02/06/2025, 10:15 - Ana: hi\n1/1/1" + " " * 200_000 + "x\n")
    assert len(list(read(path))) == 1
