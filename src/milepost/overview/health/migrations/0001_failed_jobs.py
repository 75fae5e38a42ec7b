"""Failed jobs are found without reading all that ever ran."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("procrastinate", "0041_post_retry_failed_job")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX health_failed_jobs ON procrastinate_jobs (id) WHERE status = 'failed'",
            "DROP INDEX health_failed_jobs",
        ),
    ]
