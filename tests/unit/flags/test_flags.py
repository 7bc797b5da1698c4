"""Flags: as Powertools would say, spread evenly, stable, independent, and none past its day."""

from __future__ import annotations

import warnings
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from aws_lambda_powertools.utilities.feature_flags import FeatureFlags
from aws_lambda_powertools.utilities.feature_flags.base import StoreProvider
from aws_lambda_powertools.utilities.feature_flags.schema import SchemaValidator
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import InvalidInputError
from chalicelib.flags.declared import FLAGS, Flag, registry
from chalicelib.flags.rollout import PLACES, Condition, Rollout, Rule, check, feature, place
from chalicelib.flags.rules import COMPARISONS, evaluate
from chalicelib.flags.snapshot import Caller, Snapshot

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
PLAIN = Flag(name="plain", about="", owner="us", expires=date(2027, 1, 1))
TRIED = Flag(
    name="tried",
    about="",
    owner="us",
    expires=date(2027, 1, 1),
    variants=("old", "new", "newer"),
    default="old",
)
PEOPLE = range(1, 100_001)


class Held(StoreProvider):
    """Powertools' store with a schema in hand."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._schema = schema

    def get_configuration(self) -> dict[str, Any]:
        return self._schema

    @property
    def get_raw_configuration(self) -> dict[str, Any]:
        return self._schema


def caller(user: int = 1, **changes: Any) -> Caller:
    told = {"organization": 1, "role": "annotator", "email": "ann@Example.com", "stage": "test"}
    return Caller(user=user, **{**told, **changes})


def said(flag: Flag, rollout: Rollout | None, who: Caller, now: datetime = NOW) -> Any:
    rollouts = {flag.name: rollout} if rollout else {}
    return Snapshot.of({flag.name: flag}, rollouts).value(flag.name, who, now)


def test_no_flag_is_past_its_day() -> None:
    assert [
        flag.name for flag in FLAGS.values() if flag.expires and flag.expires < datetime.now(UTC).date()
    ] == []


def test_every_flag_says_who_owns_it_and_what_it_does() -> None:
    assert all(flag.owner and flag.about for flag in FLAGS.values())


@pytest.mark.parametrize(
    "wrong",
    [
        {"default": "yes"},
        {"expires": None},
        {"stays": "for ever"},
        {"variants": ("a", "b"), "default": True},
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(wrong: dict[str, Any]) -> None:
    told: dict[str, Any] = {"name": "x", "about": "", "owner": "us", "expires": date(2027, 1, 1), **wrong}

    with pytest.raises(ValueError, match="x:"):
        registry(Flag(**told))


VALUES = st.integers(-3, 12) | st.sampled_from(["a", "ab", "b", ""]) | st.lists(st.integers(0, 3), max_size=3)
RANGES = st.fixed_dictionaries(
    {"BASE": st.integers(5, 20), "START": st.integers(0, 3), "END": st.integers(3, 4)}
)
CONDITIONS = st.builds(
    lambda action, key, value, part: {
        "action": action,
        "key": key,
        "value": part if action == "MODULO_RANGE" else value,
    },
    st.sampled_from(sorted(COMPARISONS)),
    st.sampled_from(["n", "t", "missing"]),
    VALUES,
    RANGES,
)
RULES = st.dictionaries(
    st.text("abc", min_size=1, max_size=3),
    st.builds(
        lambda value, conditions: {"when_match": value, "conditions": conditions},
        st.booleans(),
        st.lists(CONDITIONS, min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=4,
)


@given(RULES, st.booleans(), VALUES, VALUES)
def test_it_says_what_powertools_says(rules: dict[str, Any], default: bool, n: Any, t: Any) -> None:
    schema = {"f": {"default": default, "rules": rules}}
    context = {"n": n, "t": t}
    powertools = FeatureFlags(Held(schema))
    powertools.get_configuration = lambda: schema  # type: ignore[method-assign]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = powertools.evaluate(name="f", context=context, default=False)

    assert bool(evaluate(schema["f"], context, NOW)) == theirs


# Until 2037: Powertools asks dateutil, which knows of no summer time after that.
YEARS = st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1)).map(lambda m: m.replace(microsecond=0))  # noqa: DTZ001
SCHEDULES = st.one_of(
    st.builds(
        lambda start, end: (
            "SCHEDULE_BETWEEN_DATETIME_RANGE",
            {"START": start.isoformat(), "END": end.isoformat()},
        ),
        YEARS,
        YEARS,
    ),
    st.builds(
        lambda start, end: (
            "SCHEDULE_BETWEEN_TIME_RANGE",
            {"START": f"{start:%H:%M}", "END": f"{end:%H:%M}"},
        ),
        st.times(),
        st.times(),
    ),
    st.builds(
        lambda days: ("SCHEDULE_BETWEEN_DAYS_OF_WEEK", {"DAYS": days}),
        st.lists(st.sampled_from(["MONDAY", "WEDNESDAY", "FRIDAY", "SUNDAY"]), min_size=1),
    ),
)


@given(SCHEDULES, st.sampled_from(["UTC", "Europe/Madrid", "Asia/Kolkata"]), YEARS)
def test_schedules_are_kept_as_powertools_keeps_them(
    scheduled: tuple[str, dict[str, Any]], zone: str, moment: datetime
) -> None:
    from unittest.mock import patch

    action, value = scheduled
    rules = {"r": {"when_match": True, "conditions": [{"action": action, "key": "k", "value": value}]}}
    value["TIMEZONE"] = zone
    now = moment.replace(tzinfo=UTC)
    schema = {"f": {"default": False, "rules": rules}}
    powertools = FeatureFlags(Held(schema))
    powertools.get_configuration = lambda: schema  # type: ignore[method-assign]
    module = "aws_lambda_powertools.utilities.feature_flags.comparators._get_now_from_timezone"

    with patch(module, lambda timezone: now.astimezone(timezone)):
        theirs = powertools.evaluate(name="f", context={"k": ""}, default=False)

    assert evaluate(schema["f"], {}, now) == theirs


RANDOM_RULES = st.builds(
    Rule,
    value=st.booleans(),
    organizations=st.lists(st.integers(1, 9), max_size=3).map(tuple),
    users=st.lists(st.integers(1, 9), max_size=3).map(tuple),
    conditions=st.lists(
        st.builds(Condition, key=st.just("role"), action=st.just("EQUALS"), value=st.just("owner")),
        max_size=1,
    ).map(tuple),
    percentage=st.floats(0.01, 100),
    begins=st.none() | st.just(NOW - timedelta(days=1)),
    ends=st.none() | st.just(NOW + timedelta(days=1)),
)


@given(st.lists(RANDOM_RULES, max_size=4).map(tuple))
def test_every_rollout_makes_a_schema_that_powertools_takes(rules: tuple[Rule, ...]) -> None:
    rollout = Rollout("rules", rules)

    check(PLAIN, rollout)
    SchemaValidator({"plain": feature(PLAIN, rollout)}).validate()


def test_ten_percent_of_100_000_people_are_ten_percent_and_stay_so() -> None:
    def chosen(flag: str, percentage: float) -> set[int]:
        declared = Flag(name=flag, about="", owner="us", expires=date(2027, 1, 1))
        snapshot = Snapshot.of({flag: declared}, {flag: Rollout("rules", (Rule(percentage=percentage),))})
        return {user for user in PEOPLE if snapshot.value(flag, caller(user), NOW)}

    ten, fifty, others = chosen("a", 10), chosen("a", 50), chosen("b", 10)

    assert abs(len(ten) / len(PEOPLE) - 0.10) < 0.005
    assert abs(len(fifty) / len(PEOPLE) - 0.50) < 0.005
    assert ten < fifty
    assert abs(len(ten & others) / len(PEOPLE) - 0.01) < 0.002
    assert ten == chosen("a", 10)


def test_places_are_those_of_every_machine_and_version() -> None:
    assert [place("a", user) for user in (1, 2, 3)] == [887, 9581, 861]
    assert place("a", 1, purpose="variant") != place("a", 1)
    assert all(0 <= place("b", user) < PLACES for user in range(1000))


def test_variants_are_shared_out_by_their_weights_whatever_the_share() -> None:
    rollout = Rollout("rules", (Rule(percentage=20, split={"new": 3, "newer": 1}),))
    snapshot = Snapshot.of({"tried": TRIED}, {"tried": rollout})

    counted = Counter(snapshot.value("tried", caller(user), NOW) for user in range(20_000))

    assert abs(counted["old"] / 20_000 - 0.80) < 0.01
    assert abs(counted["new"] / 20_000 - 0.15) < 0.01
    assert abs(counted["newer"] / 20_000 - 0.05) < 0.01


@pytest.mark.parametrize(
    ("rollout", "who", "expected"),
    [
        (None, {}, False),
        (Rollout("on"), {}, True),
        (Rollout("off", (Rule(),)), {}, False),
        (Rollout("rules", (Rule(),)), {}, True),
        (Rollout("rules", (Rule(percentage=0),)), {}, False),
        (Rollout("rules", (Rule(organizations=(1, 2)),)), {}, True),
        (Rollout("rules", (Rule(organizations=(2,)),)), {}, False),
        (Rollout("rules", (Rule(users=(1,)),)), {}, True),
        (Rollout("rules", (Rule(users=(1,), organizations=(2,)),)), {}, False),
        (Rollout("rules", (Rule(value=False, users=(1,)), Rule())), {}, False),
        (Rollout("rules", (Rule(begins=NOW + timedelta(hours=1)),)), {}, False),
        (Rollout("rules", (Rule(begins=NOW - timedelta(hours=1), ends=NOW),)), {}, True),
        (Rollout("rules", (Rule(ends=NOW - timedelta(hours=1)),)), {}, False),
        (
            Rollout(
                "rules",
                (Rule(conditions=(Condition(key="email_domain", action="EQUALS", value="example.com"),)),),
            ),
            {},
            True,
        ),
        (
            Rollout("rules", (Rule(conditions=(Condition(key="role", action="IN", value=["owner"]),)),)),
            {"role": "owner"},
            True,
        ),
    ],
)
def test_rules_decide_for_whom(rollout: Rollout | None, who: dict[str, Any], expected: bool) -> None:
    assert said(PLAIN, rollout, caller(**who)) is expected


def test_switched_off_a_flag_of_variants_says_its_first_one() -> None:
    assert said(TRIED, Rollout("off"), caller()) == "old"
    assert said(TRIED, Rollout("on"), caller()) == "newer"


def test_every_fault_of_a_rollout_is_named_with_its_place() -> None:
    wrong = Rule(
        value="blue",
        percentage=101,
        begins=NOW,
        ends=NOW,
        conditions=(Condition(key="shoe", action="FITS", value=1),),
    )

    with pytest.raises(InvalidInputError) as caught:
        check(PLAIN, Rollout("rules", (Rule(), wrong, Rule(split={"a": -1}))))

    assert [fault.place for fault in caught.value.faults] == [
        "rules[1].value",
        "rules[1].percentage",
        "rules[1].ends",
        "rules[1].conditions[0].key",
        "rules[1].conditions[0].action",
        "rules[2].split.a",
        "rules[2].split.a",
        "rules[2].split",
    ]


def test_the_browser_is_told_its_own_flags_alone() -> None:
    shown = Snapshot.of(FLAGS, {}).browser_values(caller(), NOW)

    assert shown == {flag.name: flag.default for flag in FLAGS.values() if flag.in_browser}
