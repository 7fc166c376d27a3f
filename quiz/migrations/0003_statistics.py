from typing import Any

from django.db import migrations, models

import quiz.models


def fill(apps: Any, schema_editor: Any) -> None:
    """Fill the new fields from the code and the time; a row with an invalid code keeps an empty route."""
    from quiz.catalogue import catalogue
    from quiz.codes import CodeError
    from quiz.result import result

    for name in ("Completion", "FitVote"):
        for row in apps.get_model("quiz", name).objects.iterator():
            try:
                outcome = result(row.code, catalogue())
            except CodeError:
                new = {"route": ""} if name == "Completion" else {"given": ""}
            else:
                new = {"route": "-".join(outcome.route)} if name == "Completion" else {"given": outcome.profile.role}
            if name == "Completion":
                new["day"] = row.when.date()
            type(row).objects.filter(pk=row.pk).update(**new)  # not save(), which would move FitVote.when


class Migration(migrations.Migration):

    dependencies = [
        ('quiz', '0002_fit_vote'),
    ]

    operations = [
        migrations.AddField('completion', 'route', models.CharField(default='', max_length=32), preserve_default=False),
        migrations.AddField('completion', 'day', models.DateField(default=quiz.models.today)),
        migrations.AddField(
            'fitvote', 'given',
            models.CharField(
                'the role that the result gave', choices=[('bedroom', 'bedroom'), ('studio', 'studio'), ('mix', 'mix')],
                default='', max_length=16,
            ),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name='Unfinished',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(default=quiz.models.today)),
                ('version', models.PositiveSmallIntegerField()),
                ('number', models.PositiveSmallIntegerField(verbose_name="the question's number")),
                ('count', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name_plural': 'unfinished',
                'constraints': [models.UniqueConstraint(fields=['day', 'version', 'number'], name='unfinished_once_a_day')],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            'completion',
            models.Index('day', 'role', 'confidence', 'route', 'code', name='completion_statistics'),
        ),
    ]
