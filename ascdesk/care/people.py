"""Facts about people as they are really given: NHS numbers, ages, phones, postcodes and dates half known."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ascdesk.errors import Refusal

MONTHS = (
    "",
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""The months' names by number; our own, because the standard library's follow the machine's language."""


def nhs_number(text: str) -> str:
    """Give the ten digits of an NHS number that passes its check (modulus 11, weights 10 to 2).

    Spaces and hyphens are ignored. Raises Refusal for a wrong length, a failed check or ten equal digits.
    """
    digits = re.sub(r"[\s\-]", "", text)
    if not re.fullmatch(r"[0-9]{10}", digits):
        raise Refusal("An NHS number has ten digits: check it against the letter or record it came from.")
    remainder = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    check = 11 - remainder % 11
    if check % 11 != int(digits[9]) or len(set(digits)) == 1:
        raise Refusal("That NHS number fails its check, so a digit is wrong: look at it again.")
    return digits


def is_nhs_number(text: str) -> bool:
    """Tell whether a text is an NHS number that passes its check."""
    try:
        nhs_number(text)
    except Refusal:
        return False
    return True


def show_nhs_number(digits: str) -> str:
    """Show ten digits as people read them: 3, 3 and 4. Anything else comes back as it was."""
    if not re.fullmatch(r"[0-9]{10}", digits):
        return digits
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def age_on(born: date, day: date) -> int:
    """Count the full years of age on a day; somebody born on 29 February is a year older from 1 March.

    Raises Refusal for a day before the birth.
    """
    if day < born:
        raise Refusal("The date of birth is later than the day asked about: check both.")
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def birthday(born: date, age: int) -> date:
    """Give the day on which an age is reached; 1 March for 29 February in a year without one."""
    year = born.year + age
    if (born.month, born.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 3, 1)
    return born.replace(year=year)


def uk_phone(text: str) -> str:
    """Show a phone number as it is written here: national form in the UK, with +CC for abroad.

    Numbers set aside for drama count as possible. Raises Refusal for what cannot be a number.
    """
    import phonenumbers  # noqa: PLC0415  # late: start-up does not need it

    sentence = "That is not a phone number we can ring: check it, with the area code."
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException as error:
        raise Refusal(sentence) from error
    home = number.country_code == 44
    whole = phonenumbers.is_possible_number(number) if not home else len(str(number.national_number)) == 10
    if not whole and not phonenumbers.is_valid_number(number):
        raise Refusal(sentence)
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, style.NATIONAL if home else style.INTERNATIONAL)


_POSTCODE = re.compile(
    r"(GIR ?0AA|[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]|[A-HK-Y][0-9][0-9]|[0-9][A-HJKPS-UW]"
    r"|[A-HK-Y][0-9][ABEHMNPRV-Y]))([0-9][ABD-HJLNP-UW-Z]{2})"
)


def postcode(text: str) -> str:
    """Show a postcode with its space and in capitals; the shape is checked, not that the place exists.

    Raises Refusal for another shape.
    """
    match = _POSTCODE.fullmatch(re.sub(r"\s", "", text).upper())
    if match is None:
        raise Refusal("That does not look like a postcode: write it like CV1 2AB.")
    return f"{match[1]} {match[2]}"


class Precision(StrEnum):
    """Say how exactly a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class ApproximateDate:
    """Hold a date as people remember it: the day, the month or only the year; "about" marks a guess."""

    year: int
    month: int | None = None
    day: int | None = None
    about: bool = False

    @property
    def precision(self) -> Precision:
        """Say how exactly it is known."""
        if self.month is None:
            return Precision.YEAR
        return Precision.MONTH if self.day is None else Precision.DAY

    @property
    def earliest(self) -> date:
        """Give the first day it can be."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """Give the last day it can be."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def words(self) -> str:
        """Say it as a person would: "about 2009", "March 2009", "21 March 2009"."""
        parts = [str(self.day)] if self.day else []
        parts += [MONTHS[self.month]] if self.month else []
        return f"{'about ' if self.about else ''}{' '.join([*parts, str(self.year)])}"

    def iso(self) -> str:
        """Write it as FHIR writes a partial date: 2009, 2009-03 or 2009-03-21 ("about" is kept apart)."""
        parts = [f"{self.year:04}"]
        parts += [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)


def three_part_date(day: str, month: str, year: str) -> date:
    """Read the three fields of a whole date; a month may be a number or a name.

    Raises Refusal in one sentence for what is missing or cannot be, such as 31 February.
    """
    found = approximate_date(day, month, year)
    if found.precision is not Precision.DAY:
        raise Refusal(f"Enter the {'day and month' if found.month is None else 'day'} as well as the year.")
    return found.earliest


def approximate_date(day: str, month: str, year: str, *, about: bool = False) -> ApproximateDate:
    """Read the three fields of a date of which the day, or the day and month, may be left empty.

    Raises Refusal in one sentence for what is missing or cannot be.
    """
    years = _number(year, "year")
    if years is None or not 1800 <= years <= 2200:
        raise Refusal("Enter the year in four digits, like 1948.")
    months = _month(month)
    days = _number(day, "day")
    if days is not None and months is None:
        raise Refusal("Enter the month as well as the day.")
    if days is not None and months is not None:
        last = calendar.monthrange(years, months)[1]
        if not 1 <= days <= last:
            suffix = f" {years}" if months == 2 else ""
            raise Refusal(f"{MONTHS[months]}{suffix} has {last} days: check the day, {days}.")
    return ApproximateDate(years, months, days, about)


def parse_approximate(text: str, *, about: bool = False) -> ApproximateDate:
    """Read what `ApproximateDate.iso` wrote.

    Raises Refusal for another shape.
    """
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text)
    if match is None:
        raise Refusal("A date is written like 2009, 2009-03 or 2009-03-21.")
    return approximate_date(match[3] or "", match[2] or "", match[1], about=about)


def _number(text: str, name: str) -> int | None:
    stripped = text.strip()
    if not stripped:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", stripped):
        raise Refusal(f"Enter the {name} in digits.")
    return int(stripped)


def _month(text: str) -> int | None:
    name = text.strip().lower()
    if len(name) >= 3 and name.isalpha():
        for number, month in enumerate(MONTHS):
            if number and month.lower().startswith(name):
                return number
    number_ = _number(text, "month")
    if number_ is not None and not 1 <= number_ <= 12:
        raise Refusal("Enter the month as a number from 1 to 12, or its name.")
    return number_
