"""The portal's events, tables and parts as people call them. Pure."""

from collections.abc import Mapping

from data.privacy.keys import HIDDEN_ZIP3, OTHER_ZIP3, UNKNOWN

#: event -> its name, and what its patients did
EVENTS: Mapping[str, tuple[str, str]] = {
    "sign_in": ("Sign-ins", "signed in"),
    "record_view": ("Record views", "looked at their record"),
    "message": ("Messages", "sent or read a message"),
    "booking": ("Bookings", "booked a visit"),
    "refill": ("Refills", "asked for a refill"),
    "telehealth_visit": ("Telehealth visits", "had a telehealth visit"),
    "wearable_sync": ("Wearable syncs", "synced a wearable"),
    "education_view": ("Education views", "read education material"),
}
TELEHEALTH = "telehealth_visit"
TABLES: Mapping[str, str] = {
    "day_event": "Each day, by kind of use",
    "week_event_age": "Each week, by kind of use and age",
    "week_event_zip3": "Each week, by kind of use and area",
    "week_event_topic": "Each week, by kind of use and topic",
    "month_topic_age": "Each month, by topic and age",
}
SHORT: Mapping[str, str] = {
    "day_event": "Day",
    "week_event_age": "Week by age",
    "week_event_zip3": "Week by area",
    "week_event_topic": "Week by topic",
    "month_topic_age": "Month by topic and age",
}
#: table -> what the files and the practice must bring for it
NEEDS: Mapping[str, str] = {
    "day_event": "3,000 active patients or more",
    "week_event_age": "ages or dates of birth in the files",
    "week_event_zip3": "ZIP codes in the files, and areas that you name under Release",
    "week_event_topic": "a column of topics in the files",
    "month_topic_age": "topics and ages in the files, for whole months",
}


def plural(count: int, noun: str) -> str:
    """ "1 week", "12 weeks", "1,204 periods"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def lowered(name: str) -> str:
    """For the middle of a sentence; "ZIP 112…" stays."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def age_name(band: str) -> str:
    """ "50-64" -> "50–64"."""
    return "Age unknown" if band == UNKNOWN else band.replace("-", "–")


def age_said(band: str) -> str:
    """The same within a sentence: "Age 50–64"."""
    return age_name(band) if band == UNKNOWN else f"Age {age_name(band)}"


def area_name(zip3: str) -> str:
    """ "112" -> "ZIP 112…"."""
    named = {HIDDEN_ZIP3: "Areas of few people", OTHER_ZIP3: "Elsewhere"}
    return named.get(zip3, f"ZIP {zip3}…")


def topic_name(topic: str) -> str:
    """ "blood pressure" -> "Blood pressure"."""
    return "No topic" if topic == UNKNOWN else topic[:1].upper() + topic[1:]
