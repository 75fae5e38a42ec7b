import django.db.models.fields.json
from django.db import migrations, models


class Migration(migrations.Migration):
    """Requests are found by the document that they came in; no other request is in the index."""

    dependencies = [
        ("intake", "0010_files_of_senders"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="orderrequest",
            index=models.Index(
                django.db.models.fields.json.KeyTextTransform("document", "origins"),
                condition=models.Q(("origins__has_key", "document")),
                name="intake_request_of_document",
            ),
        ),
    ]
