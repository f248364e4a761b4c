"""The door for scripts: JSON, uploads, webhooks, sign-in forms.

Lives here: routes, what they accept and answer, one error mapper, the walls in front of them.
Does not: decide or query; every route makes an Actor and calls one service.
"""
