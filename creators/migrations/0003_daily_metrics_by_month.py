"""Daily metrics, partitioned by month: the state is Django's, the table is ours."""

import django.db.models.deletion
from django.db import migrations, models

CREATE = """
CREATE TABLE creators_dailymetric (
    creator_id bigint NOT NULL,
    day date NOT NULL,
    followers bigint,
    likes integer NOT NULL DEFAULT 0,
    comments integer NOT NULL DEFAULT 0,
    shares integer NOT NULL DEFAULT 0,
    saves integer NOT NULL DEFAULT 0,
    product_clicks integer NOT NULL DEFAULT 0,
    orders integer NOT NULL DEFAULT 0,
    units integer NOT NULL DEFAULT 0,
    refunds integer NOT NULL DEFAULT 0,
    videos smallint NOT NULL DEFAULT 0,
    lives smallint NOT NULL DEFAULT 0,
    views_video bigint NOT NULL DEFAULT 0,
    views_live bigint NOT NULL DEFAULT 0,
    views_other bigint NOT NULL DEFAULT 0,
    gmv_video_cents bigint NOT NULL DEFAULT 0,
    gmv_live_cents bigint NOT NULL DEFAULT 0,
    gmv_other_cents bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (creator_id, day)
) PARTITION BY RANGE (day)
"""


class Migration(migrations.Migration):
    dependencies = [("creators", "0002_creators_imports_shortlists")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(CREATE, "DROP TABLE creators_dailymetric")],
            state_operations=[
                migrations.CreateModel(
                    name="DailyMetric",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "creator_id", "day", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("day", models.DateField()),
                        ("followers", models.BigIntegerField(null=True)),
                        ("likes", models.IntegerField(default=0)),
                        ("comments", models.IntegerField(default=0)),
                        ("shares", models.IntegerField(default=0)),
                        ("saves", models.IntegerField(default=0)),
                        ("product_clicks", models.IntegerField(default=0)),
                        ("orders", models.IntegerField(default=0)),
                        ("units", models.IntegerField(default=0)),
                        ("refunds", models.IntegerField(default=0)),
                        ("videos", models.SmallIntegerField(default=0)),
                        ("lives", models.SmallIntegerField(default=0)),
                        ("views_video", models.BigIntegerField(default=0)),
                        ("views_live", models.BigIntegerField(default=0)),
                        ("views_other", models.BigIntegerField(default=0)),
                        ("gmv_video_cents", models.BigIntegerField(default=0)),
                        ("gmv_live_cents", models.BigIntegerField(default=0)),
                        ("gmv_other_cents", models.BigIntegerField(default=0)),
                        (
                            "creator",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="creators.creator",
                            ),
                        ),
                    ],
                ),
            ],
        )
    ]
