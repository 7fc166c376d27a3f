from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('quiz', '0003_statistics'),
    ]

    operations = [
        migrations.CreateModel(
            name='DayCount',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('counts', models.JSONField()),
            ],
        ),
    ]
