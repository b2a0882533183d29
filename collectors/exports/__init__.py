"""Files that networks and public sources export, read and stored."""

from collectors.exports import medicare_telehealth
from collectors.exports.base import Format

#: name -> format, in the order in which they are told
FORMATS: dict[str, Format] = {one.name: one for one in (medicare_telehealth.FORMAT,)}
