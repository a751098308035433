"""Files of the world, read into events. Nothing here knows a database.

read.py            the door: read, conversations, questions, size, FORMATS
detect.py          which format a path has
chatgpt.py claude.py whatsapp.py jsonl.py markdown.py transcript.py
                   one file per format that people have
mem0.py graphiti.py langgraph.py mempalace.py basic_memory.py openclaw.py
                   one file per memory system that people come from
locomo.py longmemeval.py beam.py dialogues.py questions.py
                   benchmarks, with their questions and gold evidence
options.py         how to read, and what is told besides events
parts.py decode.py json_stream.py
                   from paths to bytes, from bytes to text, from text to JSON values
sqlite_file.py     databases of other programs, never changed
shape.py times.py roles.py
                   values, times and roles as files write them
names.py owners.py what records of other systems are known by, and whose they are
identity.py tree.py sittings.py whatsapp_dates.py
                   names for messages, branches, sessions, dates without order
"""
