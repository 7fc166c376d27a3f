import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.owner import charts


@given(st.integers(0, 10**12))
def test_an_axis_ends_at_a_round_number_above_and_never_wastes_half(most):
    end = charts.axis(most)
    assert end >= most
    assert end <= max(10, 2 * most)
    assert end % 2 == 0
    assert len(str(end).rstrip("0")) <= 1


@pytest.mark.parametrize(("days", "width"), [(2, "0.8"), (charts.FEW + 1, "1")])
def test_columns_stand_on_each_other_and_leave_gaps_where_they_are_few(days, width):
    bedroom, studio = charts.stacks([[3, 2]] + [[0, 1]] * (days - 1), 10)
    assert bedroom == f"M0 10h{width}v-3h-{width}z"
    assert studio.startswith(f"M0 7h{width}v-2h-{width}zM1 10h{width}v-1h-{width}z")
    assert len(re.findall("M", studio)) == days
