"""Names that the schedule, the command line and the pages share."""

COLLECT = "collect"
CHECK = "check"  # the account itself: token, rights, present name

#: network -> the runs that make up its streams, in the order in which `collect` does them
STREAMS_OF: dict[str, tuple[str, ...]] = {
    "x": ("posts", "backfill", "refresh", "account"),
    "facebook": ("posts", "backfill", "refresh", "account"),
    "instagram": ("posts", "backfill", "refresh", "account"),
    "meta_ads": ("ads", "ads_backfill"),
}
#: what people call a run, where it is part of another stream
PART_OF = {"backfill": "posts", "ads_backfill": "ads"}
