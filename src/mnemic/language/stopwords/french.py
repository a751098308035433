"""French function words; `été` (been, summer) and `or` (now, gold) are left out."""

WORDS = """
qui que quoi quel quelle quels quelles quand où comment pourquoi combien lequel laquelle
lesquels lesquelles duquel auquel dont

suis es est sommes êtes sont étais était étions étiez étaient fus fut fûmes furent sois soit
soyons soient serai seras sera serons seront serais serait seraient être étant
ai as a avons avez ont avais avait avions aviez avaient eus eut eurent aie aies ait ayons aient
aurai auras aura aurons auront aurais aurait auraient avoir eu ayant
peux peut pouvons pouvez peuvent pouvait pouvaient pourrait pourraient pouvoir pu
dois doit devons devez doivent devait devrait devoir vais vas va allons allez vont aller
fais fait font faire faisait fit veux veut

je j me m moi mon ma mes mien mienne tu te t toi ton ta tes tien tienne il elle on lui
le la l les se s soi son sa ses sien sienne nous notre nos nôtre vous votre vos vôtre ils elles
eux leur leurs y en ce c cet cette ces ceci cela ça celui celle ceux celles
quelqu quelque quelques chose rien personne tout toute tous toutes aucun aucune autre autres
chaque même mêmes tel telle tels telles plusieurs certains certaines

un une des du de d au aux à dans par pour sur sous avec sans entre vers chez contre depuis
pendant durant avant après dès jusque jusqu jusquà selon malgré sauf

et ou mais ni car donc si parce puisque lorsque lorsqu quoique bien qu n ne pas plus moins
non oui très trop peu beaucoup aussi encore déjà toujours jamais ici là alors ainsi puis
presque comme
"""
