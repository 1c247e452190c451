"""Numbers, ages, phones, postcodes and dates as people give them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nhs_number.validate import calculate_checksum

from ascdesk.care.people import (
    ApproximateDate,
    Precision,
    age_on,
    approximate_date,
    birthday,
    is_nhs_number,
    nhs_number,
    parse_approximate,
    postcode,
    show_nhs_number,
    three_part_date,
    uk_phone,
)
from ascdesk.errors import Refusal


@pytest.mark.parametrize("text", ["9434765919", "401 023 2137", "987-654-3210", " 9000000009 "])
def test_right_nhs_numbers(text: str) -> None:
    assert is_nhs_number(text)


@pytest.mark.parametrize(
    "text",
    ["9434765918", "9999999999", "0000000000", "943476591", "94347659190", "943476591X", "", "٩٤٣٤٧٦٥٩١٩"],
)
def test_wrong_nhs_numbers(text: str) -> None:
    assert not is_nhs_number(text)


@given(st.integers(0, 10**9 - 1).map(lambda n: f"{n:09}"))
def test_the_check_digit_agrees_with_the_library(nine: str) -> None:
    passing = [digit for digit in range(10) if is_nhs_number(f"{nine}{digit}")]
    expected = calculate_checksum(nine)
    assert passing == [one for one in [expected] if one != 10 and len(set(f"{nine}{one}")) > 1]


@given(st.integers(999_000_000, 999_999_999), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_never_passes(first: int, place: int, change: int) -> None:
    valid = [f"{first}{check}" for check in range(10) if is_nhs_number(f"{first}{check}")]
    assert len(valid) <= 1
    for digits in valid:
        wrong = (int(digits[place]) + change) % 10
        assert not is_nhs_number(f"{digits[:place]}{wrong}{digits[place + 1 :]}")


def test_nhs_numbers_are_shown_in_three_groups() -> None:
    assert show_nhs_number(nhs_number("4010232137")) == "401 023 2137"
    assert show_nhs_number("not yet") == "not yet"


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("1961-11-21", "2026-11-20", 64),
        ("1961-11-21", "2026-11-21", 65),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2008-02-29", "2028-02-29", 20),
        ("2000-02-29", "2026-02-28", 25),
        ("2026-11-21", "2026-11-21", 0),
    ],
)
def test_age(born: str, day: str, age: int) -> None:
    assert age_on(date.fromisoformat(born), date.fromisoformat(day)) == age


@given(st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.integers(0, 110))
def test_the_birthday_is_the_first_day_of_the_new_age(born: date, age: int) -> None:
    day = birthday(born, age)
    assert age_on(born, day) == age
    if age:
        assert age_on(born, day - timedelta(days=1)) == age - 1


def test_a_birthday_on_29_february_comes_on_1_march_in_other_years() -> None:
    assert birthday(date(2008, 2, 29), 18) == date(2026, 3, 1)
    assert birthday(date(2008, 2, 29), 20) == date(2028, 2, 29)


def test_nobody_has_an_age_before_birth() -> None:
    with pytest.raises(Refusal):
        age_on(date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("07700900123", "07700 900123"),
        ("+44 7700 900123", "07700 900123"),
        ("(01632) 960 001", "01632 960001"),
        ("02079460000", "020 7946 0000"),
        ("+33 1 23 45 67 89", "+33 1 23 45 67 89"),
    ],
)
def test_phones(text: str, shown: str) -> None:
    assert uk_phone(text) == shown


@pytest.mark.parametrize("text", ["", "ring the daughter", "999999", "0770090012", "077009001234"])
def test_what_is_no_phone(text: str) -> None:
    with pytest.raises(Refusal, match="phone number"):
        uk_phone(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("cv12ab", "CV1 2AB"), ("SW1A 1AA", "SW1A 1AA"), ("m1  1ae", "M1 1AE"), ("EC1A1BB", "EC1A 1BB")],
)
def test_postcodes(text: str, shown: str) -> None:
    assert postcode(text) == shown


@pytest.mark.parametrize("text", ["", "CV1", "1CV 2AB", "CV1 2ABC", "QV1 2AB", "CV1 2IO"])
def test_what_is_no_postcode(text: str) -> None:
    with pytest.raises(Refusal, match="postcode"):
        postcode(text)


@pytest.mark.parametrize(
    ("day", "month", "year", "sentence"),
    [
        ("31", "2", "2026", "February 2026 has 28 days: check the day, 31."),
        ("30", "February", "2028", "February 2028 has 29 days: check the day, 30."),
        ("31", "4", "2026", "April has 30 days: check the day, 31."),
        ("0", "4", "2026", "April has 30 days: check the day, 0."),
        ("", "4", "2026", "Enter the day as well as the year."),
        ("", "", "2026", "Enter the day and month as well as the year."),
        ("3", "", "2026", "Enter the month as well as the day."),
        ("3", "13", "2026", "Enter the month as a number from 1 to 12, or its name."),
        ("3", "Smarch", "2026", "Enter the month in digits."),
        ("three", "4", "2026", "Enter the day in digits."),
        ("3", "4", "26", "Enter the year in four digits, like 1948."),
        ("3", "4", "", "Enter the year in four digits, like 1948."),
    ],
)
def test_a_date_that_cannot_be_is_refused_in_a_sentence(
    day: str, month: str, year: str, sentence: str
) -> None:
    with pytest.raises(Refusal) as refused:
        three_part_date(day, month, year)
    assert refused.value.sentence == sentence


def test_dates_in_three_parts() -> None:
    assert three_part_date("29", "Feb", "2028") == date(2028, 2, 29)
    assert three_part_date(" 1 ", "09", "1948") == date(1948, 9, 1)


@pytest.mark.parametrize(
    ("when", "words", "earliest", "latest", "precision"),
    [
        (ApproximateDate(2009, about=True), "about 2009", "2009-01-01", "2009-12-31", "year"),
        (ApproximateDate(2009, 3), "March 2009", "2009-03-01", "2009-03-31", "month"),
        (ApproximateDate(2009, 3, 21), "21 March 2009", "2009-03-21", "2009-03-21", "day"),
    ],
)
def test_approximate_dates(
    when: ApproximateDate, words: str, earliest: str, latest: str, precision: str
) -> None:
    assert when.words() == words
    assert (when.earliest.isoformat(), when.latest.isoformat()) == (earliest, latest)
    assert when.precision is Precision(precision)


@given(st.dates(date(1850, 1, 1), date(2190, 1, 1)), st.sampled_from(Precision), st.booleans())
def test_an_approximate_date_survives_being_written(day: date, precision: Precision, about: bool) -> None:
    months = None if precision is Precision.YEAR else day.month
    days = day.day if precision is Precision.DAY else None
    when = ApproximateDate(day.year, months, days, about)
    assert parse_approximate(when.iso(), about=about) == when
    again = approximate_date(str(days or ""), str(months or ""), str(day.year), about=about)
    assert again == when
    assert when.earliest <= day <= when.latest


@pytest.mark.parametrize("text", ["", "09", "2009-3", "2009-02-31", "yesterday"])
def test_what_is_no_written_date(text: str) -> None:
    with pytest.raises(Refusal):
        parse_approximate(text)
