"""The event machine: its stamps, its limits, its twin, and that it never looks ahead."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.truth.events import CALM, GAP, HALT, MAX_DUR, SESSION_END, Limits, Signals, find, held


def signals(text, ages="", halts="", levels=()):
    """E enters, e enters downwards, c is calm, a dot neither; an age for each second, h where halted."""
    rows = len(text)
    marks = np.array(list(text))
    return Signals(
        enter=np.isin(marks, ["E", "e"]),
        direction=np.where(marks == "e", -1, 1),
        origin=np.arange(rows),
        calm=marks == "c",
        level=np.array(levels if len(levels) else np.zeros(rows), float),
        age=np.array([int(x) for x in ages] if ages else [0] * rows),
        halted=np.array([x == "h" for x in halts] if halts else [False] * rows),
    )


def stamps(events):
    return list(zip(*(each.tolist() for each in events[:7]), strict=True))


def test_an_event_ends_at_the_first_of_the_calm_seconds_and_is_confirmed_at_the_last():
    found = find(signals(".E.c.ccc.", levels=[0, 1, 5, 5, 2, 1, 9, 9, 9]), Limits(exit_hold=3))
    assert stamps(found) == [(1, 1, 2, 5, 7, 1, CALM)]
    assert found.active.tolist() == [0, 1, 1, 1, 1, 1, 1, 0, 0]


def test_a_shortest_duration_delays_the_calm():
    assert stamps(find(signals("Ecccccc"), Limits(exit_hold=2, min_dur=4)))[0][3:5] == (4, 5)


def test_the_cooldown_counts_from_the_confirmation():
    limits = Limits(exit_hold=1, cooldown=3)
    assert find(signals("EcEEEEE"), limits).t_detect.tolist() == [0, 5]


def test_an_event_that_resumes_soon_after_its_end_is_the_same_event():
    limits = Limits(exit_hold=2, cooldown=9, merge_gap=4)
    found = find(signals("E.cc..E.cc"), limits)
    assert stamps(found) == [(0, 0, 0, 8, 9, 1, CALM)]
    assert found.active.tolist() == [1, 1, 1, 0, 0, 0, 1, 1, 1, 0]


def test_the_other_direction_is_another_event():
    assert find(signals("Ecc.e.cc"), Limits(exit_hold=2, merge_gap=4)).direction.tolist() == [1, -1]


@pytest.mark.parametrize(
    ("given_", "limits", "end", "confirm", "reason"),
    [
        (signals("E......"), Limits(), 6, 6, SESSION_END),
        (signals("E......"), Limits(max_dur=4), 4, 4, MAX_DUR),
        (signals("E......", ages="0001234"), Limits(max_gap=2), 2, 5, GAP),
        (signals("E......", halts="....hhh"), Limits(), 3, 4, HALT),
    ],
)
def test_an_event_closes_for_a_reason(given_, limits, end, confirm, reason):
    assert stamps(find(given_, limits))[0][3:] == (end, confirm, 1, reason)


def test_no_event_begins_in_a_halt():
    assert not len(find(signals("EEE", halts="hhh"), Limits()).t0)


def test_a_condition_is_held_after_so_many_seconds():
    assert held(np.array([1, 1, 0, 1, 1, 1], bool), 2).tolist() == [False, True, False, False, True, True]


def dull(s, limits):  # noqa: C901  the whole machine at a glance is the point
    """The machine in plain words, an event a dict, closed by whatever comes first."""
    done, now = [], None
    for t, (enter, way, origin, calm, _, age, halted) in enumerate(zip(*s, strict=True)):
        if now:
            now["run"] = now["run"] + 1 if calm and t - now["t0"] >= limits.min_dur else 0
            closed = None
            if halted:
                closed = (t - 1, HALT)
            elif age > limits.max_gap:
                closed = (max(t - age, now["t0"]), GAP)
            elif now["run"] >= limits.exit_hold:
                closed = (t - now["run"] + 1, CALM)
            elif t - now["t0"] >= limits.max_dur:
                closed = (t, MAX_DUR)
            if closed:
                done.append({**now, "end": closed[0], "reason": closed[1], "confirm": t})
                now = None
        elif enter and not halted:
            last = done[-1] if done else None
            resumes = last and last["reason"] == CALM and last["way"] == way
            if resumes and origin - last["end"] <= limits.merge_gap and t - last["t0"] < limits.max_dur:
                now = {**done.pop(), "run": 0}
            elif not last or t > last["confirm"] + limits.cooldown:
                start = max(origin, last["end"] + 1) if last else origin
                now = {"t0": start, "detect": t, "way": way, "run": 0}
    if now:
        done.append({**now, "end": len(s.enter) - 1, "reason": SESSION_END, "confirm": len(s.enter) - 1})
    return [tuple(int(e[k]) for k in ("t0", "detect", "end", "confirm", "way", "reason")) for e in done]


LIMITS = st.builds(
    Limits,
    st.integers(1, 3),
    st.integers(0, 4),
    st.integers(0, 4),
    st.integers(-1, 6),
    st.integers(3, 12),
    st.integers(0, 3),
)


@st.composite
def sessions(draw):
    rows = draw(
        st.lists(
            st.tuples(st.sampled_from("Ee.cccc"), st.integers(0, 19), st.integers(0, 3)),
            min_size=1,
            max_size=60,
        )
    )
    made = signals("".join(r[0] for r in rows), levels=[r[1] for r in rows])
    age = np.array([max(0, r[1] - 15) for r in rows])
    back = np.arange(len(rows)) - np.array([r[2] for r in rows])
    return made._replace(age=age, origin=np.maximum(back, 0), halted=np.array([r[1] == 7 for r in rows]))


@given(sessions(), LIMITS)
def test_the_machine_does_what_its_twin_does(session, limits):
    found = [(e[0], e[1], *e[3:]) for e in stamps(find(session, limits))]
    assert found == dull(session, limits)


@given(sessions(), LIMITS)
def test_stamps_are_in_order_and_events_apart(session, limits):
    found = find(session, limits)
    assert (found.t0 <= found.t_detect).all()
    assert (found.t_detect <= found.t_confirm).all()
    assert ((found.t0 <= found.t_peak) & (found.t_peak <= found.t_end)).all()
    assert (found.t_end[:-1] < found.t0[1:]).all()
    assert (found.t_detect[1:] - found.t_confirm[:-1] > limits.cooldown).all()


@given(sessions(), LIMITS, st.integers(1, 60))
def test_what_was_known_then_does_not_change_later(session, limits, cut):
    whole, part = find(session, limits), find(Signals(*(each[:cut] for each in session)), limits)
    assert part.active.tobytes() == whole.active[:cut].tobytes()
    known = whole.t_detect < cut
    for name in ("t0", "t_detect", "direction"):
        assert getattr(part, name).tolist() == getattr(whole, name)[known].tolist()
