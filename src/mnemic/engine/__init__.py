"""Floor 3: the only composer. Here neighbours of the floors below meet.

memory.py       what users hold; asynchronous.py: the same, awaited
build.py        puts it together; parts.py: what it is made of
intake.py, apply.py, write.py    what comes in, the one writer
recall.py, ready.py, answering.py, fitting.py    questions
vectors/        who makes vectors, when, and what of them is held in memory; reembed.py changes it
history/        between two points of the log: told, or taken back
forgetting/     chosen, walked, drawn anew, blanked, searched for, certified
cubes/          portable files; importing.py: files of other systems; backups.py: copies of the file
trust/          who may come in, what is held back, changes on trial; rules.py: the file's policy
trying.py       dry runs
doctor.py       is everything as it should be
"""
