"""The finished CSV record, codings of closed rounds, and what the feed of changes needs.

Existing rows get an empty record, which the worker fills: they are of an older version of the projection.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

BTree = django.contrib.postgres.indexes.BTreeIndex


class Migration(migrations.Migration):
    dependencies = (("publication", "0002_triggers"),)
    operations = (
        migrations.CreateModel(
            name="PublishedCoding",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        help_text="The coding's own, internal key.", primary_key=True, serialize=False
                    ),
                ),
                ("quote_key", models.BigIntegerField(help_text="The quote's internal key.")),
                ("uid", models.UUIDField(help_text="The quote's.")),
                ("topic", models.SlugField(db_index=False, max_length=100)),
                ("stance", models.CharField(max_length=20)),
                ("certainty", models.CharField(max_length=10)),
                ("coder", models.CharField(max_length=50)),
                ("round", models.PositiveSmallIntegerField()),
                ("is_final", models.BooleanField()),
                ("justification", models.TextField()),
                ("codebook_version", models.CharField(max_length=20)),
                ("document", models.TextField(help_text="The JSON that the API serves.")),
                (
                    "facets",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("change", models.BigIntegerField()),
                ("version", models.SmallIntegerField()),
                ("digest", models.BinaryField(max_length=16)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(models.F("facets"), "array_ops"), name="coding_facets"
                    ),
                    BTree(fields=["uid", "topic", "round", "coder"], name="coding_by_place"),
                    BTree(fields=["quote_key"], name="coding_by_quote"),
                    BTree(fields=["coder"], name="coding_by_coder"),
                    BTree(fields=["round"], name="coding_by_round"),
                    BTree(fields=["change"], name="coding_by_change"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Removal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        help_text="Of an entity; `quote`; or `coding`, one row for all of them.", max_length=20
                    ),
                ),
                (
                    "slug",
                    models.CharField(help_text="Of an entity; a quote's uid; of codings empty.", max_length=100),
                ),
                ("change", models.BigIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "slug"), name="removal_once")],
                "indexes": [BTree(fields=["change"], name="removal_by_change")],
            },
        ),
        migrations.AddField(
            model_name="publishedquote",
            name="record",
            field=models.TextField(
                default="", help_text="Its row of the flat table, as finished CSV (quotes.publication.records)."
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="publishedredirect",
            name="change",
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        # Only what leads to a public entity is public itself; and each has a number of its own.
        migrations.RunSQL(
            """
            SELECT publication_lock();
            DELETE FROM publication_publishedredirect AS redirect WHERE NOT EXISTS (
                SELECT FROM publication_publishedentity AS entity
                WHERE entity.kind = redirect.kind AND entity.slug = redirect.target
            ) OR EXISTS (
                SELECT FROM publication_publishedentity AS entity
                WHERE entity.kind = redirect.kind AND entity.slug = redirect.slug
            );
            UPDATE publication_publishedredirect SET change = publication_next_change();
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex("publishedentity", BTree(fields=["change"], name="entity_by_change")),
        migrations.AddIndex("publishedentity", BTree(fields=["version"], name="entity_by_version")),
        migrations.AddIndex("publishedquote", BTree(fields=["version"], name="published_by_version")),
        migrations.AddIndex("publishedredirect", BTree(fields=["target"], name="redirect_by_target")),
        migrations.AddIndex("publishedredirect", BTree(fields=["change"], name="redirect_by_change")),
        migrations.AddIndex("tombstone", BTree(fields=["change"], name="tombstone_by_change")),
    )
