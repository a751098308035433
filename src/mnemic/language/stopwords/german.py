"""German function words."""

WORDS = """
wer wen wem wessen was welche welcher welches welchen welchem wann wo woher wohin warum wieso
weshalb wie wieviel wieviele womit wofür wovon worüber woran worauf wozu wodurch

bin bist ist sind seid war warst waren wart sei seien wäre wären sein gewesen
habe hast hat haben habt hatte hattest hatten hattet hätte hätten gehabt
werde wirst wird werden werdet wurde wurden würde würden worden geworden
kann kannst können könnt konnte konnten könnte könnten muss musst müssen müsst musste mussten
müsste müssten soll sollst sollen sollt sollte sollten will willst wollen wollt wollte wollten
darf darfst dürfen durfte durften dürfte mag magst mögen möchte möchten mochte
tut tun tat getan

ich mich mir mein meine meiner meines meinen meinem du dich dir dein deine deiner deines deinen
deinem er ihn ihm sie ihr ihre ihrer ihres ihren ihrem ihnen es seine seiner seines seinen
seinem wir uns unser unsere unserer unseres unseren unserem euch euer eure eurer eures euren
eurem sich selbst selber man
dies diese dieser dieses diesen diesem jene jener jenes jenen jenem derjenige diejenige
dasjenige jemand niemand etwas nichts alles alle aller allen allem jeder jede jedes jeden jedem
einige einiger einigen mehrere manche mancher andere anderer anderes anderen anderem solche
solcher solches beide beiden

der die das den dem des ein eine einer eines einen einem kein keine keiner keines keinen keinem
in im ins an am ans auf aufs aus bei beim mit nach von vom vor zu zum zur über unter zwischen
durch für gegen ohne um bis seit während wegen trotz hinter neben entlang außer innerhalb

und oder aber sondern denn doch weil dass daß ob wenn als falls obwohl damit bevor nachdem also
dann da dort hier hin her nicht nein ja nie niemals immer noch schon nur auch sehr mehr weniger
viel viele vielen wenig wenige so zu eben etwa mal bitte vielleicht wohl gar fast eigentlich
dabei dazu dafür davon daran darauf darüber dagegen daher deshalb
"""
