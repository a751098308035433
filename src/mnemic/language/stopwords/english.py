"""English function words."""

WORDS = """
who whom whose what which when where why how whoever whomever whatever whichever whenever
wherever however whats whos whens wheres whys hows

am is are was were be been being isnt arent wasnt werent aint
do does did doing done dont doesnt didnt
have has had having havent hasnt hadnt
can could cant couldnt cannot will would wont wouldnt shall should shant shouldnt
may might must maynt mightnt mustnt ought oughtnt need neednt used going gonna

i me my mine myself im ive
you your yours yourself yourselves youre youve ya
he him his himself hes she her hers herself shes it its itself
we us our ours ourselves weve they them their theirs themselves theyre theyve
one ones oneself someone somebody something anyone anybody anything everyone everybody
everything nobody nothing none each other others another
this that these those thats theres here there thing things

a an the some any every all both either neither no not nor never
many much more most few fewer less least several enough such same own lot lots kind sort

of in on at by for with without about against between among amongst into onto upon within
through throughout during before after above below over under up down out off from to toward
towards via per since until till along across around behind beside besides beyond near despite
except like unlike regarding concerning than as

and or but so yet if whether unless although though because while whereas then else thus hence
therefore otherwise also too very just only even ever still quite rather really actually
basically maybe perhaps again already always often sometimes usually almost else instead
let lets please
"""

NAMES = "may will"
