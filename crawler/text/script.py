"""Words in traditional script as they are in simplified: what rules are written in.

Only the characters that some rule's words have; a name or a text stays as it is written.
"""

from __future__ import annotations

import re
from typing import Final

_TRADITIONAL: Final = (
    "萬與專業叢東兩嚴個箇豐為舉烏樂喬習書買於雲亞僅從們眾會偉傳倫體餘脩儲黨蘭關興內冊寫農馮況準"
    "淩減鳳齣擊劃劉剛創別彆製辦務動勞區華協單蔔佔盧衛廠廳厲厙廈縣參蔘發髮變檯臺颱葉號閤後嚮曏呂"
    "聽吳員週鹹迴團糰園國圖場聲處備復複頭夾袷婦薑婁娛孫學寧牠實審憲宮傢賓對導壽爾堯儘盡侷島嶽鞏"
    "佈帥師蓆乾幹榦並併倖廣莊慶應龐開張強歸噹當彔錄綵誌懷總戰慼戶纔執擴掃報換據蒐攝數無時曠崑晉"
    "曉暫麴朮術硃樸機雜權條來楊鬆標欄慄覈欒橋樑樓歡歐畢氣漢湯瀋註濟瀏塗溫遊灣滿濱點熱愛獨現電監"
    "蓋盤矯碼禮祿離鞦祕稱稅竇筆籌簽籤簡類係繫糾紅約級紀紐線練組終經絡統維綜緱編縮繆網羅聶職聯肅"
    "衚鬍騰節蘆蒼囌蘇範荊薦榮蕭薩蔣懞濛矇藍薊藺錶裝見觀視覽計訂認討議訊記講許論設訪証證評識訴詞"
    "譯詩話詳說請諸讀調談諶謝譚穀荳貝貢財責賁貼貴費賀賈資賴賽讚贊趙車軒轉載輯轅邊遼達過還進違連"
    "遲選鄧鄺鄔郵鄒鬱郟鄭酈埰寀採釋裡鍾鐘鈄鈕錢鐵銀鏈鎖錯錫鍵長門閃閆閉間閔聞閭閱閻闕闞隊陽陰陣"
    "陸陳陝雋彫琱鵰麵韋韓頁頂項顧頓領頻題顓顏饒饋馬駟駐駱駢魚魯鮑鮮麥黃齊龍龔"
    "結預顯語樣您歷蹤"
    "問攔截驗繼續輸試護誤庫帳賬録測檢檔塊觸層這該禁啟際給帶諒確"
)
_SIMPLIFIED: Final = (
    "万与专业丛东两严个个丰为举乌乐乔习书买于云亚仅从们众会伟传伦体余修储党兰关兴内册写农冯况准"
    "凌减凤出击划刘刚创别别制办务动劳区华协单卜占卢卫厂厅厉厍厦县参参发发变台台台叶号合后向向吕"
    "听吴员周咸回团团园国图场声处备复复头夹夹妇姜娄娱孙学宁它实审宪宫家宾对导寿尔尧尽尽局岛岳巩"
    "布帅师席干干干并并幸广庄庆应庞开张强归当当录录彩志怀总战戚户才执扩扫报换据搜摄数无时旷昆晋"
    "晓暂曲术术朱朴机杂权条来杨松标栏栗核栾桥梁楼欢欧毕气汉汤沈注济浏涂温游湾满滨点热爱独现电监"
    "盖盘矫码礼禄离秋秘称税窦笔筹签签简类系系纠红约级纪纽线练组终经络统维综缑编缩缪网罗聂职联肃"
    "胡胡腾节芦苍苏苏范荆荐荣萧萨蒋蒙蒙蒙蓝蓟蔺表装见观视览计订认讨议讯记讲许论设访证证评识诉词"
    "译诗话详说请诸读调谈谌谢谭谷豆贝贡财责贲贴贵费贺贾资赖赛赞赞赵车轩转载辑辕边辽达过还进违连"
    "迟选邓邝邬邮邹郁郏郑郦采采采释里钟钟钭钮钱铁银链锁错锡键长门闪闫闭间闵闻闾阅阎阙阚队阳阴阵"
    "陆陈陕隽雕雕雕面韦韩页顶项顾顿领频题颛颜饶馈马驷驻骆骈鱼鲁鲍鲜麦黄齐龙龚"
    "结预显语样您历踪"
    "问拦截验继续输试护误库账账录测检档块触层这该禁启际给带谅确"
)
_TWINS: Final = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
_ANY: Final = re.compile(f"[{_TRADITIONAL}]")  # most texts have none, which is soon seen
_OTHERS: Final[dict[str, str]] = {}  # simplified -> all its traditional twins
for _one, _other in zip(_TRADITIONAL, _SIMPLIFIED, strict=True):
    _OTHERS[_other] = _OTHERS.get(_other, "") + _one


def simplified(text: str) -> str:
    """For comparing, of the same length: `責任編輯：蘇龍麒` -> `责任编辑：苏龙麒`."""
    return text.translate(_TWINS) if _ANY.search(text) else text


def in_both(pattern: str) -> str:
    """A regular expression that is written in simplified script, for traditional script too.

    A character is put beside its twins, within square brackets where it does not stand in some.
    """
    written = []
    in_class = False
    for character in pattern:
        twins = _OTHERS.get(character, "")
        in_class = character == "[" or (in_class and character != "]")
        written.append(f"[{character}{twins}]" if twins and not in_class else character + twins)
    return "".join(written)
