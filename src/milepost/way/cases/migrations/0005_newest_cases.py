"""Cases, open ones and all, by when they were found, in an order that pages can follow."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_signs")]

    operations = [
        migrations.RemoveIndex(model_name="case", name="cases_case_open"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["found_at", "order_id"], name="cases_case_open", condition=models.Q(resolved_at=None)
            ),
        ),
        migrations.AddIndex(
            model_name="case", index=models.Index(fields=["found_at", "order_id"], name="cases_case_found")
        ),
    ]
