"""Chinese surnames, in characters and in pinyin."""

# ruff: noqa: SIM905  (three hundred words in quotes cannot be read)

from __future__ import annotations

from typing import Final

# The Hundred Family Names and what else today's registers hold, without the rare ones that are
# everyday words (和, 从, 国, 家, 都, 海, 明): a word in brackets must not become a person.
SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程"
    "魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾"
    "龚邵万覃武钱戴严莫孔向常汤康易乔赖文庞樊兰殷施洪翟安颜倪牛温芦季俞章鲁葛伍申尤毕聂柴焦柳"
    "邢岳齐梅庄涂祝耿詹关费纪靳童欧甄裴祁喻柏缪阮滕窦路凌卓阎宁娄尚包华左古骆单艾苗柯代卜辛盛"
    "解桂管宗穆游符吉冉辜卫谷全景时应成席池项屈甘傅褚计危麻强虞霍支昝房裘干宣贲郁杭诸钮嵇滑荣"
    "翁荀羊於惠曲封芮储汲邴糜松井富巫乌巴弓隗车宓蓬郗班仰秋仲伊宫仇栾暴厉戎祖刁束幸司韶郜蓟薄"
    "印宿怀蒲邰鄂索咸籍蔺屠蒙阴胥闻莘党贡劳逄姬扶堵宰郦雍璩桑濮寿边扈燕冀郏浦农晏瞿充慕连茹习"
    "宦鱼容慎戈庾暨居衡步满弘匡寇广禄阙沃利蔚越夔隆师巩晁勾敖融冷訾阚那简饶沙乜鞠丰巢蒯查荆竺"
    "权逯盖桓仝佟佘丛门商母牟谌邸邝郄郇雒鹿麦禤展官哈苑苟晋信修帅庹战敬旷栗楚楼来漆税粟綦臧蹇"
    "迟银隋隽鲜亓仉但况尉尧崇布幺延弋戢揭撒操朴枚植渠湛玄盘矫秘笪练缑茆莎萨藏衣豆达过闪阳青骈"
    "由宛拓昌米岑云元平伏贝禹狄舒闵蓝候冼区占苍卞皮茅嘉火戚水郎凤花廉奚陳張劉黃趙吳孫馬羅鄭謝"
    "鲍邬萧谈酆殳厍钭郤羿牧"
    "許韓鄧馮蕭葉蘇呂盧鍾譚陸賈鄒閻龍賀顧龔萬錢嚴湯喬賴龐蘭齊莊關費紀竇駱單衛應項計車"
)
COMPOUND_SURNAMES: Final = frozenset(
    """
    欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳
    公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙
    壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘
    西门 歐陽 諸葛 司馬 東方
    """.split()
)
PINYIN_SURNAMES: Final = frozenset(
    """
    ai an bai bao bi bian bo cai cao cen chai chang che chen cheng chi chu cui dai deng di ding dong
    dou du duan fan fang fei feng fu gan gao ge geng gong gu guan gui guo han hao he hong hou hu hua
    huang huo ji jia jian jiang jiao jin jing kang ke kong kuang lai lan lei leng li lian liang liao
    lin ling liu long lou lu luo lv lyu ma mao mei meng mi miao min mo mou mu ni nie ning niu ouyang
    pan pang pei peng pi pu qi qian qiang qiao qin qiu qu quan ran rao ren rong ruan sang sha shan
    shang shao shen sheng shi shu si song su sui sun tan tang tao teng tian tong tu wan wang wei wen
    weng wu xi xia xian xiang xiao xie xin xing xiong xu xuan xue yan yang yao ye yi yin ying yong
    you yu yuan yue yun zang zeng zha zhai zhan zhang zhao zhen zheng zhi zhong zhou zhu zhuang zhuo
    zong zou zuo
    """.split()
)
