"""The names of days, months, seasons and periods: tables, in English and five other languages.

Whatever `dates.py` and `cues.py` know of a language's words for time stands here, so that another
language is another column. Names are lower case, as they stand in a text in lower case. Where a
name is the same in two languages it means the same; names that mean something else in English
(`mar`, `set`, `ago`) are left out. Seasons are those of the northern hemisphere.
"""

from __future__ import annotations

from typing import Final

MONTHS: Final[dict[str, tuple[str, ...]]] = {
    "english": (
        "january", "february", "march", "april", "may", "june",
        "july", "august", "september", "october", "november", "december",
    ),
    "portuguese": (
        "janeiro", "fevereiro", "março", "abril", "maio", "junho",
        "julho", "agosto", "setembro", "outubro", "novembro", "dezembro",
    ),
    "spanish": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ),
    "german": (
        "januar", "februar", "märz", "april", "mai", "juni",
        "juli", "august", "september", "oktober", "november", "dezember",
    ),
    "french": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
    "italian": (
        "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
        "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
    ),
}  # fmt: skip

MONTHS_SPELT_OTHERWISE: Final = {
    "jänner": 1, "fevrier": 2, "maerz": 3, "aout": 8, "setiembre": 9, "decembre": 12,
}  # fmt: skip

MONTHS_CUT_SHORT: Final = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9,
    "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
"""English abbreviations; they count beside a number."""

MONTHS_WITH_OTHER_MEANINGS: Final = frozenset({"may", "march", "mars", "mayo"})
"""A verb, a walk, a planet and a sauce: they count beside a number or after a preposition, and the
English ones when they are capitalised within a sentence."""

WEEKDAYS: Final[dict[str, tuple[str, ...]]] = {
    "english": (
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ),
    "portuguese": (
        "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira",
        "sábado", "domingo",
    ),
    "spanish": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "german": (
        "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag",
    ),
    "french": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "italian": (
        "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica",
    ),
}  # fmt: skip
"""From Monday on."""

WEEKDAYS_SPELT_OTHERWISE: Final = {
    "miercoles": 2, "sabado": 5, "sonnabend": 5, "terca-feira": 1,
}  # fmt: skip

WEEKDAYS_CUT_SHORT: Final = {
    "mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4,
    "sat": 5, "sun": 6, "terça": 1, "quarta": 2, "quinta": 3, "sexta": 4, "segunda": 0,
}  # fmt: skip
"""They count after `last`, `next`, `on` and the like: `sat`, `sun` and `segunda` are other words
too."""

SEASONS: Final = {
    "spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12,
    "springtime": 3, "summertime": 6, "wintertime": 12,
    "primavera": 3, "verão": 6, "verao": 6, "outono": 9, "inverno": 12,
    "verano": 6, "otoño": 9, "invierno": 12,
    "frühling": 3, "frühjahr": 3, "sommer": 6, "herbst": 9,
    "printemps": 3, "été": 6, "automne": 9, "hiver": 12, "estate": 6, "autunno": 9,
}  # fmt: skip
"""Name → the month with which it begins; each lasts three months."""

SEASONS_WITH_OTHER_MEANINGS: Final = frozenset({"spring", "fall", "été", "estate"})

HOLIDAYS: Final = {
    "christmas eve": (12, 24), "christmas day": (12, 25), "christmas": (12, 25), "xmas": (12, 25),
    "boxing day": (12, 26), "new year's eve": (12, 31), "new year's day": (1, 1),
    "new years eve": (12, 31), "new years day": (1, 1), "new year's": (1, 1),
    "valentine's day": (2, 14), "valentines day": (2, 14), "halloween": (10, 31),
    "independence day": (7, 4), "fourth of july": (7, 4),
    "natal": (12, 25), "navidad": (12, 25), "weihnachten": (12, 25), "heiligabend": (12, 24),
    "noël": (12, 25), "silvester": (12, 31), "réveillon": (12, 31),
}  # fmt: skip
"""Name → month and day."""

BEFORE: Final = {
    "last": -1, "past": -1, "previous": -1, "this": 0, "this past": -1, "next": 1, "coming": 1,
    "upcoming": 1, "this coming": 1,
    "último": -1, "última": -1, "este": 0, "esta": 0, "neste": 0, "nesta": 0,
    "próximo": 1, "próxima": 1,
    "letzten": -1, "letzter": -1, "letzte": -1, "letztes": -1, "letztem": -1, "vergangenen": -1,
    "diesen": 0, "dieser": 0, "diese": 0, "dieses": 0, "diesem": 0,
    "nächsten": 1, "nächster": 1, "nächste": 1, "nächstes": 1, "kommenden": 1,
    "ce": 0, "cet": 0, "cette": 0,
}  # fmt: skip
"""What stands before a period: the last one, this one or the next."""

AFTER: Final = {
    "passado": -1, "passada": -1, "pasado": -1, "pasada": -1, "dernier": -1, "dernière": -1,
    "passé": -1, "passée": -1, "prochain": 1, "prochaine": 1, "que vem": 1, "que viene": 1,
    "scorso": -1, "scorsa": -1,
}  # fmt: skip
"""What stands behind a period."""

PREPOSITIONS: Final = """
in since until till of during early mid late
em de en desde até hasta im seit ab bis anfang mitte ende au depuis fin début jusqu'en
"""
"""After these `may` and `march` are months without capitals, and `sept` is one at all."""

UNITS: Final = {
    "second": "second", "seconds": "second", "minute": "minute", "minutes": "minute",
    "min": "minute", "mins": "minute", "hour": "hour", "hours": "hour", "hr": "hour", "hrs": "hour",
    "day": "day", "days": "day", "night": "day", "nights": "day", "week": "week", "weeks": "week",
    "fortnight": "fortnight", "weekend": "weekend", "weekends": "weekend", "month": "month",
    "months": "month", "year": "year", "years": "year", "decade": "decade", "decades": "decade",
    "minuto": "minute", "minutos": "minute", "hora": "hour", "horas": "hour", "dia": "day",
    "dias": "day", "semana": "week", "semanas": "week", "mês": "month", "mes": "month",
    "meses": "month", "ano": "year", "anos": "year", "día": "day", "días": "day", "año": "year",
    "años": "year",
    "minuten": "minute", "stunde": "hour", "stunden": "hour", "tag": "day", "tage": "day",
    "tagen": "day", "woche": "week", "wochen": "week", "monat": "month", "monate": "month",
    "monaten": "month", "jahr": "year", "jahre": "year", "jahren": "year",
    "heure": "hour", "heures": "hour", "jour": "day", "jours": "day", "semaine": "week",
    "semaines": "week", "mois": "month", "an": "year", "ans": "year", "année": "year",
    "années": "year",
    "minuti": "minute", "ora": "hour", "ore": "hour", "giorno": "day", "giorni": "day",
    "settimana": "week", "settimane": "week", "mese": "month", "mesi": "month", "anno": "year",
    "anni": "year",
}  # fmt: skip
"""Name → unit."""

COUNTS: Final = {
    "a couple of": (2, 3), "a couple": (2, 3), "couple of": (2, 3), "a few": (2, 5), "few": (2, 5),
    "several": (3, 8), "some": (2, 8), "a": (1, 1), "an": (1, 1), "the": (1, 1),
    "one": (1, 1), "two": (2, 2), "three": (3, 3), "four": (4, 4), "five": (5, 5), "six": (6, 6),
    "seven": (7, 7), "eight": (8, 8), "nine": (9, 9), "ten": (10, 10), "eleven": (11, 11),
    "twelve": (12, 12), "fifteen": (15, 15), "twenty": (20, 20), "thirty": (30, 30),
    "um": (1, 1), "uma": (1, 1), "dois": (2, 2), "duas": (2, 2), "três": (3, 3), "quatro": (4, 4),
    "cinco": (5, 5), "seis": (6, 6), "sete": (7, 7), "oito": (8, 8), "nove": (9, 9),
    "dez": (10, 10), "alguns": (2, 5), "algumas": (2, 5), "uns": (2, 5), "umas": (2, 5),
    "un": (1, 1), "una": (1, 1), "dos": (2, 2), "tres": (3, 3), "cuatro": (4, 4), "siete": (7, 7),
    "ocho": (8, 8), "nueve": (9, 9), "diez": (10, 10), "unos": (2, 5), "unas": (2, 5),
    "algunos": (2, 5), "algunas": (2, 5),
    "ein": (1, 1), "eine": (1, 1), "einem": (1, 1), "einer": (1, 1), "zwei": (2, 2), "drei": (3, 3),
    "vier": (4, 4), "fünf": (5, 5), "sechs": (6, 6), "sieben": (7, 7), "acht": (8, 8),
    "neun": (9, 9), "zehn": (10, 10), "ein paar": (2, 5), "einigen": (2, 5),
    "une": (1, 1), "deux": (2, 2), "trois": (3, 3), "quatre": (4, 4), "cinq": (5, 5),
    "sept": (7, 7), "huit": (8, 8), "neuf": (9, 9), "dix": (10, 10), "quelques": (2, 5),
    "due": (2, 2), "tre": (3, 3), "quattro": (4, 4), "cinque": (5, 5), "sei": (6, 6),
}  # fmt: skip
"""Numerals → the least and the most that they mean."""

PHRASES: Final = {
    "day": {
        -2: "day before yesterday|anteontem|anteayer|antes de ayer|vorgestern|avant-hier",
        -1: "yesterday|last night|ontem|ayer|anoche|gestern|hier soir|hier matin|ieri",
        0: "today|tonight|this morning|this afternoon|this evening|earlier today|hoje|hoy|heute"
        "|aujourd'hui|ce matin|ce soir|esta noche|esta noite|esta mañana|esta manhã|oggi",
        1: "tomorrow|tomorrow night|amanhã|amanha|mañana|morgen|demain|domani",
        2: "day after tomorrow|depois de amanhã|pasado mañana|übermorgen|après-demain",
    },
    "week": {
        -2: "week before last|semana retrasada|vorletzte woche",
        -1: "last week|previous week|semana passada|última semana|semana pasada|letzte woche"
        "|letzter woche|vergangene woche|semaine dernière|semaine derniere|semaine passée"
        "|settimana scorsa",
        0: "this week|esta semana|nesta semana|diese woche|dieser woche|cette semaine",
        1: "next week|coming week|próxima semana|semana que vem|semana que viene|nächste woche"
        "|nächster woche|kommende woche|semaine prochaine",
    },
    "weekend": {
        -2: "weekend before last",
        -1: "last weekend|past weekend|this past weekend|previous weekend|the weekend|fim de semana"
        " passado|último fim de semana|fin de semana pasado|letztes wochenende"
        "|letzten wochenende|week-end dernier|weekend dernier",
        0: "this weekend|este fim de semana|este fin de semana|dieses wochenende|ce week-end",
        1: "next weekend|coming weekend|próximo fim de semana|próximo fin de semana"
        "|nächstes wochenende|week-end prochain|weekend prochain",
    },
    "month": {
        -2: "month before last",
        -1: "last month|previous month|mês passado|mes passado|mes pasado|letzten monat"
        "|letzter monat|vergangenen monat|mois dernier|mois passé|mese scorso",
        0: "this month|este mês|neste mês|este mes|diesen monat|diesem monat|ce mois",
        1: "next month|coming month|próximo mês|mês que vem|próximo mes|mes que viene"
        "|nächsten monat|nächster monat|mois prochain",
    },
    "year": {
        -2: "year before last|ano retrasado|vorletztes jahr",
        -1: "last year|previous year|ano passado|año pasado|letztes jahr|letzten jahr|letztem jahr"
        "|vergangenes jahr|année dernière|annee derniere|an dernier|an passé|anno scorso",
        0: "this year|este ano|neste ano|este año|dieses jahr|diesem jahr|cette année",
        1: "next year|coming year|próximo ano|ano que vem|próximo año|año que viene|nächstes jahr"
        "|nächsten jahr|année prochaine|an prochain",
    },
    "decade": {-1: "last decade", 0: "this decade", 1: "next decade"},
}
"""Unit → shift from now → the phrases, parted by bars."""

PHRASES_WITHOUT_BLANKS: Final = {
    "day": {
        -3: "大前天",
        -2: "前天|一昨日|그저께",
        -1: "昨天|昨晚|昨日|昨夜|어제",
        0: "今天|今晚|今早|今日|今夜|오늘",
        1: "明天|明晚|明日|내일",
        2: "后天|後天|明後日|모레",
    },
    "week": {
        -2: "上上周|上上週|上上星期",
        -1: "上周|上週|上星期|上个星期|上個星期|上礼拜|上禮拜|先週|지난주|지난 주",
        0: "这周|這周|這週|本周|本週|这星期|這星期|这个星期|這個星期|今週|이번주|이번 주",
        1: "下周|下週|下星期|下个星期|下個星期|下礼拜|来週|다음주|다음 주",
    },
    "weekend": {
        -1: "上周末|上週末|上个周末|上個週末|先週末|지난 주말|지난주말",
        0: "这周末|這週末|本周末|本週末|这个周末|這個週末|今週末|이번 주말",
        1: "下周末|下週末|下个周末|下個週末|来週末|다음 주말",
    },
    "month": {
        -2: "上上个月|上上個月|先々月",
        -1: "上个月|上個月|上月|先月|지난달|지난 달",
        0: "这个月|這個月|本月|今月|이번달|이번 달",
        1: "下个月|下個月|下月|来月|다음달|다음 달",
    },
    "year": {
        -2: "前年|一昨年|재작년",
        -1: "去年|昨年|작년",
        0: "今年|올해",
        1: "明年|来年|내년",
        2: "后年|後年|再来年",
    },
}
"""The same in Chinese, Japanese and Korean, where words are not parted by blanks."""

CJK: Final = r"[\u3005-\u9fff\uac00-\ud7ff]"
"""A pattern for Han, Kana and Hangul."""

CJK_UNITS: Final = {
    "秒": "second", "分钟": "minute", "分鐘": "minute", "小时": "hour", "小時": "hour",
    "時間": "hour", "天": "day", "日": "day", "周": "week", "週": "week", "星期": "week",
    "礼拜": "week", "週間": "week", "个月": "month", "個月": "month", "ヶ月": "month",
    "か月": "month", "年": "year", "시간": "hour", "일": "day", "주": "week", "개월": "month",
    "달": "month", "년": "year", "个星期": "week", "個星期": "week", "个礼拜": "week",
    "个小时": "hour", "個小時": "hour",
}  # fmt: skip

CJK_SEASONS: Final = {"春": 3, "夏": 6, "秋": 9, "冬": 12}
CJK_DIGITS: Final = {
    "〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4, "五": 5, "六": 6,
    "七": 7, "八": 8, "九": 9,
}  # fmt: skip
