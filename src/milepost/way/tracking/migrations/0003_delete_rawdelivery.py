from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("tracking", "0002_raw_to_arrivals"),
    ]

    operations = [migrations.DeleteModel(name="RawDelivery")]
