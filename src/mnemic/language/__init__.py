"""Text analysis: words, stems, tokens, passages, dates and cues.

Pure functions and frozen values: they open no database and read no clock. What is indexed is
decided here, so `analyser.Analyser.version` changes whenever these rules do.

words.py      a text's words, in every script
stems.py      Snowball stems of a configured language
quick_stems.py  the same stems in less time
stopwords/    the function words that a question can do without, one file per language
analyser.py   what is indexed of a text, and what is looked up for a question
wordpiece.py  token ids as BERT's uncased models want them
bertchars.py  what those models make of each character
passages.py   a long text in pieces of at most 64 tokens
calendars.py  the names of days, months and periods in several languages
periods.py    calendar arithmetic
forms.py      what a form of time expressions is
forms_european.py, forms_cjk.py   the forms
expressions.py  finds them in a text
dates.py      dates as words, and the periods that a question names
questions.py  whether a text asks, and whether it asks when
asked.py      what kind of answer a question wants
asked_words.py  the words by which that is known
entities.py   the names, dates and numbers of a text
entity_words.py, given_names.py   the words by which they are known
when.py       a period as people write it
cues.py       what is read off a text once, when it is written
"""
