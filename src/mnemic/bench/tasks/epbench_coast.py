"""The universe of the generated book: people, places and happenings of a made-up coast.

Only words; `epbench_world.py` reads them and `epbench_book.py` writes with them. Nothing here is
taken from the authors' universe. Stems, first names and last names recur on purpose, so that one
word of a name tells little.

A happening is one line: its name; three ways to speak of it that do not hold its name; six things
that are handled there. Its details are a thing in one of the five frames of its family.
"""

from __future__ import annotations

from typing import Final

SHE: Final = (
    "Adela Brigid Carys Dorrit Elspeth Farah Greta Hanne Ilsa Junia Katya Liesel Maren Nerys Odile"
    " Petra Romola Sunniva Tamsin Ursel"
)
HE: Final = (
    "Anselm Bastian Corin Davor Emrys Florian Gideon Henrik Idris Joachim Kester Lorcan Matthias"
    " Nikolai Orrin Piers Ruben Stellan Torsten Vaughn"
)
LAST: Final = (
    "Abernath Bellweather Carrow Dunmore Eastlake Fenwright Garrick Hollis Ingleby Jessop Kilbride"
    " Lockhart Merriman Norwood Oakes Pemberley Quill Ravensworth Sorley Thackeray Umber Vance"
    " Wexford Yarrow Zeller Ashdown Brandt Calloway Drummond Elphick"
)
OTHER_FIRST: Final = (
    "Abel Agnes Basil Beatrix Cato Clemence Dinah Duncan Edda Errol Fern Felix Gwyneth Gaspar"
    " Hester Hugo Ines Ivor Jocasta Jasper Kirsten Klaus Lettice Linus Mabel Milo Nessa Nestor"
    " Olwen Otis Pia Percy Rhoda Rufus Saskia Silas Thea Tobias Una Ulric Verity Viktor Wanda"
    " Wilfred Xenia Yorick Zelda Zoltan"
)
OTHER_LAST: Final = (
    "Alder Barrowman Cobb Dray Everhart Finch Grubb Haddock Isham Jolly Keel Larkspur Mudge Nettles"
    " Orchard Plover Quayle Rook Spindler Tarn Utley Vetch Wimple Yewdale Applegarth Birdwhistle"
    " Crabtree Dewhurst Eccles Fairweather Goodbody Honeyman Inchbald Jellicoe Kettlewell"
    " Lovelace Mossop Nightshade Oldacre Peabody"
)

PLACES: Final = """
Tallow Hill: Observatory, Park, Station
Heron Point: Lighthouse, Nature Reserve, Pavilion
Saltgate: Museum of Tides, Library, Covered Market
Marrow Street: Baths, Theatre, Arcade
Old Customs: House, Quay, Courtyard
Candlemas: Abbey, Green, Bridge
Gullwing: Pier, Ballroom, Promenade
Foxglove: Botanical Garden, Conservatory, Orchard
Ironmonger: Row, Square, Hall
Whalebone: Arch, Inn, Beach
Saint Osric: Cathedral, Cloister, Almshouse
Windle Bay: Boatyard, Campground, Aquarium
Copperfield: Foundry, Gallery, Viaduct
Larkrise: Farm, Amphitheatre, Meadow
Drowned Bell: Chapel, Cove, Tavern
Northgate: Railway Museum, Tower, Bus Depot
Sable Island: Ferry Terminal, Fort, Dunes
Quarrymen: Institute, Steps, Lake
Mistletoe: Lane Bakery, Wood, Playhouse
Harbourmaster: House, Wharf, Signal Station
Pilgrim: Well, Hostel, Causeway
Thornbury: Castle, Racecourse, Waterworks
Amberley: Opera House, Fish Market, Glasshouse
Lantern Rock: Beach, Caves, Youth Centre
Cooper's Yard: Brewery, Workshops, Skate Park
Velvet Row: Cinema, Concert Hall, Antique Market
Eelpie: Weir, Rowing Club, Bandstand
Sorrow's End: Cemetery, Viewpoint, Cable Car
Bramblewick: School House, Village Hall, Cricket Ground
Ninefold: Planetarium, Clock Tower, Gardens
Rosemary: Terrace, Hospital Chapel, Roof Garden
Kestrel Moor: Airfield, Standing Stones, Shepherd's Hut
Tidewater: University, Sculpture Park, Swimming Pool
Gilded: Carousel
"""

FRAMES: Final = {
    "craft": (
        "showed three beginners how to handle {0}",
        "mended {0} that everyone else had given up on",
        "gave a short talk on where to buy {0}",
        "laid out {0} in order of size",
        "judged which of the {0} would last the winter",
    ),
    "music": (
        "tuned the room with a story about {0}",
        "lent {0} to a shy newcomer",
        "led the second half from behind {0}",
        "traced the history of {0} with a borrowed pointer",
        "improvised for eleven minutes around {0}",
    ),
    "stage": (
        "stepped in when {0} went missing",
        "explained to the back row what {0} were for",
        "won the loudest laugh of the night with {0}",
        "rehearsed a difficult passage involving {0}",
        "collected signatures for the upkeep of {0}",
    ),
    "food": (
        "served {0} to a queue that reached the door",
        "compared {0} from five villages",
        "rescued {0} at the last possible moment",
        "wrote down an aunt's secret about {0}",
        "auctioned the last of the {0}",
    ),
    "sport": (
        "coached two teenagers in the use of {0}",
        "checked {0} one by one before the start",
        "broke an old record despite {0}",
        "refereed a quarrel about {0}",
        "handed out {0} to whoever finished",
    ),
    "science": (
        "demonstrated {0} to a circle of children",
        "measured {0} twice and wrote both numbers down",
        "defended an unpopular theory about {0}",
        "lifted the cover from {0}",
        "drew a diagram of {0} on a napkin",
    ),
    "market": (
        "haggled for an hour over {0}",
        "sorted {0} into three honest piles",
        "guarded {0} while the owner slept",
        "sold off {0} at half the marked price",
        "found a forgery among {0}",
    ),
    "nature": (
        "counted {0} from a folding chair",
        "led a small party to see {0}",
        "recorded {0} in a waterproof notebook",
        "taught the others to tell {0} apart by touch",
        "planted a warning sign beside {0}",
    ),
    "words": (
        "read aloud a long passage on {0}",
        "translated a joke about {0}",
        "argued that {0} had been misunderstood",
        "donated {0} in memory of a teacher",
        "opened the evening with a riddle about {0}",
    ),
    "civic": (
        "took the minutes on {0}",
        "counted {0} in front of witnesses",
        "persuaded the doubtful with {0}",
        "handed {0} to the oldest person present",
        "asked the one question about {0} that nobody could answer",
    ),
}
"""Family → how its things become details; past tense, to follow a name."""

HAPPENINGS: Final = """
# craft
Lantern Workshop | an evening of folding little lamps; a class for people who wanted to carry \
light home; the gluing of paper around flame | rice paper; bamboo ribs; pots of paste; tea \
candles; wire hooks; gold tassels
Bookbinding Course | a lesson in sewing loose pages together; the patient business of giving \
books their spines back; a day among presses and thread | linen threads; marbled endpapers; bone \
folders; waxed cords; calfskin scraps; sewing frames
Pottery Open Day | an afternoon with everyone's hands in wet clay; the yearly unlocking of the \
kilns; a day when strangers were let loose on the wheels | kick wheels; celadon glazes; cracked \
bowls; loops of cutting wire; shelves of greenware; ash buckets
Quilting Bee | a gathering of needles around one great blanket; the slow joining of a hundred \
patches; a sewing circle under one lamp | patchwork squares; thimbles; chalked hems; flannel \
backings; appliqué doves; baskets of offcuts
Glassblowing Demonstration | an hour before the furnace while molten bubbles grew; the spinning \
of hot glass on iron pipes; a show of breath turned into goblets | blowpipes; glory holes; \
coloured frits; annealing ovens; cherrywood paddles; lopsided goblets
Toymakers' Fair | rows of benches where carved animals changed hands; the annual pride of those \
who build for children; a hall of clockwork and sawdust | tin drums; jointed bears; spinning \
tops; clockwork mice; rocking horses; marionette heads
Calligraphy Class | a quiet lesson in thick strokes and thin; two hours of ink and held breath; a \
course in making letters beautiful | goose quills; sheets of vellum; iron gall inks; brass nibs; \
gilded capitals; blotting sands
Basket Weaving Retreat | three days of soaked willow and sore thumbs; a weekend away with osiers \
and silence; a retreat for people who plait | willow rods; rush seats; fishing creels; splicing \
knives; oval hoops; bundles of sweetgrass
Model Ship Exhibition | a display of fleets no longer than an arm; glass cases full of tiny \
rigging; the showing of vessels built from matchsticks | bottle schooners; balsa hulls; silk \
sails; brass cannons; scale frigates; knotted shrouds
Perfume Blending Session | an hour of sniffing strips and guessing flowers; the mixing of scents \
for people who trusted their noses; a lesson in putting summers into vials | amber resins; \
bergamot oils; glass droppers; musk accords; orris roots; paper blotters
# music
Accordion Festival | a weekend of bellows and buttons; the noisiest gathering of squeezeboxes on \
the coast; two days of waltzes pumped by hand | button boxes; leather bellows; polka medleys; \
reed blocks; mother-of-pearl keys; shoulder straps
Choir Competition | a contest between massed voices; the day when six parishes sang at each \
other; an afternoon of altos on trial | hymn sheets; velvet robes; pitch pipes; soprano descants; \
folding risers; judges' scorecards
Organ Recital | an hour of pipes that shook the pews; a solitary concert on the great instrument; \
the playing of fugues to a half-filled nave | bass pedals; tin pipes; ivory stops; Bach preludes; \
wind chests; page turners
Jazz Breakfast | a morning of brass and buttered rolls; saxophones before noon; an early set for \
people who had not slept | muted trumpets; brushed snares; walking bass lines; poached eggs; \
dented saxophones; smoky standards
Fiddle Contest | a duel of bows in front of three judges; the yearly ranking of the reel players; \
an evening when horsehair flew | rosin cakes; horsehair bows; double stops; slow airs; reels in \
D; maple bridges
Drum Circle | a ring of people beating time together; hours of palms on hide; the shared pulse \
that began at dusk | goatskin heads; djembes; shakers; hand bells; polyrhythms; rope tensioners
Opera Premiere | the first night of a new work in three acts; the unveiling of arias nobody had \
heard; an opening sung in borrowed furs | arias; surtitles; orchestra stalls; painted fans; \
tragic sopranos; libretto booklets
Busking Tournament | a knockout for pavement players; the day when every corner had its guitar; a \
prize fight for people with hats on the ground | battered guitars; coin-filled hats; ukuleles; \
one-man bands; chalk circles; portable amplifiers
Vinyl Listening Party | an evening of needle and groove; the playing of old records from first \
crackle to last; a night with the turntable in the middle | turntables; gatefold sleeves; diamond \
needles; crackling sides; valve amplifiers; forgotten singles
Bell Ringing Marathon | a day and a night of changes in the tower; the attempt to keep eight \
ropes moving; the long peal that woke the district | bell ropes; bronze clappers; sallies; course \
books; blistered palms; tower stairs
# stage
Puppet Theatre Evening | a play performed by wood and string; the small stage behind the striped \
cloth; a night on which no actor was taller than a bottle | glove puppets; striped booths; \
crocodile jaws; velvet curtains; control bars; papier-mâché kings
Improv Comedy Slam | a contest of jokes made up on the spot; scenes without a script, judged by \
applause; an hour of shouted suggestions | audience suggestions; freeze games; invisible props; \
running gags; buzzers; musical challenges
Magic Convention | a meeting of people who palm coins for a living; two days of vanishing and \
reappearing; the congress of conjurors | marked decks; silk scarves; false thumbs; sawing \
cabinets; white doves; mirrored boxes
Silent Film Screening | a night of pictures without words and a piano below; the showing of reels \
from before sound; flickering comedies with live accompaniment | nitrate reels; title cards; \
piano cues; carbon arc lamps; custard pies; hand cranks
Shakespeare Marathon | thirty-seven plays in one long weekend; a relay of kings and fools without \
an interval; the reading of the complete Bard at one sitting | rubber daggers; ruff collars; \
prompt books; sonnets; thunder sheets; donkey ears
Stand-Up Comedy Night | one microphone and nine nervous people; the evening of the two-drink \
minimum; jokes told against a brick wall | punchlines; hecklers; microphone stands; five-minute \
slots; bar stools; crumpled set lists
Costume Ball | a dance where nobody came as themselves; the masked night of the season; waltzing \
behind borrowed faces | feathered masks; hired capes; powdered wigs; sequinned gloves; dance \
cards; cardboard armour
Circus Audition | a morning of trying out for the big top; tumblers lined up to be looked over; \
the choosing of next season's acrobats | trapeze bars; juggling clubs; safety nets; unicycles; \
sawdust rings; tightrope slippers
Radio Drama Recording | a play made of voices and coconut shells; the taping of a serial behind \
soundproof glass; actors around a single microphone | coconut shells; tape reels; gravel trays; \
script pages; creaking hinges; red recording lights
Flamenco Showcase | an evening of heels on boards; dancers and guitarists taking turns; the \
stamping that rattled the glasses | castanets; ruffled skirts; nailed heels; palmas; nylon \
strings; carved combs
# food
Chowder Cook-Off | a duel of soup pots; the contest over who stirred the best clams; an afternoon \
of ladles and rivalry | clam shells; smoked haddocks; cream jugs; iron kettles; oyster crackers; \
tasting spoons
Cheese Tasting | a table of rinds and little flags; an hour spent on blues and bries; the \
sampling of wheels from upland dairies | blue wheels; goat logs; quince pastes; wire cutters; \
washed rinds; oatcakes
Bread Baking Class | a lesson in flour and patience; the kneading of forty loaves at once; a \
morning spent waiting for dough to rise | sourdough starters; rye flours; proving baskets; peels; \
plaited loaves; scoring blades
Harvest Supper | the long meal after the last field was cut; a feast between straw bales; the \
night when the whole parish ate together | roast marrows; cider jugs; corn dollies; trestle \
tables; apple pies; gleaned sheaves
Chocolate Festival | a weekend smelling of cocoa; the sweetest two days of the calendar; stalls \
where everything was dipped | truffle trays; cocoa nibs; tempering slabs; sculpted eggs; praline \
fillings; sugar flowers
Night Noodle Market | steaming bowls under strings of bulbs; a street of woks after dark; supper \
from carts, eaten standing | wheat noodles; broth vats; chilli oils; paper bowls; wok burners; \
spring onions
Tea Ceremony | the slow pouring of green cups; an hour of whisking and bowing; a ritual with \
steam and silence | bamboo whisks; iron kettles; raku bowls; tatami mats; powdered leaves; linen \
cloths
Mushroom Dinner | seven courses from the forest floor; a meal that began with a basket of caps; \
the foragers' yearly banquet | chanterelles; penny buns; dried morels; truffle shavings; \
identification cards; cast-iron pans
Pickle Competition | a ranking of jars and brine; the sour contest; the day when cabbage met the \
judges | gherkin jars; brine crocks; dill heads; pickled eggs; mustard seeds; rosettes
Ice Cream Social | an afternoon of cones and gossip; scoops on the lawn; the melting hour of the \
summer club | sugar cones; hand-cranked churns; cherry syrups; wafer fans; sprinkles; silver \
scoops
# sport
Regatta | the day of oars and pennants; a race of narrow boats; crews against the tide | racing \
shells; starting pistols; blade colours; finishing buoys; coxswains' whistles; blistered hands
Chess Tournament | sixty-four squares and forty players; three days of clocks and coughing; the \
hall where nobody spoke above a whisper | chess clocks; opening books; queen sacrifices; wooden \
bishops; score sheets; adjourned endgames
Archery Contest | an afternoon of bowstrings and straw; the shooting at painted circles; a \
meeting of longbows | longbows; goose fletchings; straw butts; finger tabs; quivers; golden rings
Half Marathon | thirteen miles along the shore; the race that closed the coast road; a morning of \
numbered runners | race numbers; water cups; foil blankets; pace balloons; timing chips; blister \
plasters
Kite Flying Championship | a sky full of tails and string; the judged dance of paper dragons; the \
windiest contest on the calendar | dragon tails; box kites; carbon spars; spools of line; ripstop \
sails; wind gauges
Roller Derby | a bout on eight wheels; the banked-track evening of elbows; skaters going round in \
anger | quad skates; knee pads; jammers' stars; penalty boxes; mouth guards; taped helmets
Ice Swimming Meet | lengths in water that steamed with cold; a gathering of those who cut holes \
in ponds; the coldest race of the year | woollen hats; thermometers; axe-cut lanes; hot-water \
bottles; dry robes; brandy flasks
Table Tennis League | an evening of small white balls; the long season's deciding games; paddles \
and squeaking shoes | rubber bats; net clamps; backspin serves; celluloid balls; deuce points; \
score flippers
Fencing Masterclass | a lesson at the point of a foil; the teaching of lunges by a visiting \
champion; blades and wire masks for an afternoon | foils; mesh masks; parries; white jackets; \
electric vests; footwork drills
Orienteering Race | a run with map and compass; the hunt for orange flags in the wood; a contest \
for people who like to be lost | control flags; thumb compasses; contour maps; punch cards; \
gaiters; bramble scratches
# science
Meteor Watch | a night on blankets, looking up; the waiting for shooting stars; hours of counting \
streaks in the dark | star charts; red torches; reclining chairs; Perseid streaks; thermos \
flasks; tally counters
Robotics Fair | a hall of whirring arms and wheels; the day the school machines were let out; \
inventors and their obedient tin | servo motors; line followers; soldering irons; gripper claws; \
lithium packs; sensor arrays
Fossil Hunt | a walk along the cliff with hammers; the search for old bones in the shale; a day \
of splitting stones | ammonites; geology hammers; fern imprints; shale layers; ichthyosaur teeth; \
sieve trays
Chemistry Show | an evening of bangs and coloured smoke; experiments behind goggles; the lecture \
that singed the curtains | copper flames; dry ice; flash powders; litmus papers; foaming \
cylinders; safety goggles
Telescope Building Class | a course in grinding mirrors; the making of instruments for the night; \
twelve weeks of polishing glass | primary mirrors; cardboard tubes; polishing pitches; eyepieces; \
dew heaters; equatorial mounts
Bird Ringing Session | a dawn of mist nets and tiny rings; the weighing of warblers; an hour of \
holding robins gently | mist nets; aluminium rings; wing rulers; cloth bags; siskins; data sheets
Weather Balloon Launch | the sending up of a silver bag; a morning of helium and crossed fingers; \
the release of instruments into the high wind | latex envelopes; helium bottles; radiosondes; \
parachutes; tracking antennas; ascent logs
Anatomy Lecture | an hour with a skeleton and a pointer; the talk about what lies beneath the \
skin; a lesson among bones and wax | wax torsos; finger bones; heart valves; tendon charts; glass \
jars; dissecting trays
Inventors' Congress | a meeting of people with patents pending; the yearly parade of \
contraptions; two days of machines that nearly worked | patent drawings; perpetual wheels; \
folding bicycles; steam whistles; brass prototypes; magnetic boots
Microscope Evening | a night spent over eyepieces; pond water made enormous; an evening in the \
world of the very small | glass slides; pond samples; tardigrades; stained cells; cover slips; \
immersion oils
# market
Antiques Auction | a sale of other people's heirlooms; the fall of the hammer on old walnut; \
lots, paddles and dust | numbered paddles; walnut bureaus; silver salvers; reserve prices; \
Meissen shepherds; carriage clocks
Flea Market | tables of things that had lost their owners; a dawn of bargains on blankets; the \
monthly exchange of junk | odd spoons; tangled lamps; army coats; chipped saucers; foreign coins; \
brass doorknobs
Flower Show | marquees of prize blooms; the contest of dahlias and pride; an afternoon of petals \
under canvas | dahlias; sweet peas; show vases; orchid sprays; prize cards; rose standards
Stamp Collectors' Meeting | an evening of tweezers and tiny portraits; the trading of perforated \
squares; a meeting of people who love envelopes | penny reds; watermark trays; first-day covers; \
tweezers; misprinted swans; glassine hinges
Vintage Car Rally | a column of polished bonnets; the procession of engines older than their \
drivers; the day the old motors came out | starting handles; chrome grilles; leather straps; oil \
cans; running boards; spoked wheels
Charity Bazaar | a hall of stalls for a good cause; knitted things sold for the hospital; the \
sale that paid for the lifeboat | raffle tickets; knitted socks; jam jars; tombola drums; lucky \
dips; cake stands
Seed Swap | a trading of envelopes between gardeners; the exchange of beans nobody sells any \
more; a table of next year's tomatoes | heirloom beans; paper packets; poppy heads; squash pips; \
labelled tins; germination charts
Fashion Pop-Up | a shop that lasted one evening; clothes on a rail in a borrowed room; the \
two-hour boutique | silk blouses; hangers; cropped jackets; mirror panels; price tags; dyed \
scarves
Comic Book Fair | long boxes of heroes in plastic sleeves; the weekend of capes and first issues; \
a crowd leafing through paper adventures | first issues; Mylar sleeves; inked pages; autographed \
covers; cape costumes; speech balloons
Horse Fair | a street of hooves and handshakes; the trading of ponies as it was done of old; a \
day of plaited manes | halters; dappled cobs; horse brasses; gypsy wagons; slapped palms; hay \
nets
# nature
Whale Watching Trip | a morning on deck, waiting for a spout; the boat that went to look for \
fins; hours of swell and binoculars | humpback flukes; hydrophones; oilskin coats; spouts; \
seasick pills; logbooks
Beekeeping Workshop | an introduction to hives and veils; the lesson with smoke and honey; a day \
spent being stung politely | brood frames; smokers; queen cages; wax combs; white veils; honey \
extractors
Beach Clean-Up | a line of people with sacks along the tide mark; the gathering of what the sea \
gave back; a morning against plastic | litter pickers; ghost nets; bottle caps; rope tangles; bin \
bags; tide tables
Bat Walk | an hour in the dark with clicking boxes; the listening for wings after sunset; a \
stroll for friends of the night | heterodyne detectors; roost boxes; pipistrelles; moth traps; \
head torches; echo traces
Tree Planting Day | a hillside of spades and saplings; the setting of four hundred oaks; mud, \
stakes and the next century | oak whips; planting spades; rabbit guards; mulch mats; root balls; \
alder saplings
Garden Tour | an afternoon of other people's borders; the walk through seven private lawns; gates \
that stood open once a year | clipped yews; lily ponds; rose arches; gravel paths; espaliers; \
sundials
Survival Training | two nights with a knife and a tarpaulin; a lesson in fire without matches; \
the course for people who distrust roofs | fire steels; tarpaulins; snare wires; water filters; \
lean-tos; edible roots
Sheepdog Trials | whistles, wool and obedience; the contest of collies on the hill; a day of \
gates and stubborn ewes | shepherds' whistles; collies; wicket gates; shedding rings; stubborn \
ewes; hazel crooks
Night Hike | a walk to the ridge by moonlight; the long way round without lamps; a march among \
owls | ridge paths; hooting owls; reflective bands; cairns; moon shadows; trail mixes
Mountain Rescue Drill | a practice with stretchers and ropes; the pretended fall on the north \
face; an exercise for volunteers in red | rope stretchers; splints; search dogs; flares; \
carabiners; casualty cards
# words
Poetry Reading | an evening of verse and clinking glasses; the hour of lines that did not rhyme; \
stanzas by lamplight | villanelles; chapbooks; line breaks; elegies; lecterns; laureate medals
Storytelling Circle | a ring of chairs and one voice at a time; the night of tales told from \
memory; an hour beside the fire for listeners | selkie tales; talking sticks; ghost legends; \
trickster foxes; village feuds; seven-league boots
Spelling Bee | a contest of letters under bright lights; the slow elimination of clever children; \
the afternoon of silent consonants | silent consonants; word lists; bronze trophies; Greek roots; \
bell dings; dictionary volumes
Book Launch | a tower of new hardbacks and warm wine; the first evening of a long-awaited novel; \
the celebration of a printed thing | signed copies; dust jackets; galley proofs; blurbs; ribbon \
bookmarks; author portraits
Debating Final | the last round of arguing for sport; a motion, two sides and a bell; the evening \
of rehearsed indignation | cue cards; rebuttals; points of order; gavels; opening motions; \
stopwatches
Translation Seminar | a day spent on one untranslatable line; the table of dictionaries; a class \
between two languages | bilingual editions; false friends; footnotes; idioms; glossaries; \
untranslatable puns
Mystery Writers' Weekend | two days of invented murders; a retreat for people who poison on \
paper; the gathering of plotters | red herrings; locked rooms; poisoned teacups; plot boards; \
alibis; unreliable butlers
Typewriter Repair Night | an evening of ribbons and stuck keys; the clinic for old writing \
machines; tinkering with carriages and levers | inked ribbons; carriage returns; typebars; platen \
rollers; drawstrings; sticky keys
Crossword Championship | a race through black and white squares; the solving of clues against the \
clock; an hour of pencils and muttering | cryptic clues; sharpened pencils; anagrams; blank \
grids; solvers' erasers; double meanings
Folklore Lecture | a talk about mermaids and milk churns; an hour on why doors were painted blue; \
the lecture on what grandmothers knew | corn spirits; iron horseshoes; changelings; well \
dressings; mermaid combs; mumming plays
# civic
Town Debate on Housing | a heated meeting over roofs and rents; the public quarrel about where to \
build; the night the residents took the floor | zoning maps; rent figures; petition sheets; scale \
models; empty flats; council leaflets
Lifeboat Naming | the blessing of a new rescue vessel; a bottle broken on an orange bow; the \
christening on the slipway | champagne bottles; orange hulls; brass plaques; crew medals; slipway \
chains; signal flags
Wedding Reception | the party after the vows; toasts, cake and distant cousins; the dancing that \
followed the ceremony | seating plans; sugared almonds; toast cards; bridal bouquets; tiered \
cakes; confetti
Memorial Service | an hour of names and candles; the gathering for those who did not come back; a \
remembrance with a single bugle | wreaths; folded flags; name tablets; poppies; bugles; candle \
stubs
Carnival Parade | floats, feathers and a brass band; the procession that stopped the traffic; a \
day of drums in the street | stilts; confetti cannons; giant heads; flatbed floats; samba \
whistles; feather fans
First Aid Course | a lesson in bandages and calm; the practice on a rubber chest; a day that \
taught people what to do with blood | triangular bandages; rubber dummies; burn dressings; \
tourniquets; ice packs; defibrillators
Blood Donation Drive | a day of rolled-up sleeves; the collecting of pints in the name of \
strangers; biscuits after the needle | donor cards; pint bags; rubber tourniquets; sweet \
biscuits; cotton wools; waiting lists
School Reunion | old classmates and name badges; the evening of who had lost his hair; a return \
of the class that had scattered | name badges; yearbooks; team photographs; detention records; \
school ties; old nicknames
Union Rally | banners and a megaphone; the gathering of the dockers; an hour of fists and songs | \
silk banners; megaphones; strike funds; marching songs; pay slips; tin badges
Citizenship Ceremony | an oath and a roomful of flags; the day on which newcomers became \
neighbours; a signing of large certificates | oath cards; certificates; small flags; portrait \
cameras; welcome packs; anthem sheets
"""
