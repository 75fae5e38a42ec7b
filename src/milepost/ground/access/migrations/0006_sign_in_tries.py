"""Wrong tries to sign in, by the keyed digest of the address."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0005_shared_cache")]

    operations = [
        migrations.CreateModel(
            name="SignInTries",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("wrong", models.PositiveSmallIntegerField()),
                ("began_at", models.DateTimeField()),
                ("locked_until", models.DateTimeField(blank=True, null=True)),
            ],
            options={"db_table": "access_sign_in_tries"},
        ),
    ]
