"""Lines that name people: every label in every decoration, with every mark."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, product

from crawler.text.labels import CHINESE

ROLE_OF = {"both": "author", "shot": "photographer"}
# label -> role, and whether it needs a mark
PEOPLE = {
    word: (ROLE_OF.get(kind, kind), everyday)
    for word, (kind, everyday) in CHINESE.items()
    if kind not in ("silent", "craft", "nobody")
} | {"文": ("author", True), "图": ("photographer", True), "摄": ("photographer", True)}
ORNAMENTS = "□■◆◇●○◎▲△▼★☆·•▌|"
BEFORE = ["", *ORNAMENTS, *(f"{sign} " for sign in ORNAMENTS), "——"]
AROUND = ["（）", "()", "【】", "[]", "〔〕", "〖〗", "〈〉", "《》", "「」"]
DECORATED = [f"{sign}%s" for sign in BEFORE] + [f"{one}%s{other}" for one, other in AROUND]
MARKS = ["：", ":", " : ", "／", "/", "|", "丨"]
LOOSE = [*MARKS, " ", "\u3000", ""]
NAMES = [["孙川"], ["葛红普", "王芳"], ["欧阳娜娜", "买买提·艾力", "李小明"], ["王伟"]]
WRITTEN = ["孙川", "葛红普 王芳", "欧阳娜娜、买买提．艾力，李小明", "王\u3000伟"]
TO_TRADITIONAL = str.maketrans(
    "记员讯责编辑摄实习审对监制执笔写访译图视频总签发终复评论联专栏项见资驻级体树",
    "記員訊責編輯攝實習審對監製執筆寫訪譯圖視頻總簽發終複評論聯專欄項見資駐級體樹",
)


def lines() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each label in each decoration, with each mark; names and script in turn."""
    turns = cycle(product(zip(WRITTEN, NAMES, strict=True), (False, True)))
    for (label, (role, everyday)), decoration in product(PEOPLE.items(), DECORATED):
        for mark in MARKS if everyday else LOOSE:
            (written, people), traditional = next(turns)
            word = label.translate(TO_TRADITIONAL) if traditional else label
            yield decoration % f"{word}{mark}{written}", [(name, role) for name in people]


LINES = list(lines())
