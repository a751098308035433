"""Common given names: a first guess at whether a capitalised span is a person.

Facts of everyday life, in English and the larger European languages. A name that is missing costs
little: shape and context decide as well (`entities.py`). Names that are rather places, months or
words (`Florence`, `April`, `Will`) are left out.
"""

from __future__ import annotations

from typing import Final

_NAMES: Final = """
aaron abigail ada adam adele adrian adriana agnes ahmed aidan aiden aisha alan albert alejandra
alejandro alessandro alex alexander alexandra alexis alfred ali alice alicia alina alison allison
alma álvaro amanda amara amber amelia amina amir amy ana anastasia andré andrea andreas andrew
andy ángel angela angelica anika anita ann anna annabelle anne annie anthony antoine anton antonia
antónio antonio anya archie ariana ariel arjun arthur arturo arun ashley astrid athena aubrey
audrey aurora autumn ava axel ayla barbara barnaby bart beatrice beatriz bella ben benedict
benjamin bernard bernardo beth bethany betty bianca bill billy blake bob bonnie brad bradley brandon
brenda brendan brian briana bridget brittany brooke bruce bruno bryan caio caleb callum calvin
cameron camila camille carl carla carlos carmen carol carolina caroline carolyn carrie carter
casey cassandra cassidy catarina catherine cecilia cecily cedric celeste celia celina chad charles
charlie charlotte chelsea cheryl chloe chloé chris christian christina christine christopher ciara
cindy claire clara clarence claude claudia claudio clement clementine cody cole colin colleen connor
conor constance cora corey cornelia cristina cruz curtis cynthia cyrus daisy damian damien dan dana
daniel daniela danielle danny daphne darren dave david dawn dean deborah debra delia della denise
dennis derek desmond diana diane diego dimitri dina dirk dmitri dolores dominic don donald donna
dora doris dorothy doug douglas duarte duncan dylan eddie edgar edith edmund eduardo edward edwin
eileen elaine eleanor elena eli elias elijah elisa elisabeth elise eliza elizabeth ella ellen
ellie elliot elliott elsa elsie emil emilia emilio emily emma emmanuel enrique eric erica erik erika
erin ernest esme esteban estelle esther ethan eugene eva evan evelyn ezekiel ezra fabian fabio
fatima felicia felicity felipe felix fernanda fernando fiona flora frances francesca francesco
francis francisco françois frank franz fred freddie frederick frida friedrich gabriel gabriela
gabriella gareth gavin gemma genevieve george georgia georgina gerald gerard gilbert gina giovanni
giulia gloria gordon grace graham grant greg gregory greta guillermo gus gustav gustavo gwen hailey
hana hannah hans harold harper harriet harrison harry harvey hassan hazel heather hector heidi
helen helena helga henri henrik henrique henry herbert hernan hilda hiro holly howard hugh hugo
ian ibrahim ida ignacio igor imogen ines inês ingrid irene iris irma isaac isabel isabella isabelle
isaiah isla ivan ivy jack jackie jackson jacob jacqueline jade jaime jake jakob james jamie jan
jane janet janice jared jasmine jason jasper javier jay jayden jean jeff jeffrey jen jenna jennifer
jenny jeremy jerome jerry jesse jessica jill jim jimmy jo joan joana joanna joanne joão joaquín joe
joel johan johann johanna john johnny jon jonah jonas jonathan jordan jorge josé joseph josephine
josh joshua josiah joy joyce juan juana judith judy jules julia julian juliana julie juliet juliette
julio julius june jürgen justin kai kara karen karim karin karl kate katherine kathleen kathryn
kathy katie katrina kay kayla keith kelly kelsey ken kenneth kenji kevin khalid kim kimberly kira
kirsten klaus kofi konstantin kristen kristin kristina kurt kyle laila lara larry lars laura lauren
laurence lautaro layla lea leah leandro leila lena leo leon leonard leonardo leonor leopold leroy
leslie levi lewis liam lila lilah lilian liliana lillian lily lina linda linus lionel lisa liv
liz logan lola lorenzo loretta lou louis louisa louise lorna luc luca lucas lucia lucía lucian
lucille lucy luis luisa luka lukas luke luna luther lydia lyle lynn mabel mackenzie madeleine
madeline madison mae maggie magnus maja malcolm malik manuel manuela mara marc marcel marcela
marcelo marco marcos marcus margaret margarida margarita margot maria maría mariam marian mariana
marie mariel marilyn marina mario marion marisol marjorie marlene marta martha martim martin
martina martín marvin mary mason mateo mathias mathilde matilda matt matteo matteus matthew matthias
maureen maurice mauricio max maximilian maxine maya megan mehmet mei mel melanie melinda melissa
melody mercedes meredith mia micah michael michaela michel michelle miguel mikael mike mikhail mila
miles millie milo mina miranda miriam mitchell mohamed mohammed moira molly mona monica monika
morgan moritz moses muhammad myra nadia nancy naomi natalia natalie natasha nathan nathaniel neha
neil nell nellie nia niall nicholas nick nicola nicolás nicolas nicole niels nigel nikhil nikita
nikolai nikos nina noa noah noel noelle noemi nora norma norman nour octavia odette olga oliver
olivia olivier omar opal ophelia orlando oscar oskar otto owen pablo paige paloma pam pamela pascal
pat patrice patricia patricio patrick patty paul paula paulina pauline paulo pavel pearl pedro
peggy penelope penny per percy pete peter petra phil philip philippa phillip phoebe pia pierre
piotr polly priscilla priya quentin quincy quinn rachel rafael rafaela rahul raj ralph ramon ramona
randy raquel rashid raúl ravi ray raymond rebecca reggie regina reid remy renata rené renee rhys
ricardo richard rick ricky riley rita rob robert roberta roberto robin rocco rodney rodrigo roger
roland roman romeo ron ronald ronan rory rosa rosalie rosalind rosemary rosie roy ruben ruby rui
rupert russell ruth ryan sabine sabrina sadie sally salma sam samantha samir samuel sandra sandy
santiago sara sarah sasha saul scarlett scott sean sebastian selena selma serena sergei sergio seth
shane shannon sharon shaun sheila shelley sherry shirley sienna sigrid silas silvia simon simone
sofia sofía sonia sonja sophia sophie spencer stan stanley stefan stefanie stella stephan stephanie
stephen steve steven stuart sue susan susana susanna suzanne sven sylvia tabitha takeshi tamara
tania tanya tara tariq tatiana ted teresa terry tess tessa thea thelma theo theodore theresa thiago
thomas tiago tiffany tim timothy tina tobias todd tom tomás tommy toni tony tracy travis trevor
tristan troy tyler ulrich uma ursula valentina valentin valeria valerie vanessa vasco vera verónica
veronica vicente vicky victor victoria vikram vincent viola violet virginia vivian vivien vladimir
wade walter wanda warren wayne wendy wesley wilhelm willa william willow winifred winston wolfgang
wyatt xavier ximena yael yannick yara yasmin yolanda yuki yusuf yvette yvonne zach zachary zara zoe
zoë zora zuri
"""

GIVEN_NAMES: Final = frozenset(_NAMES.split())
"""In lower case."""
