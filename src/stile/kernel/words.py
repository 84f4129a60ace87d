"""Marking words for translation in code that may not import Django."""


def N_(text: str) -> str:
    """Mark `text` for the message catalogue; it is translated where it is shown."""
    return text
