"""Migrations fill the new fields of older rows."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from quiz import codes
from quiz.models import Completion, FitVote
from quiz.result import result

THEN = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_older_rows_get_the_day_route_and_role_that_follow_from_them(answer, content):
    outcome = result(codes.build(answer()), content)
    old = MigrationExecutor(connection).migrate([("quiz", "0002_fit_vote")]).apps
    for code in (outcome.code, "1000"):
        old.get_model("quiz", "Completion").objects.create(code=code, role="mix", confidence="clear")
        old.get_model("quiz", "FitVote").objects.create(code=code, verdict="yes")
    for name in ("Completion", "FitVote"):
        old.get_model("quiz", name).objects.update(when=THEN)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    assert [(row.day, row.route) for row in Completion.objects.order_by("pk")] == [
        (THEN.date(), "-".join(outcome.route)),
        (THEN.date(), ""),
    ]
    assert [(row.when, row.given) for row in FitVote.objects.order_by("pk")] == [
        (THEN, outcome.profile.role),
        (THEN, ""),
    ]
