"""The report of a run: one document, written as Markdown and as HTML."""
