"""Portuguese function words."""

WORDS = """
quem que quê qual quais quando onde aonde donde como quanto quanta quantos quantas porque porquê
cujo cuja cujos cujas

sou és é somos são sois era eras éramos eram fui foste foi fomos foram seja sejam sejamos fosse
fossem for forem ser sido sendo será serão seria seriam
estou estás está estamos estão estava estavas estávamos estavam estive esteve estivemos
estiveram esteja estejam estivesse estivessem estar estado estando
tenho tens tem temos têm tinha tinhas tínhamos tinham tive teve tivemos tiveram tenha tenham
tivesse tivessem ter tido tendo terá terão teria teriam
hei há hão havia haviam houve haja haver havido
posso podes pode podemos podem podia podiam pôde poder poderia poderiam
devo deves deve devemos devem devia deviam dever deveria deveriam
vou vais vai vamos vão ia íamos iam ir faz fez fazem fizeram

eu me mim comigo meu minha meus minhas tu te ti contigo teu tua teus tuas
você vocês ele ela eles elas lhe lhes o a os as lo la los las no na nos nas se si consigo
seu sua seus suas nós conosco connosco nosso nossa nossos nossas vós vos vosso vossa
dele dela deles delas nele nela neles nelas
este esta estes estas esse essa esses essas aquele aquela aqueles aquelas isto isso aquilo
deste desta destes destas desse dessa desses dessas daquele daquela disto disso daquilo
neste nesta nestes nestas nesse nessa nesses nessas naquele naquela nisto nisso naquilo
alguém ninguém algo nada tudo algum alguma alguns algumas nenhum nenhuma todo toda todos todas
outro outra outros outras cada mesmo mesma mesmos mesmas próprio própria tal tais ambos

um uma uns umas ao à aos às do da dos das num numa nuns numas dum duma pelo pela pelos pelas
de em por para pra pro com sem sob sobre entre até desde contra perante após ante durante
conforme mediante exceto

e ou mas nem se pois porém contudo todavia logo portanto embora enquanto caso
não sim já ainda também só apenas muito muita muitos muitas mais menos pouco pouca poucos
poucas tanto tanta tantos tantas tão bem assim aqui ali lá cá aí então depois antes nunca
sempre quase talvez
"""
