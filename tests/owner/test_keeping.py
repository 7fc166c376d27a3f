"""Moving between SQLite and PostgreSQL: the same dump loads into either and comes out of it unchanged."""

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command

from quiz.models import Completion, FitVote, Unfinished
from quiz.owner.backups import BackupError, Sqlite, engine_of, save

DUMP = settings.BASE_DIR / "tests" / "dump.jsonl"


@pytest.mark.django_db
def test_a_dump_loads_and_comes_out_unchanged(tmp_path):
    call_command("loaddata", str(DUMP), verbosity=0)
    assert (Completion.objects.count(), FitVote.objects.count(), Unfinished.objects.count()) == (3, 2, 1)
    assert User.objects.get().username == "owner"
    out = tmp_path / "again.jsonl"
    call_command("dumpdata", "quiz", "auth.user", format="jsonl", output=str(out), verbosity=0)
    assert out.read_bytes() == DUMP.read_bytes()


@pytest.mark.django_db
def test_what_is_recorded_after_a_load_follows_on(answer):
    call_command("loaddata", str(DUMP), verbosity=0)
    row = Completion.objects.create(code="1", role="mix", confidence="clear", route="mix")
    assert row.pk > max(Completion.objects.exclude(pk=row.pk).values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_the_database_of_this_run_is_backed_up_and_put_back_by_its_own_engine(tmp_path):
    call_command("loaddata", str(DUMP), verbosity=0)
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # The tests keep SQLite in memory, where no other process can read it.
        with pytest.raises(BackupError, match="unable to open"):
            save(engine_of(database | {"NAME": tmp_path / "none.sqlite3"}), tmp_path, keep=1)
        assert isinstance(engine_of(database), Sqlite)
        return
    engine = engine_of(database)
    file, counts = save(engine, tmp_path, keep=1)
    assert counts == {"quiz_completion": 3, "quiz_fitvote": 2, "quiz_unfinished": 1}
    Completion.objects.all().delete()
    engine.load(file)
    assert engine.counts() == counts
