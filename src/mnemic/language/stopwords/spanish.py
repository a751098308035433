"""Spanish function words."""

WORDS = """
quién quien quiénes quienes qué que cuál cual cuáles cuales cuándo cuando dónde donde adónde
adonde cómo como cuánto cuánta cuántos cuántas cuanto cuanta cuantos cuantas cuyo cuya cuyos
cuyas porqué

soy eres es somos sois son era eras éramos eran fui fuiste fue fuimos fueron sea seas sean
fuera fueran fuese fuesen ser sido siendo será serán sería serían
estoy estás está estamos estáis están estaba estabas estábamos estaban estuve estuvo
estuvieron esté estén estar estado estando
he has ha hemos habéis han había habías habíamos habían hube hubo hay haya hayan haber habido
habrá habría
tengo tienes tiene tenemos tienen tenía tenían tuve tuvo tuvieron tener
puedo puedes puede podemos pueden podía podían pudo poder podría podrían
debo debes debe debemos deben debía debería voy vas va vamos van iba iban ir hace hizo

yo me mí mi mis mío mía míos mías conmigo tú tu te ti tus tuyo tuya contigo usted ustedes
él ella ello ellos ellas lo la los las le les se sí consigo su sus suyo suya suyos suyas
nosotros nosotras nos nuestro nuestra nuestros nuestras vosotros vosotras os vuestro vuestra
este esta estos estas éste ésta esto ese esa esos esas eso aquel aquella aquellos aquellas
aquello alguien nadie algo nada todo toda todos todas algún alguno alguna algunos algunas
ningún ninguno ninguna otro otra otros otras cada mismo misma mismos mismas propio propia tal
tales ambos ambas

el un una unos unas al del a de en por para con sin sobre entre hasta desde contra hacia según
bajo ante tras durante mediante salvo

y e o u pero sino ni si pues porque aunque mientras no ya aún también sólo solo muy mucho
mucha muchos muchas más menos poco poca pocos pocas tanto tanta tantos tantas tan bien así
aquí ahí allí allá entonces luego después antes nunca siempre casi quizá quizás
"""
