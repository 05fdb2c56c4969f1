"""In which language and script a text is written."""

from __future__ import annotations

import re
from typing import Final, Literal

Language = Literal["zh-Hans", "zh-Hant", "en"]

# Common characters that stand in one of the two scripts only, pair by pair.
_SIMPLIFIED: Final = frozenset(
    "这个们来时为会说对学开过还发动经现问关样点长见两应东车业无种听书门华头电让实产体战钱员议"
    "农认报进运设记论术导务场区专团组织级义变网给红线统结续总节药观视规觉贵费资质责财败货贸"
    "达选边远连还适乡轻转较输办历压厂广庆应县参双圣坏块坚备复够夺奖妇孙宁宝审宽层岁岛师带"
    "帮币干归当录径征态恶悬惊惯愿战户执扩扫扬抢护担拥择挥损换据摄敌数断旧显暂术权条极构标栏"
    "树桥检楼欢残毕气汉汤沟泽洁济测浓湾满滨灭灵灾热爱牵独状环疗监盘盖码确离积称稳穷竞笔签简"
    "类紧纪约纯纳纷纸练细终绍绝维综绿缺罗职联胜脑脸艺苏荣获营虑虽补装订训讯讲许访证评识诉词"
    "译试诗诚话该详语误请读课谁调谈谢谱负贡贤账购赛赞赵赶跃踪车轨轮软载辆辈迁违迟递邮邻释针钟"
    "钢铁银错键锋镇镜问闭闻阅队阳阴阵阶际陆陈险随难静韩页顶项顺须顾预领频题颜额风飞饭饮馆马驱"
    "驻验骗鱼鲜鸟鸡麦黄龙齐齿"
)
_TRADITIONAL: Final = frozenset(
    "這個們來時為會說對學開過還發動經現問關樣點長見兩應東車業無種聽書門華頭電讓實產體戰錢員議"
    "農認報進運設記論術導務場區專團組織級義變網給紅線統結續總節藥觀視規覺貴費資質責財敗貨貿"
    "達選邊遠連適鄉輕轉較輸辦歷壓廠廣慶縣參雙聖壞塊堅備複夠奪獎婦孫寧寶審寬層歲島師帶"
    "幫幣歸當錄徑徵態惡懸驚慣願戶執擴掃揚搶護擔擁擇揮損換據攝敵數斷舊顯暫權條極構標欄"
    "樹橋檢樓歡殘畢氣漢湯溝澤潔濟測濃灣滿濱滅靈災熱愛牽獨狀環療監盤蓋碼確離積稱穩窮競筆簽簡"
    "類緊紀約純納紛紙練細終紹絕維綜綠羅職聯勝腦臉藝蘇榮獲營慮雖補裝訂訓訊講許訪證評識訴詞"
    "譯試詩誠話該詳語誤請讀課誰調談謝譜負貢賢賬購賽贊趙趕躍蹤軌輪軟載輛輩遷違遲遞郵鄰釋針鐘"
    "鋼鐵銀錯鍵鋒鎮鏡閉聞閱隊陽陰陣階際陸陳險隨難靜韓頁頂項順須顧預領頻題顏額風飛飯飲館馬驅"
    "駐驗騙魚鮮鳥雞麥黃龍齊齒"
)
_ONLY_SIMPLIFIED: Final = _SIMPLIFIED - _TRADITIONAL
_ONLY_TRADITIONAL: Final = _TRADITIONAL - _SIMPLIFIED

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")
_LETTERS_A_CHARACTER: Final = 3  # an English word is about as long as two characters say


def detect(text: str, declared: str | None = None) -> Language:
    """The language of the text by its characters.

    `declared` (`zh-TW`, `en-US`: a page's lang attribute) decides only where no character does;
    without it such a text counts as simplified Chinese.
    """
    han = len(_HAN.findall(text))
    if len(_LATIN.findall(text)) > _LETTERS_A_CHARACTER * han:
        return "en"
    simplified = sum(map(_ONLY_SIMPLIFIED.__contains__, text))
    traditional = sum(map(_ONLY_TRADITIONAL.__contains__, text))
    if simplified != traditional:
        return "zh-Hans" if simplified > traditional else "zh-Hant"
    return _declared(declared, has_han=han > 0)


def _declared(tag: str | None, *, has_han: bool) -> Language:
    parts = (tag or "").lower().replace("_", "-").split("-")
    if parts[0] == "en" and not has_han:
        return "en"
    if parts[0] == "zh" and {"hant", "tw", "hk", "mo"} & set(parts):
        return "zh-Hant"
    return "zh-Hans"
