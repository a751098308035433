"""The words and patterns by which `entities.py` tells persons, places and events apart: tables."""

from __future__ import annotations

import re
from typing import Final

from mnemic.language import calendars


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĪİĹĽŁŃŇŌŐŘŚŞŠŤŪŮŰŹŻŽΑ-ΩА-Я"
_CAPITAL = rf"(?:St|Mt|Dr|Mr|Mrs|Ms|Prof|Jr|Sr|[{_UPPER}])\.|[{_UPPER}][\w&]*(?:[-'’][\w]+)*"

CAPITALISED: Final = re.compile(
    rf"(?<![\w'’])(?:{_CAPITAL})"
    rf"(?:[ \t]*\n?[ \t]*(?:(?:of the|of|de la|de los|del|de|da|dos|do|das|di|du|des|van der|van"
    rf"|von|la|le|&)[ \t]*\n?[ \t]+)?(?<=\s)(?:{_CAPITAL}|\d{{1,4}}(?![\w:,/.-]*\d)))*"
)
"""Runs of capitalised words; `of` and the like join them, a comma does not."""

QUOTED: Final = re.compile(r"(?<!\w)[\"“«「『《]([^\"”»」』》\n]{3,60})[\"”»」』》](?!\w)")

LEADS: Final = _words(
    """
    a an the at in on by as to from with without for of and or but so yet if when while where who
    what which whose how why then there here this that these those it its he she they we you i his
    her their our my your me him them us is was were are be been am do does did has have had can
    could will would should shall may might must not no yes oh hey hi hello ok okay well now just
    please thanks thank list name give provide consider recall reflect think enumerate tell state
    identify describe find show compile report write specify share mention chapter part book
    suddenly finally meanwhile however perhaps maybe though although because since until before
    after during despite amid amidst among once even every each all any some both between under over
    across through within beneath beyond near inside outside upon another other others one two
    three four five six seven eight nine ten first second third last next later earlier soon still
    only also always never often sometimes today tomorrow yesterday tonight nothing something
    everything someone everyone nobody let lets good great nice sure right wow yeah yep nope hmm
    i'm i've i'd i'll it's that's there's he's she's we're they're you're don't didn't what's who's
    sir madam
    """
)
"""Words that begin sentences, and belong to no name at its beginning or end."""

CALENDAR: Final = re.compile(
    r"(?:(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"mon|tues|wednes|thurs|fri|satur|sun|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|christmas|"
    r"easter|am|pm|a\.m|p\.m)(?:day)?s?[\s\d,.]*)+|[\d\s]+"
)
"""What is capitalised and names a time."""

YEAR: Final = re.compile(r"(?<!\d)(?:1[5-9]|2[0-4])\d\d(?!\d)")

PLACE_NOUNS: Final = _words(
    """
    park parks garden gardens museum museums gallery galleries street st avenue ave road rd lane
    boulevard blvd square plaza piazza hall halls center centre centers library theater theatre
    cinema opera stadium arena field fields course club hotel inn hostel motel resort lodge cafe
    café restaurant bistro bar pub tavern diner bakery bridge tunnel tower towers building buildings
    house palace castle fort fortress cathedral church chapel basilica abbey temple mosque synagogue
    monastery shrine school college university academy institute campus hospital clinic airport
    station terminal port harbor harbour pier dock docks wharf marina beach bay cove coast shore
    island islands isle lake river creek falls waterfall canyon valley hill hills mountain mountains
    mount peak ridge cliff cliffs forest woods grove meadow meadows glen trail reserve preserve
    sanctuary zoo aquarium market mall arcade shop store factory mill mills farm ranch vineyard
    winery cemetery heights village town city county district quarter borough line yard yards estate
    manor villa court courthouse terrace promenade boardwalk esplanade embankment lighthouse
    observatory planetarium conservatory greenhouse pavilion amphitheater amphitheatre auditorium
    ballroom lounge studio studios monument memorial statue fountain gate gates crossing junction
    springs point cape peninsula bluff bluffs canal lagoon plains prairie desert dunes wetlands
    swamp orchard warehouse depot hangar rooftop basement atrium annex foundry brewery distillery
    landing quay barracks citadel ruins cave caves cavern reservoir dam playground rink
    velodrome racecourse gym spa
    """
)
PLACE_LEADS: Final = _words(
    "mount mt lake port fort saint st san santa são cape camp isle hotel café plaza villa castello "
    "palazzo rue via avenida calle rua lago monte el los las new north south east west upper lower "
    "museum statue church university house"
)

EVENT_NOUNS: Final = _words(
    """
    workshop workshops exhibition exhibitions exhibit festival festivals fest night evening show
    shows fair fairs performance performances hackathon event events reenactment circle retreat
    class classes course meetup meeting meetings gathering conference convention summit
    symposium seminar
    lecture lectures concert concerts recital gala party parties ball banquet dinner
    brunch feast picnic barbecue potluck ceremony wedding funeral celebration parade march marathon
    race run tournament championship contest competition cup match game games rally regatta derby
    auction sale market bazaar tour tours expedition excursion trip hike walk ride cruise screening
    premiere opening launch demonstration protest vigil drive cleanup fundraiser camp bootcamp
    training session sessions slam readings jam karaoke tasting tastings championships
    olympics rehearsal audition pageant carnival expo showcase salon soirée reunion
    regional swap hunt quiz trivia bee debate panel forum assembly
    """
) - {"course", "market", "camp", "march"}

TITLED: Final = re.compile(r"(?:Mr|Mrs|Ms|Dr|Prof|Sir|Lady|Lord|Aunt|Uncle|Captain|Professor)\b")
TITLE_BEFORE: Final = re.compile(
    r"\b(?:mr|mrs|ms|dr|prof|sir|lady|lord|aunt|uncle|captain|professor|doctor|president|detective|"
    r"officer|chef|coach|friend|brother|sister|mother|father|husband|wife|cousin|named|called)"
    r"\.?,?\s+\Z"
)
PLACE_BEFORE: Final = re.compile(
    r"\b(?:at|in|into|to|inside|within|upon|visit(?:ed|ing|s)?|entered|reached|em|en|na|no|nach"
    r"|aus|à|"
    r"dans)\s+(?:the\s+|el\s+|la\s+|le\s+)?\Z"
)
PLACE_NEAR: Final = re.compile(
    r"\b(?:towards?|from|outside|near|across|around|through|throughout|over|along|beyond|beneath"
    r"|past|"
    r"behind|against|de|of)\s+(?:the\s+|el\s+|la\s+|le\s+)?\Z"
)
"""Somebody may look there and be elsewhere."""
LANDSCAPE: Final = _words(
    "river creek coast shore bay hills hill mountains mountain ocean sea valley cliffs"
)
"""Nouns of places that are more often seen from elsewhere."""
PERSON_BEFORE: Final = re.compile(
    r"\b(?:with|and|as|by|met|asked|told|joined|invited|when|while|said|com|con|mit|avec)\s+\Z"
)
PERSON_BEHIND: Final = re.compile(
    r"(?:,? who\b|,? (?:whose|himself|herself)\b|['’]s (?:eyes|hand|hands|voice|face|heart|gaze|"
    r"fingers|smile|head|mind|shoulder|words|arm|hair|expression|stomach|breath)\b|,? (?:then "
    r"|had |"
    r"has |was |is |could |would |couldn't |quickly |slowly |carefully |softly |also |once "
    r"|always )?"
    r"(?:said|says|asked|told|whispered|murmured|smiled|nodded|laughed|stood|sat|felt|knew|thought|"
    r"realized|realised|watched|stepped|walked|turned|looked|leaned|approached|explained|performed|"
    r"demonstrated|conducted|hosted|organized|led|held|gave|took|made|found|began|moved|paused|"
    r"adjusted|announced|called|checked|seated|arrived|joined|opened|closed|shared|showed|noticed|"
    r"reached|wiped|spoke|replied|wondered|gazed|glanced|stared|grinned|sighed|loves|likes|went"
    r"|came|"
    r"\w+ed)\b)"
)

SENTENCE_END: Final = re.compile(
    r"(?<!\bDr\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bSt\.)(?<!\bMt\.)(?<!\bMrs\.)(?<!\b[A-HJ-Z]\.)"
    r"(?<=[.!?…])[\"'”’)]*\s+(?=[^a-z])|(?<=[。！？；])|\n\s*\n"
)

NUMBER_WORDS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "dozen": 12, "once": 1, "twice": 2,
    "dois": 2, "duas": 2, "três": 3, "quatro": 4, "cinco": 5, "dos": 2, "tres": 3, "cuatro": 4,
    "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5,
    "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8,
    "九": 9, "十": 10,
}  # fmt: skip
_SPACED = "|".join(
    sorted((w for w in NUMBER_WORDS if w.isascii() or w in "três fünf"), key=len, reverse=True)
)
_HAN = "".join(w for w in NUMBER_WORDS if not w.isascii() and len(w) == 1)
NUMBER: Final = re.compile(
    rf"(?:(?P<sign>[$€£¥])\s?)?(?:(?<![\w.])(?P<digits>\d[\d,]*(?:\.\d+)?)"
    rf"|(?P<word>\b(?:{_SPACED})\b|"
    rf"(?<![{_HAN}])[{_HAN}](?=[个個位只張张条本家次天年月])))"
    r"(?:\s?(?P<unit>%|[个個位只張张条本家次天年月岁]|[^\W\d_]+))?",
    re.IGNORECASE,
)

_SURNAMES = (
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何高林罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓"
    "鄧曹彭曾肖田董袁潘蒋蔡余杜叶葉程苏蘇魏吕呂丁任沈姚卢盧姜崔钟鐘谭譚陆陸汪范石廖贾賈夏韦韋"
    "方白邹鄒孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔向汤"
)
CHINESE_PERSON: Final = re.compile(
    rf"(?<![\u4e00-\u9fff])([{_SURNAMES}][\u4e00-\u9fff]{{1,2}})(?=说|說|问|問|告诉|先生|女士"
    rf"|老师|老師|医生|[，,：:、和与的在是])"
    rf"|(?<=[和与跟叫找])(?:([{_SURNAMES}][\u4e00-\u9fff]{{1,2}}))(?=说|去|一起|先生|女士|老师"
    rf"|[，。,])"
)
CHINESE_PLACE: Final = re.compile(
    r"(?:在|去|到|从|從|来自|來自|住在)[了过過]?([\u4e00-\u9fff]{0,8}?(?:市|省|县|区|路|街|公园"
    r"|大学|学校|医院|博物馆|图书馆|酒店|餐厅|咖啡馆|机场|车站|广场|中心|馆|寺|山|湖|岛|国|(?:北京"
    r"|上海|广州|深圳|杭州|成都|南京|武汉|西安|重庆|天津|苏州|香港|台北|东京)市?))"
)

_AMOUNT = r"(?:\d+(?:\.\d+)?|an?|" + _SPACED + r"|several|many|few|couple of|half an?)"
DURATION: Final = re.compile(
    rf"\b(?:(?:for|about|around|over|almost|nearly|more than|less than|at least|the (?:last"
    rf"|past))\s+)*"
    rf"{_AMOUNT}\s+(?:and a half\s+)?(?:more\s+)?(?:second|minute|hour|day|night|week|month|year"
    rf"|decade)s?\b"
    r"|\bsince (?:\w+ )?(?:1[89]|20)\d\d\b|[\d一二两三四五六七八九十半]+\s*(?:个)?(?:分钟|小时"
    r"|天|周|星期|月|年)",
    re.IGNORECASE,
)
SOMEWHERE: Final = re.compile(
    r"\b(?:in|at|to|from|near|on)\s+(?P<place>(?:the|my|our|his|her|their|an?)\s+"
    r"(?:\w+\s+){0,2}?(?:" + "|".join(sorted(PLACE_NOUNS, key=len, reverse=True)) + r"))\b"
    r"|(?:在|去|到|从)(?P<han>(?!))",
    re.IGNORECASE,
)
"""A place without a name."""
SOMEBODY: Final = re.compile(
    r"\b(?:my|his|her|our|their)\s+(?:\w+\s+)?(?:mom|mum|mother|dad|father|parents|sister|brother|"
    r"sisters|brothers|wife|husband|partner|girlfriend|boyfriend|friends?|son|daughter|kids?|"
    r"children|family|aunt|uncle|cousins?|grandmother|grandma|grandfather|grandpa|boss|colleagues?|"
    r"neighbou?rs?|teacher|coach|roommate|mentor)\b|(?:妈妈|爸爸|姐姐|妹妹|哥哥|弟弟|朋友|同事"
    r"|老师|老板|妻子|丈夫|女儿|儿子)",
    re.IGNORECASE,
)
"""A person without a name."""

BARE_EVENTS: Final = _words(
    "night evening events event run show shows opening walk ride match games game drive "
    "training session sessions party cup trip tour class meeting bee panel launch performance "
    "performances readings jam hunt exhibit assembly gathering race swap regional vigil "
    "celebration feast debate"
)
"""Nouns that name no kind of event without another before them."""

NO_KIND: Final = _words(
    "annual bustling entire whole final usual upcoming ongoing grand special big small great new "
    "own unforgettable day long dark cold quiet same impromptu lively crowded makeshift popular "
    "local eager early late following previous rest many several crisp sultry warm cool busy "
    "vibrant exclusive prestigious intimate heated magical mysterious historic city's evening's "
    "night's ordinary main heart mind felt like such thing kind part end start"
)
"""Words before a noun for an event that do not say which kind it is."""

LEFT_OUT: Final = re.compile(
    r"\b(?:besides|apart from|aside from|other than|except(?: for)?|not counting|in addition to|"
    r"beyond|but not|excluding)\s+(?:the\s+)?\Z",
    re.IGNORECASE,
)
"""What stands behind these is not to be given again."""

CALENDAR_NAME: Final = re.compile(
    r"\b(?:"
    + "|".join(
        sorted(
            {name for row in calendars.MONTHS.values() for name in row}
            | calendars.MONTHS_CUT_SHORT.keys()
            | calendars.SEASONS.keys()
            | calendars.HOLIDAYS.keys(),
            key=len,
            reverse=True,
        )
    )
    + r")\b|\d\s*月",
    re.IGNORECASE,
)
"""What comes once a year."""
LEANING: Final = re.compile(
    r"\b(?:last|past|this|next|coming|previous|ago|since|before|after|until|till|passad|pasad"
    r"|dernier|"
    r"letzt|vergangen|próxim|proxim|nächst|prochain)\w*|去|今|明|上|下|前|后",
    re.IGNORECASE,
)
"""What says itself on which side of now a time lies."""
