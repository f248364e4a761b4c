"""Which fields a free prompt names (Spec 7.4).

Answers names in the order they were asked for, from lists, sentences, questions and JSON in several
languages. Known names are those of Spec 7.3 and their synonyms; other short items of a list are
names of their own. Leaves finding them to `asked`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ingestio.domain.documents import FIELDS
from ingestio.engines.local.prompt_words import FILLER, GROUPS, SYNONYMS, TASKS_NOT_DONE
from ingestio.engines.local.words import normal
from ingestio.errors import PromptNamesNoFields

NO_FIELDS = (
    "The local engine looks for named fields; this prompt names none. "
    'Name what to look for, such as "total, date".'
)
ALL_FIELDS = re.compile(
    r"(?i)\b(?:everything|all (?:of )?(?:the )?(?:\w+ )?(?:data|fields|information|info|details|"
    r"values)|alle (?:daten|felder|angaben|gegevens|velden)|toutes les (?:donn[ée]es|informations)|"
    r"tous les champs|todos los (?:datos|campos)|tutti i (?:dati|campi))\b"
)
JSON_KEY = re.compile(r"[\"'“]([^\"'“”\n:]{2,60})[\"'”]\s*:")
JSON_ITEM = re.compile(r"[\"'“]([^\"'“”\n:,]{2,60})[\"'”]")
SEPARATOR = re.compile(
    r"[,;\n•·|/&]|(?:^|\s)[-*–]\s|\s+(?:and|und|et|en|y|e|as well as|sowie|plus|then|or|ou|"
    r"oder)\s+|\d+[.)]\s|:\s|[.?!](?:\s|$)|\t"
)
PLURAL_ENDINGS = ("s", "es", "en", "n")
LONGEST_NAME_WORDS = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """A field that was asked for: its name in the result, and the words on the page to look for."""

    name: str
    phrase: str
    is_known: bool


def asked_fields(prompt: str) -> tuple[Asked, ...] | None:
    """The fields a prompt names, each once; None where it asks for all there is.

    Raises:
        PromptNamesNoFields
    """
    found = [asked for item in _items(prompt) for asked in _in_item(item)]
    if ALL_FIELDS.search(prompt) and not any(asked.is_known for asked in found):
        return None
    if not found:
        raise PromptNamesNoFields(NO_FIELDS)
    return tuple({asked.name: asked for asked in reversed(found)}.values())[::-1]


def _items(prompt: str) -> list[str]:
    """The prompt cut into what may each be a name."""
    if "{" in prompt or "[" in prompt:
        keys = JSON_KEY.findall(prompt) or JSON_ITEM.findall(prompt)
        if keys:
            return [key.replace("_", " ") for key in keys]
    text = re.sub(r"['’]s\b|\([^)]*\)|e\.g\..*|z\.B\..*|such as .*", " ", prompt)
    return [item for item in SEPARATOR.split(text.replace("_", " ")) if item and item.strip()]


def _in_item(item: str) -> list[Asked]:
    """Known names anywhere in an item, else the item itself where it is short enough."""
    words = normal(item)
    known = [
        Asked(name, match.group(0), is_known=True)
        for match in _known_pattern().finditer(words)
        for name in _names_of(match.group(0))
    ]
    if known:
        return known
    if TASKS_NOT_DONE.search(words):
        return []
    name = _stripped(words)
    is_name = 0 < len(name.split()) <= LONGEST_NAME_WORDS and re.search(r"[a-z]{2}", name)
    return [Asked(name.replace(" ", "_"), name, is_known=False)] if is_name else []


def _names_of(phrase: str) -> tuple[str, ...]:
    """The known names that a phrase of the pattern, perhaps in the plural, stands for."""
    known = _known_names()
    singulars = (phrase, *(phrase.removesuffix(end) for end in PLURAL_ENDINGS))
    return next((known[one] for one in singulars if one in known), ())


def _stripped(words: str) -> str:
    """An item without verbs, articles and what refers to the document as a whole."""
    kept = [word for word in words.split() if word not in FILLER]
    return " ".join(kept)


@cache
def _known_names() -> dict[str, tuple[str, ...]]:
    """Every phrase that means a known field, or several."""
    own = {name.replace("_", " "): (name,) for names in FIELDS.values() for name in names}
    also = {phrase: (name,) for name, phrases in SYNONYMS.items() for phrase in phrases.split("|")}
    groups = {phrase: names for phrases, names in GROUPS.items() for phrase in phrases.split("|")}
    return groups | also | own


@cache
def _known_pattern() -> re.Pattern[str]:
    phrases = sorted(_known_names(), key=lambda phrase: (-len(phrase), phrase))
    return re.compile(
        r"(?:^|(?<= ))(?:" + "|".join(map(re.escape, phrases)) + r")(?:s|es|en|n)?(?= |$)"
    )
