"""Which finder answers which field of which type: one module a family of types.

A finder takes a `Study` and gives a `Found` or None. Most are labels in a table (`beside`); the
others are named for what they look at. The registry that joins the tables is `registry`.
"""
