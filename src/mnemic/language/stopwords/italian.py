"""Italian function words."""

WORDS = """
chi che cosa quale quali quando dove come perché quanto quanta quanti quante cui

sono sei è siamo siete ero eri era eravamo eravate erano fui fu fummo furono sia siano fosse
fossero essere stato stata stati state sarà saranno sarebbe
ho hai ha abbiamo avete hanno avevo avevi aveva avevamo avevano ebbe abbia abbiano avesse avere
avuto avrà avrebbe
posso puoi può possiamo possono poteva potrebbe devo devi deve dobbiamo devono doveva dovrebbe
vado vai va andiamo vanno faccio fai fa fanno

io me mi mio mia miei mie tu te ti tuo tua tuoi tue lui lei egli ella esso essa lo la li le gli
ne si sé suo sua suoi sue noi ci nostro nostra nostri nostre voi vi vostro vostra vostri vostre
loro questo questa questi queste quest quello quella quelli quelle quel quell ciò qualcuno
qualcosa nessuno nessuna niente nulla tutto tutta tutti tutte altro altra altri altre ogni
stesso stessa stessi stesse alcuni alcune qualche

il i l un uno una di a da in con su per tra fra d al allo alla all ai agli alle del dello della
dell dei degli delle dal dallo dalla dall dai dagli dalle nel nello nella nell nei negli nelle
sul sullo sulla sull sui sugli sulle col senza sotto sopra verso contro durante dopo prima fino

e ed o od ma né se perciò quindi dunque però mentre anche non no già ancora solo molto molta
molti molte più meno poco poca pochi poche tanto tanta tanti tante così qui qua lì là allora
poi mai sempre quasi forse
"""
