"""Texts of X come back as written: entities undone once, t.co as the address behind it."""

import pytest

from collectors.networks.x_parse import text_and_links


@pytest.mark.parametrize(
    ("text", "urls", "wanted", "links"),
    [
        ("a &amp; b &lt;c&gt; &amp;amp; &copy;", [], "a & b <c> &amp; &copy;", ()),
        (
            "t.co twice https://t.co/a https://t.co/ab",
            [("https://t.co/a", "https://one.test/?a=1&b=2"), ("https://t.co/ab", "https://two.test")],
            "t.co twice https://one.test/?a=1&b=2 https://two.test",
            ("https://one.test/?a=1&b=2", "https://two.test"),
        ),
        (
            "kept https://one.test/?a=1&amp;b=2",
            [("https://one.test/?a=1&amp;b=2", "https://one.test/?a=1&b=2")],
            "kept https://one.test/?a=1&b=2",
            ("https://one.test/?a=1&b=2",),
        ),
        ("none https://t.co/zz", [], "none https://t.co/zz", ()),
    ],
)  # fmt: skip
def test_texts_come_back_as_written(
    text: str, urls: list[tuple[str, str]], wanted: str, links: tuple[str, ...]
) -> None:
    entities = {"urls": [{"url": short, "expanded_url": long} for short, long in urls]}
    assert text_and_links({"text": text, "entities": entities}) == (wanted, links)
