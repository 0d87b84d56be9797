"""A run takes steps oldest day first and furthest downstream in it, and never before what they need."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.schedule import Schedule
from lakeflow.step import Step, StepKey

STAGES = ("bronze", "silver", "gold")


def step(stage: str, day: int, *needs: Step, action: str = "make") -> Step:
    return Step(StepKey(stage, "ESH6", f"2026-01-{day:02}"), action, "", tuple(need.key for need in needs))


def test_a_day_is_finished_before_the_next_is_begun():
    schedule = Schedule(STAGES)
    days = {day: step("bronze", day) for day in (7, 6)}
    schedule.add([*days.values(), *(step("silver", day, made) for day, made in days.items())])
    taken = []
    while made := schedule.pop():
        taken.append((made.key.dt[-1], made.key.stage))
        schedule.done(str(made.key))
    assert taken == [("6", "bronze"), ("6", "silver"), ("7", "bronze"), ("7", "silver")]


def test_what_is_planned_again_is_taken_once_and_what_comes_later_not_yet():
    schedule, bronze = Schedule(STAGES), step("bronze", 6)
    assert schedule.add([bronze, step("silver", 6, bronze, action="later")]) == ([bronze], [])
    assert schedule.add([bronze]) == ([], [])
    assert schedule.pop() == bronze
    assert schedule.pop() is None


def test_a_need_that_this_run_does_not_make_is_not_waited_for():
    schedule = Schedule(STAGES)
    silver = step("silver", 6, step("bronze", 6))
    schedule.add([silver])
    assert schedule.pop() == silver


def test_a_step_that_another_run_holds_is_set_aside_and_tried_again():
    schedule, bronze = Schedule(STAGES), step("bronze", 6)
    schedule.add([bronze])
    schedule.block(str(schedule.pop().key))
    assert schedule.pop() is None
    again = schedule.pop_blocked()
    assert again == bronze
    schedule.again(str(again.key))
    assert schedule.pop() == bronze
    assert schedule.pop_blocked() is None


@pytest.mark.parametrize("backwards", [False, True])
def test_steps_that_come_after_a_failure_are_skipped_and_the_one_that_failed_is_named(backwards):
    schedule = Schedule(STAGES)
    good, bad = step("bronze", 6), step("bronze", 7)
    schedule.add([good, bad])
    schedule.done(str(good.key))
    schedule.fail(str(bad.key))
    silver = step("silver", 7, good, bad)
    gold = step("gold", 7, silver)
    taken, skipped = schedule.add([gold, silver] if backwards else [silver, gold])
    assert taken == []
    assert sorted(skipped, key=lambda pair: pair[0].key) == [(gold, silver.key), (silver, bad.key)]


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[Step], set[Step], int]:
    """Steps that need earlier ones, in any order, some to fail; and where the second plan begins."""
    made: list[Step] = []
    for day in range(1, draw(st.integers(1, 8))):
        stage = draw(st.sampled_from(STAGES))
        needs = draw(st.lists(st.sampled_from(made), max_size=3, unique=True)) if made else []
        made.append(step(stage, day, *needs))
    bad = draw(st.sets(st.sampled_from(made))) if made else set()
    return draw(st.permutations(made)), bad, draw(st.integers(0, len(made)))


@given(plans())
def test_every_step_is_taken_after_its_needs_or_skipped_because_one_of_them_was_not(plan):
    steps, bad, _ = plan
    schedule, ended = Schedule(STAGES), {}
    schedule.add(steps)
    while taken := schedule.pop():
        assert all(ended[need] == "done" for need in taken.needs)
        if taken in bad:
            ended[taken.key] = "failed"
            ended |= {each.key: "skipped" for each in schedule.fail(str(taken.key))}
        else:
            ended[taken.key] = "done"
            schedule.done(str(taken.key))
    assert set(ended) == {each.key for each in steps}
    for each in steps:
        stands_on_bad = any(ended[need] != "done" for need in each.needs)
        assert (ended[each.key] == "skipped") == stands_on_bad


@given(plans())
def test_of_what_is_ready_the_oldest_day_is_taken(plan):
    steps, _, _ = plan
    schedule, done = Schedule(STAGES), set()
    schedule.add(steps)
    while taken := schedule.pop():
        ready = [each for each in steps if each.key not in done and done.issuperset(each.needs)]
        assert taken.key.dt == min(each.key.dt for each in ready)
        done.add(taken.key)
        schedule.done(str(taken.key))


@given(plans())
def test_a_second_plan_skips_what_stands_on_the_failures_of_the_first(plan):
    steps, bad, cut = plan
    steps = sorted(steps, key=lambda each: each.key.dt)
    schedule, ended = Schedule(STAGES), {}
    for part in (steps[:cut], steps[cut:]):
        taken, skipped = schedule.add(part)
        assert sorted([*taken, *(each for each, _ in skipped)], key=lambda each: each.key.dt) == part
        assert all(ended.get(because) != "done" and because in each.needs for each, because in skipped)
        ended |= {each.key: "skipped" for each, _ in skipped}
        while made := schedule.pop():
            if made in bad:
                ended[made.key] = "failed"
                ended |= {each.key: "skipped" for each in schedule.fail(str(made.key))}
            else:
                ended[made.key] = "done"
                schedule.done(str(made.key))
    for each in steps:
        stands_on_bad = any(ended[need] != "done" for need in each.needs)
        assert (ended[each.key] == "skipped") == stands_on_bad
