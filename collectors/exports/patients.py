"""Whether a file's headings name patients. Such a file has one way in, the portal's."""

import re
from collections.abc import Sequence

from data.errors import Refused

#: one word of a heading is enough
_WORDS = frozenset(
    {
        "ssn", "mrn", "mrns", "dob", "dod", "birth", "birthdate", "birthday",
        "birthplace", "deathdate", "passport", "maiden", "mbi", "nacimiento",
        "apellido", "apellidos", "paciente",
    }
)  # fmt: skip
#: a heading as a whole, letters alone
_WHOLE = frozenset(
    {
        "patient", "drivers", "driver", "driverslicense", "driverlicense",
        "socialsecurity", "socialsecuritynumber", "dateofbirth", "dateofdeath",
        "medicalrecord", "medicalrecordnumber", "medicalrecordno", "chartnumber",
        "beneid", "beneficiaryid", "desynpufid", "memberid", "subscriberid",
        "insuranceid", "medicareid", "medicarenumber", "medicaidid", "healthcardnumber",
    }
)  # fmt: skip
_PATIENT = re.compile(
    r"patient(s?)(id|ids|identifier|no|number|num|key|uuid|guid|name|first|last|firstname|lastname"
    r"|email|phone|address|zip|dob|sex|gender|age|ref|reference)"
)
_FIRST = frozenset({"first", "firstname", "given", "givenname", "forename", "nombre"})
_LAST = frozenset({"last", "lastname", "family", "familyname", "surname"})
_NAME = frozenset({"name", "fullname"})
#: beside a bare "name", these make it a person's
_PERSONAL = frozenset(
    {
        "visit", "visits", "encounter", "appointment", "diagnosis", "provider",
        "gender", "sex", "age", "email", "phone", "address", "zip",
    }
)  # fmt: skip


def refuse(name: str, columns: Sequence[str]) -> None:
    """Refused, without any value of the file, where its headings name patients."""
    if _are_of_patients(columns):
        raise Refused(
            f"{name} holds data of patients.",
            "Use `reachwell portal release` with a mapping; nothing of it was read.",
        )


def _are_of_patients(columns: Sequence[str]) -> bool:
    words = {word for column in columns for word in _words(column)}
    wholes = {re.sub(r"[^a-z]", "", column.casefold()) for column in columns}
    if words & _WORDS or wholes & (_WHOLE | _WORDS) or any(map(_PATIENT.fullmatch, wholes)):
        return True
    if wholes & _FIRST and wholes & _LAST:
        return True
    return bool(wholes & _NAME and wholes & _PERSONAL)


def _words(column: str) -> list[str]:
    """BENE_BIRTH_DT and PatientBirthDate, word by word."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column)
    return re.findall(r"[a-z]+", spaced.casefold())
