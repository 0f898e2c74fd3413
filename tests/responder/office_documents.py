"""A small office's documents, written for the tests, and the settings that the product ships with."""

from functools import cache
from pathlib import Path

from responder.corpus import Document
from responder.matching import Matcher, MatcherSettings, load_settings

ROOT = Path(__file__).resolve().parents[2]

PENSION = Document(
    id="pension",
    title="青禾县城乡居民基本养老保险办事指南",
    text="青禾县城乡居民基本养老保险办事指南\n一、参保范围。年满16周岁（不含在校学生）的本县居民可以参保。\n"
    "二、缴费标准。每年分为200元、500元、1000元、3000元四个档次，多缴多得。\n"
    "三、领取条件。年满60周岁、累计缴费满15年的，从次月起按月领取养老金。\n"
    "四、所需材料。本人身份证、户口簿、社会保障卡复印件各一份。\n五、咨询电话：0999-6120001。",
    number="青人社发〔2015〕8号",
    authority="青禾县人力资源和社会保障局",
)
UNEMPLOYMENT = Document(
    id="unemployment",
    title="关于调整失业保险金发放标准的通知",
    text="关于调整失业保险金发放标准的通知\n各有关单位：\n从2016年7月1日起，失业保险金发放标准由每人每月896元调整为1036元。\n"
    "领取期限按缴费年限确定：缴费满1年不足5年的，最长12个月；满5年不足10年的，最长18个月。\n申领失业保险金应在离职后60日内到县社保大厅二楼办理。",
    number="青人社发〔2016〕21号",
)
CARD = Document(
    id="card",
    title="社会保障卡挂失与补办须知",
    text="社会保障卡挂失与补办须知\n卡片遗失的，请先拨打12333电话挂失，再持身份证到合作银行网点补办。补办工本费20元，15个工作日内领取新卡。",
)
CONTRACT = Document(
    id="contract",
    title="劳动合同签订常见问题",
    text="劳动合同签订常见问题\n用人单位应当自用工之日起一个月内与劳动者订立书面劳动合同。超过一个月未订立的，应当向劳动者每月支付二倍的工资。\n"
    "试用期最长不得超过六个月。发生争议可以向劳动人事争议仲裁委员会申请仲裁，时效为一年。",
)
RECRUITMENT = Document(
    id="recruitment",
    title="2016年青禾县事业单位公开招聘工作人员公告",
    text="2016年青禾县事业单位公开招聘工作人员公告\n本次共招聘工作人员46名，报名时间为5月9日至5月13日，笔试科目为公共基础知识。\n"
    "报考条件：年龄在18周岁以上、35周岁以下，具有大专以上学历。成绩在县政府网站公布。",
)
OLD_SUBSIDY = Document(
    id="old-subsidy",
    title="高校毕业生求职补贴暂行办法",
    text="高校毕业生求职补贴暂行办法\n对毕业年度内困难家庭高校毕业生，给予每人一次性求职补贴500元，由就业服务中心审核发放。",
    in_force=False,
)
DOCUMENTS = (PENSION, UNEMPLOYMENT, CARD, CONTRACT, RECRUITMENT, OLD_SUBSIDY)


@cache
def settings() -> MatcherSettings:
    """The settings of the product."""
    return load_settings(ROOT / "config")


def office() -> Matcher:
    """A matcher over the office's documents."""
    matcher = Matcher(settings())
    for document in DOCUMENTS:
        matcher.put(document)
    return matcher
