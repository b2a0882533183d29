"""Make what a network sent storable: PostgreSQL keeps no NUL, UTF-8 no lone surrogate."""


def storable(text: str) -> str:
    """The text with what cannot be stored shown as U+FFFD; anything else as it came."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
