"""Find personal data that a word gives away in folded text: labels, names, addresses, e-mail, number plates."""

import re
from collections.abc import Iterator

from responder.personal_numbers import Hit

# Documents and numbers that are personal only because their label says so.
_NUMBER_LABELS = (
    "社会保障卡|社会保障号码?|社保卡|社保编号|社保号|个人编号|个人账号|医保卡|医保编号|医疗保险卡|公积金账号|护照|港澳居民来往内地通行证|"
    "台湾居民来往大陆通行证|往来港澳通行证|通行证|港澳证|回乡证|台胞证|居住证|军官证|士兵证|文职干部证|警官证|残疾人?证|学生证|准考证|"
    "驾驶证|驾照|身份证件?|公民身份|证件|工号|学号|病历号|住院号"
)
_LABELLED = re.compile(rf"(?:{_NUMBER_LABELS})(?:号码?|编号|证号)?[\s:是为,\"'(]{{0,4}}([\u4e00-\u9fff]?字?第?[a-z]{{0,3}}[0-9][0-9a-z\-]{{4,20}}+(?!\*{{3}}))")
_PHONE_LABELLED = re.compile(r"(?:电话|座机|手机号?码?|联系方式|固话|致电)[\s:是为]{0,3}([1-9][0-9]{2,3}[ \-]?[0-9]{4})(?![0-9\-])")
_ACCOUNTS = re.compile(
    r"(?:qq|扣扣|企鹅)(?:号码?|群|:|\s){0,3}[\s:是为]{0,3}([1-9][0-9]{4,10})(?![0-9@])"
    r"|(?:微信|wechat|weixin|威信|薇信|v信|vx|wx)(?:号码?|id)?[\s:是为]{0,3}((?!id)[a-z][a-z0-9_\-]{4,19}|[0-9]{5,12})(?![a-z0-9@])"
    r"|(?<![a-z0-9])(wxid_[a-z0-9]{4,30})"
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使][\s·.\-]{0,2}[a-z][\s·.\-]{0,2}"
    r"(?:(?=[0-9a-z]*[0-9][0-9a-z]*[0-9])(?:[0-9a-hj-np-z]{5}|[df][0-9a-hj-np-z]{5}|[0-9]{5}[df])(?![0-9a-z])"
    r"|[0-9a-hj-np-z]{4}[警港澳学挂领试超])"
)
_LOCAL = re.compile(r"[a-z0-9._%+\-]{1,64}\Z")
_LOCAL_REACH = 64
_DOMAIN = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9\-]{0,62})\.){1,5}[a-z]{2,24}(?![a-z0-9\-])"
    r"|(?:[a-z0-9\-\u4e00-\u9fff]{1,30}\.){1,3}(?:中国|公司|网络|政务|公益|cn|com|net|org)"
)
_SPELLED_MAIL = re.compile(
    r"(?<![a-z0-9._\-])[a-z0-9._\-]{2,64} ?(?:[(\[{<] ?(?:at|艾特|圈a) ?[)\]}>]|#|艾特| at ) ?"
    r"[a-z0-9\-]{1,63}(?: ?(?:\.|[(\[]dot[)\]]| dot |点) ?[a-z]{2,10}){1,3}"
)

_COUNT = r"[0-9a-z一二三四五六七八九十百零]{1,6}"
_DETAIL = rf"(?:第?{_COUNT}[\-#]?(?:号楼|号院|栋|幢|座|单元|梯|层|楼|室|房|户|号)[\s,]?)"
_HOUSE = re.compile(
    r"(?<=[路街巷弄道村里园区苑镇乡坊厦庄屯寨社寓城庭湾邸院组同])"
    rf"(?:{_COUNT}(?:[\-之附]{_COUNT})?(?:号|(?:组|队|弄|巷)(?={_COUNT}(?:号|户))){_DETAIL}*|{_DETAIL}{{2,6}}{_COUNT}?|{_DETAIL}{_COUNT}(?=室|房))"
)
_LIVES = re.compile(
    r"住(?!房|建|院|宿|培)|我家|家在|家庭|户籍|户口|(?<!邮寄)(?<!邮递)(?<!通信)(?<!通讯)(?<!报送)(?<!来信)(?<!申报)(?<!办公)(?<!单位)地址|租房|租住|租在|搬到|搬进|老家|通讯处|收件"
)
_LIVES_REACH = 40
_ROOM = re.compile(r"[栋幢座室户]|单元|号楼")

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白"
    "邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包"
    "宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫"
    "费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌"
)
_COMPOUND = "欧阳|司马|诸葛|上官|司徒|东方|夏侯|令狐|皇甫|尉迟|公孙|慕容|长孙|宇文|端木|南宫|独孤"
# Surnames that begin many common words behind 本人 or 我是 (本人于, 本人应, 我是从).
_COMMON = "王李张刘陈杨黄赵吴周徐孙朱胡郭林罗郑梁谢宋唐韩冯邓曹彭肖董袁潘蒋蔡余杜叶苏魏吕丁沈姚卢姜崔钟谭陆汪范廖贾邹邱薛"
_NAME_END = r"(?=$|[^\u4e00-\u9fff]|[系是男女于在和与现]|今年|身份|家住|住|电话|手机|联系|年龄|来自|同志|先生|女士)"
_GIVEN = r"(?!家|某|单位|先生|女士|同志|小姐|老师|局长|主任)[\u4e00-\u9fff]"
_NAMES = re.compile(
    rf"(?:姓名|联系人|申请人|投诉人|举报人|反映人|留言人|来信人|收件人|患者|户主|法人代表|曾用名)[:\s]{{1,3}}"
    rf"((?:{_COMPOUND}|[{_SURNAMES}])(?:{_GIVEN}{{1,3}}?){_NAME_END})"
    rf"|(?:我叫|我的名字是|名叫|名字叫)[:\s]?((?:{_COMPOUND}|[{_SURNAMES}]){_GIVEN}{{1,2}}?{_NAME_END})"
    rf"|(?:(?:父亲|母亲|丈夫|妻子|儿子|女儿|爱人|老公|老婆|配偶)[:\s]?|本人[:,\s]?|我是)((?:{_COMPOUND}|[{_COMMON}]){_GIVEN}{{1,2}}?{_NAME_END})"
    rf"|(?:我叫|姓名[:\s]{{1,3}})((?:{_COMPOUND}|[{_SURNAMES}]){_GIVEN}{{1,2}})"
)


def _find_mails(text: str) -> Iterator[Hit]:
    """Find e-mail addresses by walking out from each @, so that a long text without one costs nothing."""
    place = text.find("@")
    while place >= 0:
        local = _LOCAL.search(text, max(0, place - _LOCAL_REACH), place)
        domain = _DOMAIN.match(text, place + 1)
        if local and domain:
            yield Hit(local.start(), domain.end(), "email", certain=True)
        place = text.find("@", place + 1)
    for match in _SPELLED_MAIL.finditer(text):
        yield Hit(match.start(), match.end(), "email", certain=False)


def _find_labelled(text: str) -> Iterator[Hit]:
    """Find numbers and accounts that their label makes personal."""
    for match in _LABELLED.finditer(text):
        yield Hit(*match.span(1), "document", certain=True)
    for match in _PHONE_LABELLED.finditer(text):
        yield Hit(*match.span(1), "landline", certain=False)
    for match in _ACCOUNTS.finditer(text):
        yield Hit(*match.span(match.lastindex or 0), "account", certain=True)
    for match in _PLATE.finditer(text):
        yield Hit(*match.span(), "plate", certain=True)


def _find_houses(text: str) -> Iterator[Hit]:
    """Find house numbers: with building or room, or behind a street when the text says that somebody lives there."""
    for match in _HOUSE.finditer(text):
        start, end = match.span()
        levels = len(_ROOM.findall(match[0]))
        lives = _LIVES.search(text, max(0, start - _LIVES_REACH), start)
        if lives or (levels > 0 and len(re.findall(_COUNT, match[0])) > 1):
            yield Hit(start, end, "address", certain=False)


def _find_names(text: str) -> Iterator[Hit]:
    """Find names behind a label or behind words like 我叫; names without one are left to staff."""
    for match in _NAMES.finditer(text):
        yield Hit(*match.span(match.lastindex or 0), "name", certain=match.lastindex in (1, 2))


def find_words(text: str) -> Iterator[Hit]:
    """Yield personal data of folded text that words or shapes give away; hits may overlap."""
    yield from _find_mails(text)
    yield from _find_labelled(text)
    yield from _find_houses(text)
    yield from _find_names(text)


def surname_length(name: str) -> int:
    """Return how many characters of a name are the surname (2 for compound surnames)."""
    return 2 if re.match(_COMPOUND, name) else 1
