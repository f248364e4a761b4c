"""IngestIO turns a pile of documents into data that can be trusted.

README.md has the map of the house. Doors: `web`, `api`, `cli`, `scheduler`, `worker`.
"""
