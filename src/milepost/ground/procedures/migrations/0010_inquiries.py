from django.db import migrations, models

KINDS = (
    "communication_matrix", "clocks", "escalation_matrix", "calendars", "promising", "offers", "telling", "sending", "silence",
    "polling", "consent", "calls", "links", "webhooks", "inquiries",
    "verification", "retention", "closing", "roles", "template",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("procedures", "0009_webhooks")]

    operations = [
        migrations.RemoveConstraint(model_name="document", name="procedures_document_kind"),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", KINDS)), name="procedures_document_kind"),
        ),
    ]
