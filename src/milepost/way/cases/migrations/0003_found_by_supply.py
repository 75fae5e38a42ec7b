from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_offers")]

    operations = [
        migrations.RemoveConstraint(
            model_name="case",
            name="cases_case_found_by",
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("found_by__in", ["carrier", "clock", "staff", "supply"])),
                name="cases_case_found_by",
            ),
        ),
    ]
