"""The words and patterns by which `asked.py` knows what a question wants: tables, no logic.

All patterns are over a text in lower case unless they say otherwise. Another language is another
row of `_NOUNS` and another branch of the openings.
"""

from __future__ import annotations

import re
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_AUX = (
    "did|do|does|is|are|was|were|am|will|would|has|have|had|can|could|should|shall|may|might|must"
)

_NOUNS: Final = {
    "date": """
    date dates day days moment moments year years month months week weeks weekend weekends
    timestamp timestamps period periods season seasons data datas dia dias fecha fechas día días
    datum daten tag tage jour jours mois monat jahr année mês mes ano año 日期 时间 日子 哪天
    """,
    "place": """
    place places location locations venue venues site sites spot spots setting settings city cities
    town towns country countries area areas neighborhood neighborhoods neighbourhood neighbourhoods
    district districts region regions address addresses destination destinations whereabouts space
    spaces lugar lugares local locais cidade cidades país ciudad ciudades país ort orte stadt
    städte land länder lieu lieux endroit endroits ville villes pays 地点 地方 城市 国家
    """,
    "person": """
    person persons people individual individuals character characters protagonist protagonists
    attendee attendees participant participants guest guests member members figure figures visitor
    visitors hero heroes heroine heroines entity entities actor actors name names somebody someone
    pessoa pessoas personagem personagens nome nomes persona personas personaje personajes nombre
    nombres personen figur figuren teilnehmer namen personne personnes personnage personnages nom
    noms 人物 名字 谁
    """,
    "event": """
    event events activity activities happening happenings occasion occasions gathering gatherings
    undertaking undertakings pursuit pursuits occurrence occurrences evento eventos atividade
    atividades actividad actividades ereignis ereignisse veranstaltung veranstaltungen aktivität
    aktivitäten événement événements activité activités 活动 事件
    """,
    "count": "number count total número anzahl nombre 数量",
    "duration": "duration length duração duración dauer durée",
    "account": "account description details summary report everything anything relato",
}
NOUNS: Final[dict[str, str]] = {
    word: kind for kind, row in reversed(_NOUNS.items()) for word in row.split()
}
"""Noun → the kind of answer that it asks for."""

NOUN: Final = re.compile(
    r"(?<![\w'-])(?:"
    + "|".join(sorted((word for word in NOUNS if word.isascii()), key=len, reverse=True))
    + "|"
    + "|".join(word for word in NOUNS if not word.isascii() and ord(word[0]) < 0x2E80)
    + r")(?![\w'-])|"
    + "|".join(word for word in NOUNS if ord(word[0]) >= 0x2E80)
)

PLURAL: Final = re.compile(r"(?:s|people|cidades|länder|städte|orte|tage|personen)\Z")

CLAUSE_END: Final = re.compile(
    r"[.;:?!]|,? \b(?:that|which|who|whom|whose|where|when|while|in which|at which|on which)\b"
)

ASIDE: Final = re.compile(
    r".*(?:真正想[问問](?:的问题)?(?:的)?是|本来想[说問问]的是|\b(?:my (?:real"
    r"|actual) question is|what i "
    r"(?:really|actually) (?:want(?:ed)?|meant) to (?:ask|know) (?:is"
    r"|was)))\s*[:：,，]?\s*(?=\S{2})",
    re.IGNORECASE | re.DOTALL,
)
"""Talk before the question itself; over the text as it is."""

SORTED_BY: Final = re.compile(r"\bby (?:date|time|day)s?\b")

EXCLUDED: Final = re.compile(
    r"\b(?:without|instead of|rather than|but not|not|never|avoid|excluding|omitting|don't|do not|"
    r"no need to|there is no need to|refrain from) "
    r"(?:describ|mention|nam(?:e|ing)|giv|list|tell|detail|includ|explain|elaborat|specify|provid|"
    r"recount|refer|repeat|stat|say|reveal|add|narrat|discuss)\w*"
    r"(?: (?!and\b)[^.,;:?!]*?)?(?=[.,;:?!]|\Z)|"
    r"\b(?:no|without) (?:\w+ )?(?:descriptions?|explanations?|details|commentary)\b[^.,;:?!]*",
    re.IGNORECASE,
)
"""Clauses that say what the answer should leave out; over the text as it is."""

_VERBS = (
    r"list|name|give|provide|enumerate|state|tell(?: me)?|specify|identify|report|return|compile|"
    r"write|produce|present|show|supply|say|share|mention|describe|recount|indicate|note|collect|"
    r"gather|extract|find|set out|sort|order|arrange|"
    r"liste|nenne|nennen|zähle|gib|cite|diga|indique|enumere|nomme|donne|lista|di|列出|说出"
    r"|告诉我|给出"
)
REQUEST: Final = re.compile(
    rf"(?:(?:\A|[.!?;:,。，！？] ?|\b(?:please|can you|could you|would you|i want you to|and|then|"
    rf"to|need you to|por favor|bitte|merci de)\s+)(?:{_VERBS})(?![\w'])|列出|说出|给出|告诉我)"
    r"(?:\s+(?:me|us))?"
)
"""The verb of a request, at the beginning of a clause."""

WHOLE: Final[dict[str, re.Pattern[str]]] = {
    "account": re.compile(
        r"\b(?:comprehensive|full|complete|detailed|thorough) (?:account|description|summary|report"
        r"|picture|story|record|narrative)|\ball (?:the )?relevant details|\bwhat happened\b.*\b"
        r"details\b|\btell me everything\b|\beverything (?:that|you|there|about)\b"
    ),
    "times": re.compile(
        r"\bhow (?:many (?:\w+ )?(?:times|occasions)|often)\b|\bquantas vezes\b"
        r"|\bcuántas veces\b|\bwie oft\b"
        r"|\bcombien de fois\b|[几幾多少]+次"
    ),
    "duration": re.compile(
        r"持续时间是|\bhow long\b|\bhow many (?:\w+ )?(?:seconds|minutes|hours|days|nights|weeks"
        r"|months|years)"
        r"\b|\bquanto tempo\b|\bcuánto tiempo\b|\bwie lange\b|\bcombien de temps\b|多久|多长时间|"
        r"[几幾多少]+(?:天|年|个月|個月|小时|小時|周|週)(?!\w*[是在])"
    ),
    "count": re.compile(
        r"\bhow many\b|\bquant[oa]s\b|\bcuánt[oa]s\b|\bwie viele\b|\bcombien d"
        r"|[多几幾][少]?[个個位只張张条本家人名]"
        r"|\bthe (?:total )?number of\b"
    ),
    "quantity": re.compile(
        r"\bhow (?:much|old|far|tall|big|large|heavy|wide|deep|high|fast|late|early)\b|\bquanto\b"
        r"|\bcuánto\b|\bwie (?:viel|alt|weit|hoch|groß)\b|\bcombien\b|\bquel âge\b|多少|多大"
        r"|多高|多远"
    ),
}
"""Wherever these stand, they decide."""

OPENING: Final[dict[str, re.Pattern[str]]] = {
    "place ": re.compile(r"(?:地点|地址|位置|城市|地方)是(?:什么|哪)"),
    "date ": re.compile(r"(?:时间|日期|生日)是(?:什么|哪|几)"),
    "yes/no": re.compile(
        rf"\A(?:(?:so|and|but|hey|ok|okay|well)[, ]+)?(?:{_AUX})(?:n't)?\b"
        r"|\A(?:is it true|is there|are there)\b|\Aest-ce que\b|(?:[吗嗎]|是不是|有没有|是否)"
        r"|\b(?:have|has|had) (?:i|you|we|they|he|she|\w+) ever\b"
    ),
    "date": re.compile(
        rf"\bwhen(?:'s|s| exactly|,? (?:{_AUX}|exactly|else))\b|\bwhen\W*\Z|\A\W*when\b"
        r"|\b(?:at|on|in|by|since|from) (?:what|which) (?:\w+ )?(?:time|date|day|month|year)s?\b"
        r"|\b(?:what|which) (?:time|hour)s?\b"
        r"|(?:\A|[,.:;¿] ?|\b(?:desde|até|hasta|da|depuis|e|y|et|seit|bis) )"
        r"(?:quando|cuando|cuándo|wann|quand)\b|[什甚][么麼]时候|什麼時候|何[时時日月年]|哪(?:一"
        r"|个|個)?[天年月日]"
        r"|[几幾](?:月|点|號|号)|星期[几幾]|周几|いつ"
    ),
    "place": re.compile(
        rf"\bwhere(?:'s|s| exactly|,? (?:{_AUX}|exactly|else))\b|\bwhere\W*\Z|\A\W*where\b"
        r"|\bonde\b|\baonde\b|\bdónde\b|\badónde\b|\bwo\b|\bwohin\b|\bwoher\b|\boù\b"
        r"|哪里|哪裡|哪儿|哪兒|何处|什么地方|どこ"
    ),
    "event": re.compile(
        r"\bwhat (?:was|is|were|had been|has been) (?:going on|happening|taking place)\b"
        r"|\bwhat (?:all )?(?:happened|took place|occurred|transpired)\b|发生了?什么"
    ),
    "noun": re.compile(
        r"\b(?:what|which)(?:'s|s)?(?: of)?(?:\s+(?:is|are|was|were)\s+(?:the|all|his|her|their|my|"
        r"your|our)\b|\s+(?:were|are)\b)?|\b(?:qual|quais|qué|cuál|cuáles|welche[mnrs]?|"
        r"quel(?:le)?s?|o que|qu'est-ce)\b|\A(?:que|was (?:ist|sind|hat|macht|war|für))\b|什么"
        r"|什麼|哪些|哪个|哪個|哪家|哪座"
    ),
    "person": re.compile(
        r"\b(?:who|whom|whose)(?:'s|s)?\b|\bquem\b|\bquién(?:es)?\b|\bwer\b|\bwen\b|\bwem\b|\bqui\b"
        r"|谁|誰|哪[位个]人"
    ),
    "thing": re.compile(
        r"\b(?:how|why|como|cómo|wie|warum|wieso|comment|pourquoi|por qu[eé])\b"
        r"|怎么|怎麼|怎样|如何|为什么|為什麼|什么|什麼|哪"
    ),
}
"""In the order in which they are tried."""

ORDER: Final[dict[str, re.Pattern[str]]] = {
    "falling": re.compile(
        r"\b(?:latest|newest|most recent|last) (?:one )?(?:to|until) (?:the )?(?:earliest|oldest|"
        r"first)\b|\breverse(?:d)? (?:chronolog\w+|order)|\b(?:newest|latest|most recent) first\b"
        r"|\bdescending\b"
    ),
    "rising": re.compile(
        r"\bchronolog\w*\s+(?:\w+ )?(?:list|order|sequence|account|overview)"
        r"|\bin (?:the )?(?:\w+ )?"
        r"(?:chronological|temporal|date|time) order"
        r"|\b(?:earliest|oldest|first) (?:one )?(?:to|until|through) (?:the )?(?:latest|newest"
        r"|last|"
        r"most recent)|\b(?:oldest|earliest) first\b|\bin (?:the )?order\b|\bin sequence\b"
        r"|\b(?:sorted|ordered|arranged) (?:by|from|in)\b|\bascending\b|\border of (?:time|date)"
        r"|按时间|時間順|时间顺序|先后|\bem ordem\b|\ben orden\b|\bin der reihenfolge\b"
        r"|\bdans l'ordre\b"
    ),
    "latest": re.compile(
        r"\b(?:latest|most recent(?:ly)?|newest|current(?:ly)?|nowadays|these days|final)\b"
        r"|\b(?:the |'s )?last (?:\w+ )?(?:known|recorded|time|place|location|venue|spot|site|date|"
        r"day|event|activity|thing|person|seen|visit\w*|one|sighting|occasion)\b"
        r"|\b(?:was|were|did|been|has|have|had|is)\b(?: \w+){0,3} last\b(?! (?:week|month|year|"
        r"night|summer|winter|spring|fall|autumn|\w+day|january|february|march|april|may|june|july|"
        r"august|september|october|november|december))|\blast (?:seen|observed|spotted|mentioned)"
        r"|最近一次|最后|最後|最新|目前|现在|\b(?:últim|letzt|derni)\w+|\bmais recente\b"
        r"|\bactual\w*\b"
    ),
    "first": re.compile(
        r"\b(?:earliest|initial(?:ly)?)\b|\bfirst (?:\w+ )?(?:known|recorded|time|place|location|"
        r"venue|spot|site|date|day|event|activity|thing|person|visit|one|sighting|occasion)\b"
        r"|\b(?:did|was|were|has|have|had)\b(?: \w+){1,4} first\b|\bfirst (?:seen|observed|spotted|"
        r"meet|met|start|appear)\w*|\bwhich (?:\w+ ){0,4}first\b|第一次|最早|首次"
        r"|\b(?:primeir|primer|erst|premi)\w+"
    ),
    # "Chronologically" alone asks for an order only if nothing says first or last.
    "rising ": re.compile(r"\bchronologically\b"),
}
"""In the order in which they are tried."""

TAKING_PART: Final = re.compile(
    r"\b(?:involved in|tak\w+ part in|took part in|participat\w+ in|engaged in|up to"
    r"|attend(?:ed)?)\W*"
    r"(?:\Z|[,?]|\b(?:at|on|in|during|most|last|first)\b)|\bwhat (?:did|was|were|has|had|is"
    r"|are) .*\b"
    r"(?:do|doing|done)\b(?=[ ,]*(?:\Z|\?|at|on|in|last|first|most))"
)
"""Questions for what somebody does ask for an event."""

SEVERAL: Final = re.compile(
    r"\b(?:all|every|each|list|enumerate|various|both|different|unique|distinct|any of)\b"
    r"|\b(?:todos|todas|alle|tous|toutes)\b|所有|哪些|分别|全部"
)
LEADING: Final = re.compile(r"\b(?:protagonist|main (?:character|person|figure)|hero|heroine|lead)")
OTHERS: Final = re.compile(
    r"\b(?:who|what|where|when) else\b|\b(?:other|additional|further) (?:\w+ )?(?:people|persons?|"
    r"characters?|individuals?|participants?|protagonists?|attendees?|guests?|names?|figures?)\b"
    r"|\b(?:besides|apart from|other than|except)\b|还有谁|其他人"
)
COMPARES: Final = re.compile(
    r"\b(?:more|less|fewer|earlier|later|older|younger|longer|shorter|higher|lower|bigger|smaller|"
    r"better|worse|sooner) than\b|\bcompared? (?:to|with)\b|\b(?:in common|both|same as|difference "
    r"between)\b|比"
)
NEGATED: Final = re.compile(
    r"\b(?:not|never|no longer|isn't|aren't|wasn't|weren't|don't|doesn't|didn't|hasn't|haven't|"
    r"hadn't|won't|can't|couldn't|nunca|não|nie|nicht|kein\w*|jamais|pas)\b|[没沒不未](?!同)"
)

CHOICE_AT_THE_END: Final = re.compile(
    r"[,:]\s+(?P<one>[^,:?]{1,60}?)(?P<more>(?:,\s+[^,:?]{1,60}?)*),?\s+or\s+"
    r"(?P<other>[^,:?]{1,60})[?.!\s]*\Z"
)
"""Over the text as it is: "Which came first, the move or the wedding?\"."""

_PART = r"[\w'’.&-]+(?: [\w'’.&-]+){0,5}?"
CHOICE: Final = re.compile(
    r"(?:[,:]|\b(?:[Dd]id|[Dd]oes|[Dd]o|[Ii]s|[Ww]as|[Aa]re|[Ww]ere|[Hh]as|[Hh]ave|[Ww]ho|[Ww]hich|"
    r"[Ww]hat|the|a|an|between|first|prefer|be|to|in|on|at|with)\b)[ ,:]+"
    rf"(?P<one>{_PART})(?:, (?P<more>{_PART}(?:, {_PART})*?))?,? or "
    r"(?P<other>[A-Z][\w'’.&-]*(?: (?:of |the |de )?[A-Z][\w'’.&-]*)*|(?:the |a |an )?"
    r"[\w'’.&-]+(?: [\w'’.&-]+){0,5}?(?=[?,.]|\Z))"
    r"|(?P<one_>)(?!)"
)
"""Over the text as it is; the parts around `or`."""
ARTICLE: Final = re.compile(r"\A(?:the|a|an)\s+", re.IGNORECASE)

FORM: Final = re.compile(
    r"\b(?:provide|give|make|return|produce|compile|write|present) (?:me |us )?(?:a |an |the )?"
    r"(?:\w+ )?(?:list|enumeration|overview) of\b|\b(?:ordered|sorted|arranged)? ?from (?:the )?"
    r"(?:earliest|latest|oldest|newest)[^.,;?]*|\bin (?:strict )?(?:chronological|date|temporal) "
    r"order\b|\b(?:in|within|of|throughout|according to) the (?:story|book|narrative|text|"
    r"timeline|chapters)(?:'s)?(?: (?:chronological )?(?:timeline|chronology|order))?"
    r"|\A(?:please )?(?:consider|recall|reflect on|think about|think back to|look at|go through|"
    r"search|review)\b(?: all| the)*",
    re.IGNORECASE,
)
"""Phrases about the form of the answer."""

META: Final = _words(
    """
    event events happen happened happening happens occur occurred occurring occurs occurrence
    occurrences take takes took taken taking place places placed involve involved involving
    involvement involves relate related relating relates relation concern concerned concerning
    regard regarding connected connection associated association participate participated
    participating participation part attend attended attending attendance visit visited visiting
    see seen saw observe observed observing observation spot spotted mention mentioned mentions
    appear appeared appears appearance present presence witness witnessed experience experienced
    experiences include included includes including inclusive undertake undertaken undertook go gone
    going went come came story stories narrative chapter chapters book timeline chronological
    chronology chronologically order ordered ordering sort sorted sequence list lists enumerate
    provide give name names recall reflect consider think describe tell state identify specify
    earliest latest recent recently first last final unique different distinct various specific
    individual individuals known recorded time times date dates day days location locations venue
    venues site sites spot spots setting settings city cities town towns country countries person
    persons people character characters protagonist protagonists participant participants attendee
    attendees figure figures activity activities answer question detail details relevant pertinent
    information account comprehensive complete full particular certain kind type sort exactly exact
    occasion occasions moment moments ever end ended begin began everything anything something
    things thing single every engage engaged engaging held hold holds found find finds
    """
)
"""Words by which questions speak of events as such: they say nothing of what an event is about."""

ABOUT: Final = re.compile(
    r"\b(?:related to|relating to|relevant to|regarding|concerning|about|connected (?:with|to)|"
    r"associated with|involving|featuring|centred on|centered on|devoted to|having to do with|"
    r"that had to do with|on the (?:subject|topic|theme) of|(?:the )?(?:topic|theme|subject"
    r"|activity|"
    r"event) (?:of |was |is |called |named )?|"
    r"(?:took|takes|taking) part in|participat\w+ in|attend\w*|engag\w+ in|joined|during"
    r"|known as)\s+"
    r"(?:the |a |an |any |some |his |her |their )?(?P<topic>(?:(?!\b(?:at|in|on|with|by|from|and"
    r"|that|"
    r"which|who|where|when|during|held|took|were|was|is|are|occurr\w+|happen\w+)\b)"
    r"[\w'’&-]+[ ]?){1,5})",
    re.IGNORECASE,
)
"""What stands behind these is what a question is about."""
