"""The only room where SQL is spoken.

Lives here: the engine and its transactions, the tables, and one module of query functions a noun.
Every function on an owned table takes `owner_id`, or stands on the processor's list in
`tests/house`. Does not: decide anything. Services may import it; doors may not.
"""
