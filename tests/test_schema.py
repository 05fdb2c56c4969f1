"""The JSON Schemas that are checked in are those of the code, and mean what the contract says."""

import copy
import json

import jsonschema_rs
import pytest

from crawler.items import Article
from crawler.schema.__main__ import FOLDER, schemas, text
from tests.pipelines.test_record import page, through


@pytest.mark.parametrize("name", sorted(schemas()))
def test_checked_in(name):
    assert (FOLDER / name).read_text("utf-8") == text(schemas()[name]), "run: make schema"
    jsonschema_rs.meta.validate(schemas()[name])


RECORD = json.loads(through(page()).model_dump_json())
VALIDATOR = jsonschema_rs.Draft202012Validator(schemas()["article-1.schema.json"])


def test_a_record_is_valid():
    VALIDATOR.validate(RECORD)


@pytest.mark.parametrize(
    ("place", "valid"),
    [
        ({"plate": 6, "story": 1, "pdf": None}, True),
        ({"plate": 6, "story": 1, "pdf": "https://a.b/6.pdf"}, True),
        ({"plate": 6, "story": 1}, False),
        ({"plate": "6", "story": 1, "pdf": None}, False),
        ({"plate": 6, "story": 1, "pdf": "/6.pdf"}, False),
        (None, False),
    ],
)
def test_only_a_story_of_the_paper_has_a_place_in_it(place, valid):
    assert "paper" not in RECORD
    assert VALIDATOR.is_valid(RECORD | {"paper": place}) is valid


@pytest.mark.parametrize(
    "field", [name for name, one in Article.model_fields.items() if one.is_required()]
)
def test_every_key_is_there(field):
    broken = {key: value for key, value in RECORD.items() if key != field}
    assert not VALIDATOR.is_valid(broken)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("schema", "workercn.article/2"),
        ("id", ""),
        ("title", ""),
        ("title", None),
        ("body", ""),
        ("published_at", "2024-02-29T09:06:00"),
        ("published_at", "2024-02-29 09:06"),
        ("published_at", "2024-02-29T01:06:00Z"),
        ("published_precision", "hour"),
        ("authors", [{"name": "孙川", "role": "editor"}]),
        ("editors", [{"name": "", "role": "editor"}]),
        ("images", [{"url": "/upload/1.jpg", "caption": None}]),
        ("extracted_by", {"title": "magic"}),
        ("revision", 0),
        ("change", "deleted"),
        ("extra", 1),
    ],
)
def test_wrong_values(field, value):
    broken = copy.deepcopy(RECORD)
    broken[field] = value
    assert not VALIDATOR.is_valid(broken)


@pytest.mark.parametrize("kind", ["gallery", "video"])
def test_a_gallery_may_be_without_words(kind):
    assert VALIDATOR.is_valid(RECORD | {"kind": kind, "body": ""})
