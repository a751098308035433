"""Sentences for generated chapters: the prose around a happening, and how its parts are named.

Slots in braces are filled by `epbench_book.py`: `{s} {o} {p} {self}` are the protagonist's pronouns
(`{S} {P}` at the start of a sentence), `{other}` somebody else's name, `{thing}` something that is
handled at the happening, all others a phrase from `PHRASES`. No sentence names a date, a place or a
person of a universe, but parts of such names are sown to distract: `{month} {year} {day} {stem}
{kind}` are drawn from the universe's own words, and so are some first and last names of others.
"""

from __future__ import annotations

from typing import Final


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.strip().splitlines() if line)


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(" ".join(phrase.split()) for phrase in text.split(";"))


PHRASES: Final = {
    "light": _phrases("""
        thin grey light; the last copper of the sun; lamplight; a cold white glare; the flicker of
        a failing tube; candle glow; the blue hour; a slant of honeyed light; moonlight through a
        dirty pane; the glow of a hundred telephones; the sweep of headlights; a single bulb on a
        long flex; sun through coloured glass; the green of an exit sign; firelight; a pale,
        watery brightness
    """),
    "sound": _phrases("""
        the drip of a gutter; a gull's complaint; the hum of a refrigerator; a peal of bells from
        inland; the scrape of chairs; a dog that would not settle; the cough of an engine; distant
        laughter; rain on a tin roof; the tick of cooling metal; a door that closed too softly;
        the murmur of the tide; somebody's radio; the crunch of footsteps; wind in the wires; a
        kettle coming to the boil; a train that did not stop; the slap of wet rope
    """),
    "smell": _phrases("""
        wet wool; varnish; burnt sugar; diesel; cut grass; old paper; seaweed; oranges; floor wax;
        woodsmoke; hot dust; peppermint; yesterday's beer; lilac; machine oil; rain on stone;
        camphor; frying onions; chalk; damp plaster
    """),
    "weather": _phrases("""
        a fine drizzle; the first real frost; a warm wind from the south; fog as thick as felt; a
        sky the colour of slate; thunder far out at sea; heat that softened the tar; a sharp
        north-easter; sleet; a stillness before snow; a rainbow that nobody remarked on; low,
        hurrying cloud
    """),
    "crowd": _phrases("""
        the crowd; the onlookers; the people nearest the door; a knot of students; three
        generations of one family; the regulars; a row of pensioners; everyone within earshot; the
        latecomers; the volunteers; a school party; the committee; strangers and cousins alike;
        the front row
    """),
    "feeling": _phrases("""
        relief; an odd tenderness; shame; plain curiosity; a stubborn joy; dread; gratitude; envy;
        something close to hope; homesickness; anger; boredom; wonder; a childish pride;
        suspicion; calm; grief; mischief; impatience; awe
    """),
    "part": _phrases("""
        shoulders; jaw; fingertips; throat; knees; ribs; temples; wrists; spine; eyelids; stomach;
        palms
    """),
    "prop": _phrases("""
        a folded umbrella; a paper cup; a bunch of keys; a chipped mug; a borrowed coat; a silver
        whistle; a ticket stub; a wicker chair; a damp newspaper; a box of matches; a pocket
        mirror; a red scarf; a cracked telephone; a bag of plums; a brass button; a stack of
        leaflets; a walking stick; a bicycle lamp; a child's glove; a tin of biscuits; a
        photograph with a torn corner; a ladder; a bucket of sand; an unposted letter
    """),
    "vague": _phrases("""
        the winter of the long frost; a Thursday some years before; the summer the ferry sank;
        last spring; the week after the storm; 1987; an evening long ago; the year of the two
        floods; the previous autumn; childhood; the night of the power cut; a Sunday in another
        life; the month before; 1962; the day the circus left; the old days; {month} {year};
        {month} {year}; the {day} of {month}; last {month}; the autumn of {year}; that {month};
        early {year}
    """),
    "when": _phrases("""
        in the winter of the long frost; on a Thursday some years before; in the summer of the two
        floods; last spring; the week after the storm; in 1987; one evening long ago; the previous
        autumn; in childhood; on the night of the power cut; on a Sunday in another life; the
        month before; in 1962; on the day the circus left; in the old days; before the war; at the
        age of eight; after the bank failed; in {month} {year}; in {month} {year}; one {month};
        late in {year}; on the {day} of some {month}; early in {month}; in the spring of {year};
        on a {day} of {month}
    """),
    "elsewhere": _phrases("""
        the bakery on Corder Street; an aunt's kitchen; a cottage across the estuary; a boarding
        house in the hills; the capital; the bus shelter by the allotments; a hospital corridor;
        the shop that used to sell wallpaper; the islands; the back room of a garage; a village
        without a name on the map; the engine room; the lanes behind {stem}; a {kind} up the
        coast; a {kind} that was pulled down; the {kind} of another town; the fields beyond
        {stem}; a {kind} near {stem}; the {kind} that {stem} never got; a flat over the {kind}; a
        rented room in {stem}; the {kind} where the {kind} is now; one of the lanes of {stem}; a
        cellar in another country; the school on the ridge
    """),
    "manner": _phrases("""
        slowly; without a word; with great care; almost gaily; badly; as if by accident; twice;
        under the breath; to nobody in particular; in a hurry; with both hands; before anyone
        could object; politely; against all advice; once more; for the third time
    """),
    "colour": _phrases("""
        rust; ivory; bottle green; mustard; lavender; charcoal; scarlet; duck-egg blue; butter
        yellow; plum; silver; turquoise
    """),
    "trade": _phrases("""
        a retired pilot; the caretaker; a midwife on her day off; an elderly plumber; a travelling
        dentist; the woman from the council; a boy with a trumpet case; an off-duty constable; the
        postmaster; a botanist; somebody's grandmother; a taxi driver; the chemist's apprentice; a
        tax inspector; a man dressed as a lobster; the night porter; a geography teacher; a lorry
        driver
    """),
    "hour": _phrases("""
        a quarter to eight; noon; half past nine; five o'clock; ten minutes to midnight; the
        stroke of three; shortly after six; dusk; closing time; the hour of the first ferry;
        twenty past four; about eleven
    """),
    "number": _phrases("two; three; four; five; six; seven; nine; eleven; a dozen; twenty; forty"),
    "creature": _phrases("""
        a tortoiseshell cat; a wet spaniel; a pair of swans; a heron; one persistent wasp; a
        pigeon; a moth; a grey horse; a hedgehog; a crab; a jackdaw; an old mastiff
    """),
    "virtue": _phrases("""
        patience; good shoes; a loud voice; steady hands; luck; an honest face; manners; silence;
        a long memory; stubbornness; a sense of timing; humility
    """),
}

SCENES: Final = _lines("""
There was {light} on the walls, and {sound}, and underneath both the smell of {smell}.
{weather} had been promised since morning, and by {hour} it had come.
Somebody had left {prop} on a windowsill, where it looked more permanent than the building.
The air held {smell} and {smell}, and nobody could say which had been there first.
Under {light} every face seemed to belong to an older relative.
{sound} filled the pauses, and there were many pauses.
The floorboards had been painted {colour} {when}, and still came off on people's shoes.
Outside, {creature} crossed the road as though it had an appointment.
By {hour} the windows had misted over and someone had drawn a face on the largest.
A banner in {colour} and {colour} sagged between two posts, its letters already running.
At {hour} the lights failed, came back, and were applauded.
{weather} pressed against the doors; inside it was all {smell} and breath.
The chairs had come from {elsewhere} and no two of them were the same height.
Along the wall stood {number} tables, each with {prop} to keep its cloth from lifting.
A clock that had stopped {when} was the only decoration anybody admired.
Through the gap in the curtains one could see {creature} and, behind it, the whole grey \
afternoon.
It was the sort of evening when {sound} carries for a mile.
Cables ran everywhere, taped down with strips of {colour}, and people stepped over them like \
puddles.
The ceiling dripped into a bucket with the regularity of a metronome, and no one moved the \
bucket.
{light} made a stage of the most ordinary corner.
There was {weather}, then a quarter of an hour of sunshine, then the same again.
A smell of {smell} drifted in whenever the door was opened, and the door was opened constantly.
""")

PEOPLE: Final = _lines("""
{other} had arrived first and taken the only chair with arms.
{other} leaned over and asked whether this was how it had been done in {elsewhere}.
Near the entrance {other} was explaining something to {trade}, {manner}.
{trade} offered {o} {prop} and would not take it back.
{other} laughed at the wrong moment, and {crowd} turned to look.
It was {other} who noticed first, and {other} who said nothing.
{S} nodded to {other}, whom {s} had last seen in {elsewhere}.
{crowd} parted to let {trade} through, and closed again.
{other} kept {prop} close and answered every question with another.
Beside the stairs {trade} and {trade} were discussing {virtue} as if they had invented it.
{other} owed {o} an apology from {vague} and both of them knew it.
A child wanted to know why {other} was whispering, and was given {prop} to be quiet.
{crowd} had opinions, and {other} had all of them at once.
For a moment {s} and {other} stood shoulder to shoulder like people waiting for the same bus.
{other} wrote something on a scrap of paper, folded it {manner} and slid it across.
{trade} had brought {creature}, which behaved better than most.
There was a rumour that {other} would leave before the end; there was always such a rumour.
{other} had heard the story before, but not with that ending.
""")

THINGS: Final = _lines("""
On the nearest table lay {thing}, some new, some older than anyone present.
Somebody had to be told what {thing} were for, and then told again.
{S} had not been so close to {thing} since {vague}.
There was a shortage of {thing}, and {other} was sent to find more.
{crowd} bent over {thing} as if they might speak.
{P} fingers remembered {thing} better than {s} did.
Between {thing} and {thing} there was hardly room to put down a cup.
{trade} was of the opinion that {thing} had been better {when}.
A box marked with {colour} chalk turned out to hold {thing} and, under them, {prop}.
The talk came back, as it always did, to {thing}.
One of the children had made off with {thing}; nobody ran after him.
{other} turned {thing} over {manner}, looking for a flaw.
It takes {virtue} to get along with {thing}, and {s} had brought what {s} could.
By {hour} there were {thing} everywhere, even on the stairs.
""")

THOUGHTS: Final = _lines("""
{S} felt {feeling} rise in {p} {part} and waited for it to pass.
It reminded {o} of {elsewhere}, and of somebody who used to say that {virtue} was everything.
{S} had promised {self} to be home by {hour}, and already knew that {s} would not be.
What {s} wanted was {virtue}; what {s} had was {prop}.
There was {feeling} in it, and {feeling} too, in proportions {s} could not have named.
{S} thought of {vague} and was surprised by {feeling}.
Nobody had told {o} that it would be like this, and {s} was glad of it.
{S} tried to remember what had been said {when}, and by whom, and could recover only {smell}.
If {s} had learned anything in {elsewhere}, it was to keep {p} hands where people could see them.
{P} {part} ached, which meant {weather} or the truth.
For the space of a breath {s} considered leaving {manner}, and then stayed.
{S} counted to {number}, as {s} had been taught {when}.
It was not {feeling} exactly; it was what {feeling} leaves behind.
{S} kept looking at {prop}, because everything else looked back.
The thought came {manner}, the way {creature} comes to a garden, and {s} let it sit.
{S} had the sense of having come in at the middle of a long sentence.
""")

TALK: Final = _lines("""
"You will want {prop}," said {other}. "Everybody does, afterwards."
"I was told {hour}," somebody complained, "and I was told there would be {number} of us."
"It was never like this in {elsewhere}," said {trade}, and sounded sorry.
"Ask {other}," {s} said. "I only came for the company."
"Do you believe in {virtue}?" asked {other}. {S} said that it depended on the weather.
"{number} of them," {trade} whispered, "and what they all lacked was {virtue}."
"Hold this," said {other}, and {s} found {self} holding {prop}.
"We should have begun at {hour}," said {other}, "but then we should have begun {when}."
"Is that {smell}?" asked {trade}. It was.
{other} cleared a throat. "There is something I ought to say about {thing}," and then did not say \
it.
"My grandfather," began {trade}, and {crowd} settled down to wait.
"Nobody will remember any of this," said {other}. {S} thought that somebody usually does.
"Mind {thing}," someone called, too late.
""")

TURNS: Final = _lines("""
Then, with no warning, everything went quiet.
It was at {hour}, by the only watch that worked, that things began to go differently.
A glass broke. {crowd} pretended that it had not.
{trade} came in with news from {elsewhere}, and had to tell it {number} times.
The next part had not been planned, and was the part that people would talk about.
A quarrel over {prop} ended as quickly as it had begun, with {feeling} on both sides.
Word went round that {number} people were still waiting outside in {weather}.
The list was read out, and then read out again with fewer names on it.
{creature} got in, and for some minutes there was no other subject.
Halfway through, {other} stood up, looked about with {feeling}, and sat down again.
A telephone rang inside somebody's coat and was allowed to ring.
The collection came to {number} coins, a button and a note of {feeling}.
""")

STYLES: Final = {
    "noir": _lines("""
The alley behind the building kept its secrets the way a drunk keeps his coat: badly, but to the \
end.
Someone had been asking questions, and {s} did not care for the kind of shoes they wore.
{S} lit nothing, said nothing, and watched the reflection of {other} in a dark window.
Everyone in this town was selling something, and half of them were selling {o}.
There was an envelope, there is always an envelope, and it was thicker than {s} liked.
{S} had seen that smile before, on a man with {prop} and no alibi.
The truth was in the room somewhere, under {light}, with its hat pulled down.
Trouble came in on {weather} and ordered a double.
{other} lied well, the way other people dance, and {s} let the music play.
"""),
    "comedy": _lines("""
It was at this point that {prop} became stuck in the banister, along with most of {other}.
{S} bowed to the applause, which was for {creature}.
Nobody had warned {o} that the trousers were a rental and the seam a suggestion.
The speech had been meant for a funeral, but with a few changes it went down very well.
{trade} fainted, recovered, asked who had won, and fainted again on principle.
By the third attempt {crowd} had begun to place bets.
{S} apologised to a coat stand, at length, and felt that it had taken it well.
The cake was load-bearing, as became clear when {other} cut it.
A committee was formed on the spot to find out who had formed the committee.
"""),
    "romance": _lines("""
{S} looked up, and there across all that noise was a face that made the noise stop.
Their hands met over {prop}, and neither of them let go as soon as they might have.
{S} had not meant to tell anyone about {vague}, and found {self} telling all of it.
There was a loose thread on the other's collar, and it took all {p} {virtue} not to touch it.
{other} saw what was happening before either of them did, and tactfully studied {thing}.
In {light} it was possible to believe that nothing had been spoiled yet.
The letters from {elsewhere} were still in {p} pocket, unopened and warm.
They walked twice round the building for no reason that either of them would admit.
{S} learned that a heart can be heard above {sound}, if one is standing close enough.
"""),
    "tragedy": _lines("""
Afterwards {s} would go over that hour the way one goes over a stair in the dark.
It was the last time that all of them stood in one room, and nobody took a picture.
{other} had wanted to say goodbye properly, and there had been a queue.
The doctor's note was in {p} bag, read so often that it had come apart along the folds.
What had been lost {when} could not be bought back with {virtue}.
{S} smiled for {crowd}, and the smile cost more than {s} had.
There would be an empty chair next time; {s} was already choosing which.
The bell tolled for a stranger, and {s} took off {p} hat all the same.
No one had done anything wrong, which was the worst of it.
"""),
    "gothic": _lines("""
The portraits had been turned to the wall, and still one felt looked at.
Something moved behind the panelling, patiently, the way water moves under ice.
{S} counted the candles and then, because there was one too many, counted the shadows.
{other} swore that the upper door had been bricked up {when}; it stood ajar.
A draught came from a corner where there was no window, carrying {smell}.
In the mirror the room was the same, except that {creature} was in it.
The oldest of them crossed herself and would not say which name she had heard.
{S} found on {p} sleeve a fine grey dust, though nothing there had been disturbed in years.
Under the floor, quite distinctly, somebody was keeping time with {sound}.
"""),
    "adventure": _lines("""
There was one rope, and {number} of them, and the tide had already turned.
{S} vaulted the rail, landed in a crouch and was running before the shout went up.
The map had been drawn by a liar, but a liar who knew the coast.
{other} held the lamp high and pointed to the only way that was not on fire.
They had food for {number} days and courage for about half of that.
{S} cut the line, and the whole contraption swung out over nothing.
A whistle from the ridge: two long, one short, the signal from {vague}.
Soaked to the {part}, {s} dragged {other} clear and went back for {prop}.
Beyond the last wall lay open country, and {weather}, and no more excuses.
"""),
    "satire": _lines("""
A minister had been expected, and in his absence everyone agreed with him.
The sponsor's name was on the cups, the chairs and, by {hour}, on several of the guests.
{S} was handed a form on which to declare that {s} had been handed a form.
{other}, who had never been wrong in public, took the precaution of whispering.
Prizes were given for {virtue}, {virtue} and attendance, in descending order of suspicion.
A consultant from {elsewhere} measured the enthusiasm and found it within tolerance.
The plaque thanked {number} people for their vision and one for the plaque.
It was resolved unanimously, after the dissenters had gone to look for {prop}.
{crowd} rose for the anthem of a company that made drainpipes.
"""),
    "fairy tale": _lines("""
In that country it was known that whoever found {prop} had to give it away before {hour}.
{creature} spoke, and what it said was sensible, so nobody listened.
Once there had been {number} sisters, and all of them had been turned into {colour} stones.
{S} knocked {number} times, as the old woman had told {o}, and the wall became a door.
{other} had the look of someone who was a fox on alternate nights.
A wish was still owing from {vague}, and wishes, like milk, do not keep.
Whoever ate of it would remember; whoever drank of it would forget, and {s} was thirsty.
The moon came down as far as the chimneys to see what the matter was.
And because {s} had been kind to {creature}, the path that was closed to others lay open to {o}.
"""),
}

TIME: Final = _lines("""
It was {date}, and the calendar by the door had been torn to prove it.
On {date} nobody in the district had expected anything out of the ordinary.
The programme, printed on {colour} card, said {date} in letters that had run a little.
{date} had begun with {weather} and a late bus.
Years later {s} would still need only to hear "{date}" to smell {smell} again.
The visitors' book lay open at {date}, with a pencil on a string.
For {date} the almanac had foretold {weather}, and for once the almanac was right.
"{date}," said the voice on the recording, and then there was only {sound}.
Someone had chalked {date} on a board, and under it the order of things.
When {date} came at last, it came with {light} and the smell of {smell}.
The receipt in {p} pocket was dated {date}; it was all the proof {s} would ever have.
By the evening of {date} the matter was settled, though {crowd} did not know it yet.
{S} had circled {date} in red months ahead, and then nearly overslept.
{other} signed and dated the sheet, {date}, with a flourish.
So it went on {date}, from {hour} until the last of the lights.
If the newspapers of {date} mentioned it at all, it was below the tide tables.
""")

PLACE: Final = _lines("""
At {place} the doors had been open since {hour}.
{place} had never held so many people, nor so few who knew the way out.
The sign said {place}, though one of its letters had been missing since {vague}.
They had chosen {place} because it was cheap, and dry, and had a piano nobody owned.
From the far end of {place} came {sound}.
{S} had walked to {place} by the longer road, to have time to change {p} mind.
Nothing at {place} had been repaired since {vague}, and it was loved for that.
In {light}, {place} looked almost like its own postcard.
The last bus put everyone down at {place} and drove off with its lights out.
There are people who will tell you that {place} is haunted; they were all there.
{trade} had the keys to {place} and wore them like a medal.
All of {place} smelled of {smell} that day.
The caretaker of {place} had asked only that nobody touch the {colour} door.
One could hear it from outside {place}, over {weather} and the traffic.
Directions had been given by telephone: left at the pump, over the hill, then {place}.
What happened at {place} was, by common consent, nobody's fault.
""")

WHO: Final = _lines("""
{name} came in by the side door and shook the rain from {p} sleeves.
On the list, between a crossing-out and a stain, stood the name of {name}.
"And this," said {other}, "is {name}, who needs no introduction and will get one anyway."
Few of them had met {name} before, and those who had were keeping quiet about it.
{name} stood a little apart, with {prop} under one arm.
It fell to {name} to begin, since nobody else would.
Somebody called for {name}, and {s} put down {prop} and went.
The name on the badge was {name}, in {colour} ink.
In the middle of it all, sleeves rolled, was {name}.
{crowd} knew {name} by sight, or said so afterwards.
{name} had not slept, and it made {p} voice lower than usual.
There was a pause, and into that pause walked {name}.
If {name} felt {feeling}, {s} gave no sign of it.
{other} pointed with {prop}: "Over there, that is {name}."
Nobody could have mistaken {name} for {trade}, though {trade} was mistaken for {o}.
""")

WHAT: Final = _lines("""
The {content} was already under way.
Everyone had come for the {content}, even those who claimed to be passing.
It was not the first {content} {s} had known, but it was the strangest.
A {content} has its own rules, and {other} broke most of them before {hour}.
What the posters called a {content} turned out to be rather more than that.
They had been planning this {content} since {vague}.
"Is this the {content}?" asked {trade}, and was given {prop}.
Half of {crowd} had never been to a {content} in their lives.
That year's {content} had lost its sponsor, its tent and its treasurer, and went ahead.
As such things go, the {content} began well.
""")

WHAT_ELSE: Final = _lines("""
It was {paraphrase}, and nobody had thought to give it a better name.
What had brought them together was {paraphrase}.
The notice had promised {paraphrase}, no more and no less.
{S} had been to many a gathering, but this was {paraphrase}.
One might have described it as {paraphrase}.
All of it, the noise and the waiting, was for {paraphrase}.
{other} called it a waste of money; {trade} called it {paraphrase}.
Here, at last, was {paraphrase}.
They had come, some of them from {elsewhere}, for {paraphrase}.
Imagine {paraphrase}, and then imagine it in {weather}.
""")

DEED: Final = _lines("""
{first} {detail}, and for a while that was the centre of everything.
Before long {first} {detail}.
While {crowd} looked on, {first} {detail}.
It was then that {first} {detail}, {manner}.
Encouraged by {other}, {first} {detail}.
What people remembered was how {first} {detail}.
With {feeling} and no preparation at all, {first} {detail}.
""")
