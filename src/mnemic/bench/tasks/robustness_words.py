"""Words that can stand for one another in a question: a small table of our own, English.

Each group holds one form (buy and purchase, bought and purchased), so that a sentence stays a
sentence. The words are those of questions about people's lives and of abstracts of papers. They
are close, not equal: a retriever that reads meaning should hardly notice, one that reads letters
loses them. Written for the benchmark; nothing that mnemic searches with was made from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

_GROUPS: Final = """
buy purchase; buys purchases; bought purchased; buying purchasing begin start commence; begins
starts; began started; beginning starting finish complete; finished completed; finishing completing;
end conclude; ended concluded help assist aid; helped assisted aided; helping assisting; try
attempt; tried attempted get obtain receive; got obtained received; getting obtaining receiving give
provide; gave provided; given provided; giving providing; show demonstrate; showed demonstrated;
shown demonstrated; keep retain; kept retained; need require; needs requires; needed required; want
wish; wants wishes; wanted wished; liked enjoyed; love adore; loves adores; loved adored; hate
detest; hated detested; choose select pick; chose selected picked; chosen selected picked; choosing
selecting picking; build construct; built constructed; building constructing; repair fix mend;
repaired fixed mended; change alter; changed altered; changing altering; talk speak chat; talked
spoke chatted; talking speaking chatting; tell inform; told informed; say mention; says mentions;
said mentioned; ask inquire; asked inquired; answer reply; answered replied; think believe; thinks
believes; thought believed; discuss debate; discussed debated; explain clarify; explained clarified;
describe depict; described depicted; visit tour; visited toured; travel journey; traveled journeyed;
trip journey; trips journeys; go travel; went travelled; move relocate; moved relocated; moving
relocating; live reside; lives resides; lived resided; living residing; happen occur; happens
occurs; happened occurred; see observe; saw observed; seen observed; watch view; watched viewed;
watching viewing; meet encounter; met encountered; join enter; joined entered; win gain; won gained;
lose misplace; lost misplaced; own possess; owns possesses; owned possessed; attended frequented;
planning intending; hope wish; decide resolve; decided resolved; encourage urge; encouraged urged;
inspire motivate; inspired motivated; inspires motivates; supported endorsed; teach instruct; taught
instructed; study examine; studied examined; learn discover; learned discovered; learnt discovered;
find discover locate; found discovered located; use employ; uses employs; used employed; using
employing; organize arrange; organized arranged; celebrate commemorate; celebrated commemorated;
adopt foster; painted depicted; write compose; wrote composed; written composed; read peruse; cook
prepare; cooked prepared; eat consume; ate consumed; quit leave; quits leaves; leave depart; left
departed; remember recall recollect; remembered recalled recollected; forget overlook; forgot
overlooked; suggest recommend propose; suggested recommended proposed; allow permit let; allowed
permitted; gather collect; gathered collected; gathering meeting; grow develop; grew developed;
happy glad joyful; sad unhappy sorrowful; angry furious cross; afraid scared frightened; tired weary
exhausted; excited thrilled eager; proud pleased; big large huge; small little tiny; fast quick
rapid; quickly rapidly swiftly; slow sluggish; old aged elderly; new recent; good fine great; bad
poor awful; difficult hard tough; easy simple; important significant essential; interesting
fascinating; beautiful lovely gorgeous; favorite preferred favourite; favourite preferred favorite;
special particular; strange odd weird; funny amusing; famous renowned; expensive costly; cheap
inexpensive; main principal chief; whole entire; previous prior earlier; recent latest; recently
lately; often frequently; usually normally generally; sometimes occasionally; currently presently;
together jointly; several various; many numerous; enough sufficient; likely probable; person
individual; people folks persons; man fellow; woman lady; child kid youngster; children kids
youngsters; baby infant; mother mom mum; father dad; parents folks; grandmother grandma; grandfather
grandpa; brother sibling; sister sibling; husband spouse; wife spouse; partner companion; friend pal
buddy; friends pals buddies; family relatives kin; boss manager supervisor; colleague coworker;
colleagues coworkers; teacher instructor; doctor physician; lawyer attorney; job occupation
position; jobs occupations positions; career profession; company firm business; shop store; shops
stores; house home; apartment flat; car automobile vehicle; cars automobiles vehicles; bike bicycle;
picture photo photograph; pictures photos photographs; movie film; movies films; song tune; songs
tunes; pet animal; pets animals; dog hound; cat feline; food meal; dinner supper; holiday vacation;
holidays vacations; party celebration; wedding marriage; event occasion; events occasions; activity
pursuit; activities pursuits; hobby pastime; hobbies pastimes; sport game; goal aim objective; goals
aims objectives; dream ambition; idea notion concept; ideas notions concepts; reason cause; reasons
causes; problem difficulty issue; problems difficulties issues; advice guidance counsel; opinion
view; feeling emotion; feelings emotions; illness disease sickness; injury wound; lesson class;
school college; town city; country nation; countries nations; place location spot; places locations
spots; road street; ocean sea; forest woods; mountain peak; money cash funds; price cost; kind type
sort; kinds types sorts; type kind; types kinds; part portion; amount quantity; period era; effect
influence; effects influences; method technique approach; methods techniques approaches; theory
hypothesis; theories hypotheses; theoretical analytical; result finding outcome; results findings
outcomes; experiment test trial; experiments tests trials; experimental empirical; investigation
study inquiry; investigations studies; investigate study examine; investigated studied examined;
analysis examination; measurement reading; measurements readings; measured gauged; calculate
compute; calculated computed; calculation computation; calculations computations; calculating
computing; determine ascertain; determined ascertained; determining ascertaining; predict forecast;
predicted forecast; prediction forecast; predictions forecasts; solve resolve; solved resolved;
solution answer; solutions answers; design plan; designed planned; develop devise; developed
devised; available accessible; possible feasible; approximate rough; approximation estimate;
approximations estimates; accurate exact precise; exact precise; suitable appropriate fitting;
similar alike comparable; different distinct; various diverse; basic fundamental; general broad;
simple plain; complete full; increase rise growth; decrease reduction; reduce lessen diminish;
reduced lessened diminished; speed velocity; speeds velocities; velocity speed; thin slender; thick
broad; strong powerful; weak feeble; surface face; body object; bodies objects; wing aerofoil;
aircraft airplane; airplane aircraft; airplanes aircraft; gas vapour; heat warmth; heating warming;
temperature warmth; pressure stress; force load; forces loads; shape form; shapes forms; edge
border; boundary limit border; region zone area; regions zones areas; field area; flow stream
current; flows streams currents; transfer transmission; paper article; papers articles; published
issued; conducted performed; performed executed; obtain get acquire; obtained gotten acquired;
considered regarded; consider regard; associated connected linked; due owing; caused produced; cause
produce; causes produces; failure breakdown; buckling collapse; vibration oscillation; vibrations
oscillations; stability steadiness; unstable unsteady; structure construction; structures
constructions; material substance; materials substances; properties attributes; behavior conduct;
behaviour conduct; feature trait; features traits; factor element; factors elements; requirement
demand; requirements demands; limit bound; limits bounds; relation connection; relations
connections; relationship connection; comparison contrast; compared contrasted; information data;
details particulars; data information; procedure process; procedures processes
"""


@cache
def _table() -> dict[str, tuple[str, ...]]:
    """Word → the others of all its groups, in their order."""
    table: dict[str, tuple[str, ...]] = {}
    for group in " ".join(_GROUPS.split()).split(";"):
        members = group.split()
        for word in members:
            others = (*table.get(word, ()), *(other for other in members if other != word))
            table[word] = tuple(dict.fromkeys(others))
    return table


def other_words(word: str) -> Sequence[str]:
    """What can stand for a word in lower case; empty where the table knows nothing.

    >>> other_words("movie"), other_words("xylophone")
    (('film',), ())
    """
    return _table().get(word, ())
