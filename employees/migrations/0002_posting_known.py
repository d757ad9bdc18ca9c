from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('employees', '0001_initial'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='posting',
            constraint=models.CheckConstraint(condition=models.Q(('known__isempty', False)), name='posting_was_known_some_time', violation_error_message='Penempatan harus pernah diketahui, paling sedikit sesaat.'),
        ),
    ]
