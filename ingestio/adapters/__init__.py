"""One outside thing a file: vendor types and vendor errors stop here.

Each fulfils a Protocol of `ports`. Only `bootstrap` imports them, and only they import `engines`.
"""
