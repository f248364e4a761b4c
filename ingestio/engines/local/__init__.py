"""The embedded extractor: pure functions from page words to fields.

The way of a page, one module a step: `text` or `ocr` make segments, `layout` makes rows, `context`
decides what holds for the whole document, `dates` / `totals` / `numbers` / `names` / `currency`
propose candidates with features, `weights` chooses among them, `labelled` finds what stands beside
a label, `kinds` says the type, `finders` says who answers which field, `prompts` reads which
names a person asked for, `engine` puts it together, `work` is what runs inside a helper process.

To add a type: its row in `domain.documents.FIELDS`, its words in `kind_words`, its labels in a
table of `finders`. What comes back stands on the page; where the engine is not sure enough it
leaves the field empty.
"""
