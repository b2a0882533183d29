"""Rows of the rates by reach and by followers, as `dashboard.shape` draws them. Pure."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.queries.coverage import Span


def per_post(posts: pd.DataFrame) -> pd.DataFrame:
    """Columns post_id, day, network, kind, rate: engagement over reach of each post.

    `posts` as `posts_between` gives them. Posts without either, or with a reach of 0, are
    left out: no rate.
    """
    reach = posts["reach"].where(posts["reach"] > 0)
    made = pd.DataFrame(
        {
            "post_id": posts["post_id"],
            "day": posts["at"].astype("datetime64[s]").dt.floor("D"),
            "network": posts["network"],
            "kind": posts["kind"],
            "rate": posts["engagement"] / reach,
            "estimated": 0.0,
        }
    )
    return made.dropna(subset=["rate"]).reset_index(drop=True)


def per_follower(
    engagement: pd.DataFrame, followers: pd.DataFrame, spans: Sequence[Span]
) -> pd.DataFrame:
    """Rows of engagement, and one row of kind "" for each account's followers of a day.

    Columns: day, network, kind, rated_engagement, rated_over. An account's followers count
    only on the days on which its engagement is known too: its span.
    """
    inside = np.zeros(len(followers), dtype=bool)
    for span in spans:
        inside |= (
            (followers["account_id"] == span.account_id)
            & (followers["day"] >= pd.Timestamp(span.begins))
            & (followers["day"] <= pd.Timestamp(span.until))
        ).to_numpy()
    below = followers[inside].drop(columns="account_id").assign(kind="", rated_engagement=np.nan)
    return pd.concat(
        [engagement.assign(rated_over=np.nan), below[[*engagement.columns, "rated_over"]]],
        ignore_index=True,
    )
