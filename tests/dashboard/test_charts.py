"""Figures follow their frames, stay small, and are said in words."""

import re

import numpy as np
import pandas as pd

from dashboard import alts, charts, markup
from dashboard.theme import ACCENT, GREY

AXES = charts.Axes("engagements", "by day published")


def _days(count: int) -> "np.ndarray[tuple[int], np.dtype[np.datetime64]]":
    return np.arange(count).astype("timedelta64[D]") + np.datetime64("2026-10-01", "s")


def _totals(estimated: float = 0.0) -> pd.DataFrame:
    return pd.DataFrame(
        {"day": _days(4), "value": [10.0, 40.0, 0.0, 5.0], "estimated": [estimated, 0, 0, 0]}
    )


def _lines() -> pd.DataFrame:
    parts = [
        pd.DataFrame({"day": _days(5), "network": name, "value": np.arange(5.0) + start})
        for name, start in (("facebook", 10), ("instagram", 10.1), ("x", 40))
    ]
    return pd.concat(parts, ignore_index=True)


def test_the_estimated_share_is_a_hatched_part_of_the_bar_not_added_to_it() -> None:
    counted, estimated = charts.totals(_totals(estimated=4.0), AXES).data
    assert counted.y[0] == 6.0
    assert estimated.y[0] == 4.0
    assert estimated.marker.pattern.shape
    assert counted.customdata[0] == 10.0


def test_nothing_estimated_draws_no_hatching() -> None:
    assert len(charts.totals(_totals(), AXES).data) == 1


def test_the_period_before_is_a_grey_line_and_is_left_out_where_unknown() -> None:
    before = np.array([1.0, 2.0, 3.0, 4.0])
    drawn = charts.totals(_totals(), AXES, before=before, before_name="the 4 days before")
    assert drawn.data[-1].line.color == GREY
    unknown = charts.totals(_totals(), AXES, before=np.full(4, np.nan))
    assert len(unknown.data) == 1


def test_lines_are_labelled_at_their_ends_and_labels_do_not_cover_each_other() -> None:
    drawn = charts.lines(_lines(), AXES)
    at = sorted((note.y, note.text) for note in drawn.layout.annotations)
    assert [text for _, text in at] == ["<b>Facebook</b>", "<b>Instagram</b>", "<b>X</b>"]
    assert at[1][0] - at[0][0] >= 40 * 0.07
    assert len({line.line.dash for line in drawn.data}) == 3
    assert not drawn.layout.showlegend


def test_one_bar_is_in_the_accent_colour_and_names_are_no_markup() -> None:
    drawn = markup.bars(["<b>Flu", "Sleep"], np.array([9.0, 3.0]), axes=AXES, alt="A", accent=1)
    assert drawn.index(GREY) < drawn.index(ACCENT)
    assert "&lt;b&gt;Flu" in drawn
    assert 'role="img" aria-label="A"' in drawn


def test_an_hour_without_posts_is_blank_not_zero() -> None:
    frame = pd.DataFrame({"weekday": [0, 4], "hour": [9, 18], "value": [0.0, 8.0], "posts": [3, 5]})
    drawn = markup.week_grid(frame, AXES, alt="Hours & <days>")
    cells = re.findall(r"<i[^>]*></i>", drawn)
    assert len(cells) == 7 * 13  # 8:00 to 20:00 at the least
    told = {index: cell for index, cell in enumerate(cells) if cell != "<i></i>"}
    assert list(told) == [1, 4 * 13 + 10]
    assert "Mon 9:00: 0 engagements, 3 posts" in told[1]
    assert "--shade:8%" in told[1], "known to be nothing is pale, not blank"
    assert "Fri 18:00: 8 engagements, 5 posts" in told[4 * 13 + 10]
    assert "--shade:100%" in told[4 * 13 + 10]
    assert 'aria-label="Hours &amp; &lt;days&gt;"' in drawn


def test_nothing_above_zero_is_told_as_it_is() -> None:
    frame = pd.DataFrame({"weekday": [0], "hour": [9], "value": [0.0], "posts": [2]})
    assert "strongest: 0 engagements" in markup.week_grid(frame, AXES, alt="A")
    fallen = markup.bars(["Flu", "Sleep"], np.array([-3.0, -6.0]), axes=AXES, alt="A")
    assert re.findall(r"width:([\d.]+)%", fallen) == ["0.0", "0.0"]


def test_a_grid_without_hours_draws_nothing_and_early_hours_widen_it() -> None:
    frame = pd.DataFrame({"weekday": [6], "hour": [5], "value": [2.0], "posts": [1]})
    assert "--hours:16" in markup.week_grid(frame, AXES, alt="A")
    assert markup.week_grid(frame.head(0), AXES, alt="A") == ""


def test_figures_stay_small() -> None:
    year = pd.DataFrame({"day": _days(366), "value": 1.0, "estimated": 0.5})
    points = sum(len(trace.x) for trace in charts.totals(year, AXES, before=np.ones(366)).data)
    assert points < 2000


def test_no_colour_is_set_for_words() -> None:
    for drawn in (charts.totals(_totals(1.0), AXES), charts.lines(_lines(), AXES)):
        drawn.layout.template = None
        assert '"font"' not in drawn.to_json()


def test_what_totals_show_in_words() -> None:
    assert alts.totals("Engagement", _totals(estimated=11.0), AXES) == (
        "Engagement by day published: 55 in all, most on 2 Oct 2026 with 40. "
        "20 % of it is estimated."
    )


def test_what_lines_and_bars_and_hours_show_in_words() -> None:
    said = alts.lines("Engagement", _lines(), AXES)
    assert "X from 40 to 44" in said
    assert "by day published" in said
    assert "Flu 9, Sleep 3" in alts.bars("By topic", ["Flu", "Sleep"], np.array([9.0, 3.0]), AXES)
    frame = pd.DataFrame({"weekday": [0, 4], "hour": [9, 18], "value": [2.0, 8.0], "posts": [3, 5]})
    assert "best Fri 18:00 with 8 engagements" in alts.week_grid("Hours", frame, AXES)


def test_a_small_line_needs_two_weeks_and_marks_those_of_the_period() -> None:
    assert markup.sparkline(np.array([1.0]), 1) == ""
    drawn = markup.sparkline(np.arange(8.0), 3)
    assert drawn.count("<polyline") == 2
    assert ACCENT in drawn
    assert GREY in drawn
