"""`make schema`: the JSON Schemas (2020-12) of this folder, made from the models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

FOLDER = Path(__file__).parent


def schemas() -> dict[str, dict[str, Any]]:
    """File name -> schema."""
    from crawler.items import Article, PaperArticle
    from crawler.runs.manifest import Manifest

    article, story = _schema(Article), _schema(PaperArticle)
    # One schema for every line: what only the paper's have is not required of any.
    article["properties"]["paper"] = story["properties"]["paper"]
    article["$defs"]["Paper"] = story["$defs"]["Paper"]
    return {"article-1.schema.json": article, "run-1.schema.json": _schema(Manifest)}


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return dialect | model.model_json_schema(mode="serialization")


def text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    for name, schema in schemas().items():
        (FOLDER / name).write_text(text(schema), encoding="utf-8")
        print(FOLDER / name)
