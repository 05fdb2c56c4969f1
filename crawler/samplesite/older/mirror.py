"""The mirror in Traditional script: http://big5.workercn.cn/big5/<host>/<path>, in Big5."""

from __future__ import annotations

from crawler.samplesite.document import Document
from crawler.samplesite.pieces import Piece

HOST = "big5.workercn.cn"
# The commonest; what else Big5 does not have is written as a number, as the real mirror did.
SIMPLIFIED = (
    "来网记责编辑报员图为职导师国务动业产队设说发会进学实现创术农时间张刘陈杨赵黄吴孙马东个这们从"
)
TRADITIONAL = (
    "來網記責編輯報員圖為職導師國務動業產隊設說發會進學實現創術農時間張劉陳楊趙黃吳孫馬東個這們從"
)
TABLE = str.maketrans(SIMPLIFIED, TRADITIONAL)


def address(piece: Piece) -> str:
    return f"http://{HOST}/big5/{piece.origin.partition('//')[2]}{piece.path}"


def mirrored(original: Document) -> Document:
    """A page in GBK as the mirror shows it."""

    def render() -> bytes:
        markup = original.plain.decode("gb18030").replace("charset=gb2312", "charset=big5")
        return markup.translate(TABLE).encode("big5", "xmlcharrefreplace")

    return Document(render, "text/html; charset=big5", original.modified)
