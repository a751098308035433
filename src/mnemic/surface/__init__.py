"""The top floor: what people and programs hold. Every surface is made from `operations.py`.

operations.py   what can be asked of a memory, declared once, as data
settings.py     the environment; nothing else reads it
wire.py         answers as JSON
tools.py        operations as tools for language models
mcp.py          `mnemic mcp`: these tools over the Model Context Protocol

cli.py          the program `mnemic`: its commands, its exit codes
commands.py     from operations to commands
invocation.py   what one call of the program was given
faults.py       errors in the words of the command line, and their exit codes
terminal.py     streams, and text that may hold anything
console.py      wrapped and coloured on a terminal, plain into a pipe
screens.py      answers for people's eyes, one function per kind; what differs between two points
                is in screens_change.py, rules, quarantine and trials in screens_trust.py
record_lines.py the line above a record's text
pieces.py       the shapes that screens are made of
layout.py       where lines break, in scripts with and without blanks
importing.py    the screen of `mnemic import`
forgetting.py   what `mnemic forget` asks first
copying.py      `mnemic restore-backup` and `mnemic merge`
reading.py      what stands in files or takes more than one form
demo.py         `mnemic demo`: demo_year.py on the example, demo_own.py on your own data
models.py       `mnemic models`
work.py         `mnemic work`
benching.py     `mnemic bench`
completion.py   `mnemic completion`
manual.py       the reference of all commands, for docs/how-to/cli.md
"""
