"""`make schema`: the JSON Schemas (2020-12) of this folder, made from the models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

FOLDER = Path(__file__).parent


def schemas() -> dict[str, dict[str, Any]]:
    """File name -> schema."""
    from crawler.feeds.manifest import Manifest
    from crawler.items import Article

    models: dict[str, type[BaseModel]] = {
        "article-1.schema.json": Article,
        "run-1.schema.json": Manifest,
    }
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {
        name: dialect | model.model_json_schema(mode="serialization")
        for name, model in models.items()
    }


def text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    for name, schema in schemas().items():
        (FOLDER / name).write_text(text(schema), encoding="utf-8")
        print(FOLDER / name)
