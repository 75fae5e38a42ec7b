from django.db import migrations


class Migration(migrations.Migration):
    """Control numbers of what is answered to partners, each given once."""

    dependencies = [
        ("intake", "0011_requests_of_documents"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE intake_answer_numbers MAXVALUE 9999999 CYCLE", "DROP SEQUENCE intake_answer_numbers"
        ),
    ]
