"""Whether a message is in a language that the interview can read."""

import re

_WORD = re.compile(r"[^\W\d_]+")
_MIN_WORDS = 4


def is_foreign(text: str, familiar: frozenset[str], foreign: frozenset[str]) -> bool:
    """Whether a text is clearly not in the language of the interview.

    Args:
        text: The message.
        familiar: The commonest words of the interview's language.
        foreign: The commonest words of other languages, as far as they are no familiar ones.

    Returns:
        True when most letters belong to another script, or when a text of at least four words holds more
        foreign function words than familiar ones. In doubt False: a misspelt answer is still an answer.
    """
    letters = [char for char in text if char.isalpha()]
    other_script = sum(ord(char) > 0x24F for char in letters)
    if len(letters) >= 4 and other_script > len(letters) / 2:
        return True
    words = [word.lower() for word in _WORD.findall(text)]
    known, unknown = sum(word in familiar for word in words), sum(word in foreign for word in words)
    return len(words) >= _MIN_WORDS and unknown > known and unknown >= 2
