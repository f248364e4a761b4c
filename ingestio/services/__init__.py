"""Use cases: one frozen dataclass a noun, its dependencies are its fields, its methods are verbs.

Lives here: who may do what, in which order, in which transaction. Does not: SQL, vendors, pages.
Services are synchronous and take an Actor; `domain` decides, services act. Doors may import them.
"""
