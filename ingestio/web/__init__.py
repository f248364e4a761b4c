"""The door for people: the only room that imports Reflex.

Lives here: pages and their states, feature by feature. Does not: rules, SQL, vendors. A state
holds what the screen shows; a handler resolves the Actor, calls one service, assigns.
"""
