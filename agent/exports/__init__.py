"""The report, as a value, as JSON and as Markdown."""
